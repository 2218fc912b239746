"""The token that every form of a session carries: another site's page cannot know it."""

import hashlib
import hmac
import secrets

FIELD = "_token"
_SALT = 16
"""Letters. A new salt for each page, so that pages packed small give nothing of the token away (BREACH)."""


def made(session: str) -> str:
    """A token for the forms of one page of this session."""
    salt = secrets.token_hex(_SALT // 2)
    return salt + _mac(session, salt)


def fits(session: str, token: str) -> bool:
    """Whether a form of this session sent it."""
    return hmac.compare_digest(token[_SALT:], _mac(session, token[:_SALT]))


def _mac(session: str, salt: str) -> str:
    return hmac.new(session.encode(), f"form/{salt}".encode(), hashlib.sha256).hexdigest()[:32]
