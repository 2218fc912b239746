"""A department's own system, as it signs: its key, and acts under it, rightly or with anything about them changed."""

import base64
import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from activities.names import workflow_id
from domain.signed import TYPE
from ledger import accounts, signal_keys
from ledger.accounts import Acting
from ledger.store import Ledger
from privacy import signing

AUDIENCE = "urn:fengqiao:偏关县"
CLIENT = "税务征管系统"


class System:
    """A system of one unit with a key of its own."""

    def __init__(self, folder: Path, unit: str = "县税务局", name: str = "tax.key") -> None:
        self.file = folder / name
        named = {"unit": unit, "client": CLIENT, "county": "偏关县"}
        self.public = signing.make(self.file, named)
        self.key = signing.read(self.file)
        self.unit = unit

    @property
    def kid(self) -> str:
        return self.key["kid"]

    def claims(self, matter: str, kind: str, id: str, body: dict[str, Any], **changes: Any) -> dict[str, Any]:
        claims: dict[str, Any] = {
            "iss": CLIENT,
            "aud": AUDIENCE,
            "sub": "郝建业",
            "unit": self.unit,
            "dispute": workflow_id(matter),
            "kind": kind,
            "jti": id,
            "iat": int(time.time()),
            "body": body,
        }
        return {**claims, **changes}

    def sign(self, claims: dict[str, Any], **header: str) -> str:
        return signing.sign(self.key, {"typ": TYPE, **header}, json.dumps(claims, default=str))

    def message(
        self, matter: str, kind: str, id: str, body: dict[str, Any] | None = None, **changes: Any
    ) -> dict[str, str]:
        """What is sent: one act, signed."""
        return {"signed": self.sign(self.claims(matter, kind, id, body or {}, **changes))}


def part(value: Any) -> str:
    """A value as a part of a JWS."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def found(ledger: Ledger, login: str = "admin") -> Acting:
    """The office's first administrator."""
    slip = accounts.founding_slip(ledger, minutes=30)
    assert slip
    opened = accounts.found(ledger, slip, login, "管之明")
    return Acting(accounts.use_slip(ledger, opened, "hash", "10.0.0.1").id)


def enrol(ledger: Ledger, by: Acting, system: System, **changes: Any) -> None:
    """Register the system's key, for a year from yesterday."""
    starts = datetime.now(UTC) - timedelta(days=1)
    given: dict[str, Any] = {
        "kid": system.kid,
        "unit": system.unit,
        "client": CLIENT,
        "public": system.key["x"],
        "starts": starts,
        "ends": starts + timedelta(days=365),
    }
    signal_keys.register(ledger, by, **(given | changes))
