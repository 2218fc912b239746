"""Codes that stand on paper: sixteen characters that nobody guesses (80 bits); of each only its hash is kept."""

import hashlib
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: without the letters that look like figures."""
LENGTH = 16
_READ_AS = str.maketrans("OIL", "011", " -－—")


def new_code() -> str:
    """A new code, as it is printed: four groups of four."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return "-".join(code[at : at + 4] for at in range(0, LENGTH, 4))


def code_hash(typed: str) -> bytes:
    """What is kept of a code, however somebody typed it."""
    return hashlib.sha256(typed.upper().translate(_READ_AS).encode()).digest()
