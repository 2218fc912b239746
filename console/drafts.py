"""What a form keeps of itself on the server, and how it comes back after the session had ended."""

from contextlib import suppress

from ledger import drafts
from ledger.drafts import DraftTooLarge, Pairs
from ledger.store import Ledger

OWN = "_"
"""Fields whose name begins so are the page's, not the form's."""


def answers(pairs: Pairs) -> Pairs:
    """The fields of the form itself, as far as anything stands in them."""
    return [(name, value) for name, value in pairs if value and not name.startswith(OWN)]


def give_back(ledger: Ledger, person: str, whose: str | None, place: str, pairs: Pairs) -> None:
    """Keep as a draft what somebody had typed when the session ended; not what another one had."""
    if whose == person and answers(pairs):
        with suppress(DraftTooLarge):  # it is still on the page he came from
            drafts.keep(ledger, person, place, answers(pairs))
