"""通知: how each notice of a matter stands, what the county's gateway says became of one, and how an officer hears."""

import asyncio
from http import HTTPStatus
from typing import Any, Literal

from fastapi import APIRouter, Request
from pydantic import Field, ValidationError
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from api.access.guard import PUBLIC, Handler, InPost
from api.known import Known, known
from api.problems import Problem
from api.site import Site, site_of
from domain.notices import BAD_NUMBER, Way
from domain.rights import Sight
from domain.words import Model
from ledger import notice_choices, notices
from ledger.notice_choices import Choice

router = APIRouter(tags=["通知"])

LONGEST_RECEIPT = 10_000
"""Bytes."""


class Receipt(Model):
    """What became of a notice that the gateway took."""

    id: str = Field(title="通知编号", max_length=60)
    state: Literal["delivered", "failed"] = Field(title="送达与否")


class OwnChannel(Model):
    """A channel by which one hears."""

    channel: str = Field(title="渠道", max_length=20)
    digest: bool = Field(default=False, title="早间汇总")
    address: str | None = Field(default=None, title="地址", max_length=100, pattern=r"^[\w.@+-]+$")


class Own(Model):
    """All channels by which one hears, besides the desk."""

    channels: list[OwnChannel] = Field(title="渠道", max_length=20)


@router.get("/disputes/{matter}/notices", summary="通知记录")
def of_matter(matter: str, caller: Handler, request: Request) -> list[dict[str, Any]]:
    """一件案件给当事人和各单位的通知：事项、渠道、状态、试了几次、最后的结果；不含号码和姓名，只能看阶段的看不到."""
    site = site_of(request)
    return [one._asdict() for one in listed(site, known(site, caller.post, matter))]


def listed(site: Site, it: Known) -> list[notices.Notice]:
    """A matter's notices, as far as it is seen."""
    return notices.of_matter(site.ledger.engine, it.d.id) if it.seen >= Sight.MASKED else []


@router.post("/notices/receipts", dependencies=[PUBLIC], status_code=HTTPStatus.ACCEPTED, summary="送达回执")
async def receive(request: Request) -> None:
    """当事人通知的网关回送：送达或失败。须以网关的密钥按 Standard Webhooks 签名；同一回执可以重复送."""
    body = await request.body()
    site = site_of(request)
    said = _receipt(body)
    channel = await asyncio.to_thread(notices.channel_of, site.ledger.engine, said.id)
    gateway = site.channels.parties.get(Way(channel)) if channel in list(Way) else None
    try:
        if gateway is None:
            raise WebhookVerificationError
        Webhook(gateway.secret).verify(body, dict(request.headers), json_parse=False)
    except (WebhookVerificationError, ValueError):
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "unsigned", "回执没有可信的签名，没有采用") from None
    arrived = said.state == "delivered"
    await asyncio.to_thread(notices.receipt, site.ledger.engine, said.id, arrived=arrived, why=BAD_NUMBER)


def _receipt(body: bytes) -> Receipt:
    if len(body) > LONGEST_RECEIPT:
        raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large", "回执太大")
    try:
        return Receipt.model_validate_json(body)
    except ValidationError:
        said = "回执应为 JSON：id（通知编号）和 state（delivered 或 failed）"
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "unreadable", said) from None


@router.get("/me/notices", summary="我的通知方式")
def own(caller: Handler, request: Request) -> dict[str, Any]:
    """本县接通的渠道，和本人选了哪些；平台上的提醒总有，不用选."""
    site = site_of(request)
    chosen = notice_choices.choices_of(site.ledger, caller.session.person)
    return {
        "channels": [
            {
                "channel": name,
                "asks_address": way.asks_address,
                "chosen": name in chosen,
                "digest": name in chosen and chosen[name].digest,
                "address": chosen[name].address if name in chosen else None,
            }
            for name, way in site.channels.officers.items()
        ]
    }


@router.put("/me/notices", status_code=HTTPStatus.NO_CONTENT, summary="改通知方式")
def change(wanted: Own, caller: Handler, request: Request) -> None:
    """只在所列的渠道接收提醒；一个也不列，就只在平台上看."""
    choose(site_of(request), caller, wanted)


def choose(site: Site, caller: InPost, wanted: Own) -> None:
    """Hear by these. Raises Problem for a channel that is not there, or asks for an address."""
    for one in wanted.channels:
        way = site.channels.officers.get(one.channel)
        if way is None:
            known = "、".join(site.channels.officers) or "无"
            raise Problem(
                HTTPStatus.UNPROCESSABLE_ENTITY, "no_channel", f"没有这种渠道，可选：{known}", field="channel"
            )
        if way.asks_address and not one.address:
            said = f"{one.channel}须写接收的地址或号码"
            raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "no_address", said, field="address")
    chosen = {one.channel: Choice(one.channel, one.digest, one.address) for one in wanted.channels}
    notice_choices.choose(site.ledger, caller.acting, list(chosen.values()))
