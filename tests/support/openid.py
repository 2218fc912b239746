"""A small OpenID provider on loopback: discovery, authorize, token, keys. It can be told to lie."""

import base64
import hashlib
import hmac
import json
import secrets
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlencode

from fastapi import FastAPI, Request
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.responses import JSONResponse, RedirectResponse, Response

from hosting.web import serving

CLIENT, SECRET = "fengqiao-desk", "a secret of forty characters, as it were"


class Provider:
    """What it answers. ``subject``: who is signed in there; ``claims``: over what the id_token would say; ``header``: of it."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.subject = "140932-0001"
        self.claims: dict[str, Any] = {}
        self.metadata: dict[str, Any] = {}
        self.algorithm = "RS256"
        self.key = RSAKey.generate_key(2048, {"kid": "one"})
        self.signs_with: Any = self.key
        self.asked: list[dict[str, str]] = []
        self._codes: dict[str, dict[str, str]] = {}

    def document(self) -> dict[str, Any]:
        """The discovery document."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "response_types_supported": ["code"],
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
            **self.metadata,
        }

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser is sent back to with a code."""
        assert asked["client_id"] == CLIENT
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        self.asked.append(asked)
        code = secrets.token_urlsafe(16)
        self._codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """The tokens for a code, once; nothing for a code, a verifier or a secret that is not right."""
        asked = self._codes.pop(form.get("code", ""), None)
        proof = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if (
            asked is None
            or _base64(proof) != asked["code_challenge"]
            or form.get("redirect_uri") != asked["redirect_uri"]
            or authorization != f"Basic {basic}"
        ):
            return None
        now = int(time.time())
        said = {
            "iss": self.issuer, "sub": self.subject, "aud": CLIENT, "iat": now, "exp": now + 300,
            "nonce": asked["nonce"], **self.claims,
        }  # fmt: skip
        return {
            "access_token": secrets.token_urlsafe(16),
            "token_type": "Bearer",
            "id_token": self._signed({k: v for k, v in said.items() if v is not None}),
        }

    def _signed(self, claims: dict[str, Any]) -> str:
        if self.algorithm == "none":
            parts = ({"alg": "none", "kid": "one"}, claims)
            return ".".join(_packed(part) for part in parts) + "."
        header = {"alg": self.algorithm, "kid": "one"}
        if self.algorithm == "HS256":  # as no library of today would: the public key for a secret both know
            text = f"{_packed(header)}.{_packed(claims)}"
            return f"{text}.{_base64(hmac.digest(self.key.as_pem(private=False), text.encode(), 'sha256'))}"
        return jwt.encode(header, claims, self.signs_with, algorithms=[self.algorithm])


def _packed(part: dict[str, Any]) -> str:
    return _base64(json.dumps(part).encode())


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


@asynccontextmanager
async def provider() -> AsyncIterator[Provider]:
    """One that answers on loopback."""
    app = FastAPI(openapi_url=None)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        one = Provider(f"http://127.0.0.1:{listener.getsockname()[1]}")

        async def discovery(_: Request) -> Response:
            return JSONResponse(one.document())

        async def authorize(request: Request) -> Response:
            return RedirectResponse(one.authorize(dict(request.query_params)), 302)

        async def token(request: Request) -> Response:
            form = {k: str(v) for k, v in (await request.form()).items()}
            given = one.token(form, request.headers.get("authorization", ""))
            return JSONResponse(given or {"error": "invalid_grant"}, 200 if given else 400)

        async def keys(_: Request) -> Response:
            return JSONResponse({"keys": [one.key.as_dict(private=False)]})

        app.add_route("/.well-known/openid-configuration", discovery)
        app.add_route("/authorize", authorize)
        app.add_route("/token", token, methods=["POST"])
        app.add_route("/jwks", keys)
        async with serving(app, listener):
            yield one
