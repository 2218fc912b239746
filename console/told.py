"""What a page says after an act, on the way to the next one: an address says only what this desk wrote for this session."""

from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Query
from starlette.responses import RedirectResponse

from api.access.guard import token_of
from console import tokens
from console.door import Visitor

LONGEST = 1500
"""Characters."""


def onward(visitor: Visitor, place: str, said: str) -> RedirectResponse:
    """On to a page that says this first."""
    said = said[:LONGEST]
    query = urlencode({"done": said, "mark": tokens.mark(visitor.token, said)})
    return RedirectResponse(f"{place}?{query}", HTTPStatus.SEE_OTHER)


def heard(
    token: Annotated[str, Depends(token_of)],
    done: Annotated[str, Query(max_length=LONGEST)] = "",
    mark: Annotated[str, Query(max_length=100)] = "",
) -> str:
    """What was said on the way here; nothing of what somebody else wrote into an address."""
    return done if done and tokens.is_ours(token, done, mark) else ""


Heard = Annotated[str, Depends(heard)]
