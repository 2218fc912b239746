"""Why somebody looks: said for the audit or a matter's record, and naming nobody."""

from collections.abc import Iterable

from domain.declined import Declined
from domain.masking import somebodys_number
from domain.persons import folded

SHORTEST_REASON, LONGEST_REASON = 4, 200
"""Characters; fewer say nothing."""
TOO_SHORT = f"写明办什么事要用，{SHORTEST_REASON} 到 {LONGEST_REASON} 个字"
NAMES_SOMEBODY = "不要写姓名、证件号、电话，只写办什么事要用"


def require_reason(reason: str, names: Iterable[str] = ()) -> str:
    """The reason as it is kept. Raises Declined for one that says nothing, or that names one of these or anybody's number."""
    if not SHORTEST_REASON <= len(reason.strip()) <= LONGEST_REASON:
        raise Declined("no_reason", TOO_SHORT, "reason")
    require_names_nobody(reason, names)
    return reason.strip()


def require_names_nobody(
    text: str, names: Iterable[str] = (), *, field: str = "reason", said: str = NAMES_SOMEBODY
) -> None:
    """Refuse what names one of these, or anybody's number, where the record or the audit keeps it. Raises Declined."""
    written = folded(text)
    named = any(len(name) > 1 and name in written for name in map(folded, names))
    if named or somebodys_number(text):
        raise Declined("names_somebody", said, field)
