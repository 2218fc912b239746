"""争议页: where it stands, who has it, until when and why, what I may do, what was said, what happened."""

import asyncio
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import ValidationError
from starlette.responses import Response

from api.looks import LookAsked, looked
from api.problems import Problem, hidden
from api.uploads import MOST_FILES
from console.door import REGISTRARS, Sent, Visit, Visitor, shell
from console.drawings import bar, route
from console.forms.acting import new_id
from console.showing import agreements, callbacks, deadlines, files, money, opinions, people, story
from console.showing import matter as showing
from console.showing.files import Upload
from console.showing.matter import Opened, opened
from console.showing.story import Entry
from console.view import page
from domain.access import Post
from domain.actions import FORMS
from domain.actions.intake import AbsorbSource
from domain.dispute import Dispute
from domain.events import Acted
from domain.meanings.handling import CasesLinked, Merged
from domain.offers import Offer
from domain.reasons import TOO_SHORT
from domain.rights import gives_receipt, identity_of, offers_to
from domain.state import Task
from domain.words import SHANGHAI
from ledger.notices import Notice
from ledger.notices import of_matter as notices_of
from ledger.queries import act_of, case_numbers
from starter.office import papers
from starter.office.views import about

router = APIRouter()

At = Annotated[int | None, Query(ge=1)]
FIRST_VERBS = 6
"""As many stand open; the others are to unfold."""


@router.get("/matters/{matter}")
async def show(
    matter: str,
    visitor: Visit,
    at: At = None,
    unit: str = "",
    kind: str = "",
    done: str = "",
    kept: Annotated[int, Query(ge=0, le=MOST_FILES)] = 0,
) -> Response:
    """The page of a matter; ``at``: as it stood after that event, ``done``: the action just taken, ``kept``: files."""
    m = await opened(visitor, matter, at)
    return await page_of(visitor, m, unit=unit, kind=kind, done=done, kept=kept)


@router.post("/matters/{matter}/look")
async def look(matter: str, visitor: Visit, pairs: Sent) -> Response:
    """The parties' identities whole, this once; the look and its reason are in the record first."""
    m, reason = await opened(visitor, matter), dict(pairs).get("reason", "").strip()
    try:
        wish = LookAsked(whose=identity_of(m.d, visitor.post, m.policy), reason=reason)
        seen = await asyncio.to_thread(looked, visitor.site, visitor.acts, matter, wish, new_id("look"))
    except ValidationError:
        return await page_of(visitor, m, look_error=TOO_SHORT, look_reason=reason)
    except Problem as problem:
        return await page_of(visitor, m, look_error=problem.message, look_reason=reason)
    return await page_of(visitor, await opened(visitor, matter), seen=people.whole(seen, m.d.kind))


@router.get("/matters/{matter}/print")
async def sheet(matter: str, visitor: Visit) -> Response:
    """争议办理情况 on A4, the oldest first."""
    m = await opened(visitor, matter)
    if not m.content:
        raise hidden()
    return page(
        "print.html",
        **_read(m, visitor.post),
        entries=story.story(m)[::-1],
        types=showing.types(m.d),
        printed_by=f"{visitor.post.unit}　{visitor.name}",
        printed_at=datetime.now(SHANGHAI),
    )


async def page_of(
    visitor: Visitor,
    m: Opened,
    *,
    unit: str = "",
    kind: str = "",
    done: str = "",
    upload: Upload | None = None,
    file_error: tuple[str, str] = ("", ""),
    **more: Any,
) -> Response:
    """The page; ``upload``: with what came of handing in files, ``file_error``: why one of these was not taken out."""
    faulty = more.get("look_error") or upload or file_error[1]
    status = HTTPStatus.UNPROCESSABLE_ENTITY if faulty else HTTPStatus.OK
    shown: dict[str, Any] = {"seen": None, "look_error": "", "look_reason": "", "kept": 0} | more
    offers = _offers(visitor, m)
    return page(
        "matter.html",
        status=status,
        title=m.d.case_no,
        shell=shell(visitor, ""),
        holders=_holders(m.d),
        draw=bar.large,
        offers=offers,
        alike=m.d.duplicates if any(o.kind == "merge_cases" for o in offers) else [],
        first_verbs=FIRST_VERBS,
        chart=route.drawn(m.d),
        route_told=route.told(m.d),
        notices=await asyncio.to_thread(_notices, visitor, m),
        related=await asyncio.to_thread(_related, visitor, m),
        waits=done == "waits",
        sent=await asyncio.to_thread(_sent, visitor, m, done),
        agreements=agreements.versions(m),
        may_print=visitor.post.role in REGISTRARS and gives_receipt(m.d, visitor.post, m.policy),
        files=files.shown(visitor, m),
        upload=upload or files.upload(visitor, m),
        file_error=file_error,
        **_read(m, visitor.post),
        **_course(m, unit, kind, done),
        **shown,
    )


