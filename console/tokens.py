"""The token that every form of a session carries, and the mark of what the desk told it: another site's page knows neither."""

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


def mark(session: str, said: str) -> str:
    """What shows that this desk said something to this session."""
    return hmac.new(session.encode(), f"said/{said}".encode(), hashlib.sha256).hexdigest()[:32]


def is_ours(session: str, said: str, mark_of_it: str) -> bool:
    """Whether it did."""
    return hmac.compare_digest(mark_of_it.encode(), mark(session, said).encode())


def _mac(session: str, salt: str) -> str:
    return hmac.new(session.encode(), f"form/{salt}".encode(), hashlib.sha256).hexdigest()[:32]
