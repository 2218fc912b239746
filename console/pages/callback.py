"""回访 by a one-time link: issued at the callback's task, answered by the party on a page of his own, three minutes at most.

The public pages name nobody and say of the matter no more than whoever holds the link must know. Opening the link spends
nothing: previews of messages open links too. What is wrong with a link is not told.
"""

import asyncio
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, NamedTuple

import segno
from fastapi import APIRouter, Query, Request
from markupsafe import Markup
from pydantic import ValidationError
from starlette.responses import Response

from api.access.guard import address_of, require_own_page
from api.actions import within
from api.known import policy_of
from api.problems import hidden
from api.site import Site, site_of
from console import made
from console.door import Sent, Visit, Visitor, pairs_of, shell
from console.forms import faults
from console.showing import matter as showing
from console.showing.matter import Opened, opened
from console.view import page
from domain.actions import Act
from domain.actions.callback import RecordCallback
from domain.decide.callback import why_no_link
from domain.dispute import Dispute
from domain.offers import Field, form_of
from domain.persons import BY_LINK, By
from domain.rights import acts_as, by_of
from domain.tasks import TaskKind
from domain.words import SHANGHAI
from ledger import callback_links as links
from ledger.audit import record
from ledger.callback_links import Link
from ledger.codes import TooOften
from ledger.queries import act_of
from starter.office import Declined
from starter.office.views import business_now

router = APIRouter()

HERE = "/callback"
KIND = "record_callback"
WRONG = "这个链接不能用：可能不完整、已经用过，或者过了期限。请向发链接的单位要一个新的，或者打电话说。"
"""The same whatever is wrong with it."""
UNANSWERED = "请选一个；不想回答，就选“不想回答”"

QUESTIONS = {
    "q1_received": "收到办理结果了吗？",
    "q2_solved": "事情解决了吗？",
    "q3_fulfilled": "钱补上了，或者社保参上了吗？",
    "q4_speed": "办得快不快，满意吗？",
    "q5_attitude": "对办事人员的态度满意吗？",
    "q6_result": "对结果满意吗？",
    "q7_process": "对办理过程满意吗？",
}
"""The questions of the callback's form as one asks a party."""
SPOKEN = {
    "拒答": "不想回答", "拒评": "不想回答", "收到": "收到了", "未收到": "没有收到", "部分解决": "只解决了一部分",
    "未解决": "没有解决", "已落实": "是", "部分落实": "只落实了一部分", "未落实": "还没有", "不涉及": "跟这个没有关系",
}  # fmt: skip

Task = Annotated[str, Query(max_length=100)]


class Asked(NamedTuple):
    """A link that is still good, with its matter and what is asked."""

    link: Link
    d: Dispute
    fields: dict[str, Field]
    reasons: list[tuple[str, str]]
    """Why somebody may be dissatisfied: what the party can say of himself; that there is no ground in law he does not say."""


# --- whoever does the callback --------------------------------------------------------------------------------------


@router.get("/matters/{matter}/callback-link")
async def ask_for_link(matter: str, visitor: Visit, task: Task) -> Response:
    """Whether to send the party a link for this callback."""
    return await _link_page(visitor, await _called(visitor, matter, task), task)


@router.post("/matters/{matter}/callback-link")
async def make_link(matter: str, visitor: Visit, pairs: Sent, task: Task) -> Response:
    """A link to print or to send; it stands nowhere but on the page that follows. It goes into the audit."""
    m = await _called(visitor, matter, task)
    if _why_no_link(visitor, m):
        return await _link_page(visitor, m, task)
    whom = [name for key, text in pairs if key == "whom" and (name := text.strip()[:60])]
    if m.d.group and not whom:
        return await _link_page(visitor, m, task, "群体案件请写明发给谁")
    site, acting = visitor.site, visitor.acts.acting
    code, until = await asyncio.to_thread(
        links.make, site.ledger, m.d.id, task, person=visitor.person, post=visitor.post.id,
        rules=m.policy.callback, whom=whom,
    )  # fmt: skip
    await asyncio.to_thread(record, site.ledger, acting.entry("发回访链接", m.d.case_no))
    return made.onward(visitor, _made_at(matter), {"code": code, "until": until.isoformat()}, task=task)


