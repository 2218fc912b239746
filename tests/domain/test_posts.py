"""授予岗位: only such posts as somebody can serve in, proposed by a head who can sign in."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import product

import pytest

from domain.access import AccountState, NotGranted, Post, Role
from domain.posts import OF_THE_OFFICE, Concerned, check_grant, roles_in, roles_open_to
from hosting.demonstration import ADMINISTRATOR, CAST, HEADS
from tests.domain.test_parts import units
from tests.support.case import CENTER, GOVERNMENT, HRSS, OFFICE, TAX, county

DAY = date(2026, 3, 9)
ADMIN, HEAD, WHO, OTHER = "guan", "head", "shi", "fan"
OPEN: dict[str, AccountState] = dict.fromkeys((ADMIN, HEAD, WHO, OTHER), AccountState.ACTIVE)


def post(person: str, unit: str, role: Role, id: str = "", **more: object) -> Post:
    given = {"starts": DAY, "ends": None} | more
    return Post(id or f"{person}-{unit}-{role}", person, unit, role, **given)  # type: ignore[arg-type]


WANTED = post(WHO, TAX, Role.OFFICER, "wanted")


@dataclass(frozen=True)
class Grant:
    """A post that is asked for, and what is known; lawful until a test changes something of it."""

    wanted: Post = WANTED
    by: str = ADMIN
    proposed_by: str | None = HEAD
    posts: tuple[Post, ...] = ()
    accounts: dict[str, AccountState] = field(default_factory=lambda: OPEN)

    def refusal(self) -> NotGranted | None:
        standing = (post(ADMIN, OF_THE_OFFICE, Role.ADMINISTRATOR), post(HEAD, self.wanted.unit, Role.HEAD))
        known = Concerned([*standing, *self.posts], self.accounts)
        try:
            check_grant(
                self.wanted, by=self.by, proposed_by=self.proposed_by, known=known, policy=county(), today=DAY
            )
        except NotGranted as error:
            return error
        return None


def wanting(**changes: object) -> Callable[[Grant], Grant]:
    return lambda grant: replace(grant, wanted=grant.wanted._replace(**changes))  # type: ignore[arg-type]


def knowing(**changes: object) -> Callable[[Grant], Grant]:
    return lambda grant: replace(grant, **changes)  # type: ignore[arg-type]


REFUSED: dict[str, tuple[Callable[[Grant], Grant], str, str]] = {
    "a role that is not there": (wanting(role=Role.GOVERNMENT), "role", "县税务局没有县政府办理人员岗位"),
    "an administrator beside matters": (wanting(role=Role.ADMINISTRATOR), "role", "没有账号管理员岗位"),
    "an auditor beside matters": (wanting(role=Role.AUDITOR), "role", "没有审计员岗位"),
    "no such unit": (wanting(unit="县卫建局"), "unit", "没有名为“县卫建局”的单位，是否为：县卫健局"),
    "a party": (wanting(unit="申请人"), "unit", "不是有人任职的单位"),
    "matters handled in the office's own unit": (wanting(unit=OF_THE_OFFICE), "role", "系统没有"),
    "an end before its beginning": (wanting(ends=DAY - timedelta(1)), "ends", "早于起日"),
    "over before it is given": (
        wanting(starts=DAY - timedelta(9), ends=DAY - timedelta(1)), "ends", "已过",
    ),
    "a proposer who never opened his account": (
        knowing(accounts={**OPEN, HEAD: AccountState.INVITED}), "proposed_by", "还没有开通",
    ),
    "a proposer whose account is suspended": (
        knowing(accounts={**OPEN, HEAD: AccountState.SUSPENDED}), "proposed_by", "已停用",
    ),
    "nobody proposes": (knowing(proposed_by=None), "proposed_by", "须由县税务局的单位负责人提出"),
    "somebody without an account": (
        knowing(accounts={k: v for k, v in OPEN.items() if k != WHO}), "person", "没有这个账号",
    ),
    "somebody whose account is suspended": (
        knowing(accounts={**OPEN, WHO: AccountState.SUSPENDED}), "person", "先恢复账号",
    ),
    "the same once more": (
        knowing(posts=(post(WHO, TAX, Role.OFFICER),)), "role", "已有县税务局部门经办人岗位（长期有效）",
    ),
    "the same for a time that overlaps": (
        knowing(posts=(post(WHO, TAX, Role.OFFICER, ends=DAY + timedelta(3)),)), "role", "不必再授予",
    ),
    "his own post lent to himself": (
        lambda grant: replace(
            wanting(deputy_for="mine", ends=DAY)(grant), posts=(post(WHO, TAX, Role.OFFICER, "mine"),)
        ), "deputy_for", "自己的岗位",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_each_is_refused_at_its_field(case: str) -> None:
    change, at, said = REFUSED[case]
    assert Grant().refusal() is None
    refused = change(Grant()).refusal()
    assert refused
    assert refused.field == at
    assert said in str(refused)


LAWFUL: dict[str, Callable[[Grant], Grant]] = {
    "for one day": wanting(ends=DAY),
    "after the same has ended": lambda grant: replace(
        wanting(starts=DAY + timedelta(4))(grant),
        posts=(post(WHO, TAX, Role.OFFICER, ends=DAY + timedelta(3)),),
    ),
    "for a colleague, beside his own": lambda grant: replace(
        wanting(deputy_for="theirs", ends=DAY)(grant),
        posts=(post(WHO, TAX, Role.OFFICER), post(OTHER, TAX, Role.OFFICER, "theirs")),
    ),
    "a head, whom nobody proposes": lambda grant: replace(
        wanting(role=Role.HEAD, unit=HRSS)(grant), proposed_by=None
    ),
    "an account that is not open yet": knowing(accounts={**OPEN, WHO: AccountState.INVITED}),
}


@pytest.mark.parametrize("case", LAWFUL)
def test_what_is_lawful_is_granted(case: str) -> None:
    assert LAWFUL[case](Grant()).refusal() is None


def test_whatever_is_offered_in_a_unit_is_taken_there_and_nothing_else() -> None:
    policy = county()
    for unit, role in product([*units(policy), OF_THE_OFFICE, "县卫建局"], Role):
        grant = wanting(unit=unit, role=role)(Grant())
        assert (grant.refusal() is None) == (role in roles_in(unit, policy)), (unit, role)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("unit", [TAX, OF_THE_OFFICE, "县审计局"])
def test_nobody_is_offered_a_second_power(unit: str, role: Role) -> None:
    held = post(WHO, "县水务局", role)
    offered = roles_open_to([role], unit, county())
    for other in roles_in(unit, county()):
        grant = knowing(posts=(held,))(wanting(unit=unit, role=other)(Grant()))
        assert (grant.refusal() is None) == (other in offered), (role, other)


def test_a_unit_s_roles_are_those_of_its_part() -> None:
    policy = county()
    assert roles_in(TAX, policy) == (Role.OFFICER, Role.HEAD)
    assert roles_in(CENTER, policy) == (Role.OPERATOR, Role.HEAD)
    assert roles_in(OFFICE, policy) == (Role.OFFICE, Role.OFFICER, Role.HEAD)
    assert roles_in(GOVERNMENT, policy) == (Role.GOVERNMENT, Role.OFFICER, Role.HEAD)
    assert roles_in("调解组织", policy) == (Role.MEDIATOR, Role.OFFICER, Role.HEAD)
    assert roles_in("楼沟乡铺沟村网格员", policy)[0] is Role.GRID
    assert Role.GRID in roles_in("楼沟乡综治中心", policy), "few people share the work of a township"
    assert roles_in("县审计局", policy) == (Role.OFFICER, Role.HEAD, Role.AUDITOR)
    assert roles_in(OF_THE_OFFICE, policy) == (Role.ADMINISTRATOR, Role.AUDITOR)


def test_the_demonstration_s_people_serve_where_such_people_do() -> None:
    policy = county()
    for account in (ADMINISTRATOR, *CAST, *HEADS):
        unit = account.unit if account.unit == OF_THE_OFFICE else policy.unit(account.unit)
        assert account.role in roles_in(unit, policy), account
