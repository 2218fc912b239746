"""Who may make accounts and give posts; whatever is tried is in the audit."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from domain.access import AccountState, NotGranted, Post, Role, SessionRules
from domain.posts import check_exclusive, roles_in
from domain.words import SHANGHAI
from ledger import accounts, grants, sessions
from ledger.accounts import Acting
from ledger.audit import audit_faults, entries
from ledger.connection import reading
from ledger.printed_codes import ALPHABET
from ledger.store import Ledger
from ledger.verify import verify
from policies import load

DAY = datetime.now(SHANGHAI).date()
TAX, HRSS = "县税务局", "县人社局"
POLICY = load("pianguan")


def unit_of(role: Role) -> str:
    """A unit in which such people serve."""
    units = (
        TAX,
        "县综治中心",
        "调解组织",
        "天峰坪镇网格员",
        "联席会议办公室",
        "县委政法委",
        "县政府",
        "系统",
    )
    return next(unit for unit in units if role in roles_in(unit, POLICY))


class County:
    """A founded office: an administrator, and heads appointed by him in writing."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        slip = accounts.founding_slip(ledger, minutes=30)
        assert slip
        opened = accounts.found(ledger, slip, "admin", "管之明")
        self.admin = Acting(accounts.use_slip(ledger, opened, "hash", "10.0.0.1").id)

    def person(self, login: str) -> str:
        made, slip = accounts.create(self.ledger, self.admin, login, f"{login}某", hours=24)
        accounts.use_slip(self.ledger, slip, "hash", "10.0.0.2")
        return made

    def grant(self, person: str, role: Role, unit: str = TAX, **more: object) -> str:
        given = {"by": self.admin, "starts": DAY, "ends": None, "basis": "任命〔2026〕1号"} | more
        return grants.grant(self.ledger, POLICY, person=person, unit=unit, role=role, **given).id  # type: ignore[arg-type]

    def head(self, unit: str = TAX) -> str:
        person = self.person(f"head-{unit}")
        self.grant(person, Role.HEAD, unit)
        return person


SESSIONS = SessionRules(idle_min=30, longest_h=12, at_once=3)


def begin(ledger: Ledger, person: str, post: str) -> str:
    """A session's token."""
    return sessions.begin(ledger, person, factors=1, post=post, address="10.0.0.7", agent="", rules=SESSIONS)


@pytest.fixture
def county(ledger: Ledger) -> County:
    return County(ledger)


def test_the_office_is_founded_once(ledger: Ledger) -> None:
    first, second = accounts.founding_slip(ledger, minutes=30), accounts.founding_slip(ledger, minutes=30)
    assert first
    assert second
    accounts.found(ledger, first, "Admin ", "管之明")
    assert accounts.founding_slip(ledger, minutes=30) is None
    for slip in (first, second, "no such slip"):
        with pytest.raises(NotGranted, match="已用过"):
            accounts.found(ledger, slip, "other", "别人")


def test_a_slip_is_good_once_and_not_for_ever(county: County) -> None:
    _, slip = accounts.create(county.ledger, county.admin, "shi", "石磊", hours=24)
    assert accounts.use_slip(county.ledger, slip, "hash", "10.0.0.2").status == AccountState.ACTIVE
    with pytest.raises(NotGranted, match="已用过"):
        accounts.use_slip(county.ledger, slip, "hash", "10.0.0.2")
    _, late = accounts.create(county.ledger, county.admin, "wen", "温静", hours=24)
    with county.ledger.engine.begin() as connection:
        connection.execute(
            text("UPDATE slips SET good_until = now() - interval '1 second' WHERE used_at IS NULL")
        )
    with pytest.raises(NotGranted, match="过期"):
        accounts.use_slip(county.ledger, late, "hash", "10.0.0.2")


def test_a_newer_slip_cancels_the_earlier_ones_of_its_account_alone(county: County) -> None:
    person, first = accounts.create(county.ledger, county.admin, "shi", "石磊", hours=24)
    _, others = accounts.create(county.ledger, county.admin, "wen", "温静", hours=24)
    second = accounts.new_slip(county.ledger, county.admin, person, hours=24)
    newest = accounts.new_slip(county.ledger, county.admin, person, hours=24)
    for earlier in (first, second):
        with pytest.raises(NotGranted, match="已另开新的"):
            accounts.use_slip(county.ledger, earlier, "hash", "10.0.0.2")
    for good in (newest, others):
        accounts.use_slip(county.ledger, good, "hash", "10.0.0.2")