def _made_at(matter: str) -> str:
    return f"/matters/{matter}/callback-link/made"


@router.get("/matters/{matter}/callback-link/made")
async def show_link(
    matter: str, visitor: Visit, request: Request, task: Task, sealed: made.Sealed = ""
) -> Response:
    """The link that was just made, as often as the page is loaded while it is shown."""
    m, what = await _called(visitor, matter, task), made.shown(visitor, _made_at(matter), sealed)
    where = str(request.url.replace(path=HERE, query=""))
    drawn = segno.make(f"{where}#{what['code']}", error="m")
    return page(
        "callback_link_made.html",
        d=m.d,
        county=visitor.site.policy.county,
        unit=visitor.post.unit,
        qr=Markup(drawn.svg_inline(scale=4, border=2, svgclass="qr", lineclass=None, omitsize=True)),
        where=where,
        code=what["code"],
        until=datetime.fromisoformat(what["until"]).astimezone(SHANGHAI),
    )


async def _called(visitor: Visitor, matter: str, task: str) -> Opened:
    """The matter of an open callback that the visitor's unit makes."""
    m = await opened(visitor, matter)
    calls = (t for t in m.d.open_tasks(TaskKind.CALLBACK) if t.id == task)
    theirs = any(m.policy.units.same(visitor.post.unit, t.unit) for t in calls)
    if not (theirs and m.content and acts_as(visitor.post, KIND, m.policy)):
        raise hidden()
    return m


def _why_no_link(visitor: Visitor, m: Opened) -> str | None:
    by = by_of(visitor.post, KIND, m.policy)
    return why_no_link(m.d, m.policy, m.now, visitor.post.unit, visitor.name, by)


async def _link_page(visitor: Visitor, m: Opened, task: str, error: str = "") -> Response:
    why_not = _why_no_link(visitor, m)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.CONFLICT if why_not else HTTPStatus.OK
    return page(
        "callback_link.html",
        status=status,
        title="发回访链接",
        shell=shell(visitor, ""),
        d=m.d,
        headline=showing.headline(m.d),
        task=task,
        days=m.policy.callback.link_days,
        earlier=await asyncio.to_thread(links.good_one, visitor.site.ledger, m.d.id, task),
        why_not=why_not,
        error=error,
    )


# --- the party ------------------------------------------------------------------------------------------------------


@router.get(HERE)
async def open_link(request: Request) -> Response:
    """The page that a link opens: it asks nothing and spends nothing."""
    return _start(site_of(request))


@router.post(HERE)
async def begin(request: Request) -> Response:
    """The questions, for whoever has a good link."""
    require_own_page(request)
    site, code = site_of(request), dict(await pairs_of(request)).get("code", "").strip()[:60]
    asked = await _asked(site, code, address_of(request))
    return asked if isinstance(asked, Response) else _questions(site, asked, code, {}, {})


@router.post(HERE + "/answer")
async def answer(request: Request) -> Response:
    """What was answered becomes the callback's result, once."""
    require_own_page(request)
    site, pairs = site_of(request), await pairs_of(request)
    given = {name: text.strip()[:2000] for name, text in pairs}
    code = given.pop("code", "")[:60]
    asked = await _asked(site, code, address_of(request), given)
    if isinstance(asked, Response):
        return asked
    body, wrong = _result(asked, given)
    if wrong:
        return _questions(site, asked, code, given, wrong)
    try:
        done = await within(site.office.act(asked.d.id, _act(asked, body)))
    except Declined as declined:
        if declined.field is None or declined.code == "id_taken":
            return _start(site, WRONG, HTTPStatus.UNPROCESSABLE_ENTITY)
        return _questions(site, asked, code, given, {declined.field: str(declined)})
    await asyncio.to_thread(links.spend, site.ledger, code)
    return await _done(site, asked.d.id) if done else _thanks(site, [])


