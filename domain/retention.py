"""保管期限: how long the file of an archived matter is kept, by the policy it is pinned to; then it is due for destruction."""

from datetime import date

from domain.dispute import Dispute
from domain.policy import Policy
from domain.words import SHANGHAI

TYPICAL = "典型案例表"
"""Issued, it makes a matter a typical one (典型案例)."""


def years_kept(d: Dispute, policy: Policy) -> int | None:
    """Years, ``None`` for ever: a group's file by its own rule, else the tier's; a typical one's if that is longer."""
    rules = policy.retention
    years = policy.tier(d.level).retention_years if d.level else policy.tiers[0].retention_years
    if d.facts.applicant.headcount >= rules.group_headcount:
        years = rules.group_years
    return _longer(years, rules.typical_years) if _is_typical(d, policy) else years


def _longer(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else max(one, other)


def _is_typical(d: Dispute, policy: Policy) -> bool:
    return any(p.issued and p.name == policy.paper(TYPICAL) for p in d.documents)


def term(d: Dispute, policy: Policy) -> str:
    """保管期限 as the index of the file says it."""
    years = years_kept(d, policy)
    return f"{years}年" if years else "永久"


def due_on(d: Dispute, policy: Policy) -> date | None:
    """The day from which the file may be destroyed; ``None`` while the matter is not archived, and for ever."""
    years = years_kept(d, policy)
    if d.archived_at is None or not years:
        return None
    day = d.archived_at.astimezone(SHANGHAI).date()
    leaps = (day.month, day.day) == (2, 29) and (day.year + years) % 4 != 0
    return date(day.year + years, 3, 1) if leaps else day.replace(year=day.year + years)
