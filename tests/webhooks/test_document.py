"""What docs/webhooks.md shows a receiver works."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook

DOCUMENT = Path(__file__).parents[2] / "docs" / "webhooks.md"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
SNIPPETS = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("snippet", SNIPPETS, ids=["library", "by-hand"])
def test_a_receiver_verifies_as_it_is_shown(snippet: str) -> None:
    shown: dict[str, Any] = {}
    exec(snippet, shown)
    received: Callable[..., Any] = shown["received"]
    now, body = datetime.now(UTC), '{"type": "dispute.closed"}'

    def headers(at: datetime = now, signed: str = body) -> dict[str, str]:
        other = Webhook("whsec_" + "A" * 32).sign("msg_1", at, signed)
        own = Webhook(SECRET).sign("msg_1", at, signed)
        return {
            "webhook-id": "msg_1",
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": f"{other} {own}",
        }

    assert received(body.encode(), headers(), SECRET) == {"type": "dispute.closed"}
    for wrong in (
        headers(signed="{}"),
        headers(now - timedelta(hours=1)),
        {**headers(), "webhook-id": "msg_2"},
    ):
        with pytest.raises(Exception, match=r"(?i)signature|timestamp|office"):
            received(body.encode(), wrong, SECRET)
