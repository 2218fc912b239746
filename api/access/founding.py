"""The first administrator makes himself, by the link that the first start prints."""

import asyncio

from api.access import passwords
from api.site import Site
from ledger import accounts
from ledger.accounts import Person


async def found(site: Site, *, slip: str, login: str, name: str, password: str, address: str) -> Person:
    """Make the first account and open it; the slip is used up. Raises WeakPassword before, NotGranted."""
    passwords.check(password, site.rules.passwords, (login, name))
    kept = await passwords.hashed(password)
    opening = await asyncio.to_thread(accounts.found, site.ledger, slip, login, name)
    return await asyncio.to_thread(accounts.use_slip, site.ledger, opening, kept, address)