def _read(m: Opened, post: Post) -> dict[str, Any]:
    """What a post reads of a matter: where it stands, until when, what it is about."""
    d, due = m.d, deadlines.shown(m, post)
    return {
        "m": m,
        "d": d,
        "headline": showing.headline(d) if m.content else d.case_no,
        "insurances": showing.insurances(d),
        "since": showing.since(d),
        "heads": due.heads,
        "whys": due.whys if m.content else [],
        "past": due.past if m.content else [],
        "about": about(d, m.veil) if m.content else None,
        "calls": callbacks.calls(m) if m.content else [],
        "table": opinions.side_by_side(m) if m.content else None,
        "sums": money.sums(d, m.events),
        "elsewhere": files.elsewhere(m),
        "people": people.masked(m),
        "doubtful": people.doubtful(m.d.facts),
        "papers": papers.listed(d, m.policy, m.veil),
        "readable": {no for no, p in enumerate(d.documents, 1) if m.view.reads(d, m.policy, p)},
    }


def _course(m: Opened, unit: str, kind: str, done: str) -> dict[str, Any]:
    """What happened, by unit and kind; ``done``: the action just taken."""
    entries = story.story(m) if m.content else []
    return {
        "entries": story.filtered(entries, unit, kind),
        "all_entries": len(entries),
        "units": sorted({e.event.unit for e in entries if not e.system}),
        "kinds": story.KINDS,
        "unit": unit,
        "kind": kind,
        "done": _done(entries, done) if done else None,
    }


def _sent(visitor: Visitor, m: Opened, done: str) -> str:
    """The verb that was just done, for whoever reads no more of the matter than how far it is, now that it is done."""
    body = act_of(visitor.site.ledger, m.d.id, done) if done and not m.content else None
    return FORMS[body.kind].verb if body else ""


def _done(entries: list[Entry], action_id: str) -> Entry | None:
    """The action that was just taken, and not what came of it."""
    own = [e for e in reversed(entries) if e.event.action_id == action_id]
    return next((e for e in own if isinstance(e.event.fact, Acted)), next(iter(own), None))


def _holders(d: Dispute) -> list[tuple[str, str, list[str]]]:
    """In whose hands it is: unit, who has its open tasks, as the desk says it, and their titles; the lead first."""
    held: dict[str, list[Task]] = {}
    for task in sorted(d.open_tasks(), key=lambda t: (t.unit != d.lead, t.role == "协办")):
        held.setdefault(task.unit, []).append(task)
    return [
        (unit, "、".join(dict.fromkeys(t.officer for t in tasks if t.officer)), [t.title for t in tasks])
        for unit, tasks in held.items()
    ]


def _offers(visitor: Visitor, m: Opened) -> list[Offer]:
    return [] if m.back else offers_to(m.d, visitor.post, m.policy, m.now)


def _notices(visitor: Visitor, m: Opened) -> list[Notice]:
    """What the party and the units were told besides; now, and not as it stood."""
    return notices_of(visitor.site.ledger.engine, m.d.id) if m.content and not m.back else []


def _related(visitor: Visitor, m: Opened) -> list[dict[str, str]]:
    """Matters that have to do with it: linked, merged, alike, left behind."""
    d, acted = m.d, [e.fact for e in m.events if isinstance(e.fact, Acted)]
    means = [meaning for fact in acted for meaning in fact.means]
    found = {meaning.matter: "本案并入" for meaning in means if isinstance(meaning, Merged)}
    found |= {fact.body.child_id: "并入本案" for fact in acted if isinstance(fact.body, AbsorbSource)}
    found |= {lead.lead_id: "派生的线索" for lead in d.spawned}
    found |= {meaning.matter: "关联" for meaning in means if isinstance(meaning, CasesLinked)}
    found |= {h.dispute_id: f"相似：{'、'.join(h.basis)}" for h in d.duplicates if h.dispute_id not in found}
    if d.facts.linked_to:
        found[d.facts.linked_to] = "由此派生"
    numbers = case_numbers(visitor.site.ledger.engine, list(found)) if found else {}
    return [{"id": i, "no": numbers[i], "how": how} for i, how in found.items() if i in numbers]
