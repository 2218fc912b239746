"""联席会议: what waits for one, one sitting over several matters, and what was agreed, followed to its end."""

import asyncio
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, NamedTuple
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from api.actions import Doing, act_id, take
from api.problems import Problem, hidden
from console import words
from console.door import Pairs, Sent, Visit, Visitor, shell
from console.drafts import Looked, Review, answers, review_of, second_look
from console.forms import acting, faults, said
from console.forms.reading import Body
from console.forms.together import SHARED, Together, drawn, group
from console.pages.supervision import lines_of
from console.showing import matter as showing
from console.showing import sittings
from console.showing.matter import Opened, opened
from console.view import page
from domain.actions import FORMS, Act
from domain.cautions import Caution, cautions
from domain.decide import Declined as NotDecided
from domain.dispute import Dispute
from domain.offers import Offer
from domain.rights import form_of, offers_to, why_not
from domain.tasks import TaskKind
from domain.words import SHANGHAI, UnitName
from ledger import accounts, drafts
from ledger.desk import Chosen, Tab
from ledger.queries import act_of

router = APIRouter()

HERE = "/meetings"
MOST = 20
"""Matters of one sitting."""
AGENDA = (
    ("待提请或召开", TaskKind.CONVENE_JOINT, "逾期升级或办理步骤要求召开联席会议的"),
    ("等待答复", TaskKind.ANSWER_JOINT, "已提请县政府同意，等待答复的"),
    ("待印发纪要", TaskKind.MINUTES, "会已开，纪要未印发的"),
    ("上级协调", TaskKind.REPLY_FROM_ABOVE, "已提请上级，等待答复的"),
)
BUTTONS = {
    "propose_joint_meeting": "一并提请",
    "answer_joint_proposal": "一并答复",
    "convene_joint_meeting": "安排会议",
    "issue_joint_minutes": "写纪要",
}

Matters = Annotated[list[str] | None, Query(alias="m", max_length=MOST)]
"""What was ticked; nothing where nothing was."""
NOTICE = "notice"


@router.get(HERE)
async def agenda(
    visitor: Visit, request: Request, done: str = "", n: int = 0, unticked: str = ""
) -> Response:
    """What waits; what one sitting can take together; what was agreed; what was answered.

    ``done``, ``n``: just done; ``unticked``: what was to be done with nothing ticked.
    """
    known = request.app.state.lines
    lines = {
        kind: await asyncio.to_thread(lines_of, visitor, known, None, Chosen(task=kind))
        for _, kind, _ in AGENDA
    }
    asked = {line.matter for line in lines[TaskKind.ANSWER_JOINT]}
    lines[TaskKind.CONVENE_JOINT] = [
        line for line in lines[TaskKind.CONVENE_JOINT] if line.matter not in asked
    ]
    parts = [{"word": word, "note": note, "lines": lines[kind]} for word, kind, note in AGENDA]
    waiting = [line.matter for _, kind, _ in AGENDA[:3] for line in lines[kind]]
    together = await asyncio.to_thread(sittings.sittings, visitor.site, visitor.post, waiting)
    agreed, ended, replied = [
        await asyncio.to_thread(lines_of, visitor, known, tab, Chosen(task=kind), most)
        for tab, kind, most in (
            (None, TaskKind.RESOLUTION, 200),
            (Tab.DONE, TaskKind.RESOLUTION, 30),
            (Tab.DONE, TaskKind.REPLY_FROM_ABOVE, 10),
        )
    ]
    return page(
        "meetings.html",
        title="联席会议",
        shell=shell(visitor, HERE),
        parts=parts,
        together=together,
        buttons=BUTTONS,
        followed=await asyncio.to_thread(sittings.items, visitor.site, agreed),
        ended=await asyncio.to_thread(sittings.items, visitor.site, ended),
        replied=replied,
        done=FORMS[done].verb if done in SHARED else "",
        number=n,
        unticked=BUTTONS.get(unticked, "会议通知和议程" if unticked == NOTICE else ""),
        most=MOST,
    )


