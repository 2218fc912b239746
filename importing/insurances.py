"""险种 and 参保制度 of a row, from its column, its employer and its words."""

import re

from domain.words import Insurance, Regime
from importing.rules import Rules, found
from importing.told import Told


def read_kinds(told: Told, clauses: str, rules: Rules) -> tuple[tuple[Insurance, ...], tuple[str, ...]]:
    """The column's insurances, and those the complaint itself adds; where the column names none, those the narrative
    begins with; of 社保 alone all, as a guess. With what an officer should look at.
    """
    column, lead = rules.not_social.sub("", told.column), told.text[: rules.lead_length]
    listed = set(rules.bundles[0].kinds) if rules.all_in_column.search(column) else _named(column, rules)
    added = {kind for group in _listings(clauses, rules) if group & listed for kind in group} - listed
    if added:
        names = "、".join(kind for kind in rules.kinds if kind in added)
        return _ordered(listed | added, rules), (f"险种按诉求内容补列{names}，请核对",)
    if named := listed or _named(lead, rules):
        return _ordered(named, rules), ()
    if rules.any_kind.search(column) or rules.any_kind.search(lead):
        return rules.bundles[0].kinds, ("险种未写明，暂按五险，请核对",)
    return (), ("险种未写明，请核对",)


def _listings(text: str, rules: Rules) -> list[set[Insurance]]:
    """Insurances named in one breath: 养老和医保, 养老、工伤、失业."""
    one = "(?:" + "|".join(words.pattern for words in rules.kinds.values()) + ")(?:保险|险)?"
    return [
        _named(hit[0], rules) for hit in re.finditer(f"{one}(?:(?:、|和|跟|与|及|以及|还有)?{one})+", text)
    ]


def _named(text: str, rules: Rules) -> set[Insurance]:
    bundled = {kind for bundle in rules.bundles if bundle.says.search(text) for kind in bundle.kinds}
    return bundled | {kind for kind, words in rules.kinds.items() if words.search(text)}


def _ordered(kinds: set[Insurance], rules: Rules) -> tuple[Insurance, ...]:
    return tuple(kind for kind in rules.kinds if kind in kinds)


def read_regime(told: Told, rules: Rules) -> tuple[Regime, tuple[str, ...]]:
    """参保制度, by the column's words, by what is to be paid back, by the employer, by the narrative's words; with what
    an officer should look at.
    """
    words, column, text = rules.regimes, told.column, told.text[: rules.lead_length]
    named = {
        Regime.RESIDENT: words.resident.search(column),
        Regime.PUBLIC: words.public.search(column),
        Regime.EMPLOYEE: words.employee.search(column),
    }
    for regime, hit in named.items():
        if hit:
            return regime, ()
    if words.resident_part.search(text):
        return Regime.RESIDENT, ("两种参保制度都提到，按要处理的居民部分列，请核对",)
    name = told.employer.name
    if name and not rules.units.business.search(name) and words.public.search(text):
        return Regime.PUBLIC, ()
    if name and not (_for_residents(name, rules) and words.resident.search(text)):
        return Regime.EMPLOYEE, ()
    for regime, pattern in ((Regime.EMPLOYEE, words.employee), (Regime.RESIDENT, words.resident),
                            (Regime.PUBLIC, words.public), (Regime.RESIDENT, words.resident_sign)):  # fmt: skip
        if pattern.search(text):
            return regime, ()
    return Regime.EMPLOYEE, ()


def _for_residents(name: str, rules: Rules) -> bool:
    """Whether residents' premiums go through such a unit."""
    return bool(found(rules.units.village, name) or found(rules.units.public, name))
