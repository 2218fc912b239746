"""What is faulty in a file, left out so that the rest of it can be checked in the same round."""

from typing import Any

from domain.policy import Policy
from policies._source import KeyPath

STANDING_IN: dict[str, Any] = {
    "county": {"name": "某县", "case_prefix": "某", "lead_prefix": "某"},
    "callback": {
        "attempts": 1, "min_days_between": 1, "different_hours": False, "rehandle_times": 1, "basis": "某", "tag": "D",
        "categories": {"a": {"text": "某", "then": "rehandle"}},
    },
    "retention": {"group_years": 10, "group_headcount": 5, "basis": "某", "tag": "D"},
    "escalation_after_supervision_wd": 1,
}  # fmt: skip
"""What stands for a section that is faulty in itself, so that the rest can be checked; nothing of it is ever used."""


class LeftOut:
    """Faulty entries taken out of the content: of a list by its number, of a map by its key."""

    def __init__(self) -> None:
        self._taken: list[KeyPath] = []

    def take(self, data: dict[str, Any], paths: list[KeyPath]) -> bool:
        """Take out the entries that these places are in; false when one of them is in none."""
        entries = dict.fromkeys(self._entry(data, path) for path in paths)
        if None in entries:
            return False
        for section in dict.fromkeys(e[0] for e in entries if e and e[0] in STANDING_IN):
            data[section] = STANDING_IN[section]
            self._taken.append((section,))
        entries = {e: None for e in entries if e and e[0] not in STANDING_IN}
        # From the back, so that what is still to be taken keeps its number.
        found = [[*entry] for entry in entries if entry]
        for entry in sorted(found, key=lambda e: (e[0], _number(e[-1])), reverse=True):
            self._taken.append(self.place(tuple(entry)))
            section: Any = data[entry[0]] if len(entry) > 1 else data
            del section[int(entry[-1]) if isinstance(section, list) else entry[-1]]
        return True

    def _entry(self, data: dict[str, Any], path: KeyPath) -> KeyPath | None:
        """The entry of a section that a place is in: tiers.2, clocks.sign, units.patterns; or a key there is not."""
        if not path:
            return None
        first = path[0]
        if first in STANDING_IN:
            return (first,)
        section: Any = data.get(first)
        if len(path) < 2 or not isinstance(section, dict | list):
            return (first,) if first in data and first not in Policy.model_fields else None
        known = path[1] in section if isinstance(section, dict) else path[1].isdecimal()
        return path[:2] if known else None

    def place(self, path: KeyPath) -> KeyPath:
        """Where something stands in the file: behind entries that were taken out, its number is higher."""
        if len(path) < 2 or not path[1].isdecimal():
            return path
        number = int(path[1])
        for taken in sorted(_number(t[1]) for t in self._taken if len(t) == 2 and t[0] == path[0]):
            number += taken <= number
        return (path[0], str(number), *path[2:])

    def explains(self, path: KeyPath, what: str) -> bool:
        """Whether a finding only says that such an entry is not there, or may only come from its absence."""
        sections = {taken[0] for taken in self._taken}
        if path[0] in sections & {*STANDING_IN, *_HANGING_TOGETHER}:
            return True
        torn = bool(sections & _HANGING_TOGETHER) and path[0] in _HANGING_TOGETHER
        return torn or any(f"“{taken[-1]}”" in what for taken in self._taken)


_HANGING_TOGETHER = {"tiers", "indicators", "routing"}
"""Where one entry is wanting, the others look as if they did not fit."""


def _number(part: str) -> int:
    return int(part) if part.isdecimal() else -1
