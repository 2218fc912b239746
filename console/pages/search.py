"""Looking for matters: one box for a number, words of the lists, a firm or words of what was told; 查人, for a reason.

What is typed is sent in the body and stands in no address but sealed, in that of what was found: Back and a reload find it again.
"""

import asyncio
import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Request
from pydantic import Field
from starlette.responses import RedirectResponse, Response

from api.known import known
from api.problems import Problem
from api.search import Matches, Wanted, found, of_firm, that_say
from console import made
from console.door import Sent, Visit, Visitor, shell
from console.forms import filtering
from console.forms.acting import Filled
from console.forms.asking import ask, choices
from console.forms.filtering import Given
from console.forms.taking import taken
from console.pages.book import HERE as BOOK
from console.pages.book import kept_of
from console.showing import book as showing
from console.view import address, page
from domain.masking import somebodys_number
from domain.policy import Policy
from domain.policy_units import County
from domain.words import SHANGHAI, Model
from ledger.names import Written, written_number
from ledger.papers import place_of
from ledger.people import is_credit_code
from ledger.queries import rows_of_matters
from ledger.texts import words_of

router = APIRouter()

PERSONS = "/search"
WORDS = "/find"
LONGEST = 100
MOST_TYPED = 200
"""Of one field: more than any of them takes, and little enough for an address."""


class Why(StrEnum):
    """What somebody is looked for."""

    ASKED = "当事人来问自己的案件"
    REPEATED = "核对是不是重复反映"
    AT_WORK = "在办案件需要"
    ORDERED = "上级或审计要求核查"


FIELDS = [
    ask("name", "姓名", "person"),
    ask("id_number", "证件号", "person"),
    ask("phone", "电话", "person"),
    ask("why", "为什么查", "choice", required=True, choices=choices(Why)),
    ask("reason", "说明", required=True, help="办哪件事要用，至少 4 个字；不写姓名和号码"),
]


class Person(Model):
    """Whom one looks for, and why."""

    name: str | None = Field(default=None, title="姓名", max_length=LONGEST)
    id_number: str | None = Field(default=None, title="证件号", max_length=40)
    phone: str | None = Field(default=None, title="电话", max_length=40)
    why: Why = Field(title="为什么查")
    reason: str = Field(title="说明", min_length=4, max_length=150)

    def wanted(self) -> Wanted:
        """As the API asks it."""
        who = self.model_dump(include={"name", "id_number", "phone"})
        return Wanted(**who, reason=f"{self.why}：{self.reason}")


@router.post(WORDS)
async def find(visitor: Visit, pairs: Sent) -> Response:
    """On to what is found."""
    text = dict(pairs).get("q", "").strip()[:LONGEST]
    return made.onward(visitor, WORDS, {"q": text}) if text else RedirectResponse(BOOK, HTTPStatus.SEE_OTHER)


@router.get(WORDS)
async def look(visitor: Visit, request: Request, sealed: made.Sealed = "") -> Response:
    """On to the matter of a number, or to the list that the words filter; else the matters that share the number, those against a
    firm of that name or code and those that say these words."""
    try:
        text = made.shown(visitor, WORDS, sealed)["q"]
    except Problem:
        return RedirectResponse(BOOK, HTTPStatus.SEE_OTHER)
    places = await asyncio.to_thread(_numbered, visitor, text)
    if len(places) == 1:
        return RedirectResponse(f"{BOOK}/{places[0]}", HTTPStatus.SEE_OTHER)
    if places:
        return await _answer(visitor, request, text, numbered=places)
    if given := filters_of(text, visitor.site.policy):
        return RedirectResponse(address(BOOK, given), HTTPStatus.SEE_OTHER)
    if somebodys_number(text) and not is_credit_code(text):
        return page(
            "for_a_reason.html",
            status=HTTPStatus.UNPROCESSABLE_ENTITY,
            title="按人查要写明事由",
            shell=shell(visitor, ""),
        )
    against = await asyncio.to_thread(of_firm, visitor.site, visitor.acts, text)
    words = None if is_credit_code(text) else words_of(text)
    saying = await asyncio.to_thread(that_say, visitor.site, visitor.acts, words) if words else NOTHING
    if not against.rows and not saying.rows:
        return page(
            "not_found.html", status=HTTPStatus.NOT_FOUND, title="没有找到", shell=shell(visitor, ""), q=text
        )
    return await _answer(visitor, request, text, against=against, saying=saying)


