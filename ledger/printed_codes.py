"""Codes that stand on paper, or in a link: nobody guesses them (five bits a character); of each only its hash is kept."""

import hashlib
import secrets
import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: without the letters that look like figures."""
LENGTH = 16
_READ_AS = str.maketrans("OIL", "011")


def new_code(length: int = LENGTH) -> str:
    """A new code, as it is printed: in groups of four."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(length))
    return "-".join(code[at : at + 4] for at in range(0, length, 4))


def code_hash(typed: str) -> bytes:
    """What is kept of a code, however somebody typed it."""
    plain = unicodedata.normalize("NFKC", typed).upper()
    code = "".join(sign for sign in plain if sign.isalnum()).translate(_READ_AS)
    return hashlib.sha256(code.encode()).digest()
