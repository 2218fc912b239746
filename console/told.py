"""What a page says after an act, on the way to the next one: an address says only what this desk wrote for this session."""

from http import HTTPStatus
from typing import Annotated, NamedTuple
from urllib.parse import urlencode

from fastapi import Depends, Query
from starlette.responses import RedirectResponse

from api.access.guard import token_of
from console import tokens
from console.door import Visitor

LONGEST = 1500
"""Characters."""


class Told(NamedTuple):
    """``failed``: not all was done, so it is told as a warning."""

    said: str
    failed: bool = False


NOTHING = Told("")


def onward(visitor: Visitor, place: str, said: str, *, failed: bool = False) -> RedirectResponse:
    """On to a page, which may have a query of its own, that says this first."""
    said = said[:LONGEST]
    told = {"done": said, "mark": tokens.mark(visitor.token, _marked(said, failed=failed))}
    if failed:
        told["failed"] = "1"
    joint = "&" if "?" in place else "?"
    return RedirectResponse(f"{place}{joint}{urlencode(told)}", HTTPStatus.SEE_OTHER)


def heard(
    token: Annotated[str, Depends(token_of)],
    done: Annotated[str, Query(max_length=LONGEST)] = "",
    mark: Annotated[str, Query(max_length=100)] = "",
    failed: Annotated[str, Query(max_length=1)] = "",
) -> Told:
    """What was said on the way here; nothing of what somebody else wrote into an address."""
    told = Told(done, failed == "1")
    ours = done and tokens.is_ours(token, _marked(done, failed=told.failed), mark)
    return told if ours else NOTHING


Heard = Annotated[Told, Depends(heard)]


def _marked(said: str, *, failed: bool) -> str:
    return f"{'failed' if failed else 'done'}/{said}"