NOTHING = Matches([], more=False)


async def _answer(
    visitor: Visitor,
    request: Request,
    text: str,
    *,
    numbered: Sequence[str] = (),
    against: Matches = NOTHING,
    saying: Matches = NOTHING,
) -> Response:
    """What was found, when it is more than one place to go to."""
    rows = await asyncio.to_thread(rows_of_matters, visitor.site.ledger.engine, numbered)
    return page(
        "found.html",
        title="查找结果",
        shell=shell(visitor, BOOK),
        q=text,
        numbered=await _listed(visitor, request, Matches(rows, more=False)),
        against=await _listed(visitor, request, against),
        saying=await _listed(visitor, request, saying),
    )


def _numbered(visitor: Visitor, text: str) -> list[str]:
    """Where the matters of this case number, ticket's number or serial number are, else the paper of this number, as far as
    the post knows of them."""
    ledger, written = visitor.site.ledger, written_number(text)
    refs = [
        text,
        *(meant_by(written, visitor.site.policy.county) if written else ()),
        *ledger.of_serial(text),
    ]
    if matters := list(dict.fromkeys(filter(None, (_known(visitor, ref) for ref in refs)))):
        return matters
    paper = place_of(ledger.engine, written.under(written.prefix)) if written else None
    return [f"{matter}/papers/{paper[1]}"] if paper and (matter := _known(visitor, paper[0])) else []


def meant_by(written: Written, county: County) -> list[str]:
    """The case numbers that are meant by one of which the prefix was left out, or written as the lists shorten it."""
    marks = {county.case_prefix: "", county.lead_prefix: county.lead_mark}
    return [written.under(prefix) for prefix, mark in marks.items() if written.prefix in ("", mark)]


def _known(visitor: Visitor, ref: str) -> str | None:
    with suppress(Problem):
        return known(visitor.site, visitor.post, ref).d.id
    return None


def filters_of(text: str, policy: Policy) -> Given | None:
    """The filters that these words are, when every one of them is one."""
    picks = filtering.picks(policy)
    given: Given = {}
    for word in re.split(r"[\s、，,]+", text):
        found = next(
            ((p.name, value) for p in picks for value, label in p.options.items() if word in (value, label)),
            None,
        )
        if found is None or found[0] in given:
            return None
        given[found[0]] = found[1]
    return given


@router.post(PERSONS)
async def person(visitor: Visit, pairs: Sent) -> Response:
    """On to what is found."""
    names = {field.name for field in FIELDS}
    return made.onward(
        visitor, PERSONS, {"asked": [(name, said[:MOST_TYPED]) for name, said in pairs if name in names]}
    )


@router.get(PERSONS)
async def looked_for(visitor: Visit, request: Request, sealed: made.Sealed = "") -> Response:
    """Somebody's matters that the post knows of, once the audit says who looked and why; every look says so anew."""
    try:
        asked = made.shown(visitor, PERSONS, sealed)["asked"]
    except Problem:
        return _person(visitor, Filled(FIELDS, {}, None, {}))
    pairs = [(name, said) for name, said in asked]
    matches, filled = await taken(
        FIELDS, pairs, Person, lambda who: found(visitor.site, visitor.acts, who.wanted())
    )
    if matches is None:
        return _person(visitor, filled, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return _person(visitor, filled, **await _listed(visitor, request, matches))


def _person(visitor: Visitor, filled: Filled, *, status: int = HTTPStatus.OK, **listed: Any) -> Response:
    controls, faults = filled.drawn()
    return page(
        "search.html",
        status=status,
        title="有错误：查人" if faults else "查人",
        shell=shell(visitor, PERSONS),
        controls=controls,
        faults=faults,
        **({"lines": None} | listed),
    )


async def _listed(visitor: Visitor, request: Request, matches: Matches) -> dict[str, Any]:
    """The matters in the columns one has."""
    policy = visitor.site.policy
    kept = await asyncio.to_thread(kept_of, visitor, "")
    lines = await asyncio.to_thread(
        showing.book_lines,
        matches.rows,
        request.app.state.lines,
        visitor.post,
        kept.columns,
        policy,
        datetime.now(SHANGHAI),
    )
    heads = {name: showing.heading(name, policy) for name in kept.columns}
    shown = {"columns": kept.columns, "heads": heads, "looks": showing.LOOKS}
    return {"lines": lines, "more": matches.more, **shown}
