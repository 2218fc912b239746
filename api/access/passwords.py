"""口令: how they are hashed, and what one must be like (GB/T 22239-2019 8.1.4.1 a)."""

import asyncio
import re
from collections.abc import Iterable

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from domain.access import PasswordRules

LONGEST = 128
"""Characters."""

_HASHER = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1)
"""Argon2id (RFC 9106) with 64 MiB."""
_AT_ONCE = asyncio.Semaphore(2)
"""Hashes: each takes 64 MiB and a core for some 150 ms."""
_KINDS = (re.compile(r"[A-Z]"), re.compile(r"[a-z]"), re.compile(r"\d"), re.compile(r"[^A-Za-z0-9]"))
_NOBODYS = _HASHER.hash("nobody")
"""Compared with when there is no such account, so that the answer takes as long."""


class WeakPassword(Exception):
    """A password that may not be used; the message says why."""


def check(password: str, rules: PasswordRules, known: Iterable[str] = ()) -> None:
    """Whether a password keeps the rules and holds none of ``known`` (login, name, unit). Raises WeakPassword."""
    if not rules.shortest <= len(password) <= LONGEST:
        raise WeakPassword(f"口令须为 {rules.shortest} 至 {LONGEST} 个字符，现为 {len(password)} 个")
    if sum(bool(kind.search(password)) for kind in _KINDS) < rules.kinds:
        raise WeakPassword(f"口令须含大写字母、小写字母、数字、其他符号中的 {rules.kinds} 种")
    folded = password.casefold()
    if any(word and word.casefold() in folded for word in known):
        raise WeakPassword("口令中不能有登录名、姓名或单位名称")
    if len(set(folded)) < rules.shortest // 2:
        raise WeakPassword("口令重复的字符太多，请换一个")


async def hashed(password: str) -> str:
    """The hash to keep."""
    async with _AT_ONCE:
        return await asyncio.to_thread(_HASHER.hash, password)


async def fits(password: str, kept: str | None) -> bool:
    """Whether it is the password that this hash was made of. As slow for an account that does not exist."""
    async with _AT_ONCE:
        found = await asyncio.to_thread(_verified, password, kept or _NOBODYS)
    return found and kept is not None


def _verified(password: str, kept: str) -> bool:
    try:
        return _HASHER.verify(kept, password)
    except (VerifyMismatchError, InvalidHashError):
        return False
