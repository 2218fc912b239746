"""办理: the form of any verb at hand, checked, tried out, sent; nothing typed is ever lost."""

import asyncio
from collections.abc import Iterable
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Query, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from api.actions import Doing, act_id, take
from api.known import Known, known
from api.problems import Problem, hidden
from console import words
from console.door import Pairs, Sent, Visit, Visitor, shell
from console.drafts import Looked, Review, answers, review_of, second_look
from console.drawings import bar
from console.forms import acting, of_paper, reading, said
from console.forms.acting import Filled
from console.forms.of_paper import Link
from console.showing import callbacks, clocks, extensions, opinions, story
from console.showing import matter as showing
from console.showing.matter import opened
from console.view import page
from domain import colleagues, owed
from domain.actions import FORMS, Act, Action
from domain.cautions import Caution, cautions
from domain.decide import Declined as NotDecided
from domain.due import clock_of, next_duty
from domain.offers import Field, Offer
from domain.rights import Sight, form_of, offers_to, why_not
from domain.words import UnitName
from ledger import accounts, drafts
from starter.office import papers

router = APIRouter()

WAITS = "waits"
"""Instead of an action's id: it was received and is not in the ledger yet."""

TaskId = Annotated[str | None, Query(max_length=100)]
PaperNo = Annotated[str | None, Query(max_length=4)]


def address(matter: str, kind: str, task: str | None, paper: int | None = None) -> str:
    """Where the form of a verb is; its draft lies under the same."""
    if paper is not None:
        return of_paper.address(matter, kind, paper)
    return f"/matters/{matter}/do/{kind}" + (f"?task={task}" if task else "")


class Desk:
    """One verb of one matter before one officer."""

    def __init__(
        self,
        visitor: Visitor,
        m: Known,
        kind: str,
        task: str | None,
        people: dict[UnitName, list[str]],
        paper: int | None = None,
    ) -> None:
        """``people``: of each unit whose people the form names, who serves there; ``paper``: the one it is about."""
        self.visitor, self.m, self.kind, self.task, self._people = visitor, m, kind, task, people
        self.form = FORMS[kind]
        self.others: list[Link] = []
        """The same for the other papers."""
        if kind in of_paper.KINDS:
            any_paper = self._fields(None)
            paper = of_paper.suggested(any_paper) if paper is None else paper
            self.others = of_paper.others(m.d.id, kind, any_paper, paper)
        self.paper = paper
        self.place = address(m.d.id, kind, task, paper)

    @property
    def person(self) -> str:
        """Whose drafts these are."""
        return self.visitor.person

    @property
    def offer(self) -> Offer | None:
        """The verb as it is at hand now, if it is."""
        at_hand = offers_to(self.m.d, self.visitor.post, self.m.policy, self.m.now)
        return next(
            (o for o in at_hand if o.kind == self.kind and (o.task == self.task or self.task is None)), None
        )

    def fields(self) -> list[Field]:
        """What the verb asks for now."""
        found = self._fields(self.paper)
        return found if self.paper is None else of_paper.asked(found)

    def _fields(self, paper: int | None) -> list[Field]:
        m = self.m
        return form_of(m.d, self.visitor.post, m.policy, m.now, self.kind, self.task, self.people, paper)

    def people(self, unit: UnitName) -> list[str]:
        """Who serves in a unit."""
        return self._people.get(unit, [])

    def odd(self, body: Action) -> list[Caution]:
        """What looks like a slip."""
        found = cautions(self.m.d, body, self.m.policy, self.m.now)
        return found + colleagues.cautions(self.m.d, body, self.visitor.post.unit, self.people)

    def why_not(self) -> str | None:
        """Why it is not at hand."""
        m = self.m
        return why_not(m.d, self.visitor.post, m.policy, m.now, self.kind, self.task, self.paper)

    def filled(self, pairs: Pairs) -> Filled:
        """What the form brought."""
        given = dict(pairs)
        sender = {
            "id": given.get("_id") or acting.new_id(self.kind),
            "unit": self.visitor.post.unit,
            "officer": self.visitor.name,
            "task": self.task,
        }
        return acting.filled(self.kind, self.fields(), answers(pairs), sender)


class Look(NamedTuple):
    """What would follow, and what of a form looks like a slip."""

    follows: list[str]
    odd: list[Caution]


async def _desk(visitor: Visitor, matter: str, kind: str, task: str | None, paper: str | None = None) -> Desk:
    m = await asyncio.to_thread(known, visitor.site, visitor.post, matter)
    form = acting.form_class(kind)
    if form is None or m.seen < Sight.MASKED:
        raise hidden()
    named = colleagues.units_named(kind, form, m.d, visitor.post.unit)
    people = await asyncio.to_thread(_serving, visitor, named)
    return Desk(visitor, m, kind, task, people, of_paper.number(kind, paper))


