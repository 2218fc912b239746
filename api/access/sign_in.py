"""Signing in: password, then the code where the account has one; slow for whoever guesses, the same answer for all of them."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from api.access import passwords, second_factor
from domain.access import AccessRules, AccountState, PasswordRules
from ledger import accounts, sessions
from ledger.store import Ledger

WRONG = "登录名、口令或验证码不对"
"""One answer, whichever of them is wrong, and whether there is such an account or not."""


class Refused(Exception):
    """Not signed in; the message says what to do. ``wait``: how long to wait before another try."""

    def __init__(self, message: str, wait: timedelta = timedelta(0)) -> None:
        super().__init__(message)
        self.wait = wait


class SignedIn(NamedTuple):
    """What signing in came to. ``must_change``: a new password is asked for before anything else."""

    token: str
    person: str
    must_change: bool


async def sign_in(
    ledger: Ledger,
    rules: AccessRules,
    *,
    login: str,
    password: str,
    code: str,
    address: str,
    agent: str,
) -> SignedIn:
    """Sign somebody in. Raises Refused. The post is chosen afterwards, where there are several."""
    login = accounts.folded(login)
    await waits(ledger, rules, login, address)
    known = await asyncio.to_thread(sessions.known, ledger, login)
    fits = await passwords.fits(password, known.password if known else None)
    if known is None or not fits or known.status != AccountState.ACTIVE:
        why = "没有此账号" if known is None else "口令不对" if not fits else f"账号{known.status}"
        await asyncio.to_thread(sessions.failed, ledger, login, address, why)
        raise Refused(WRONG)
    factors = 1
    if known.seed is not None:
        if not await asyncio.to_thread(second_factor.fits, ledger, known, code):
            await asyncio.to_thread(sessions.failed, ledger, login, address, "验证码不对")
            raise Refused(WRONG)
        factors = 2
    token = await asyncio.to_thread(
        lambda: sessions.begin(
            ledger,
            known.person,
            factors=factors,
            post=None,
            address=address,
            agent=agent,
            rules=rules.sessions,
        )
    )
    return SignedIn(token, known.person, known.must_change or _is_old(known.password_since, rules.passwords))


async def waits(ledger: Ledger, rules: AccessRules, login: str, address: str) -> None:
    """Let nobody go on who has to wait for another try. Raises Refused."""
    wait = await asyncio.to_thread(sessions.wait_for, ledger, login, address, rules.locks)
    if wait:
        raise Refused(f"失败次数过多，请在 {_said(wait)}后再试", wait)


def _is_old(since: datetime | None, rules: PasswordRules) -> bool:
    return (
        rules.days is not None
        and since is not None
        and datetime.now(UTC) - since > timedelta(days=rules.days)
    )


def _said(wait: timedelta) -> str:
    seconds = int(wait.total_seconds()) + 1
    return f"{seconds} 秒" if seconds < 90 else f"{seconds // 60 + 1} 分钟"
