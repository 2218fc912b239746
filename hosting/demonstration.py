"""Who signs in to a demonstration: an account for each role, made anew each time, with passwords nobody has to keep.

Only ``fengqiao demo`` calls this, on an office whose data it has just thrown away. Names and logins are invented.
"""

import asyncio
import secrets
import string
from datetime import date, datetime
from typing import NamedTuple

from api.access import passwords
from domain.access import PasswordRules, Role
from domain.policy import Policy
from domain.words import SHANGHAI
from ledger import accounts, grants
from ledger.accounts import Acting
from ledger.store import Ledger

BASIS = "演示账号"
ADDRESS = "本机演示"
LETTERS = "".join(c for c in string.ascii_letters + string.digits if c not in "0O1lI")
"""Without those that look alike."""
GRID_UNIT = "天峰坪镇网格员"


class Account(NamedTuple):
    """Somebody who may sign in. ``unit``: a role of the policy, or a unit's name."""

    login: str
    name: str
    unit: str
    role: Role


class Opened(NamedTuple):
    """An account with its password."""

    account: Account
    unit: str
    password: str


ADMINISTRATOR = Account("guan", "管之明", "系统", Role.ADMINISTRATOR)
CAST = (
    Account("zhou", "周敏", "center", Role.OPERATOR),
    Account("qin", "秦岚", "center", Role.OPERATOR),
    Account("gao", "高立新", "center", Role.HEAD),
    Account("liang", "梁志远", "tax", Role.OFFICER),
    Account("duan", "段玉", "hrss", Role.OFFICER),
    Account("shi", "石磊", "mediation", Role.MEDIATOR),
    Account("lv", "吕巧", GRID_UNIT, Role.GRID),
    Account("han", "韩松", "joint_office", Role.OFFICE),
    Account("wu", "武卫国", "politics_law", Role.SUPERVISOR),
    Account("jia", "贾明远", "county_gov", Role.GOVERNMENT),
    Account("shen", "申文博", "县审计局", Role.AUDITOR),
)
"""The officers of the samples, and one for each role they lack. Two operators: who triaged a matter may not call back on it."""
HEADS = (
    Account("tax-head", "任建华", "tax", Role.HEAD),
    Account("hrss-head", "孔令珍", "hrss", Role.HEAD),
    Account("mediation-head", "温守信", "mediation", Role.HEAD),
    Account("grid-head", "邬长青", GRID_UNIT, Role.HEAD),
    Account("joint-head", "鲁平", "joint_office", Role.HEAD),
    Account("law-head", "冯起", "politics_law", Role.HEAD),
    Account("gov-head", "闵达", "county_gov", Role.HEAD),
)
"""They propose their units' people; nobody knows their passwords, for whoever wants to be one the administrator prints a slip."""
NO_PASSWORD = "无"
"""No hash, so that no password fits."""


async def open_accounts(ledger: Ledger, policy: Policy) -> list[Opened]:
    """Found the office and open everybody's account, each step as an administrator takes it. The passwords are kept nowhere."""
    rules = policy.access
    everybody = [ADMINISTRATOR, *CAST]
    chosen = [new_password(rules.passwords) for _ in everybody]
    kept = await asyncio.gather(*(passwords.hashed(password) for password in chosen))
    await asyncio.to_thread(_open, ledger, policy, kept, rules.slip_h)
    return [
        Opened(account, _unit(policy, account.unit), password)
        for account, password in zip(everybody, chosen, strict=True)
    ]


def new_password(rules: PasswordRules) -> str:
    """A random one that keeps the rules, in groups that can be read aloud."""
    while True:
        groups = ("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(-(-rules.shortest // 4)))
        password = "-".join(groups)
        try:
            passwords.check(password, rules)
        except passwords.WeakPassword:
            continue
        return password


def _unit(policy: Policy, unit: str) -> str:
    return unit if unit == ADMINISTRATOR.unit else policy.unit(unit)


def _open(ledger: Ledger, policy: Policy, kept: list[str], slip_h: int) -> None:
    slip = accounts.founding_slip(ledger, minutes=1)
    if slip is None:
        raise RuntimeError("a demonstration's office has accounts already")
    first, *others = kept
    opening = accounts.found(ledger, slip, ADMINISTRATOR.login, ADMINISTRATOR.name)
    administrator = Acting(accounts.use_slip(ledger, opening, first, ADDRESS).id, address=ADDRESS)
    today = datetime.now(SHANGHAI).date()
    people: dict[str, str] = {}
    for account, password in zip(CAST, others, strict=True):
        _, slip = accounts.create(ledger, administrator, account.login, account.name, hours=slip_h)
        people[account.login] = accounts.use_slip(ledger, slip, password, ADDRESS).id
    for account in HEADS:
        _, slip = accounts.create(ledger, administrator, account.login, account.name, hours=slip_h)
        people[account.login] = accounts.use_slip(ledger, slip, NO_PASSWORD, ADDRESS).id
    heads = {a.unit: people[a.login] for a in (*CAST, *HEADS) if a.role is Role.HEAD}
    for account in sorted((*CAST, *HEADS), key=lambda a: a.role is not Role.HEAD):
        _grant(ledger, policy, administrator, account, people[account.login], heads, today)


def _grant(
    ledger: Ledger,
    policy: Policy,
    by: Acting,
    account: Account,
    person: str,
    heads: dict[str, str],
    today: date,
) -> None:
    appointed = account.role in (Role.HEAD, Role.AUDITOR)
    grants.grant(
        ledger,
        policy,
        by,
        person=person,
        unit=policy.unit(account.unit),
        role=account.role,
        starts=today,
        ends=None,
        basis=BASIS,
        proposed_by=None if appointed else heads[account.unit],
    )