def _serving(visitor: Visitor, units: Iterable[UnitName]) -> dict[UnitName, list[str]]:
    return {unit: accounts.staff_names(visitor.site.ledger, unit) for unit in units}


@router.get("/matters/{matter}/do/{kind}")
async def ask(
    matter: str, kind: str, visitor: Visit, task: TaskId = None, review: Looked = None, paper: PaperNo = None
) -> Response:
    """The form, filled with one's draft, else with what is suggested; ``review``: one's draft once more before it is sent."""
    desk = await _desk(visitor, matter, kind, task, paper)
    if desk.offer is None or (desk.paper is not None and desk.why_not()):
        return _not_at_hand(desk)
    draft = await asyncio.to_thread(drafts.find, visitor.site.ledger, desk.person, desk.place)
    if draft and (looked := review_of(review)):
        return await _looked_at(desk, draft.pairs, looked)
    fields = desk.fields()
    body = reading.folded(fields, reading.gathered(draft.pairs)) if draft else acting.suggested(fields)
    return await _page(
        desk, Filled(fields, body, None, {}), saved=draft.saved_at if draft else None, from_draft=bool(draft)
    )


@router.post("/matters/{matter}/do/{kind}")
async def send(
    matter: str,
    kind: str,
    visitor: Visit,
    pairs: Sent,
    request: Request,
    task: TaskId = None,
    paper: PaperNo = None,
) -> Response:
    """Check, try out, ask once more where it cannot be undone, send."""
    given = dict(pairs)
    desk = await _desk(visitor, matter, kind, task, given.get(of_paper.PAPER) or paper)
    wish = given.get("_do", "")
    filled = desk.filled(pairs)
    if wish == "draft":
        return await _kept(desk, pairs, request)
    if wish.startswith(("more:", "drop:")):
        body = acting.changed(filled.fields, filled.body, wish)
        return await _page(desk, filled._replace(body=body, wrong={}), given, at=wish.partition(":")[2])
    if wish == "edit":
        return await _page(desk, filled, given)
    if changes := await _meanwhile(desk, given):
        return await _page(desk, filled._replace(wrong={}), given, HTTPStatus.CONFLICT, changes=changes)
    if desk.offer is None:
        return await _page(
            desk, filled._replace(wrong={}), given, HTTPStatus.CONFLICT, blocked=desk.why_not()
        )
    if filled.act is None:
        return await _page(desk, filled, given, HTTPStatus.UNPROCESSABLE_ENTITY)
    return await _sent(desk, filled, filled.act, pairs)


async def _sent(desk: Desk, filled: Filled, act: Act, pairs: Pairs) -> Response:
    """On to the second look where there is to be one, else take it."""
    visitor, matter, given = desk.visitor, desk.m.d.id, dict(pairs)
    key = given.get("_id") or acting.new_id(desk.kind)
    try:
        look = _second_look(desk, act)
        if given.get("_do", "") != "send" and (look.odd or desk.form.final):
            return await _on_to_look(desk, filled, pairs, look, key)
        doing = Doing(kind=desk.kind, task=desk.task, fields=filled.body)
        taken = await take(visitor.site, visitor.acts, matter, doing, key)
    except NotDecided as declined:
        return await _page(desk, filled.declined(declined), given, HTTPStatus.UNPROCESSABLE_ENTITY)
    except Problem as problem:
        return await _page(desk, filled.refused(problem.field, problem.message), given, problem.status)
    await asyncio.to_thread(drafts.drop, visitor.site.ledger, desk.person, desk.place)
    done = act_id(visitor.acts, key) if taken else WAITS
    return RedirectResponse(f"/matters/{matter}?done={done}", HTTPStatus.SEE_OTHER)


async def _on_to_look(desk: Desk, filled: Filled, pairs: Pairs, look: Look, key: str) -> Response:
    """The second look on a page of its own; here where the draft is too large to be kept."""
    version = dict(pairs).get("_version", "")
    looked = Review(int(version) if version.isdecimal() else desk.m.d.version, key)
    there = await second_look(desk.visitor.site.ledger, desk.person, desk.place, pairs, looked)
    return there or _review(desk, filled, pairs, look, kept=False)


def _second_look(desk: Desk, act: Act) -> Look:
    """Try it out. Raises Declined."""
    events = acting.tried(desk.m.d, act, desk.m.policy, desk.m.now)
    colleagues.check(desk.m.d, act.body, desk.visitor.post.unit, desk.people)
    return Look(acting.follows(desk.m.d, act, events), desk.odd(act.body))


