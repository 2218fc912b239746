"""What a form keeps of itself on the server, and how it comes back after the session had ended."""

import asyncio
import re
from contextlib import suppress
from http import HTTPStatus
from typing import Annotated, NamedTuple

from fastapi import Query
from starlette.responses import RedirectResponse, Response

from ledger import drafts
from ledger.drafts import DraftTooLarge, Pairs
from ledger.store import Ledger

OWN = "_"
"""Fields whose name begins so are the page's, not the form's."""


def answers(pairs: Pairs) -> Pairs:
    """The fields of the form itself, as far as anything stands in them."""
    return [(name, value) for name, value in pairs if value and not name.startswith(OWN)]


REVIEW = "review"
Looked = Annotated[str | None, Query(alias=REVIEW, max_length=100)]
"""Of a form's address: that its draft is looked at once more before it is sent."""


class Review(NamedTuple):
    """Which second look: the matter's version that the form was filled in at, and the id that its act will have."""

    version: int
    id: str


def review_of(text: str | None) -> Review | None:
    """The second look that an address asks for."""
    version, _, id = (text or "").partition(".")
    return (
        Review(int(version), id)
        if version.isdecimal() and re.fullmatch(r"[a-z_]+-[0-9a-f]{16}", id)
        else None
    )


async def second_look(
    ledger: Ledger, person: str, place: str, pairs: Pairs, looked: Review
) -> Response | None:
    """Go on to the second look at what is kept as a draft; ``None`` where it has no address, see :func:`on_to`."""
    wanted = f"{looked.version}.{looked.id}"
    if review_of(wanted) is None:
        return None
    return await on_to(
        ledger, person, place, pairs, f"{place}{'&' if '?' in place else '?'}{REVIEW}={wanted}"
    )


async def on_to(ledger: Ledger, person: str, place: str, pairs: Pairs, address: str) -> Response | None:
    """Keep a draft and go on to a page of it; ``None`` for one too large to be kept.

    A page of its own is there again after the browser's Back and a reload; one that answers a form is not.
    """
    try:
        await asyncio.to_thread(drafts.keep, ledger, person, place, answers(pairs))
    except DraftTooLarge:
        return None
    return RedirectResponse(address, HTTPStatus.SEE_OTHER)


def give_back(ledger: Ledger, person: str, whose: str | None, place: str, pairs: Pairs) -> None:
    """Keep as a draft what somebody had typed when the session ended; not what another one had."""
    if whose == person and answers(pairs):
        with suppress(DraftTooLarge):  # it is still on the page he came from
            drafts.keep(ledger, person, place, answers(pairs))
