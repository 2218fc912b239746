"""The front office: everybody who registers, acts or looks comes through here."""

from typing import TYPE_CHECKING, Any

from starter.office.declined import Declined

if TYPE_CHECKING:
    from starter.office.office import Office

__all__ = ["Declined", "Office"]


def __getattr__(name: str) -> Any:
    """The office itself when it is asked for: it brings Temporal, and who only reads need not wait for that."""
    if name != "Office":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from starter.office.office import Office

    return Office
