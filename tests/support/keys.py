"""The tests' keys: the same in every process of a run, and good for nothing else."""

import hashlib

from privacy.ciphers import Algorithm
from privacy.keys import Key, Keys, Purpose, Ring
from privacy.store import variable


def a_key(purpose: Purpose, name: str = "test", algorithm: Algorithm = Algorithm.AES) -> Key:
    """A key that anybody can work out."""
    fits = Algorithm.HMAC if purpose == Purpose.SEARCH else algorithm
    secret = hashlib.sha256(f"{purpose}/{name}".encode()).digest()
    return Key(name, fits, secret[: fits.length])


KEYS = Keys({purpose: Ring(purpose, (a_key(purpose),)) for purpose in Purpose})

ENVIRONMENT = {variable(purpose): KEYS.ring(purpose).active.line() for purpose in Purpose}
"""The same, for a process of its own."""
