"""How a meaning is copied into the state."""

from collections.abc import Callable
from typing import Any

from domain.dispute import Dispute
from domain.events import Event

Changes = dict[str, Any]
FoldMeaning = Callable[[Dispute, Event, Any], Changes]


def setting(**values: Any) -> FoldMeaning:
    return lambda d, e, f: values


def dated(name: str) -> FoldMeaning:
    return lambda d, e, f: {name: e.at}