def _nothing_ticked(kind: str) -> Response:
    return RedirectResponse(f"{HERE}?{urlencode({'unticked': kind})}", HTTPStatus.SEE_OTHER)


class Topic(NamedTuple):
    """One matter of the form. ``offer``: the act, while it is at hand; ``done``: this very form has done it."""

    m: Opened
    offer: Offer | None
    done: bool
    why: str

    @property
    def title(self) -> str:
        """As the form names it."""
        return words.short_no(self.m.d.case_no, self.m.policy.county)


class Sitting:
    """One act for several matters before one officer."""

    def __init__(self, visitor: Visitor, kind: str, topics: list[Topic], id: str) -> None:
        self.visitor, self.kind, self.topics, self.id = visitor, kind, topics, id
        self.place = f"{HERE}/{kind}?{urlencode([('m', t.m.d.id) for t in topics])}"
        self.open = {n: t for n, t in enumerate(topics) if t.offer}
        forms = {n: self._form(t) for n, t in self.open.items()}
        self.form = Together(kind, {n: t.title for n, t in self.open.items()}, forms)
        self.verb, self.final = FORMS[kind].verb, FORMS[kind].final

    def _form(self, topic: Topic) -> Any:
        m, task = topic.m, topic.offer and topic.offer.task
        return form_of(m.d, self.visitor.post, m.policy, m.now, self.kind, task)

    def key(self, number: int) -> str:
        """The idempotency key of one matter's act: its place in the sitting stays when others are done."""
        return f"{self.id}-{number}"

    def act(self, body: Body, number: int) -> Act:
        """What would be sent for one matter, once nothing is wrong with it by itself."""
        topic = self.open[number]
        return Act.model_validate(
            {
                "id": self.key(number),
                "unit": self.visitor.post.unit,
                "officer": self.visitor.name,
                "task": topic.offer and topic.offer.task,
                "body": {"kind": self.kind, **self.form.answers(body, number)[0]},
            }
        )


async def _sitting(visitor: Visitor, kind: str, matters: list[str], id: str) -> Sitting:
    if kind not in SHARED or not matters:
        raise hidden()
    topics: list[Topic] = []
    for matter in dict.fromkeys(matters):
        m = await opened(visitor, matter)
        if not m.content:
            raise hidden()
        topics.append(await asyncio.to_thread(_topic, visitor, m, kind, f"{id}-{len(topics)}"))
    return Sitting(visitor, kind, topics, id)


def _topic(visitor: Visitor, m: Opened, kind: str, key: str) -> Topic:
    offer = next((o for o in offers_to(m.d, visitor.post, m.policy, m.now) if o.kind == kind), None)
    done = act_of(visitor.site.ledger, m.d.id, act_id(visitor.acts, key)) is not None
    why = "" if offer or done else why_not(m.d, visitor.post, m.policy, m.now, kind) or "这一项已经办过。"
    return Topic(m, None if done else offer, done, why)


class Agendum(NamedTuple):
    """One matter of a meeting that is called: what of it is to be studied, who is asked to come."""

    d: Dispute
    about: list[str]
    headline: str
    units: list[UnitName]
    called_at: datetime


@router.get(HERE + "/" + NOTICE)
async def notice(visitor: Visit, m: Matters = None) -> Response:
    """会议通知和议程 to print, of a meeting that is called."""
    if not m:
        return _nothing_ticked(NOTICE)
    found = [await opened(visitor, matter) for matter in dict.fromkeys(m)]
    if not found or not all(one.content for one in found):
        raise hidden()
    call, *others = {sittings.called(one.events) for one in found}
    if others:
        raise Problem(HTTPStatus.CONFLICT, "not_one_meeting", "所选案件不在同一次联席会议上，请分别打印通知")
    if call is None:
        raise hidden()
    topics = [_on_the_agenda(one) for one in found]
    return page(
        "meeting_notice.html",
        call=call,
        county=visitor.site.policy.county,
        units=list(dict.fromkeys(unit for topic in topics for unit in topic.units)),
        topics=topics,
        on=max(topic.called_at for topic in topics),
    )


