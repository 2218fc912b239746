"""Who may be given which post: rules over the policy and what the ledger knows of accounts."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from domain.access import AccountState, NotGranted, Post, Role
from domain.policy import Policy, UnknownUnit
from domain.words import UnitName

OF_THE_OFFICE = "系统"
"""The unit of administrators, and of auditors who are of no other."""
LONGEST_DEPUTY = 30
"""Days a post is lent for."""
APPOINTED = (Role.HEAD, Role.ADMINISTRATOR, Role.AUDITOR)
"""Appointed in writing: no head proposes them."""
_NOBODYS = ("applicant", "respondent", "system")
"""Roles of the mechanism that nobody serves in."""
_OF_A_FEW = (Role.MEDIATOR, Role.GRID)
"""What somebody may be besides where few people share all the work (兼岗)."""


class Concerned(NamedTuple):
    """What the ledger knows of whoever a grant concerns: the granter, the proposer, the person, and whom he stands in for.

    ``posts``: all of theirs. ``accounts``: how each person's account stands; nobody else has one.
    """

    posts: list[Post]
    accounts: Mapping[str, AccountState]


def roles_in(unit: UnitName, policy: Policy) -> tuple[Role, ...]:
    """The roles that people have in a unit; none in one that the policy does not know.

    Where matters are handled nobody looks after accounts and nobody audits: a head could open the account of either.
    """
    if unit == OF_THE_OFFICE:
        return (Role.ADMINISTRATOR, Role.AUDITOR)
    if not policy.units.knows(unit) or policy.among(unit, _NOBODYS):
        return ()
    special = {
        Role.OPERATOR: policy.is_center(unit),
        Role.MEDIATOR: policy.among(unit, policy.powers.mediate.units),
        Role.GRID: policy.among(unit, ["grid"]),
        Role.OFFICE: policy.among(unit, ["joint_office"]),
        Role.SUPERVISOR: policy.among(unit, ["politics_law"]),
        Role.GOVERNMENT: policy.among(unit, ["county_gov"]),
    }
    own = [role for role, there in special.items() if there]
    usual = [] if Role.OPERATOR in own else [Role.OFFICER]
    merged = {r for m in policy.rights.merged_posts if policy.among(unit, m.units) for r in m.roles}
    few = [role for role in _OF_A_FEW if role in merged]
    apart = [] if own or policy.units.roles_of(unit) else [Role.AUDITOR]
    return tuple(dict.fromkeys([*own, *usual, *few, Role.HEAD, *apart]))


def is_staffed(unit: UnitName, policy: Policy) -> bool:
    """Whether it is a unit in which people handle matters."""
    return any(role.handles_disputes for role in roles_in(unit, policy))


def roles_open_to(held: Iterable[Role], unit: UnitName, policy: Policy) -> list[Role]:
    """Those of a unit's roles that whoever is already of these roles may have besides."""
    before = list(held)
    return [role for role in roles_in(unit, policy) if not _clashes([*before, role])]


def check_unit(unit: UnitName, policy: Policy) -> tuple[Role, ...]:
    """The roles that people have in a unit. Raises NotGranted, at the unit, where nobody serves or that is none."""
    if unit != OF_THE_OFFICE:
        try:
            policy.unit(unit)
        except UnknownUnit as error:
            raise NotGranted(str(error), "unit") from None
    there = roles_in(unit, policy)
    if not there:
        raise NotGranted(f"“{unit}”不是有人任职的单位，请照政策中的全称填写", "unit")
    return there


def check_handles(unit: UnitName, policy: Policy) -> None:
    """Whether people handle matters in a unit. Raises NotGranted, at the unit."""
    check_unit(unit, policy)
    if not is_staffed(unit, policy):
        raise NotGranted(f"“{unit}”不是办理案件的单位，请照政策中的全称填写", "unit")


