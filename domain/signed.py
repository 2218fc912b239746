"""An action from outside the office: as another department's system signs it, and what is known of its sender.

What is signed is a compact JWS (RFC 7515) whose payload is the act itself. Here it is only read; whose signature it bears
is for the activity that commits to say.
"""

import base64
import binascii
import json
from typing import Annotated, Any, cast

from pydantic import Field

from domain.actions import LONGEST_NAME, Act, Name
from domain.words import Model

TYPE = "fengqiao-act+jws"


class Outside(Model):
    """How an action reached the office, when none of the office's own processes sent it.

    ``sealed``: by the codec server, for whoever has its token. ``signed``: the JWS as it was sent, the evidence.
    ``client`` and ``key``: whose signature it bears; none while nobody has verified one.
    """

    sealed: bool = False
    signed: str | None = None
    client: str | None = None
    key: str | None = None

    @property
    def is_verified(self) -> bool:
        """Whether it is known whose it is."""
        return self.key is not None


class Claims(Model):
    """What is signed. ``iss``: the unit's system; ``sub``: the officer; ``dispute``: the workflow's id; ``kind``: the signal's
    name; ``jti``: the action's id; ``iat``: seconds since 1970."""

    iss: Name
    aud: Annotated[str, Field(max_length=200)]
    sub: Annotated[str, Field(max_length=LONGEST_NAME)]
    unit: Name
    dispute: Annotated[str, Field(max_length=200)]
    kind: Name
    task: Name | None = None
    jti: Annotated[str, Field(max_length=200)]
    iat: Annotated[int, Field(strict=True, ge=0, lt=2**40)]
    body: dict[str, Any] = {}

    def act(self) -> Act:
        """The action that is signed. Raises ValidationError; ValueError when the body says another kind."""
        if self.body.get("kind", self.kind) != self.kind:
            raise ValueError("签名内容中 body.kind 与 kind 不一致")
        return Act.model_validate(
            {
                "id": self.jti,
                "unit": self.unit,
                "officer": self.sub,
                "task": self.task,
                "body": {**self.body, "kind": self.kind},
            }
        )


def audience(county: str) -> str:
    """To whom an act is addressed: this county's office."""
    return f"urn:fengqiao:{county}"


def header_of(signed: str) -> dict[str, Any]:
    """The protected header of a compact JWS, whatever it says. Raises ValueError."""
    return _part(signed, 0)


def claims_of(signed: str) -> Claims:
    """What a compact JWS says, whoever signed it. Raises ValueError (also as pydantic's ValidationError)."""
    return Claims.model_validate(_part(signed, 1))


def _part(signed: str, index: int) -> dict[str, Any]:
    parts = signed.split(".")
    if len(parts) != 3:
        raise ValueError("不是紧凑格式的 JWS（应为三段，以“.”分隔）")
    try:
        value = json.loads(_bytes(parts[index]), object_pairs_hook=_each_once)
    except (binascii.Error, UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        raise ValueError("JWS 的内容不是 base64url 编码的 JSON") from None
    if not isinstance(value, dict):
        raise ValueError("JWS 的内容不是 JSON 对象")
    return cast("dict[str, Any]", value)


def _bytes(part: str) -> bytes:
    padded = part.encode("ascii", "replace") + b"=" * (-len(part) % 4)
    return base64.b64decode(padded, altchars=b"-_", validate=True)


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A name given twice is read one way here and another elsewhere."""
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("JSON 中有重复的名称")
    return value