def _on_the_agenda(m: Opened) -> Agendum:
    call = sittings.last_called(m.d)
    about = [m.veil.text(topic) for topic in call.topics]
    return Agendum(m.d, about, showing.headline(m.d), call.units, call.convened_at.astimezone(SHANGHAI))


@router.get(HERE + "/{kind}")
async def ask(kind: str, visitor: Visit, m: Matters = None, review: Looked = None) -> Response:
    """The form over these matters, filled with one's draft, else with what is suggested; ``review``: the draft once more."""
    if not m:
        return _nothing_ticked(kind)
    looked = review_of(review)
    sitting = await _sitting(visitor, kind, m, looked.id if looked else acting.new_id(kind))
    draft = await asyncio.to_thread(drafts.find, visitor.site.ledger, visitor.person, sitting.place)
    if draft and looked and sitting.open:
        return await _looked_at(sitting, draft.pairs)
    body = sitting.form.folded(draft.pairs) if draft else sitting.form.suggested()
    return await _page(sitting, body, saved=draft.saved_at if draft else None)


@router.post(HERE + "/{kind}")
async def send(kind: str, visitor: Visit, pairs: Sent, request: Request, m: Matters = None) -> Response:
    """Check, try out, ask once more where it cannot be undone; then do each matter's act, and say what became of each."""
    given = dict(pairs)
    sitting = await _sitting(visitor, kind, m or [], given.get("_id") or acting.new_id(kind))
    body, wish = sitting.form.folded(answers(pairs)), given.get("_do", "")
    if wish == "draft":
        return await _kept(sitting, pairs, body, request)
    if wish.startswith(("more:", "drop:")):
        changed = acting.changed(sitting.form.fields, body, wish)
        return await _page(sitting, changed, at=wish.partition(":")[2], pairs=pairs)
    if wish == "edit":
        return await _page(sitting, body, pairs=pairs)
    wrong, seen = _checked(sitting, body)
    if wrong:
        return await _page(sitting, body, wrong, HTTPStatus.UNPROCESSABLE_ENTITY, pairs=pairs)
    odd = any(each.odd for each in seen.values())
    if (sitting.final or odd) and wish != "send" and sitting.open:
        looked = Review(0, sitting.id)
        there = await second_look(visitor.site.ledger, visitor.person, sitting.place, pairs, looked)
        return there or _review(sitting, body, pairs, seen, kept=False)
    return await _taken(sitting, body, pairs)


async def _looked_at(sitting: Sitting, draft: Pairs) -> Response:
    """The second look, or the form again where something has come to be wrong with it."""
    own = {"_id": sitting.id, "_form": sitting.place, "_who": sitting.visitor.person}
    pairs, body = [*draft, *own.items()], sitting.form.folded(draft)
    wrong, seen = _checked(sitting, body)
    if wrong:
        return await _page(sitting, body, wrong, HTTPStatus.UNPROCESSABLE_ENTITY, pairs=pairs)
    return _review(sitting, body, pairs, seen, kept=True)


class Seen(NamedTuple):
    """What one matter's act would bring about, and what of it looks like a slip."""

    follows: list[str]
    odd: list[Caution]


def _checked(sitting: Sitting, body: Body) -> tuple[dict[str, str], dict[int, Seen]]:
    """What is wrong by itself or would be declined; else what each act would bring about."""
    wrong: dict[str, str] = {}
    seen: dict[int, Seen] = {}
    for number, topic in sitting.open.items():
        if found := sitting.form.wrong(body, number):
            wrong |= found
            continue
        try:
            m, act = topic.m, sitting.act(body, number)
            events = acting.tried(m.d, act, m.policy, m.now)
            odd = cautions(m.d, act.body, m.policy, m.now)
            seen[number] = Seen(acting.follows(m.d, act, events), odd)
        except NotDecided as declined:
            for place, reason in faults.of_declined(declined).items():
                wrong |= _refused(sitting, body, number, place, reason)
    return wrong, seen


