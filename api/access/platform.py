"""统一身份认证平台: what the province's platform says of who somebody is (OpenID Connect: code flow, PKCE, nonce)."""

import warnings
from hmac import compare_digest
from typing import Any, NamedTuple, cast

import httpx
from authlib.common.errors import AuthlibBaseError
from joserfc.errors import JoseError

from ledger.identities import subject_hash

ANSWERS_WITHIN_S = 10.0
"""Seconds for each request to the platform: discovery, keys, token."""
LEEWAY_S = 60
"""By which the platform's clock may differ from ours."""
ASYMMETRIC = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"}
)
"""What an id_token may be signed by: never by a secret that both know, never by nothing."""
_KINDS = (
    frozenset({"pwd", "pin", "kba"}),
    frozenset({"otp", "hwk", "swk", "sc", "pop", "sms", "tel"}),
    frozenset({"face", "fpt", "iris", "retina", "vbm"}),
)
"""Of ``amr`` (RFC 8176): what one knows, has, is."""
UNIT_CLAIM = "unit"


class Unreachable(Exception):
    """The platform does not answer."""


class NotBelieved(Exception):
    """What came back proves nobody's identity; the message says why, for the audit."""


class Told(NamedTuple):
    """What the platform says. ``unit``: as it knows the person's, if it does; ``factors``: proven there."""

    subject: bytes
    unit: str | None
    factors: int


class Platform:
    """One platform, by its issuer, as which this office is the client."""

    def __init__(self, issuer: str, client_id: str, secret: str, name: str) -> None:
        """``name``: as the button calls it."""
        # Here, for most offices have no platform; and without its wish for another HTTP client, told at every start.
        from authlib.deprecate import AuthlibDeprecationWarning

        warnings.simplefilter("ignore", AuthlibDeprecationWarning)
        from authlib.integrations.starlette_client import StarletteOAuth2App

        self.issuer, self.name, self._client_id = issuer, name, client_id
        self._app: Any = StarletteOAuth2App(
            None,
            client_id=client_id,
            client_secret=secret,
            server_metadata_url=f"{issuer.rstrip('/')}/.well-known/openid-configuration",
            client_kwargs={
                "scope": "openid profile",
                "code_challenge_method": "S256",
                "timeout": ANSWERS_WITHIN_S,
            },
        )

    async def ask(self, back: str) -> tuple[str, dict[str, str]]:
        """Where a browser is sent, and what the way back is compared with. Raises Unreachable, NotBelieved."""
        try:
            await self._load()
            asked = await self._app.create_authorization_url(back)
        except (httpx.HTTPError, ValueError) as error:
            raise Unreachable from error
        return asked.pop("url"), {**asked, "back": back}

    async def told(self, kept: dict[str, str], came: dict[str, str]) -> Told:
        """Who somebody is, by what was kept and the query that he came back with. Raises Unreachable, NotBelieved."""
        if not compare_digest(kept["state"].encode(), came.get("state", "").encode()):
            raise NotBelieved("state 不符")
        if came.get("iss", self.issuer) != self.issuer:
            raise NotBelieved("iss 不符")
        if "code" not in came:
            raise NotBelieved("平台没有同意登录")
        try:
            await self._load()
            claims = await self._claims(kept, came["code"])
        except httpx.HTTPError as error:
            raise Unreachable from error
        except (AuthlibBaseError, JoseError) as error:
            raise NotBelieved(f"平台的答复不能采信：{error.error}") from error
        except (ValueError, TypeError, KeyError, RuntimeError) as error:
            raise NotBelieved(f"平台的答复不能采信：{type(error).__name__}") from error
        unit = claims.get(UNIT_CLAIM)
        return Told(
            subject_hash(self.issuer, claims["sub"]),
            unit if isinstance(unit, str) else None,
            _factors(claims),
        )

    async def _load(self) -> None:
        """Know the platform's own document, and that it is the issuer's."""
        metadata: dict[str, Any] = await self._app.load_server_metadata()
        if metadata.get("issuer") != self.issuer:
            metadata.clear()
            raise NotBelieved("平台自述的 issuer 不符")
        offered = metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
        metadata["id_token_signing_alg_values_supported"] = sorted(ASYMMETRIC.intersection(offered)) or [
            "RS256"
        ]

    async def _claims(self, kept: dict[str, str], code: str) -> dict[str, Any]:
        token = await self._app.fetch_access_token(
            code=code, redirect_uri=kept["back"], code_verifier=kept["code_verifier"]
        )
        wanted = {
            "iss": {"essential": True, "value": self.issuer},
            "aud": {"essential": True, "value": self._client_id},
            "nonce": {"essential": True, "value": kept["nonce"]},
        }
        found = await self._app.parse_id_token(token, kept["nonce"], claims_options=wanted, leeway=LEEWAY_S)
        if not found or not isinstance(found["sub"], str) or not found["sub"]:
            raise NotBelieved("平台没有说明是谁")
        return cast("dict[str, Any]", found)


def _factors(claims: dict[str, Any]) -> int:
    """How many factors were proven there; silence is one."""
    said = claims.get("amr")
    names = (
        {name for name in cast("list[Any]", said) if isinstance(name, str)}
        if isinstance(said, list)
        else set[str]()
    )
    return 2 if "mfa" in names or sum(bool(kind & names) for kind in _KINDS) > 1 else 1
