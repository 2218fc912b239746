"""Checks on who receives a matter, where it is handed on, and where else it may go."""

from collections.abc import Iterator

from domain.policy import Policy
from domain.policy_check_units import named_units
from domain.policy_problem import Problem

REGISTER = "请写进 units.center_patterns（或 units.others）"


def life_problems(policy: Policy) -> Iterator[Problem]:
    """Receivers, hubs by place, transfer: named units, clocks and towns that are not there."""
    if policy.receiving:
        yield from named_units(policy, "receiving.units", policy.receiving.units)
    for section in ("receiving", "transfer"):
        rules = getattr(policy, section)
        if rules and rules.clock not in policy.clocks:
            what = f"没有时限“{rules.clock}”"
            yield Problem(path=f"{section}.clock", what=what, fix="请在 clocks 中定义")
    yield from _reviews(policy)
    taken: dict[str, str] = {}
    for n, rule in enumerate(policy.hubs):
        if not policy.units.knows(rule.hub):
            yield Problem(
                path=f"hubs.{n}.hub",
                what=f"没有单位“{rule.hub}”",
                fix="请写进 units.center_patterns（或 units.others）",
            )
        for town in rule.towns:
            if town not in policy.county.towns:
                what = f"“{town}”不在本县乡镇中"
                yield Problem(path=f"hubs.{n}.towns", what=what, fix="请写 county.towns 中的乡镇")
            elif town in taken:
                what = f"“{town}”已归{taken[town]}"
                yield Problem(path=f"hubs.{n}.towns", what=what, fix="每个乡镇只归一个接手单位")
            taken.setdefault(town, rule.hub)


def _reviews(policy: Policy) -> Iterator[Problem]:
    levels = [t.name for t in policy.tiers]
    for n, rule in enumerate(policy.reviews):
        path = f"reviews.{n}"
        if rule.name in [r.name for r in policy.reviews[:n]]:
            yield Problem(path=f"{path}.name", what=f"两个清单都叫“{rule.name}”", fix="请另起一个名称")
        if rule.every == "week" and rule.day > 7:
            yield Problem(path=f"{path}.day", what="一周没有这一天", fix="请写 1（星期一）至 7")
        if rule.unit not in policy.units.roles:
            yield Problem(path=f"{path}.unit", what=f"没有角色“{rule.unit}”", fix="请写 units.roles 中的角色")
        for level in rule.tiers:
            if level not in levels:
                yield Problem(
                    path=f"{path}.tiers", what=f"没有等级“{level}”", fix=f"可写：{'、'.join(levels)}"
                )
