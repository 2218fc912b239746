"""What was made or typed, shown behind a redirect: a page that is loaded again shows the same and makes nothing anew.

The secret travels in the address, sealed for this page, this session and a quarter of an hour; it is kept nowhere.
"""

import base64
import binascii
import hashlib
import json
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Query
from starlette.responses import RedirectResponse

from api.problems import Problem
from console.door import Visitor
from privacy.box import Unsealable
from privacy.keys import KeyProblem, Purpose

SHOWN_FOR = timedelta(minutes=15)
GONE = "这一页只在生成后十五分钟内、在原来的浏览器里能看到；没留住的，请重新生成"

Sealed = Annotated[str, Query(alias="made", max_length=6000)]


def onward(visitor: Visitor, place: str, what: dict[str, Any], **query: str) -> RedirectResponse:
    """On to the page that shows what was made."""
    key = visitor.site.ledger.keys.ring(Purpose.LEDGER).active
    text = json.dumps({"at": datetime.now(UTC).isoformat(), **what}, ensure_ascii=False)
    sealed = base64.urlsafe_b64encode(key.box.seal(text.encode(), _where(visitor, place))).decode()
    address = urlencode({**query, "made": f"{key.id}~{sealed}"})
    return RedirectResponse(f"{place}?{address}", HTTPStatus.SEE_OTHER)


def shown(visitor: Visitor, place: str, sealed: str) -> dict[str, Any]:
    """What was made. Raises Problem once its time is over, and to whoever did not make it here."""
    try:
        key_id, _, text = sealed.partition("~")
        key = visitor.site.ledger.keys.ring(Purpose.LEDGER).key(key_id)
        opened = key.box.open(base64.urlsafe_b64decode(text), _where(visitor, place))
    except (Unsealable, KeyProblem, binascii.Error):
        raise Problem(HTTPStatus.GONE, "shown_no_more", GONE) from None
    what = json.loads(opened)
    if datetime.now(UTC) - datetime.fromisoformat(what["at"]) > SHOWN_FOR:
        raise Problem(HTTPStatus.GONE, "shown_no_more", GONE)
    return what


def _where(visitor: Visitor, place: str) -> str:
    return f"made/{hashlib.sha256(visitor.token.encode()).hexdigest()}/{place}"
