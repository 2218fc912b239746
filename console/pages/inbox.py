"""工作台: a diary of what is due, mine, my unit's or all that I see; several at once; kept as one left it."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.papers import seen_to_by
from api.tasks import Named, Whose, each, scope_of
from console import words
from console.door import Anybody, Pairs, Sent, Visit, Visitor, own_address, shell
from console.drawings import bar
from console.forms.acting import new_id
from console.showing import rows
from console.showing.rows import Group, Line, Lines
from console.told import NOTHING, Heard, onward
from console.view import address, page
from domain.access import Role
from domain.knowing import names_of
from domain.policy import Policy
from domain.rights import acts_as
from domain.words import SHANGHAI
from ledger import accounts, desk, drafts
from ledger.desk import Chosen, Count, Tab
from ledger.paging import NoSuchPage
from ledger.paper_desk import number_waiting
from ledger.queries import case_numbers

router = APIRouter()

HERE = "/"
LIVE = "/desk/live"
"""A path that ends so is no act of its person's: the session grows idle while the desk renews itself."""
FILTERS = ("scope", "task", "level", "town", "card")
SCOPES = {"mine": "我的", "unit": "本单位", "all": "全部可见"}
NEAR = timedelta(days=9)
"""Days further off than this are one group."""
MOST_AT_ONCE = 50
TASKS_CHOSEN = {
    "handle": "主办", "assist": "协办意见", "dispose": "处置意见", "investigate": "调查核实", "execute": "后续执行",
    "callback": "回访",
}  # fmt: skip
CARDS = ("红牌", "黄牌")


class View(NamedTuple):
    """How the desk is looked at."""

    scope: str
    tab: Tab | None
    chosen: Chosen
    after: str | None

    def address(self, **other: str | None) -> str:
        """The same view with something else."""
        now = {"scope": self.scope, "tab": self.tab.name.lower() if self.tab else None}
        now |= {name: getattr(self.chosen, name) for name in FILTERS[1:]}
        return address(HERE, now | other)

    @property
    def live(self) -> str:
        """Where the same view is had once more, without the frame of a page."""
        return f"{LIVE}?{urlsplit(self.address(after=self.after)).query}"


@router.get(HERE)
async def show(visitor: Anybody, request: Request, done: Heard) -> Response:
    """The desk as it was last looked at, unless asked for otherwise."""
    if not visitor.post.role.handles_disputes:
        return _elsewhere(visitor)
    given = dict(request.query_params)
    view = await _view(visitor, given)
    now = datetime.now(SHANGHAI)
    shown = await _shown(visitor, request, view, now)
    everything = _number(shown["everything"])
    return page("inbox.html", title=f"工作台（{everything}）", shell=shell(visitor, HERE), done=done, **shown)


@router.get(LIVE)
async def live(visitor: Visit, request: Request) -> Response:
    """What of the desk changes by itself, as a view of it looks now; how one looks at it is not kept."""
    given = dict(request.query_params)
    view = _asked(given, given)
    shown = await _shown(visitor, request, view, datetime.now(SHANGHAI))
    return page("parts/inbox.html", shell=shell(visitor, HERE), done=NOTHING, **shown)


def _elsewhere(visitor: Visitor) -> Response:
    """The first page of those who handle no disputes."""
    theirs = "/audit" if visitor.post.role is Role.AUDITOR else "/accounts"
    return RedirectResponse(theirs, HTTPStatus.SEE_OTHER)


@router.post("/desk")
async def several(visitor: Visit, pairs: Sent) -> Response:
    """Sign for several at once, or hand them to a colleague; what could not be done is said one by one."""
    given, picked = dict(pairs), [value.partition("|") for name, value in pairs if name == "t"]
    hand, place = given.get("do") == "hand", own_address(given.get("from"))
    if not picked:
        button = "转同事办理" if hand else "签收"
        said = f"没有勾选。先在左边勾选要一并办的，再按“{button}”。"
        return onward(visitor, place, said, failed=True)
    if hand and not given.get("to_officer", "").strip():
        return await _to_whom(visitor, pairs)
    kind, fields = ("reassign_officer", {"to_officer": given["to_officer"]}) if hand else ("sign_for", {})
    named = [Named(dispute=matter[:200], task=task[:40]) for matter, _, task in picked[:MOST_AT_ONCE]]
    done = await each(visitor.site, visitor.acts, named, given.get("_id") or new_id("several"), kind, fields)
    numbers = await asyncio.to_thread(case_numbers, visitor.site.ledger.engine, [n.dispute for n in named])
    taken = sum(result["taken"] for result in done)
    county = visitor.site.policy.county
    refused = [
        f"{words.short_no(numbers.get(r['dispute'], ''), county)} {r['said']}" for r in done if not r["taken"]
    ]
    verb = "转交" if hand else "签收"
    said = [f"已{verb} {taken} 件"] if taken else []
    said += [f"{len(refused)} 件没有{verb}成：{'；'.join(refused)}"] if refused else []
    return onward(visitor, place, "。".join(said), failed=bool(refused))


async def _to_whom(visitor: Visitor, pairs: Pairs) -> Response:
    staff = await asyncio.to_thread(accounts.staff_names, visitor.site.ledger, visitor.post.unit)
    return page(
        "hand.html",
        title="转同事办理",
        shell=shell(visitor, HERE),
        kept=pairs,
        back=own_address(dict(pairs).get("from")),
        staff=[name for name in staff if name != visitor.name],
        number=sum(n == "t" for n, _ in pairs),
    )


