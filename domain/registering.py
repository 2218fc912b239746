"""What is wrong with a registration, all of it at once: what cannot be read, and beside it what cannot be right."""

from collections.abc import Mapping
from copy import deepcopy
from datetime import datetime
from typing import Any, NamedTuple, cast

from pydantic import ValidationError

from domain.intake import Intake
from domain.plausible import Implausible, implausible
from domain.words import Channel

_ROUNDS = 6
"""What stands in for one fault may be refused for another; each round is about the places of the one before."""
_FOR_TEXT = "-"
_OF_KEY = "[key]"
"""How pydantic says that a key itself is wrong."""


class Tried(NamedTuple):
    """A registration as it came. ``intake``: only where nothing is wrong. ``errors``: as pydantic lists them, without
    what was typed; ``implausible``: of everything that could be read.
    """

    intake: Intake | None
    errors: list[Any]
    implausible: list[Implausible]


def tried(raw: Mapping[str, Any], now: datetime) -> Tried:
    """Read it; where a part cannot be read, look at the rest as if that part had been left out."""
    given, found = deepcopy(dict(raw)), dict[tuple[Any, ...], Any]()
    read: Intake | None = None
    for _ in range(_ROUNDS):
        try:
            read = Intake.model_validate(given)
            break
        except ValidationError as error:
            problems = error.errors(include_input=False, include_url=False)
            found |= {p["loc"]: p for p in problems if not any(_within(p["loc"], at) for at in found)}
            for problem in problems:
                _leave_out(given, problem["loc"], now)
    odd = [] if read is None else list(implausible(read, now))
    odd = [one for one in odd if not any(_within(tuple(one.field.split(".")), at) for at in found)]
    whole = read is not None and not found and not odd
    return Tried(read if whole else None, list(found.values()), odd)


def _within(place: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    """Whether one place is the other, or lies in it."""
    return tuple(str(part) for part in place[: len(other)]) == tuple(str(part) for part in other)


def _leave_out(given: dict[str, Any], place: tuple[Any, ...], now: datetime) -> None:
    """Put aside what stands at a place; what a registration cannot be without is stood in for."""
    whole: dict[str, Any] = {
        "channel": Channel.VISIT, "received_by": _FOR_TEXT, "source_no": _FOR_TEXT, "received_at": now,
        "narrative": _FOR_TEXT, "applicant": {},
    }  # fmt: skip
    if len(place) == 1 and place[0] in whole:
        given[place[0]] = whole[place[0]]
        return
    *way, last = [part for part in place if part != _OF_KEY] or [""]
    at: Any = given
    for part in way:
        try:
            at = at[part]
        except (KeyError, IndexError, TypeError):
            return
    if isinstance(at, dict):
        fields = cast("dict[Any, Any]", at)
        if last in fields:
            del fields[last]
        else:
            fields[last] = _FOR_TEXT