def check_grant(
    wanted: Post, *, by: str, proposed_by: str | None, known: Concerned, policy: Policy, today: date
) -> None:
    """Whether ``by`` may give this post. Raises NotGranted.

    An administrator gives it; never to himself; to whom a head of the unit proposed, himself excepted; heads,
    administrators and auditors are appointed in writing instead.
    """
    standing = [p for p in known.posts if p.stands(today)]
    if not any(p.person == by and p.role is Role.ADMINISTRATOR for p in standing):
        raise NotGranted("只有账号管理员可以授予岗位")
    _check_account(wanted, known)
    if wanted.person in (by, proposed_by):
        raise NotGranted("不能给自己授予岗位，请由另一名管理员办理、由其他负责人提出", "proposed_by")
    _check_place(wanted, policy)
    _check_days(wanted, today)
    if wanted.role not in APPOINTED:
        _check_proposer(wanted, proposed_by, standing, known)
    meeting = [p for p in known.posts if p.meets(wanted)]
    own = [p for p in meeting if p.person == wanted.person]
    _check_new(wanted, own)
    check_exclusive([*own, wanted])
    _check_deputy(wanted, meeting)


def _check_account(wanted: Post, known: Concerned) -> None:
    state = known.accounts.get(wanted.person)
    if state is None:
        raise NotGranted("没有这个账号，请核对", "person")
    if state is AccountState.SUSPENDED:
        raise NotGranted("账号已停用，不能授予岗位；请先恢复账号", "person")


def _check_place(wanted: Post, policy: Policy) -> None:
    """The unit is one of the county's, and there are people of this role in it."""
    there = check_unit(wanted.unit, policy)
    if wanted.role not in there:
        words = "、".join(role.word for role in there)
        raise NotGranted(f"{wanted.unit}没有{wanted.role.word}岗位，可授予：{words}", "role")


def _check_days(wanted: Post, today: date) -> None:
    if wanted.ends is None:
        return
    if wanted.ends < wanted.starts:
        raise NotGranted(f"止日 {wanted.ends} 早于起日 {wanted.starts}，请核对", "ends")
    if wanted.ends < today:
        raise NotGranted(f"止日 {wanted.ends} 已过，这一岗位不会生效，请核对", "ends")


def _check_proposer(wanted: Post, proposed_by: str | None, standing: list[Post], known: Concerned) -> None:
    """A head of the unit who can sign in himself: nobody else says what he wants."""
    if not any(p.person == proposed_by and p.role is Role.HEAD and p.unit == wanted.unit for p in standing):
        raise NotGranted(f"{wanted.role.word}岗位须由{wanted.unit}的单位负责人提出", "proposed_by")
    state = known.accounts.get(proposed_by or "")
    if state is not AccountState.ACTIVE:
        why = "还没有开通，请本人先持凭条开通" if state is AccountState.INVITED else "已停用"
        raise NotGranted(f"提出人的账号{why}；请由账号正常的单位负责人提出", "proposed_by")


def _check_new(wanted: Post, own: list[Post]) -> None:
    same = (wanted.unit, wanted.role, wanted.deputy_for)
    if held := next((p for p in own if (p.unit, p.role, p.deputy_for) == same), None):
        until = f"至 {held.ends} " if held.ends else "长期"
        raise NotGranted(f"本人已有{held.unit}{held.role.word}岗位（{until}有效），不必再授予", "role")


def check_exclusive(posts: Iterable[Post]) -> None:
    """Whether one person may hold these together. Raises NotGranted."""
    if _clashes(p.role for p in posts):
        raise NotGranted("账号管理、审计与案件办理不能由同一人担任（三权分立）", "role")


def _clashes(roles: Iterable[Role]) -> bool:
    held = set(roles)
    powers = [Role.ADMINISTRATOR in held, Role.AUDITOR in held, any(r.handles_disputes for r in held)]
    return sum(powers) > 1


def _check_deputy(wanted: Post, meeting: list[Post]) -> None:
    if wanted.deputy_for is None:
        return
    lent = next((p for p in meeting if p.id == wanted.deputy_for), None)
    if lent is None or (lent.unit, lent.role) != (wanted.unit, wanted.role):
        raise NotGranted("代理的岗位不存在，或单位、角色不一致", "deputy_for")
    if not lent.role.handles_disputes or lent.deputy_for:
        raise NotGranted("这一岗位不能由他人代理", "deputy_for")
    if lent.person == wanted.person:
        raise NotGranted("不能代理自己的岗位", "deputy_for")
    if wanted.ends is None or (wanted.ends - wanted.starts).days >= LONGEST_DEPUTY:
        raise NotGranted(f"代理须写明起止日期，最长 {LONGEST_DEPUTY} 日", "ends")
