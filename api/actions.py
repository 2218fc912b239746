"""What may be done with a matter now, and doing it: unit and officer are those of the post that signed in."""

import asyncio
import hashlib
import re
from collections.abc import Coroutine
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any, TypeVar
from urllib.parse import quote

from fastapi import APIRouter, Header, Query, Request, Response
from pydantic import Field, ValidationError

from activities.messages import Receipt
from api.access.guard import Doer, InPost, Reader
from api.known import Known, etag, known
from api.problems import Problem, faulty, refused
from api.site import Site, site_of
from domain import colleagues, machines, offers
from domain.actions import FORMS, LONGEST_NAME, Act
from domain.actions.form import Text
from domain.declined import Declined as NotDecided
from domain.persons import By
from domain.policy import Policy
from domain.rights import Sight, acts_as, by_of, check_access, form_of, offers_to, why_not
from domain.words import Model
from ledger.accounts import staff_names
from ledger.queries import act_of
from starter.office.declined import Declined
from starter.office.views import business_now, told, told_to

router = APIRouter(tags=["办理"])

ANSWERS_WITHIN = 15.0
"""Seconds that a request is held for its answer; what is still on its way then goes on by itself.

Longer than the ten seconds after which the Temporal server gives out again what a worker that went away had taken.
"""

Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        title="操作编号",
        description="自定，每次操作一个；同一编号重复提交只办理一次",
        min_length=8,
        max_length=100,
    ),
]


OnlyIf = Annotated[
    str | None,
    Header(
        alias="If-Match",
        title="所见版本",
        description="查看案件时答复的 ETag；案件已有任何变化的不办理，答复 412 和其间的变化",
        max_length=200,
    ),
]


class Doing(Model):
    """One action as it is sent."""

    kind: str = Field(title="操作", max_length=60)
    task: str | None = Field(default=None, title="任务", max_length=40)
    fields: dict[str, Any] = Field(default={}, title="表单内容")
    officer: Annotated[Text, Field(max_length=LONGEST_NAME)] | None = Field(
        default=None, title="经办人", description="接口填写，为本单位经办人姓名；登录办理的不填"
    )
    version: int | None = Field(
        default=None,
        title="所见版本",
        description="填表时案件的版本；案件已有变化而不能再办的，答复其间的变化",
        ge=0,
    )


@router.get("/disputes/{matter}/offers", summary="现在可以办什么")
def at_hand(matter: str, caller: Reader, request: Request, response: Response) -> list[dict[str, Any]]:
    """本岗位此刻可以办理的操作，最自然的在前."""
    it = known(site_of(request), caller.post, matter)
    response.headers["ETag"] = etag(it)
    return [
        offer.model_dump(mode="json")
        for offer in offers_to(it.d, caller.post, it.policy, business_now(it.d))
        if not caller.client or machines.why_not(caller.post.role, offer.kind, it.policy) is None
    ]


@router.get("/disputes/{matter}/form", summary="一项操作的表单")
def form(
    matter: str,
    caller: Reader,
    request: Request,
    response: Response,
    kind: Annotated[str, Query(title="操作", max_length=60)],
    task: Annotated[str | None, Query(title="任务", max_length=40)] = None,
) -> dict[str, Any]:
    """表单各项：名称、填法、可选项、建议值及理由；不能办理的说明原因."""
    it = known(site_of(request), caller.post, matter)
    fields = form_for(site_of(request), it, caller, kind, task)
    response.headers["ETag"] = etag(it)
    return {"version": it.d.version, "fields": [field.model_dump(mode="json") for field in fields]}


def form_for(site: Site, it: Known, caller: InPost, kind: str, task: str | None) -> list[offers.Field]:
    """The form of a verb as it is asked for now. Raises Problem for a verb that is not at hand."""
    _require_at_hand(it, caller, kind, task)
    people = partial(staff_names, site.ledger)
    return form_of(it.d, caller.post, it.policy, business_now(it.d), kind, task, people)


