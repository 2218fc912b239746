"""The demonstration's accounts: one for each role, each with its own password, on an office that has nobody yet."""

import pytest

from api.access.sign_in import sign_in
from domain.access import Role
from hosting.demonstration import GRID_UNIT, open_accounts
from ledger import accounts
from ledger.audit import entries
from ledger.store import Ledger
from policies import load
from tests.ledger.conftest import ledger, ledger_url

__all__ = ["ledger", "ledger_url"]

POLICY = load("pianguan")
assert POLICY.access
RULES = POLICY.access


async def test_everybody_signs_in_and_every_role_is_there(ledger: Ledger) -> None:
    opened = await open_accounts(ledger, POLICY)
    assert {o.account.role for o in opened} == set(Role)
    assert {"县税务局", "县人社局", "县综治中心", GRID_UNIT} <= {o.unit for o in opened}
    assert len({o.password for o in opened}) == len(opened)
    for one in opened:
        done = await sign_in(
            ledger, RULES, login=one.account.login, password=one.password, code="",
            address="127.0.0.1", agent="",
        )  # fmt: skip
        assert not done.must_change
    granted = entries(ledger, verb="授予岗位")
    assert len(granted) >= len(opened) - 1, "the first administrator has his by founding"
    assert {kept.entry.result for kept in granted} == {"成功"}


async def test_an_office_that_has_anybody_gets_none(ledger: Ledger) -> None:
    slip = accounts.founding_slip(ledger, minutes=30)
    assert slip
    accounts.found(ledger, slip, "admin", "管之明")
    with pytest.raises(RuntimeError, match="already"):
        await open_accounts(ledger, POLICY)
