"""What of a caller's words bears on the risk: special groups, the firm's state, the labour relation, an old period, how
many people. All of it guesses for the officer, each with the words it rests on.
"""

import re
from datetime import date
from typing import NamedTuple

from domain.intake import MOST_PEOPLE
from domain.words import LabourRelation, Regime
from importing.numerals import read_number
from importing.periods import Told as Period
from importing.periods import read_period
from importing.plain import searchable
from importing.rules import Rules

_MINOR = "未成年工"
_NORMAL = "正常"


class RiskSigns(NamedTuple):
    """``words``: what was found, in the caller's words. ``old``: a period that ended so long ago that the legal office
    looks at it (N6, never a ground by itself). ``together``: how many people are said to complain, at least.
    """

    special_groups: tuple[str, ...] = ()
    status: str = _NORMAL
    relation: LabourRelation = LabourRelation.UNKNOWN
    opinion: str | None = None
    petition: str | None = None
    beyond_level: bool = False
    extreme: bool = False
    period: Period = Period.none()
    old: bool = False
    together: int | None = None
    words: tuple[str, ...] = ()


def read_signs(narrative: str, on: date | None, regime: Regime | None, rules: Rules) -> RiskSigns:
    """The signs of a narrative. ``on``: the day of the call, when it is known."""
    signs, text = rules.signs, searchable(narrative)
    groups = {group: hit for group, words in signs.special_groups.items() if (hit := words.search(text))}
    if regime == Regime.RESIDENT or not signs.at_work.search(text):
        groups.pop(_MINOR, None)
    states = ((state, hit) for state, words in signs.respondent_status.items() if (hit := words.search(text)))
    status, status_hit = next(states, (_NORMAL, None))
    disputed = signs.relation_disputed.search(text)
    opinion, petition = signs.opinion.search(text), signs.petition.search(text)
    beyond, extreme = signs.beyond_level.search(text), signs.extreme.search(text)
    relation = LabourRelation.DISPUTED if disputed else LabourRelation.UNKNOWN
    if regime == Regime.RESIDENT:
        relation = LabourRelation.NOT_APPLICABLE
    period = read_period(narrative, on) if on else Period.none()
    others = [status_hit, disputed, opinion, petition, beyond, extreme]
    return RiskSigns(
        special_groups=tuple(groups),
        status=status,
        relation=relation,
        opinion=opinion[0] if opinion else None,
        petition=petition[0] if petition else None,
        beyond_level=bool(beyond),
        extreme=bool(extreme),
        period=period,
        old=_old(period, on, signs.old_after_years),
        together=_together(text, rules),
        words=(*(f"{group}：{hit[0]}" for group, hit in groups.items()), *(hit[0] for hit in others if hit)),
    )


def _old(period: Period, on: date | None, years: int) -> bool:
    """Whether the last month ended more than so many years before the call."""
    last = period.period.to
    return bool(on and last and last < f"{on.year - years}-{on.month:02d}")


def _together(text: str, rules: Rules) -> int | None:
    """The most people that are said to complain."""
    counts = [
        int(number)
        for pattern in rules.signs.together
        for hit in re.finditer(pattern, text)
        if (number := read_number(hit["n"])) and number == int(number) and 1 < number <= MOST_PEOPLE
    ]
    return max(counts, default=None)
