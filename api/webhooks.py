"""推送: the administrator lets units' own systems be told of what happens to their matters, and sees what did not arrive."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import Field

from api.access.guard import Administrator, InPost
from api.problems import Problem
from api.site import Site, site_of
from domain.outbound import LONGEST_ADDRESS, BadAddress, target_of
from domain.posts import check_handles
from domain.webhooks import Delivery, Happening
from domain.words import Model
from ledger import outbox, webhooks
from ledger.webhooks import Counted, Webhook

router = APIRouter(tags=["账号和审计"])


class NewWebhook(Model):
    """A system to tell."""

    unit: str = Field(title="单位", max_length=100)
    client: str = Field(title="系统名称", description="如 税务征管系统", pattern=r"^\S{2,60}$")
    address: str = Field(
        title="地址", description="以 https:// 开头，对方接收推送的地址", max_length=LONGEST_ADDRESS
    )
    happenings: frozenset[Happening] = Field(title="推送哪些", min_length=1)
    answer: str | None = Field(
        default=None,
        title="回传写法",
        description="工单来自对方平台的，选一种结果回传写法（政策旁的热线对照文件），平台只收自己工单的结果；其他系统不填",
        max_length=60,
    )


@router.get("/webhooks", summary="推送")
def registered(caller: Administrator, request: Request) -> list[dict[str, Any]]:
    """登记过的全部推送：单位、系统、地址、推送哪些、待送和未送达的条数；不含密钥."""
    return [counted(one) for one in webhooks.list_webhooks(site_of(request).ledger)]


@router.post("/webhooks", status_code=HTTPStatus.CREATED, summary="登记推送")
def register(new: NewWebhook, caller: Administrator, request: Request) -> dict[str, Any]:
    """登记之后发生的才推送。答复中的签名密钥只给出这一次，交该单位保管，用来核对推送确由本系统发出."""
    made, secret = made_of(site_of(request), caller, new)
    return {**shown(made), "secret": secret}


@router.post("/webhooks/{webhook}/secret", summary="更换推送密钥")
def rotate(webhook: str, caller: Administrator, request: Request) -> dict[str, Any]:
    """给出新密钥（只这一次）；此后七日内每条推送用新旧两个密钥各签一次，更早的密钥立即作废."""
    made, secret = webhooks.rotate(site_of(request).ledger, caller.acting, webhook)
    return {**shown(made), "secret": secret}


@router.delete("/webhooks/{webhook}", status_code=HTTPStatus.NO_CONTENT, summary="停用推送")
def revoke(webhook: str, caller: Administrator, request: Request) -> None:
    """立即停用；还没送出的不再送。要再用，须重新登记."""
    webhooks.revoke(site_of(request).ledger, caller.acting, webhook)


@router.get("/webhooks/{webhook}/deliveries", summary="推送记录")
def deliveries(
    webhook: str,
    caller: Administrator,
    request: Request,
    state: Annotated[Delivery | None, Query(title="状态")] = None,
) -> list[dict[str, Any]]:
    """最近 50 条：何时、哪一种、试了几次、最后一次的结果。只有推送编号（即 webhook-id），不含案件内容."""
    ledger = site_of(request).ledger
    hook = webhooks.find(ledger, webhook)
    return [message._asdict() for message in outbox.messages_of(ledger.engine, hook.id, state)]


@router.post(
    "/webhooks/{webhook}/deliveries/{message}/again",
    status_code=HTTPStatus.ACCEPTED,
    summary="再送一次",
)
def again(webhook: str, message: str, caller: Administrator, request: Request) -> dict[str, Any]:
    """未送达的一条再送一次，编号不变，对方可据此认出重复."""
    webhooks.send_again(site_of(request).ledger, caller.acting, webhook, message)
    return {"id": message, "state": Delivery.WAITING}


def made_of(site: Site, caller: InPost, new: NewWebhook) -> tuple[Webhook, str]:
    """A webhook as the administrator asked for it, with its secret. Raises Problem, NotGranted."""
    check_handles(new.unit, site.policy)
    try:
        target_of(new.address, site.outbound.reach)
    except BadAddress as error:
        raise _wrong("bad_address", str(error), "address") from None
    platform, channel = site.outbound.platform, None
    if new.answer is not None:
        answer = platform.answers.get(new.answer)
        if answer is None:
            known = "、".join(platform.answers) or "本县还没有"
            raise _wrong("unknown_answer", f"没有这种回传写法；可选：{known}", "answer")
        if left := sorted(new.happenings - answer.results.keys()):
            raise _wrong("no_words", f"这种回传写法没有“{left[0]}”的文字，请去掉这一项", "happenings")
        channel = platform.channel
    return webhooks.register(site.ledger, caller.acting, **dict(new), channel=channel)


def _wrong(code: str, said: str, field: str) -> Problem:
    return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, code, said, field=field)


def shown(hook: Webhook) -> dict[str, Any]:
    """A webhook as it is shown."""
    return {**hook._asdict(), "happenings": sorted(hook.happenings), "stands": hook.stands}


def counted(one: Counted) -> dict[str, Any]:
    """The same with its messages counted."""
    return {**shown(one.webhook), "waiting": one.waiting, "dead": one.dead}