def _refused(sitting: Sitting, body: Body, number: int, field: str | None, reason: str) -> dict[str, str]:
    """Whatever is about one matter names it."""
    place = sitting.form.place(field, number, sitting.form.answers(body, number)[1])
    about_all = not place.startswith(group(number))
    return {place: f"{sitting.topics[number].title}：{reason}" if about_all else reason}


async def _taken(sitting: Sitting, body: Body, pairs: Pairs) -> Response:
    """Every matter's act by its own key: one that is refused keeps its text, the others are done."""
    visitor, wrong = sitting.visitor, dict[str, str]()
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    for number, topic in sitting.open.items():
        fields = sitting.form.answers(body, number)[0]
        doing = Doing(kind=sitting.kind, task=topic.offer and topic.offer.task, fields=fields)
        try:
            await take(visitor.site, visitor.acts, topic.m.d.id, doing, sitting.key(number))
        except Problem as problem:
            status = HTTPStatus(problem.status)
            wrong |= _refused(sitting, body, number, problem.field, problem.message)
    left = await _sitting(visitor, sitting.kind, [t.m.d.id for t in sitting.topics], sitting.id)
    blocked = any(t.why for t in left.topics)
    if wrong or blocked:
        return await _page(left, body, wrong, status if wrong else HTTPStatus.CONFLICT, pairs=pairs)
    await asyncio.to_thread(drafts.drop, visitor.site.ledger, visitor.person, sitting.place)
    said_so = urlencode({"done": sitting.kind, "n": len(sitting.topics)})
    return RedirectResponse(f"{HERE}?{said_so}", HTTPStatus.SEE_OTHER)


async def _kept(sitting: Sitting, pairs: Pairs, body: Body, request: Request) -> Response:
    visitor = sitting.visitor
    try:
        saved = await asyncio.to_thread(
            drafts.keep, visitor.site.ledger, visitor.person, sitting.place, answers(pairs)
        )
    except drafts.DraftTooLarge:
        wrong = {"": "内容太多，存不成草稿，请先删减"}
        return await _page(sitting, body, wrong, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, pairs=pairs)
    if "application/json" in request.headers.get("accept", ""):
        return JSONResponse({"saved": words.hour(saved)})
    return RedirectResponse(sitting.place, HTTPStatus.SEE_OTHER)


async def _page(
    sitting: Sitting,
    body: Body,
    wrong: dict[str, str] | None = None,
    status: int = HTTPStatus.OK,
    *,
    saved: datetime | None = None,
    at: str = "",
    pairs: Pairs | None = None,
) -> Response:
    visitor, shown = sitting.visitor, drawn(sitting.form, body, wrong or {})
    shut = tuple(f"{group(n)}." for n in range(len(sitting.topics)) if n not in sitting.open)
    staff = await asyncio.to_thread(accounts.staff_names, visitor.site.ledger, visitor.post.unit)
    return page(
        "together.html",
        status=status,
        title=f"有错误：{sitting.verb}" if shown.summary else sitting.verb,
        shell=shell(visitor, HERE),
        sitting=sitting,
        shown=shown,
        headlines=[showing.headline(t.m.d) for t in sitting.topics],
        saved=saved,
        at=at.replace(".", "-"),
        kept=[(name, value) for name, value in pairs or [] if name.startswith(shut)] if shut else [],
        units=sitting.topics[0].m.policy.units.members,
        staff=staff,
    )


def _review(sitting: Sitting, body: Body, pairs: Pairs, seen: dict[int, Seen], *, kept: bool) -> Response:
    """What was answered of each matter, once more, and what of it looks like a slip. ``kept``: as a draft."""
    told = {
        n: said.answered(form, sitting.form.answers(body, n)[0]) for n, form in sitting.form.forms.items()
    }
    return page(
        "together_review.html",
        title=f"提交前再看一眼：{sitting.verb}",
        shell=shell(sitting.visitor, HERE),
        sitting=sitting,
        headlines=[showing.headline(t.m.d) for t in sitting.topics],
        told=told,
        seen=seen,
        kept=[(name, value) for name, value in pairs if name != "_do"],
        is_draft=kept,
    )
