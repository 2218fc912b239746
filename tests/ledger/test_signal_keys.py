"""Who may let a unit's system sign, for how long; every registration and its end is in the audit."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import make_url

from domain.access import NotGranted, Role
from ledger import accounts, grants, signal_keys
from ledger.accounts import Acting
from ledger.audit import audit_faults, entries
from ledger.connection import LedgerBroken, reading
from ledger.rights import APP
from ledger.store import Ledger
from tests.support.case import county
from tests.support.keys import KEYS
from tests.support.signing import System, enrol, found

NOW = datetime.now(UTC)


@pytest.fixture
def admin(ledger: Ledger) -> Acting:
    return found(ledger)


@pytest.fixture
def system(tmp_path: Path) -> System:
    return System(tmp_path)


def officer(ledger: Ledger, admin: Acting) -> Acting:
    made, slip = accounts.create(ledger, admin, "someone", "某人", hours=1)
    accounts.use_slip(ledger, slip, "hash", "10.0.0.2")
    day = NOW.date()
    grants.grant(
        ledger,
        county(),
        admin,
        person=made,
        unit="县税务局",
        role=Role.HEAD,
        starts=day,
        ends=None,
        basis="任命〔2026〕1号",
    )
    return Acting(made)


def test_a_key_is_registered_changed_and_let_go(ledger: Ledger, admin: Acting, tmp_path: Path) -> None:
    older, newer = System(tmp_path), System(tmp_path, name="newer.key")
    enrol(ledger, admin, older)
    enrol(ledger, admin, newer)
    assert [key.standing(NOW) for key in signal_keys.list_signal_keys(ledger)] == ["有效", "有效"]
    signal_keys.retire(ledger, admin, older.kid)
    once = signal_keys.signal_key(ledger, older.kid)
    signal_keys.retire(ledger, admin, older.kid)
    assert signal_keys.signal_key(ledger, older.kid) == once, (
        "retired again, it was retired when it was first"
    )
    signal_keys.retire(ledger, admin, newer.kid, compromised=True)
    told = {key.kid: key.standing(NOW) for key in signal_keys.list_signal_keys(ledger)}
    assert told == {older.kid: "已停用", newer.kid: "已泄露作废"}
    assert signal_keys.signal_key(ledger, "another") is None
    verbs = [kept.entry.verb for kept in entries(ledger, person=admin.person)]
    assert verbs[:5] == ["签名密钥泄露作废", "停用签名密钥", "停用签名密钥", "登记签名公钥", "登记签名公钥"]
    with reading(ledger.engine) as connection:
        assert audit_faults(connection, ledger.sealer) == []


def test_only_an_administrator_registers_and_retires(ledger: Ledger, admin: Acting, system: System) -> None:
    enrol(ledger, admin, system)
    for stranger in (officer(ledger, admin), Acting(None)):
        with pytest.raises(NotGranted, match="账号管理员"):
            enrol(ledger, stranger, system)
        with pytest.raises(NotGranted, match="账号管理员"):
            signal_keys.retire(ledger, stranger, system.kid)


@pytest.mark.parametrize("ends", [NOW, NOW - timedelta(days=1), NOW + timedelta(days=732)])
def test_no_key_is_good_for_more_than_two_years(
    ledger: Ledger, admin: Acting, system: System, ends: datetime
) -> None:
    with pytest.raises(NotGranted, match="两年"):
        enrol(ledger, admin, system, starts=NOW, ends=ends)


def test_a_key_is_registered_once(ledger: Ledger, admin: Acting, system: System) -> None:
    enrol(ledger, admin, system)
    with pytest.raises(NotGranted, match="已登记过"):
        enrol(ledger, admin, system, unit="县医保局")
    with pytest.raises(NotGranted, match="没有登记过"):
        signal_keys.retire(ledger, admin, "another")


def test_no_account_no_administrator(ledger: Ledger, admin: Acting) -> None:
    assert accounts.by_login(ledger, " Admin ").id == admin.person
    accounts.create(ledger, admin, "invited", "某人", hours=1)
    for login in ("nobody", "invited"):
        with pytest.raises(NotGranted, match=login):
            accounts.by_login(ledger, login)


def test_the_office_s_own_processes_register_nothing(
    ledger: Ledger, ledger_url: str, admin: Acting, system: System
) -> None:
    """Whoever holds a worker cannot let himself be signed to."""
    url = make_url(ledger_url).set(username=APP).render_as_string(hide_password=False)
    office = Ledger.connect(url, KEYS)
    with pytest.raises(LedgerBroken, match="台账所有者"):
        enrol(office, admin, system)
    enrol(ledger, admin, system)
    assert signal_keys.signal_key(office, system.kid)
    office.close()
