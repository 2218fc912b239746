"""What cannot be done, and why."""

from collections.abc import Callable, Iterable
from typing import NamedTuple, Self


class Fault(NamedTuple):
    """One thing that is wrong: what to do about it, in Chinese, and at which field of the form."""

    message: str
    field: str | None


class Declined(Exception):
    """An action that cannot be taken. ``code`` is stable; the message tells the officer what to do, in Chinese.

    ``faults``: each thing that is wrong, where there are several; code and field are the first one's.
    """

    def __init__(
        self, code: str, message: str, field: str | None = None, faults: tuple[Fault, ...] = ()
    ) -> None:
        super().__init__(message)
        self.code = code
        self.field = field
        self.faults = faults or (Fault(message, field),)

    def worded(self, say: Callable[[str], str]) -> Self:
        """The same in a county's words."""
        faults = tuple(Fault(say(message), field) for message, field in self.faults)
        return type(self)(self.code, say(str(self)), self.field, faults)


class Unlawful(Declined):
    """What the law forbids whoever asks for it; that it was asked for stays on record."""


def refuse(found: Iterable[Declined]) -> None:
    """Refuse with all that was found, what the law forbids first; nothing happens where nothing was.

    Raises Declined.
    """
    several = sorted(found, key=lambda declined: not isinstance(declined, Unlawful))
    if not several:
        return
    first = several[0]
    faults = tuple(dict.fromkeys(fault for declined in several for fault in declined.faults))
    raise type(first)(first.code, "；".join(fault.message for fault in faults), first.field, faults)