TYPED: dict[str, Callable[[str], str]] = {
    "as printed": str,
    "in small letters": str.lower,
    "in one piece": lambda slip: slip.replace("-", ""),
    "with blanks": lambda slip: f" {slip.replace('-', '  ')}\n",
    "by a Chinese keyboard": lambda slip: "".join(
        chr(ord(c) + 0xFEE0) for c in slip.replace("-", "－").lower() if c != "－"
    ),
    "with other dashes": lambda slip: slip.replace("-", "—"),
    "by how the figures look": lambda slip: slip.replace("0", "o").replace("1", "l"),
}


@pytest.mark.parametrize("way", TYPED)
def test_a_slip_is_taken_however_it_is_typed(county: County, way: str) -> None:
    for n in range(5):
        person, slip = accounts.create(county.ledger, county.admin, f"shi-{n}", "石磊", hours=24)
        assert re.fullmatch("-".join([f"[{ALPHABET}]{{4}}"] * 4), slip), "sixteen signs of five bits"
        assert accounts.use_slip(county.ledger, TYPED[way](slip), "hash", "10.0.0.2").id == person


def test_a_slip_is_given_by_an_administrator_or_a_head_of_the_unit_in_which_somebody_serves(
    county: County,
) -> None:
    head, stranger, person = county.head(), county.head(HRSS), county.person("shi")
    post = county.grant(person, Role.OFFICER, proposed_by=head)
    accounts.new_slip(county.ledger, Acting(head), person, hours=24)
    with pytest.raises(NotGranted, match="本单位负责人或账号管理员"):
        accounts.new_slip(county.ledger, Acting(stranger), person, hours=24)
    grants.end_post(county.ledger, Acting(head), post)
    with pytest.raises(NotGranted, match="本单位负责人或账号管理员"):
        accounts.new_slip(county.ledger, Acting(head), person, hours=24)
    with pytest.raises(NotGranted, match="没有这个账号"):
        accounts.new_slip(county.ledger, county.admin, "nobody", hours=24)


def test_a_suspended_account_comes_back_as_it_was(county: County) -> None:
    ledger, head, person = county.ledger, county.head(), county.person("shi")
    post = county.grant(person, Role.OFFICER, proposed_by=head)
    token = begin(ledger, person, post)
    slip = accounts.new_slip(ledger, county.admin, person, hours=24)
    accounts.suspend(ledger, county.admin, person)
    assert accounts.staff_names(ledger, TAX) == ["head-县税务局某"]
    with pytest.raises(NotGranted, match="先恢复账号"):
        accounts.new_slip(ledger, county.admin, person, hours=24)
    with pytest.raises(NotGranted, match="账号管理员"):
        accounts.restore(ledger, Acting(head), person)
    accounts.restore(ledger, county.admin, person)
    assert accounts.staff_names(ledger, TAX) == ["head-县税务局某", "shi某"]
    assert [p.id for p in accounts.posts_of(ledger, person, DAY)] == [post]
    assert sessions.find(ledger, token, SESSIONS) is None, "he signs in anew"
    with pytest.raises(NotGranted, match="过期"):
        accounts.use_slip(ledger, slip, "hash", "10.0.0.2")
    assert [k.entry.verb for k in entries(ledger, most=2)] == ["恢复账号", "停用账号"]
    with pytest.raises(NotGranted, match="没有停用"):
        accounts.restore(ledger, county.admin, person)


def test_an_account_that_was_never_opened_comes_back_to_be_opened(county: County) -> None:
    person, _ = accounts.create(county.ledger, county.admin, "shi", "石磊", hours=24)
    accounts.suspend(county.ledger, county.admin, person)
    accounts.restore(county.ledger, county.admin, person)
    (who,) = [who for who, _ in accounts.everybody(county.ledger) if who.id == person]
    assert who.status is AccountState.INVITED


def test_nobody_locks_himself_out(county: County) -> None:
    assert county.admin.person
    (own,) = accounts.posts_of(county.ledger, county.admin.person, DAY)
    with pytest.raises(NotGranted, match="自己的账号"):
        accounts.suspend(county.ledger, county.admin, county.admin.person)
    with pytest.raises(NotGranted, match="自己的岗位"):
        grants.end_post(county.ledger, county.admin, own.id)


def test_a_login_is_never_used_again(county: County) -> None:
    accounts.suspend(county.ledger, county.admin, county.person("shi"))
    with pytest.raises(NotGranted, match="已有人用过"):
        accounts.create(county.ledger, county.admin, " SHI", "别人", hours=24)