async def _view(visitor: Visitor, given: dict[str, str]) -> View:
    """As asked for; else as it was left, which is kept for the account."""
    asked = {name: given[name] for name in FILTERS if name in given}
    person = visitor.person
    kept = await asyncio.to_thread(drafts.find, visitor.site.ledger, person, HERE)
    before = dict(kept.pairs) if kept else {}
    chosen = asked if asked else before
    if asked and asked != before:
        await asyncio.to_thread(drafts.keep, visitor.site.ledger, person, HERE, list(asked.items()))
    return _asked(given, chosen)


def _asked(given: dict[str, str], chosen: dict[str, str]) -> View:
    """The view of these filters, on the tab and page that are given."""
    tab = None
    with suppress(KeyError):
        tab = Tab[given.get("tab", "").upper()]
    scope = chosen.get("scope", "mine")
    wanted = {name: chosen.get(name) or None for name in FILTERS[1:]}
    return View(scope if scope in SCOPES else "mine", tab, Chosen.model_validate(wanted), given.get("after"))


class Found(NamedTuple):
    """What a look at the desk found."""

    lines: list[Line]
    due: list[datetime | None]
    after: str | None
    counts: dict[Tab, Count]
    scopes: dict[str, Count]
    papers: Count
    """That wait for whoever looks to be reviewed or issued."""


def _found(visitor: Visitor, lines: Lines, view: View, now: datetime) -> Found:
    ledger = visitor.site.ledger
    scopes = {name: scope_of(visitor.site, visitor.acts, Whose(name)) for name in SCOPES}
    try:
        found = desk.inbox(ledger.engine, scopes[view.scope], view.tab, view.chosen, after=view.after)
    except NoSuchPage:
        found = desk.inbox(ledger.engine, scopes[view.scope], view.tab, view.chosen)
    about = lines.seen(found.rows, visitor.post)
    shown = [row for row in found.rows if row["dispute_id"] in about]
    made = [
        rows.line(row, known, ledger.policy(known.policy_version), now)
        for row in shown
        if (known := about[row["dispute_id"]])
    ]
    counts = desk.counts(ledger.engine, scopes[view.scope], view.chosen)
    totals = {
        name: _all(counts if name == view.scope else desk.counts(ledger.engine, scope, tabs=desk.STANDINGS))
        for name, scope in scopes.items()
    }
    states = seen_to_by(visitor.post, visitor.site.policy)
    papers = number_waiting(ledger.engine, names_of(visitor.post.unit, visitor.site.policy), states)
    return Found(made, [row["due_at"] for row in shown], found.after, counts, totals, papers)


def _all(counts: dict[Tab, Count]) -> Count:
    """All open ones: whatever their standing."""
    parts = [counts[t] for t in desk.STANDINGS]
    return Count(sum(c.number for c in parts), any(c.more for c in parts))


async def _shown(visitor: Visitor, request: Request, view: View, now: datetime) -> dict[str, Any]:
    found = await asyncio.to_thread(_found, visitor, request.app.state.lines, view, now)
    post, policy = visitor.post, visitor.site.policy
    groups = (
        _groups(found, now, policy)
        if view.tab is not Tab.DONE
        else [Group("", "已办", "新的在前", found.lines)]
    )
    return {
        "view": view,
        "groups": [g for g in groups if g.lines],
        "counts": found.counts,
        "everything": _all(found.counts),
        "tabs": Tab,
        "number": _number,
        "scopes": [(name, word, found.scopes[name]) for name, word in SCOPES.items()],
        "first": found.lines[0] if found.lines else None,
        "after": found.after,
        "now": now,
        "today": sum(
            1 for due in found.due if due and now <= due and due.astimezone(SHANGHAI).date() == now.date()
        ),
        "next_day": next((due for due in found.due if due and due > now), None),
        "levels": [tier.name for tier in policy.tiers],
        "towns": policy.county.towns,
        "tasks": TASKS_CHOSEN,
        "cards": CARDS,
        "may_sign": acts_as(post, "sign_for", policy) is not None,
        "may_hand": acts_as(post, "reassign_officer", policy) is not None,
        "shows_unit": view.scope == "all",
        "post": post.id,
        "draw": bar.small,
        "papers": found.papers,
    }


def _number(count: Count) -> str:
    return f"{count.number}+" if count.more else str(count.number)


def _groups(found: Found, now: datetime, policy: Policy) -> Iterable[Group]:
    """The lines by day: late, today, each day near, then all that is later, then what has no day."""
    today = now.date()
    made: list[Group] = []
    for line, due in zip(found.lines, found.due, strict=True):
        look, word, note = _day(due, now, today, policy)
        if not made or made[-1].word != word:
            made.append(Group(look, word, note, []))
        group = made[-1]
        when = words.month_day(due, today) if word == "以后" else line.when
        is_next = look == "now" and not any(g.look == "now" and g.lines for g in made)
        group.lines.append(line._replace(when=when, next=is_next))
    return made


def _day(due: datetime | None, now: datetime, today: Any, policy: Policy) -> tuple[str, str, str]:
    if due is None:
        return "", "没有期限", ""
    day = due.astimezone(SHANGHAI).date()
    if due < now:
        return "over", "已超期", ""
    if day == today:
        return "now", "今天", words.short_day(day)
    if day - today > NEAR:
        return "", "以后", f"{words.month_day(today + NEAR + timedelta(days=1), today)} 起"
    return "", words.short_day(day), f"剩 {policy.calendar.working_days_between(today, day)} 个工作日"
