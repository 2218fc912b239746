"""A value that the software suggests in a form."""

from typing import Any, NamedTuple


class Suggested(NamedTuple):
    """A value and why it is suggested."""

    value: Any
    why: str | None = None


Suggestions = dict[str, Suggested]
