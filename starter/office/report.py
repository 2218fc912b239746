"""The county's report of a period as data, for whoever reads it by a program."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from domain.speaking import say
from ledger.figures import FIGURES, Figure, Rate, Value
from ledger.periods import Period
from ledger.report import Report

NO_WORDS: Mapping[str, str] = MappingProxyType({})


def as_data(found: Report, period: Period, words: Mapping[str, str] = NO_WORDS) -> dict[str, Any]:
    """The report as JSON has it; a rate without a denominator is null."""
    return {
        "from": period.first,
        "until": period.until,
        "figures": [figure_as_data(f, found.figures[f.name], words) for f in FIGURES],
        "distributions": {
            say(words, name): {share.name: share.matters for share in shares}
            for name, shares in found.spreads.items()
        },
        "answers": [a._asdict() for a in found.answers],
        "turnarounds": [t._asdict() for t in found.turnarounds],
        "cards": [c._asdict() for c in found.cards],
        "returns": [{**r._asdict(), "rate": _rounded(Rate(r.returned, r.dispatched))} for r in found.returns],
    }


def figure_as_data(figure: Figure, value: Value, words: Mapping[str, str]) -> dict[str, Any]:
    """One figure as JSON has it."""
    name, definition = say(words, figure.name), say(words, figure.definition)
    said: dict[str, Any] = {"name": name, "unit": figure.unit, "definition": definition}
    if isinstance(value, Rate):
        return said | {"value": _rounded(value), "part": value.part, "whole": value.whole}
    return said | {"value": value}


def _rounded(rate: Rate) -> Decimal | None:
    return None if rate.value is None else rate.value.quantize(Decimal("0.0001"))