@router.post(
    "/disputes/{matter}/actions",
    summary="办理",
    responses={
        202: {"description": "已接收，正在等待台账；到 Location 所指处查看"},
        409: {"description": "案件已有变化，不能再办；changed 为其间的变化"},
        412: {"description": "案件不再是 If-Match 所说的版本，没有办理；changed 为其间的变化"},
        422: {"description": "填写有误；problems 逐项说明"},
    },
)
async def act(
    matter: str,
    doing: Doing,
    key: Key,
    caller: Doer,
    request: Request,
    response: Response,
    only_if: OnlyIf = None,
) -> dict[str, Any]:
    """办理一项操作：单位和经办人以登录的岗位为准；接口以令牌的单位为准，并写明经办人."""
    site = site_of(request)
    done = await take(site, caller, matter, doing, key, only_if)
    if done is None:
        response.status_code = HTTPStatus.ACCEPTED
        place = quote(request.url_for("taken", matter=matter, key=key).path)
        response.headers["Location"] = place
        return {"taken": False, "said": "已接收，正在等待台账；稍后在此处查看结果", "look": place}
    return {"taken": True, **done.model_dump(mode="json", exclude={"dispute_id"})}


async def take(
    site: Site, caller: InPost, matter: str, doing: Doing, key: str, only_if: str | None = None
) -> Receipt | None:
    """Take an action, once for each key; ``None`` when it was received and still waits for the ledger. Raises Problem.

    ``only_if``: the matter's version as ``If-Match`` names it, compared before the act is sent off.
    """
    it, act, done = await asyncio.to_thread(_ready, site, caller, matter, doing, key, only_if)
    if done:
        return _receipt(it)
    try:
        return await within(site.office.act(it.d.id, act))
    except Declined as error:
        raise await asyncio.to_thread(_with_changes, site, it, doing.version, refused(error)) from None


def _ready(
    site: Site, caller: InPost, matter: str, doing: Doing, key: str, only_if: str | None
) -> tuple[Known, Act, bool]:
    """The matter, the act as it is sent off, and whether it was taken before. All that the ledger is asked, in one go, for
    each hop to another thread costs as much as a question. Raises Problem for what cannot be done now."""
    it = known(site, caller.post, matter)
    act = _act(caller, doing, act_id(caller, key), by_of_caller(caller, doing.kind, it.policy))
    check_access(caller.post, act)
    if before := act_of(site.ledger, it.d.id, act.id):
        if before != act.body:
            said = "这一操作编号已用于另一次操作，没有办理；请换一个编号"
            raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "key_used", said, field="Idempotency-Key")
        return it, act, True
    if only_if is not None:
        _require_version(site, it, only_if)
    if problem := _not_at_hand(it, caller, doing.kind, doing.task):
        raise _with_changes(site, it, doing.version, problem)
    try:
        colleagues.check(it.d, act.body, act.unit, partial(staff_names, site.ledger))
    except NotDecided as no:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, no.code, str(no), field=no.field) from None
    return it, act, False


_LETTERS = str.maketrans("0123456789", "ghijklmnop")


def act_id(caller: InPost, key: str) -> str:
    """The act's id: nobody takes another's key for his own. Letters alone, lest it look like somebody's number."""
    said = hashlib.sha256(f"{caller.session.person} {key}".encode()).hexdigest()[:32]
    return f"api-{said.translate(_LETTERS)}"


def by_of_caller(caller: InPost, kind: str, policy: Policy) -> By:
    """The account behind what is done: a person's, or a unit's own system's."""
    if caller.client:
        return By(person=caller.post.person, post=caller.post.id, client=caller.client.name)
    return by_of(caller.post, kind, policy)


def _officer(caller: InPost, doing: Doing) -> str:
    """Who is named in the record: whoever signed in, or whom the unit's system names and vouches for. Raises Problem."""
    if (doing.officer is None) is (caller.client is None):
        return doing.officer or caller.session.name
    said = "接口须写明经办人姓名" if caller.client else "经办人以登录的账号为准，请不要填写"
    raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "officer", said, field="officer")


