"""Finding matters of a person, against a firm, by their own words. Each look is in the audit."""

from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any, NamedTuple

from fastapi import APIRouter, Request
from pydantic import Field

from api.access.guard import Handler, InPost
from api.known import beside, policies
from api.problems import Problem, refused
from api.site import Site, site_of
from domain.declined import Declined
from domain.dispute import Dispute
from domain.reasons import LONGEST_REASON, SHORTEST_REASON, require_reason
from domain.rights import Sight, sight, took_in
from domain.words import Model
from ledger import firms, people, text_search, texts
from ledger.audit import record
from ledger.pairs import SHORTEST
from ledger.people import is_credit_code
from starter.office.views import veil_over

router = APIRouter(tags=["台账"])

MOST_FOUND = 100
MOST_SAYING = 50
"""Matters whose words are read for one search."""


class Wanted(Model):
    """Whom one looks for; in the body, so that it stands in no log."""

    name: str | None = Field(default=None, title="姓名或单位名称", min_length=1, max_length=100)
    id_number: str | None = Field(default=None, title="证件号", min_length=1, max_length=40)
    phone: str | None = Field(default=None, title="电话", min_length=1, max_length=40)
    uscc: str | None = Field(default=None, title="统一社会信用代码", min_length=1, max_length=40)
    reason: str = Field(title="事由", min_length=SHORTEST_REASON, max_length=LONGEST_REASON)


class Words(Model):
    """What one looks for in what was told; in the body, so that it stands in no log."""

    text: str = Field(title="词语", min_length=1, max_length=100)


@router.post("/search", summary="按人查找案件")
def find(wanted: Wanted, caller: Handler, request: Request) -> list[dict[str, Any]]:
    """某人或某单位的、本岗位可见的案件；每次查找记入审计，审计中不含所查的姓名、号码."""
    return found(site_of(request), caller, wanted).rows


class Matches(NamedTuple):
    """The matters found, the newest first; ``more``: only the newest are looked at."""

    rows: list[dict[str, Any]]
    more: bool


def found(site: Site, caller: InPost, wanted: Wanted) -> Matches:
    """Somebody's matters, once the audit says who looked and why. Raises Problem when nobody is asked for, and for a reason
    that names somebody: the audit keeps it."""
    asked = {k: v for k, v in wanted.model_dump(exclude={"reason"}).items() if v}
    if not asked:
        said = "请至少给出姓名、证件号、电话、统一社会信用代码中的一项"
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "nobody", said)
    try:
        reason = require_reason(wanted.reason, asked.values())
    except Declined as error:
        raise refused(error) from None
    return _looked_for(site, caller, asked, f"；事由：{reason}")


def of_firm(site: Site, caller: InPost, firm: str) -> Matches:
    """The matters against a firm with this in its name, or of this 统一社会信用代码, of which one sees what they are about, or
    which one's unit registered, once the audit says who looked."""
    if is_credit_code(firm):
        return _looked_for(site, caller, {"uscc": firm}, firms_alone=True)
    part = firms.part_of(firm, site.policy.county.name)
    return _looked_for(site, caller, {"firm": part} if part else {"name": firm}, firms_alone=True)


def _looked_for(
    site: Site, caller: InPost, asked: dict[str, Any], why: str = "", *, firms_alone: bool = False
) -> Matches:
    near, least = beside(site, caller.post), Sight.MASKED if firms_alone else Sight.STAGE
    rows = people.search(site.ledger, **asked, firms_alone=firms_alone, beside=near, limit=MOST_FOUND + 1)
    part, finds = asked.get("firm"), _finds(site, caller, least)
    found = ((row, site.ledger.state(row["dispute_id"])) for row in rows[:MOST_FOUND])
    seen = [row for row, d in found if (part is None or firms.accused(d, part)) and finds(d)]
    _note(site, caller, "按单位查找" if firms_alone else "按人查找", asked, f"{len(seen)} 件{why}")
    return Matches(seen, more=len(rows) > MOST_FOUND)


def _note(site: Site, caller: InPost, verb: str, asked: dict[str, Any], came_to: str) -> None:
    """Put into the audit who looked, and for what as a keyed hash."""
    digests = (site.ledger.sealer.search.digest(kind, text).hex()[:12] for kind, text in asked.items())
    by = "、".join(f"{TITLES[kind]}#{digest}" for kind, digest in zip(asked, digests, strict=True))
    record(site.ledger, caller.acting.entry(verb, by, came_to=came_to))


TITLES = {name: field.title for name, field in Wanted.model_fields.items()} | {
    "firm": "单位名称",
    "text": "词语",
}


def _finds(site: Site, caller: InPost, least: Sight) -> Callable[[Dispute], bool]:
    """Whether one sees so much of a matter, or it was told to one's own unit."""
    policy, post = policies(site), caller.post
    return lambda d: sight(d, post, policy(d)) >= least or took_in(d, post, policy(d))


@router.post("/search/text", summary="按内容查找案件")
def find_by_text(wanted: Words, caller: Handler, request: Request) -> list[dict[str, Any]]:
    """登记的经过、诉求和材料说明中写有这些词的、本岗位看得到内容的、本单位登记的案件，新登记的在前；几个词用空格隔开，须全部写有.

    词与脱敏后的文字相比，所以按姓名、号码找不到人；每次查找记入审计，审计中不含所查的词.
    """
    words = texts.words_of(wanted.text)
    if words is None:
        said = f"每个词至少 {SHORTEST} 个字，请写得长一些"
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "too_short", said, field="text")
    return that_say(site_of(request), caller, words).rows


def that_say(site: Site, caller: InPost, words: Sequence[str]) -> Matches:
    """The matters whose own words, as they are shown, hold all of these (:func:`ledger.texts.words_of`), once the audit
    says who looked."""
    near = beside(site, caller.post)
    rows = text_search.search(site.ledger, words, beside=near, limit=MOST_SAYING + 1)
    states = site.ledger.states([row["dispute_id"] for row in rows[:MOST_SAYING]])
    finds = _finds(site, caller, Sight.MASKED)
    saying = {
        matter
        for matter, d in states.items()
        if finds(d) and texts.says(d, veil_over(site.ledger, d).text, words)
    }
    seen = [row for row in rows if row["dispute_id"] in saying]
    _note(site, caller, "按内容查找", {"text": " ".join(words)}, f"{len(seen)} 件")
    return Matches(seen, more=len(rows) > MOST_SAYING)
