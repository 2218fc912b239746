"""Signing in, by several processes on one database: nothing guessed, nothing taken twice, nothing that outlives its time."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from pyotp.totp import TOTP
from sqlalchemy import text

from api.access import passwords, second_factor
from api.access.passwords import WeakPassword
from api.access.sign_in import WRONG, Refused, SignedIn, sign_in
from domain.access import AccessRules, PasswordRules, Role
from ledger import accounts, grants, sessions
from ledger.accounts import Acting
from ledger.audit import entries
from ledger.store import Ledger
from policies import load
from tests.support.keys import KEYS

RULES = AccessRules.model_validate(
    {
        "passwords": {"shortest": 10, "kinds": 3, "days": 90, "kept": 5},
        "locks": {"free": 3, "most": 6, "longest_s": 60, "locked_min": 15, "accounts": 5},
        "sessions": {"idle_min": 30, "longest_h": 12, "at_once": 3},
        "slip_h": 24,
        "basis": "测试",
        "tag": "D",
    }
)
PASSWORD = "Tian-Qing-2026"


@pytest.fixture
async def person(ledger: Ledger) -> str:
    slip = accounts.founding_slip(ledger, minutes=30)
    assert slip
    opened = accounts.found(ledger, slip, "admin", "管之明")
    return accounts.use_slip(ledger, opened, await passwords.hashed(PASSWORD), "10.0.0.1").id


async def tried(
    ledger: Ledger,
    login: str = "admin",
    password: str = PASSWORD,
    code: str = "",
    address: str = "10.0.0.9",
) -> SignedIn:
    return await sign_in(
        ledger, RULES, login=login, password=password, code=code, address=address, agent="a browser"
    )


def suspended(ledger: Ledger, person: str) -> None:
    """Let another administrator suspend this one."""
    by = Acting(person)
    other, slip = accounts.create(ledger, by, "second", "别人", hours=1)
    accounts.use_slip(ledger, slip, "no hash", "10.0.0.1")
    given = {
        "unit": "系统",
        "role": Role.ADMINISTRATOR,
        "starts": accounts.today(),
        "ends": None,
        "basis": "任命",
    }
    grants.grant(ledger, load("pianguan"), by, person=other, **given)  # type: ignore[arg-type]
    accounts.suspend(ledger, Acting(other), person)


def later(ledger: Ledger, table: str, column: str, minutes: float) -> None:
    """Let time pass: what was written then lies further back."""
    with ledger.engine.begin() as connection:
        connection.execute(text(f"UPDATE {table} SET {column} = {column} - interval '{minutes} minutes'"))


async def test_signing_in_and_out(ledger: Ledger, person: str) -> None:
    done = await tried(ledger, " ADMIN ")
    session = sessions.find(ledger, done.token, RULES.sessions)
    assert session
    assert (session.person, session.login, session.factors) == (person, "admin", 1)
    sessions.end(ledger, done.token)
    assert sessions.find(ledger, done.token, RULES.sessions) is None
    assert [k.entry.verb for k in entries(ledger, most=2)] == ["退出", "登录"]


async def test_the_answer_does_not_say_what_was_wrong(ledger: Ledger, person: str) -> None:
    answers: set[str] = set()
    for login, password in (("admin", "wrong"), ("nobody", PASSWORD)):
        with pytest.raises(Refused) as refused:
            await tried(ledger, login, password)
        answers.add(str(refused.value))
    suspended(ledger, person)
    with pytest.raises(Refused) as refused:
        await tried(ledger)
    assert answers | {str(refused.value)} == {WRONG}


async def test_guessing_waits_longer_each_time_and_other_processes_know(ledger: Ledger, person: str) -> None:
    other = Ledger(ledger.engine, KEYS)
    for _ in range(RULES.locks.free):
        with pytest.raises(Refused, match=WRONG):
            await tried(ledger, password="wrong")
    with pytest.raises(Refused, match="秒后再试") as refused:
        await tried(other)
    assert timedelta(0) < refused.value.wait <= timedelta(seconds=1)
    later(ledger, "attempts", "last_at", 0.1)
    assert await tried(other), "whoever knows the password is let in after the wait"
    assert await tried(other), "and nothing is held against him"


async def test_after_too_many_the_account_rests_and_not_for_ever(ledger: Ledger, person: str) -> None:
    for n in range(RULES.locks.most):
        later(ledger, "attempts", "last_at", 1.5)
        with pytest.raises(Refused, match=WRONG):
            await tried(ledger, password="wrong", address=f"10.0.1.{n}")
    later(ledger, "attempts", "last_at", 2)
    with pytest.raises(Refused, match="分钟后再试"):
        await tried(ledger)
    later(ledger, "attempts", "last_at", 14)
    assert await tried(ledger)


async def test_one_address_trying_many_accounts_waits_and_others_do_not(ledger: Ledger, person: str) -> None:
    for n in range(RULES.locks.accounts):
        with pytest.raises(Refused, match=WRONG):
            await tried(ledger, f"guess-{n}", address="10.6.6.6")
    with pytest.raises(Refused, match="再试"):
        await tried(ledger, address="10.6.6.6")
    assert await tried(ledger, address="10.0.0.9")


async def test_a_session_ends_by_itself(ledger: Ledger, person: str) -> None:
    idle, long = (await tried(ledger)).token, (await tried(ledger)).token
    later(ledger, "sessions", "seen_at", 29)
    assert sessions.find(ledger, idle, RULES.sessions, acts=False), "a stream is no act"
    assert sessions.find(ledger, long, RULES.sessions)
    later(ledger, "sessions", "seen_at", 2)
    assert sessions.find(ledger, idle, RULES.sessions) is None
    assert sessions.find(ledger, long, RULES.sessions)
    later(ledger, "sessions", "began_at", 12 * 60)
    assert sessions.find(ledger, long, RULES.sessions) is None


async def test_too_many_at_once_end_the_oldest_and_a_suspended_account_ends_all(
    ledger: Ledger, person: str
) -> None:
    tokens = [(await tried(ledger)).token for _ in range(RULES.sessions.at_once + 1)]
    stands = [sessions.find(ledger, t, RULES.sessions) is not None for t in tokens]
    assert stands == [False, True, True, True]
    assert len(sessions.of_person(ledger, person)) == RULES.sessions.at_once
    suspended(ledger, person)
    assert not any(sessions.find(ledger, t, RULES.sessions) for t in tokens)


async def test_a_code_is_taken_once_by_one_of_two_processes(ledger: Ledger, person: str) -> None:
    seed = second_factor.new_seed()
    totp = TOTP(seed)
    now = datetime.now(UTC)
    assert not second_factor.keep(
        ledger, person, seed, "000000" if totp.now() != "000000" else "111111", "10.0.0.9"
    )
    assert second_factor.keep(ledger, person, seed, totp.at(now - timedelta(seconds=30)), "10.0.0.9")
    with pytest.raises(Refused, match=WRONG):
        await tried(ledger, code="")
    code = totp.at(now)
    known = sessions.known(ledger, "admin")
    assert known
    taken = await asyncio.gather(
        *(asyncio.to_thread(second_factor.fits, ledger, known, code) for _ in range(4))
    )
    assert sorted(taken) == [False, False, False, True]
    done = await tried(ledger, code=totp.at(now + timedelta(seconds=30)))
    session = sessions.find(ledger, done.token, RULES.sessions)
    assert session
    assert session.factors == 2


async def test_a_password_grows_old(ledger: Ledger, person: str) -> None:
    assert not (await tried(ledger)).must_change
    later(ledger, "persons", "password_since", 91 * 24 * 60)
    assert (await tried(ledger)).must_change


async def test_no_secret_is_kept_or_audited(ledger: Ledger, person: str) -> None:
    token = (await tried(ledger)).token
    with pytest.raises(Refused):
        await tried(ledger, password="Another-Secret-1")
    with ledger.engine.connect() as connection:
        for table in ("persons", "sessions", "attempts", "slips", "audit"):
            said = "".join(str(tuple(row)) for row in connection.execute(text(f"SELECT * FROM {table}")))
            for secret in (token, PASSWORD, "Another-Secret-1"):
                assert secret not in said


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("Ab1-efgh", "10 至 128"),
        ("A" * 129, "10 至 128"),
        ("abcdefghijk", "3 种"),
        ("abcdefghij1", "3 种"),
        ("Shilei-20261", "登录名"),
        ("Aa1Aa1Aa1Aa1", "重复"),
    ],
)
def test_a_weak_password_is_refused_with_its_reason(password: str, why: str) -> None:
    with pytest.raises(WeakPassword, match=why):
        passwords.check(password, RULES.passwords, ["shilei", "石磊"])


@pytest.mark.parametrize("password", ["Tian-Qing-2026", "窗前明月光Ab1窗外", "correct Horse 9"])
def test_a_good_one_is_taken_as_typed(password: str) -> None:
    passwords.check(password, RULES.passwords, ["shilei"])
    without_rules = PasswordRules(shortest=8, kinds=1, days=None, kept=0)
    passwords.check("correct horse battery", without_rules)