def _act(caller: InPost, doing: Doing, id: str, by: By) -> Act:
    form = FORMS.get(doing.kind)
    if form is None or form.internal:
        raise Problem(
            HTTPStatus.UNPROCESSABLE_ENTITY, "no_such_action", "没有这种操作，请核对名称", field="kind"
        )
    try:
        body = form.model_validate({**doing.fields, "kind": doing.kind})
    except ValidationError as error:
        raise faulty(error, form) from None
    try:
        return Act.model_validate(
            {
                "id": id,
                "unit": caller.post.unit,
                "officer": _officer(caller, doing),
                "by": by,
                "task": doing.task,
                "body": body.model_dump(mode="json", by_alias=True, exclude_unset=True)
                | {"kind": doing.kind},
            }
        )
    except ValidationError as error:
        raise faulty(error, Act) from None


def _not_at_hand(it: Known, caller: InPost, kind: str, task: str | None) -> Problem | None:
    if caller.client and (never := machines.why_not(caller.post.role, kind, it.policy)):
        return Problem(HTTPStatus.FORBIDDEN, "not_for_machines", never)
    why = why_not(it.d, caller.post, it.policy, business_now(it.d), kind, task)
    if why is None:
        return None
    if it.seen < Sight.MASKED or acts_as(caller.post, kind, it.policy) is None:
        return Problem(HTTPStatus.FORBIDDEN, "not_your_role", why)
    return Problem(HTTPStatus.CONFLICT, "not_now", why)


def _require_at_hand(it: Known, caller: InPost, kind: str, task: str | None) -> None:
    if kind not in FORMS or FORMS[kind].internal:
        raise Problem(
            HTTPStatus.UNPROCESSABLE_ENTITY, "no_such_action", "没有这种操作，请核对名称", field="kind"
        )
    if problem := _not_at_hand(it, caller, kind, task):
        raise problem


_TAG = re.compile(r'"(\d{1,9})"')


def _require_version(site: Site, it: Known, only_if: str) -> None:
    """Whether the matter still is of one of the versions that ``If-Match`` names. Raises Problem with what changed since."""
    named = [tag.strip() for tag in only_if.split(",")]
    if "*" in named or etag(it) in named:
        return
    known = [int(tag[1]) for text in named if (tag := _TAG.fullmatch(text))]
    said = (
        "案件已有变化，没有办理；请看过其间的变化后再决定"
        if known
        else "If-Match 不是这件案件的版本，没有办理"
    )
    problem = Problem(HTTPStatus.PRECONDITION_FAILED, "changed", said, headers={"ETag": etag(it)})
    raise _with_changes(site, it, max(known, default=None), problem)


_LATE = (HTTPStatus.CONFLICT, HTTPStatus.PRECONDITION_FAILED)


def _with_changes(site: Site, it: Known, since: int | None, problem: Problem) -> Problem:
    """A refusal with what came to pass since the version that was seen, where that is why."""
    if problem.status not in _LATE or since is None:
        return problem
    if changed := told_to(it.view, site.ledger.events(it.d.id, since)):
        problem.more = {**problem.more, "changed": [told(event, it.veil) for event in changed]}
    return problem


R = TypeVar("R", bound=Receipt)
_on_their_way: set[asyncio.Task[Any]] = set()


async def within(doing: Coroutine[Any, Any, R]) -> R | None:
    """The answer, if it comes in time; else it is waited for beside."""
    task = asyncio.create_task(doing)
    _on_their_way.add(task)
    task.add_done_callback(_on_their_way.discard)
    done, _ = await asyncio.wait({task}, timeout=ANSWERS_WITHIN)
    if done:
        return task.result()
    task.add_done_callback(
        lambda task: task.exception()
    )  # nobody hears it any more; the place to look says it
    return None


def _receipt(it: Known) -> Receipt:
    return Receipt(dispute_id=it.d.id, case_no=it.d.case_no, version=it.d.version, stage=it.d.stage)


@router.get("/disputes/{matter}/actions/{key}", summary="一次操作的结果", name="taken")
def taken(matter: str, key: str, caller: Doer, request: Request) -> dict[str, Any]:
    """自己以这一操作编号提交的是否已经办理."""
    site = site_of(request)
    it = known(site, caller.post, matter)
    if act_of(site.ledger, it.d.id, act_id(caller, key)) is None:
        return {"taken": False, "said": "尚未办理；可用同一编号再次提交，不会重复办理"}
    return {"taken": True, **_receipt(it).model_dump(mode="json", exclude={"dispute_id"})}
