"""The second factor: a code of the moment (TOTP, RFC 6238) from an app or a token, taken once."""

import time

from pyotp import random_base32
from pyotp.totp import TOTP
from pyotp.utils import strings_equal

from ledger.sessions import Known, keep_seed, take_code
from ledger.store import Ledger
from privacy.keys import Purpose

STEP_S = 30
DRIFT = 1
"""Steps to either side: a telephone's clock is never quite right."""


def new_seed() -> str:
    """A seed, as an app takes it."""
    return random_base32()


def address(seed: str, login: str, office: str) -> str:
    """What is shown as a QR code."""
    return TOTP(seed).provisioning_uri(name=login, issuer_name=office)


def keep(ledger: Ledger, person: str, seed: str, code: str, where: str) -> bool:
    """Keep a seed once its first code proves that the app has it."""
    step = _step_of(seed, code)
    if step is None or not take_code(ledger, person, step):
        return False
    key = ledger.keys.ring(Purpose.LEDGER).active
    keep_seed(ledger, person, key.id, key.box.seal(seed.encode(), _place(person)), where)
    return True


def fits(ledger: Ledger, known: Known, code: str) -> bool:
    """Whether this is a code of the person's that was not taken yet; it is taken now."""
    if known.seed is None or known.seed_key is None:
        return False
    key = ledger.keys.ring(Purpose.LEDGER).key(known.seed_key)
    step = _step_of(key.box.open(known.seed, _place(known.person)).decode(), code)
    return step is not None and take_code(ledger, known.person, step)


def _step_of(seed: str, code: str) -> int | None:
    now = int(time.time()) // STEP_S
    totp = TOTP(seed, interval=STEP_S)
    typed = code.strip().replace(" ", "")
    for step in range(now - DRIFT, now + DRIFT + 1):
        if strings_equal(typed, totp.at(step * STEP_S)):
            return step
    return None


def _place(person: str) -> str:
    return f"second-factor/{person}"