async def _asked(
    site: Site, code: str, address: str, given: dict[str, str] | None = None
) -> Asked | Response:
    """What is asked by a link, or the answer to whoever has none that is good. ``given``: what is sent by it just now."""
    try:
        link = await asyncio.to_thread(links.find, site.ledger, code, address) if code else None
    except TooOften as often:
        return _start(site, str(often), HTTPStatus.TOO_MANY_REQUESTS, code)
    d = await asyncio.to_thread(site.ledger.state, link.dispute_id) if link else None
    if link is None or d is None or not d.version:
        return _start(site, WRONG, HTTPStatus.UNPROCESSABLE_ENTITY)
    policy = policy_of(site, d)
    task = d.tasks.get(link.task_id)
    is_open = bool(task and task.is_open and task.kind == TaskKind.CALLBACK)
    fields = {f.name: f for f in form_of(d, task.unit if task else "", policy, business_now(d), KIND)}
    rules = policy.callback.categories.items()
    asked = Asked(link, d, fields, [(key, rule.text) for key, rule in rules if rule.then != "explain"])
    if link.is_good and is_open:
        return asked
    if given is not None and await asyncio.to_thread(_said_before, site, asked, given):
        return await _done(site, d.id)
    return _start(site, WRONG, HTTPStatus.UNPROCESSABLE_ENTITY)


def _said_before(site: Site, asked: Asked, given: dict[str, str]) -> bool:
    """Whether this very answer was taken already: a button pressed twice."""
    body, wrong = _result(asked, given)
    return not wrong and act_of(site.ledger, asked.d.id, asked.link.id) == body


def _result(asked: Asked, given: dict[str, str]) -> tuple[RecordCallback | None, dict[str, str]]:
    """The answers as the callback's form takes them, or what is wrong with them."""
    text = given.get("q8_text", "")
    said: dict[str, Any] = {name: given[name] for name in QUESTIONS if given.get(name)}
    said |= {
        "kind": KIND,
        "method": "网络问卷",
        "whom": asked.link.whom,
        "q8_topics": ["其他" if text else "无"],
    }
    said |= {"q8_text": text} if text else {}
    if given.get("q6_result") == "不满意":
        said |= {name: given[name] for name in ("category", "category_text") if given.get(name)}
    try:
        return RecordCallback.model_validate(said), {}
    except ValidationError as error:
        found = faults.of_error(error, list(asked.fields.values()))
        missing = {name: UNANSWERED for name in QUESTIONS if name in found and not given.get(name)}
        return None, found | missing


def _act(asked: Asked, body: RecordCallback | None) -> Act:
    task = asked.d.tasks[asked.link.task_id]
    by = By(person=asked.link.person, post=asked.link.post, link=True)
    return Act.model_validate(
        {"id": asked.link.id, "unit": task.unit, "officer": BY_LINK, "task": task.id, "by": by, "body": body}
    )


def _start(site: Site, error: str = "", status: int = HTTPStatus.OK, code: str = "") -> Response:
    return page("callback.html", status=status, county=site.policy.county, error=error, code=code)


def _questions(site: Site, asked: Asked, code: str, given: dict[str, str], wrong: dict[str, str]) -> Response:
    """The questions in the party's words, filled with what was said before."""
    questions = [
        (name, word, [(c.value, SPOKEN.get(str(c.value), c.label)) for c in asked.fields[name].choices])
        for name, word in QUESTIONS.items()
    ]
    order = [*QUESTIONS, "category", "category_text", "q8_text"]
    return page(
        "callback_questions.html",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        county=site.policy.county,
        questions=questions,
        reasons=asked.reasons,
        code=code,
        given=given,
        wrong=wrong,
        listed=sorted(wrong, key=lambda name: order.index(name) if name in order else 0),
        words=QUESTIONS,
        until=asked.link.good_until.astimezone(SHANGHAI),
    )


async def _done(site: Site, matter: str) -> Response:
    d = await asyncio.to_thread(site.ledger.state, matter)
    return _thanks(site, _follows(d))


def _follows(d: Dispute) -> list[str]:
    """What comes of it, for the party."""
    said = {
        TaskKind.REOPEN: "会决定是否重新办理，由另一位同志负责",
        TaskKind.EXPLAIN: "会再看一遍，把依据讲给您听",
        TaskKind.SUPERVISE: "会督促办理的单位",
        TaskKind.EXECUTE: "会接着盯着没落实的部分",
    }
    return [f"{t.unit}{said[t.kind]}。" for t in d.open_tasks(*said)]


def _thanks(site: Site, follows: list[str]) -> Response:
    return page(
        "callback_done.html",
        county=site.policy.county,
        at=datetime.now(SHANGHAI),
        follows=follows,
    )
