"""接口令牌: made by an administrator, shown once, good for a time, taken back at once; all of it in the audit."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from domain.access import NotGranted
from domain.machines import AT_ONCE, Scope
from domain.persons import By, doer
from ledger import clients
from ledger.accounts import Acting
from ledger.audit import entries
from ledger.clients import Client
from ledger.store import Ledger
from tests.access.test_accounts import TAX, County

SYSTEM = "税务征管系统"


@pytest.fixture
def county(ledger: Ledger) -> County:
    return County(ledger)


def made(county: County, days: int = 365, by: Acting | None = None) -> tuple[Client, str]:
    given = by or county.admin
    return clients.make(county.ledger, given, unit=TAX, client=SYSTEM, scopes=[Scope.ACT], days=days)


def test_a_token_is_found_by_itself_alone_and_kept_nowhere(county: County) -> None:
    client, token = made(county)
    assert token.startswith(f"fq_{client.id}_")
    found = clients.find(county.ledger, token)
    assert found
    assert (found.unit, found.name, found.scopes) == (TAX, SYSTEM, {Scope.ACT})
    for wrong in ("", "fq", "fq__", "fq_税_x", f"fq_{client.id}_", token[:-1], token + "x", token[3:]):
        assert clients.find(county.ledger, wrong) is None
    with county.ledger.engine.connect() as connection:
        row = connection.execute(text("SELECT client_tokens::text FROM client_tokens")).scalar_one()
    assert token.split("_", 2)[2] not in row


def test_two_are_good_together_so_that_one_is_changed_for_another(county: County) -> None:
    (old, old_token), (new, new_token) = (made(county) for _ in range(AT_ONCE))
    with pytest.raises(NotGranted, match="先收回"):
        made(county)
    assert old.account == new.account, "what was sent by one is known when it is sent again by the other"
    clients.revoke(county.ledger, county.admin, old.id)
    assert clients.find(county.ledger, old_token) is None
    assert clients.find(county.ledger, new_token)
    assert clients.find(county.ledger, made(county)[1])


def test_none_is_good_for_more_than_a_year_nor_after_its_last_day(county: County) -> None:
    for days in (0, -1, 366):
        with pytest.raises(NotGranted, match="有效期"):
            made(county, days)
    client, token = made(county, 1)
    assert (client.good_until - client.made_at).days == 1
    with county.ledger.engine.begin() as connection:
        connection.execute(text("UPDATE client_tokens SET good_until = now()"))
    assert clients.find(county.ledger, token) is None


def test_its_last_use_is_known(county: County) -> None:
    _, token = made(county)
    assert clients.list_clients(county.ledger)[0].used_at is None
    before = datetime.now(UTC)
    assert clients.find(county.ledger, token)
    used = clients.list_clients(county.ledger)[0].used_at
    assert used
    assert used >= before


def test_only_an_administrator_makes_and_takes_back_and_the_audit_tells(county: County) -> None:
    stranger = Acting(county.head())
    client, _ = made(county)
    with pytest.raises(NotGranted, match="账号管理员"):
        made(county, by=stranger)
    with pytest.raises(NotGranted, match="账号管理员"):
        clients.revoke(county.ledger, stranger, client.id)
    with pytest.raises(NotGranted, match="没有这个"):
        clients.revoke(county.ledger, county.admin, "none")
    clients.revoke(county.ledger, county.admin, client.id)
    told = [kept.entry for kept in entries(county.ledger, most=2)]
    assert [(e.verb, e.object) for e in told] == [
        ("收回接口令牌", f"{TAX} {SYSTEM} {client.id}"),
        ("签发接口令牌", f"{TAX} {SYSTEM} {client.id}"),
    ]


def test_whom_a_system_names_is_known_by_name_alone() -> None:
    """Else one person were two: once by his account, once by the system's."""
    named = doer("郝 勤", By(person="接口/x", post="t", client=SYSTEM))
    assert named.is_same(doer("郝勤", By(person="p1", post="post")))
    assert not named.is_same(doer("温静", By(person="接口/x", post="t", client=SYSTEM)))
