"""Another password: the old one proves who it is, and none of the last ones comes back."""

import asyncio

from api.access import passwords
from api.access.sign_in import WRONG, Refused
from domain.access import AccessRules
from ledger import accounts, sessions
from ledger.accounts import Acting
from ledger.store import Ledger

USED_BEFORE = "这个口令您以前用过，请换一个"


async def password(
    ledger: Ledger, rules: AccessRules, by: Acting, login: str, name: str, *, old: str, new: str
) -> None:
    """Change one's own password; every session of the person ends. Raises Refused, WeakPassword."""
    wait = await asyncio.to_thread(sessions.wait_for, ledger, login, by.address, rules.locks)
    known = await asyncio.to_thread(sessions.known, ledger, login)
    if wait or known is None or not await passwords.fits(old[: passwords.LONGEST], known.password):
        await asyncio.to_thread(sessions.failed, ledger, login, by.address, "换口令时原口令不对")
        raise Refused("原口令不对，请再输一次" if known and not wait else WRONG, wait)
    passwords.check(new, rules.passwords, (login, name))
    for kept in [
        known.password,
        *await asyncio.to_thread(accounts.earlier_passwords, ledger, by, rules.passwords.kept),
    ]:
        if await passwords.fits(new, kept):
            raise passwords.WeakPassword(USED_BEFORE)
    await asyncio.to_thread(accounts.change_password, ledger, by, await passwords.hashed(new))