def test_a_head_proposes_for_his_own_unit_and_an_administrator_grants(county: County) -> None:
    head, officer = county.head(), county.person("shi")
    county.grant(officer, Role.OFFICER, proposed_by=head)
    assert [(p.unit, p.role) for p in accounts.posts_of(county.ledger, officer, DAY)] == [(TAX, Role.OFFICER)]
    assert [p.login for p, _ in accounts.staff(county.ledger, TAX, DAY)] == ["head-县税务局", "shi"]


@pytest.mark.parametrize(
    "case", ["another unit", "nobody proposes", "himself proposes", "granter is no administrator"]
)
def test_what_is_not_granted_is_in_the_audit(county: County, case: str) -> None:
    head, officer = county.head(), county.person("shi")
    tried = {
        "another unit": {"unit": HRSS, "proposed_by": head},
        "nobody proposes": {},
        "himself proposes": {"person": head, "proposed_by": head},
        "granter is no administrator": {"by": Acting(head), "proposed_by": head},
    }[case]
    with pytest.raises(NotGranted) as refused:
        county.grant(**{"person": officer, "role": Role.OFFICER} | tried)  # type: ignore[arg-type]
    newest = entries(county.ledger, most=1)[0].entry
    assert (newest.verb, newest.result) == ("授予岗位", str(refused.value))
    assert accounts.posts_of(county.ledger, officer, DAY) == []


def test_nobody_grants_himself_anything(county: County) -> None:
    assert county.admin.person
    for role in Role:
        with pytest.raises(NotGranted, match="不能给自己"):
            county.grant(county.admin.person, role, proposed_by=county.admin.person)


@pytest.mark.parametrize("first", list(Role))
@pytest.mark.parametrize("then", list(Role))
def test_three_powers_are_parted(first: Role, then: Role) -> None:
    held = [Post(role, "shi", TAX, role, DAY, None) for role in (first, then)]

    def power(role: Role) -> str:
        return "disputes" if role.handles_disputes else role

    if power(first) == power(then):
        check_exclusive(held)
    else:
        with pytest.raises(NotGranted, match="三权分立"):
            check_exclusive(held)


def test_a_deputy_stands_in_for_a_time_and_in_the_same_post(county: County) -> None:
    head, holder, deputy = county.head(), county.person("shi"), county.person("fan")
    post = county.grant(holder, Role.OFFICER, proposed_by=head)
    good = {"proposed_by": head, "deputy_for": post, "ends": DAY + timedelta(days=29)}
    for wrong in (
        {"ends": None},
        {"ends": DAY + timedelta(days=30)},
        {"role": Role.MEDIATOR},
        {"deputy_for": "none"},
    ):
        with pytest.raises(NotGranted, match=r"代理|岗位"):
            county.grant(**{"person": deputy, "role": Role.OFFICER} | good | wrong)  # type: ignore[arg-type]
    county.grant(deputy, Role.OFFICER, **good)
    last = DAY + timedelta(days=29)
    assert len(accounts.posts_of(county.ledger, deputy, last)) == 1
    assert accounts.posts_of(county.ledger, deputy, last + timedelta(days=1)) == []


def test_a_post_taken_away_is_gone_at_once(county: County) -> None:
    head, person = county.head(), county.person("shi")
    post = county.grant(person, Role.OFFICER, proposed_by=head)
    with pytest.raises(NotGranted):
        grants.end_post(county.ledger, Acting(county.head(HRSS)), post)
    grants.end_post(county.ledger, Acting(head), post)
    assert accounts.posts_of(county.ledger, person, DAY) == []


def test_the_audit_is_one_chain_and_any_change_is_found(county: County) -> None:
    county.head()
    ledger = county.ledger
    assert [k.n for k in entries(ledger)] == list(range(len(entries(ledger)), 0, -1))
    assert verify(ledger) == []
    for change in (
        "UPDATE audit SET result = '别的' WHERE n = 2",
        "UPDATE audit SET at = at - interval '1 day' WHERE n = 2",
        "DELETE FROM audit WHERE n = 2",
    ):
        with ledger.engine.connect() as connection, connection.begin() as undone:
            connection.execute(text("ALTER TABLE audit DISABLE TRIGGER audit_append_only"))
            connection.execute(text(change))
            assert audit_faults(connection, ledger.sealer)
            undone.rollback()
    with reading(ledger.engine) as connection:
        assert audit_faults(connection, ledger.sealer) == []