async def _looked_at(desk: Desk, draft: Pairs, looked: Review) -> Response:
    """The second look, or the form again where something has come to be wrong with it."""
    own = {"_id": looked.id, "_version": str(looked.version), "_form": desk.place, "_who": desk.person}
    pairs = [*draft, *own.items()]
    filled = desk.filled(pairs)
    if changes := await _meanwhile(desk, own):
        return await _page(desk, filled._replace(wrong={}), own, HTTPStatus.CONFLICT, changes=changes)
    if filled.act is None:
        return await _page(desk, filled, own, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        return _review(desk, filled, pairs, _second_look(desk, filled.act), kept=True)
    except NotDecided as declined:
        return await _page(desk, filled.declined(declined), own, HTTPStatus.UNPROCESSABLE_ENTITY)


async def _kept(desk: Desk, pairs: Pairs, request: Request) -> Response:
    """Keep the draft; a script that keeps it meanwhile hears only when."""
    try:
        saved = await asyncio.to_thread(
            drafts.keep, desk.visitor.site.ledger, desk.person, desk.place, answers(pairs)
        )
    except drafts.DraftTooLarge:
        return await _page(
            desk,
            desk.filled(pairs).refused(None, "内容太多，存不成草稿，请先删减"),
            dict(pairs),
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        )
    if "application/json" in request.headers.get("accept", ""):
        return JSONResponse({"saved": words.hour(saved)})
    return RedirectResponse(desk.place, HTTPStatus.SEE_OTHER)


async def _meanwhile(desk: Desk, given: dict[str, str]) -> list[story.Entry]:
    """What others did since the form was opened."""
    version = given.get("_version", "")
    if not version.isdecimal() or int(version) >= desk.m.d.version:
        return []
    m = await opened(desk.visitor, desk.m.d.id)
    since = [e for e in story.story(m) if e.seq > int(version)]
    own = act_id(desk.visitor.acts, given.get("_id", ""))
    return [e for e in story.changes(since) if e.event.action_id != own]


async def _page(
    desk: Desk,
    filled: Filled,
    given: dict[str, str] | None = None,
    status: int = HTTPStatus.OK,
    *,
    saved: datetime | None = None,
    from_draft: bool = False,
    at: str = "",
    changes: list[story.Entry] | None = None,
    blocked: str | None = None,
) -> Response:
    m, (drawn, summary) = await opened(desk.visitor, desk.m.d.id), filled.drawn()
    wrong = "有错误：" if summary and status == HTTPStatus.UNPROCESSABLE_ENTITY else ""
    return page(
        "act.html",
        status=status,
        title=f"{wrong}{desk.form.verb}",
        shell=shell(desk.visitor, ""),
        desk=desk,
        d=m.d,
        m=m,
        headline=showing.headline(m.d),
        controls=drawn,
        faults=summary,
        id=(given or {}).get("_id") or acting.new_id(desk.kind),
        version=desk.m.d.version,
        saved=saved,
        from_draft=from_draft,
        at=at.replace(".", "-"),
        changes=changes or [],
        blocked=blocked,
        units=m.policy.units.members,
        staff=desk.people(desk.visitor.post.unit),
        clock=_clock(desk),
        requests=extensions.asked(m, desk.task) if desk.kind == "decide_extension" else [],
        draw=bar.large,
        stands=owed.said,
        table=opinions.side_by_side(m),
        answer=callbacks.last_answer(m) if desk.kind in callbacks.DECIDED_UPON else None,
    )


def _review(desk: Desk, filled: Filled, pairs: Pairs, look: Look, *, kept: bool) -> Response:
    """What was answered, once more, before it cannot be undone; and what of it looks like a slip. ``kept``: as a draft."""
    drawn, _ = filled.drawn()
    return page(
        "review.html",
        title=f"提交前再看一眼：{desk.form.verb}",
        shell=shell(desk.visitor, ""),
        desk=desk,
        d=desk.m.d,
        headline=showing.headline(desk.m.d),
        answers=said.answered(filled.fields, filled.body),
        follows=look.follows,
        odd=look.odd,
        kept=[(name, value) for name, value in pairs if name != "_do"],
        is_draft=kept,
        controls=drawn,
    )


def _not_at_hand(desk: Desk) -> Response:
    """The verb is not at hand: why, and the way back."""
    return page(
        "not_at_hand.html",
        status=HTTPStatus.CONFLICT,
        title=f"现在不能{desk.form.verb}",
        shell=shell(desk.visitor, ""),
        desk=desk,
        d=desk.m.d,
        headline=showing.headline(desk.m.d),
        reason=_stands(desk) or desk.why_not() or "这一项已经办过，或者已由别人办理。",
    )


def _stands(desk: Desk) -> str:
    """How the paper stands that the form was asked for."""
    paper = papers.paper_of(desk.m.d, desk.paper or 0)
    if paper is None:
        return "" if desk.paper is None else "没有这一份文书"
    state = paper.state(reviewed=desk.m.policy.paper_rule(paper.name)[1].reviewed)
    return f"《{paper.name}》{state}，{desk.why_not() or ''}"


def _clock(desk: Desk) -> clocks.Reading | None:
    d = desk.m.d
    task = d.tasks.get(desk.task or "")
    clock = clock_of(d, task) if task else next_duty(d)
    return clocks.read(clock, d, desk.m.policy, desk.m.now) if clock else None
