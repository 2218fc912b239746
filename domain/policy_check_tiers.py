"""Checks on tiers, routes and risk indicators: tiers within reach, steps owned, clocked, ending."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from string import Formatter

from domain.policy import Policy
from domain.policy_check_clocks import supervises_itself
from domain.policy_conditions import OWN, Condition, can_be_unknown
from domain.policy_problem import Problem
from domain.policy_reach import find_matter
from domain.policy_routes import ENDING_STEPS, RouteStep, Tier
from domain.words import ABOVE, Step

MEETING_STEPS = (Step.CONSULT, Step.JOINT_MEETING)
DECIDING_STEPS = (Step.ON_THE_SPOT, Step.DISPOSE)


def tier_problems(policy: Policy) -> Iterator[Problem]:
    """Order, names, references and routes of the tiers."""
    for n, (lower, upper) in enumerate(pairwise(policy.tiers)):
        if lower.rank >= upper.rank:
            what = f"“{upper.name}”的 rank 不高于“{lower.name}”，同一事项会落入两个等级"
            yield Problem(path=f"tiers.{n + 1}.rank", what=what, fix="请由低到高排列，rank 逐级加大")
    for key in ("name", "path"):
        repeated = [v for v, times in Counter(getattr(t, key) for t in policy.tiers).items() if times > 1]
        for value in repeated:
            yield Problem(path="tiers", what=f"两个等级的 {key} 都是“{value}”", fix="每个等级须各不相同")
    for n, tier in enumerate(policy.tiers):
        yield from _references(policy, tier, f"tiers.{n}")
        yield from _route(policy, tier, f"tiers.{n}.route")


def _references(policy: Policy, tier: Tier, path: str) -> Iterator[Problem]:
    if tier.total not in policy.clocks:
        yield Problem(path=f"{path}.total", what=f"没有时限“{tier.total}”", fix="请在 clocks 中定义")
    for key in ("organiser", "downgrade_approver"):
        role = getattr(tier, key)
        if role is not None and role not in policy.units.roles:
            yield Problem(path=f"{path}.{key}", what=f"没有角色“{role}”", fix="请写 units.roles 中的角色")
    for name in tier.documents:
        if name not in policy.documents:
            yield Problem(path=f"{path}.documents", what=f"没有文书“{name}”", fix="请在 documents 中定义")
    if tier.notifier not in ("lead", "center", *policy.units.roles):
        yield Problem(
            path=f"{path}.notifier",
            what=f"没有角色“{tier.notifier}”，结果无人告知",
            fix="请写 lead（主办单位）、center（枢纽）或 units.roles 中的角色",
        )
    if tier.feedback and tier.notifier != "lead":
        yield Problem(
            path=f"{path}.feedback",
            what=f"“{tier.name}”的结果不由主办单位告知，无须其反馈",
            fix="请删去 feedback，或将 notifier 改为 lead",
        )
    yield from _ending(policy, tier, path)
    if tier.handler == "lead" and any(s.step in MEETING_STEPS for s in tier.required):
        yield Problem(path=f"{path}.handler", what="必经会商或联席会议的等级不是单独办理", fix="请改为 joint")


def _ending(policy: Policy, tier: Tier, path: str) -> Iterator[Problem]:
    """How a tier ends: callbacks, execution, who closes."""
    rules = tier.callback
    named = (("closed_by", tier.closed_by, "结案"), ("callback.by", rules.by, "回访"))
    for key, word, what in named:
        if word not in ("lead", "center", *policy.units.roles):
            fix = "请写 lead（主办单位）、center（枢纽）或 units.roles 中的角色"
            yield Problem(path=f"{path}.{key}", what=f"没有角色“{word}”，无人{what}", fix=fix)
    used = {1: ("clock", "again"), 2: ("clock", "again")}.get(rules.rounds, ())
    for key in used:
        clock = getattr(rules, key)
        if clock not in policy.clocks:
            yield Problem(
                path=f"{path}.callback.{key}",
                what=f"没有时限“{clock}”",
                fix="请在 clocks 中定义，或写 rounds: 0",
            )
    if tier.closes_with_answer and (rules.rounds or tier.execution):
        what = "答复即办结的等级又要回访或后续执行"
        fix = "请写 callback: {rounds: 0} 和 execution: false，或删去 closes_with_answer"
        yield Problem(path=f"{path}.closes_with_answer", what=what, fix=fix)


def _route(policy: Policy, tier: Tier, path: str) -> Iterator[Problem]:
    seen = Counter(s.step for s in tier.route)
    for step, times in seen.items():
        if times > 1:
            yield Problem(path=path, what=f"步骤 {step.value} 出现两次，路线会绕圈", fix="每个步骤只写一次")
    for n, step in enumerate(tier.route):
        yield from _step(policy, tier, step, f"{path}.{n}")
    required = tier.required
    yield from _order(tier, path)
    if not required:
        yield Problem(path=path, what="没有一个必经步骤", fix="请至少写一个 required 的步骤")
    elif tier.route[-1].step not in ENDING_STEPS or required[-1].step not in ENDING_STEPS:
        what = f"“{tier.name}”的路线没有出口，最后没有形成可告知当事人的结果"
        yield Problem(path=path, what=what, fix=f"请以 {'、'.join(s.value for s in ENDING_STEPS)} 之一收尾")
    if tier.route[0].required is False:
        yield Problem(path=f"{path}.0", what="第一步须为必经步骤", fix="请去掉 required: false 或调整次序")


def _order(tier: Tier, path: str) -> Iterator[Problem]:
    """What comes after the matter is decided can no longer be handling; what is finished on the spot needs no more."""
    decided = next((n for n, s in enumerate(tier.route) if s.step in DECIDING_STEPS), None)
    if decided is None:
        return
    word = tier.route[decided].step.word
    for n, step in enumerate(tier.route[decided + 1 :], decided + 1):
        if step.step != Step.GUIDE:
            what = f"{step.step.word}排在{word}之后，那时事项已有结果"
            yield Problem(path=f"{path}.{n}", what=what, fix=f"请排到 {tier.route[decided].step.value} 之前")
    if tier.route[decided].step == Step.ON_THE_SPOT and len(tier.required) > 1:
        other = next(s for s in tier.required if s.step != Step.ON_THE_SPOT)
        what = f"当场办结的路线又必经{other.step.word}"
        fix = "请改用 dispose，或给其他步骤写 required: false"
        yield Problem(path=f"{path}.{tier.route.index(other)}", what=what, fix=fix)


def _step(policy: Policy, tier: Tier, step: RouteStep, path: str) -> Iterator[Problem]:
    owner = tier.organiser if step.owner == "organiser" else step.owner
    if owner != "lead" and owner not in policy.units.roles:
        yield Problem(
            path=f"{path}.owner",
            what=f"没有角色“{owner}”",
            fix="请写 units.roles 中的角色、lead 或 organiser",
        )
    yield from _above(policy, step, path)
    rule = policy.clocks.get(step.clock)
    if rule is None:
        yield Problem(path=f"{path}.clock", what=f"没有时限“{step.clock}”", fix="请在 clocks 中定义")
        return
    if rule.ladder is None:
        what = f"步骤 {step.step.value} 的时限“{rule.name}”没有预警，到期无人知晓"
        yield Problem(path=f"{path}.clock", what=what, fix="请给该时限写 ladder，或换一个时限")
    roles = policy.units.roles
    if owner in roles and supervises_itself(policy, step.clock, roles[owner]):
        what = f"{roles[owner]}自己督办自己的“{rule.name}”，督办形成循环"
        fix = f"请在 ladders.{rule.ladder}.supervisor 中再列一个督办单位，或换用由他人督办的 ladder"
        yield Problem(path=f"{path}.owner", what=what, fix=fix)


def _above(policy: Policy, step: RouteStep, path: str) -> Iterator[Problem]:
    """What only a step that asks somebody above may have, and that it asks somebody above."""
    if step.step in ABOVE and step.owner in ("lead", "organiser", "center"):
        what = f"{step.step.word}的 owner 是被请示的上级，不能是承办的一方（{step.owner}）"
        yield Problem(path=f"{path}.owner", what=what, fix="请写上级单位的角色，如 city")
    for name in step.papers:
        if name not in policy.documents:
            yield Problem(path=f"{path}.papers", what=f"没有文书“{name}”", fix="请在 documents 中定义")
    for role in step.upward:
        if role not in policy.units.roles:
            yield Problem(path=f"{path}.upward", what=f"没有角色“{role}”", fix="请写 units.roles 中的角色")
    for key in ("papers", "upward"):
        if getattr(step, key) and step.step not in ABOVE:
            what = f"{step.step.word}不报上级，不能写 {key}"
            fix = f"请删去；只有 {'、'.join(ABOVE)} 可以写"
            yield Problem(path=f"{path}.{key}", what=what, fix=fix)


def indicator_problems(policy: Policy) -> Iterator[Problem]:
    """Indicators name a tier above the lowest, each its own, each able to fire; every tier can be reached."""
    ranks = {tier.name: n for n, tier in enumerate(policy.tiers)}
    for code, times in Counter(i.code for i in policy.indicators).items():
        if times > 1:
            yield Problem(path="indicators", what=f"指标代码“{code}”重复", fix="请另起一个代码")
    for n, rule in enumerate(policy.indicators):
        path = f"indicators.{n}"
        if rule.tier not in ranks:
            yield Problem(path=f"{path}.tier", what=f"没有等级“{rule.tier}”", fix=f"可写：{'、'.join(ranks)}")
        elif ranks[rule.tier] == 0:
            what = f"“{rule.tier}”是最低等级，都不成立时即为该等级，无须指标"
            yield Problem(path=f"{path}.tier", what=what, fix="请删去，或改为较高等级")
        twins = [o for o in policy.indicators[:n] if o.when == rule.when]
        if twins:
            what = f"与指标“{twins[0].text}”条件相同，同一情形归入“{twins[0].tier}”和“{rule.tier}”"
            yield Problem(path=f"{path}.when", what=what, fix="请只留一条")
        yield from _own_facts(policy, rule.when, f"{path}.when")
        if rule.unknown == "fires" and not any(p.fact and can_be_unknown(p.fact) for p in rule.when.parts()):
            what = "条件中的事实没有“不明”的时候，unknown 不起作用"
            yield Problem(path=f"{path}.unknown", what=what, fix="请删去 unknown")
        if find_matter([rule.when], []) is None:
            yield Problem(path=f"{path}.when", what=f"指标“{rule.text}”的条件永远不会成立", fix="请核对条件")
        facts = {p.fact for p in rule.when.parts()}
        for name in (field for _, field, _, _ in Formatter().parse(rule.text) if field is not None):
            if name not in facts:
                yield Problem(path=f"{path}.text", what=f"{{{name}}} 不是本条件用到的事实", fix="请核对")
    if all(rule.tier in ranks for rule in policy.indicators):
        yield from _unreachable(policy, ranks)
        yield from _gaps(policy, ranks)


def _own_facts(policy: Policy, when: Condition, path: str) -> Iterator[Problem]:
    for part in when.parts():
        if part.fact and part.fact.startswith(OWN) and part.fact.removeprefix(OWN) not in policy.facts:
            known = "、".join(policy.facts) or "还没有"
            yield Problem(
                path=path, what=f"没有自设的事实“{part.fact}”", fix=f"请在 facts 中写明；现有：{known}"
            )


def _unreachable(policy: Policy, ranks: dict[str, int]) -> Iterator[Problem]:
    for n, tier in enumerate(policy.tiers):
        higher = [i.when for i in policy.indicators if ranks[i.tier] > n]
        own = [i.when for i in policy.indicators if ranks[i.tier] == n]
        options: list[list[Condition]] = [[]] if n == 0 else [[when] for when in own]
        if not any(find_matter(meets, higher) is not None for meets in options):
            what = f"没有事项会落入“{tier.name}”" + ("" if own or n == 0 else "：没有指标指向它")
            yield Problem(path=f"tiers.{n}", what=what, fix="请为它写指标，或核对更高等级的指标")


def _gaps(policy: Policy, ranks: dict[str, int]) -> Iterator[Problem]:
    """Beyond an upper limit no matter may fall to a lower tier: 3–20 people and 30 on leave out 21–29."""
    for n, rule in enumerate(policy.indicators):
        if rule.when.fact is None or rule.when.at_most is None:
            continue
        beyond = rule.when.at_most + 1
        next_ = Condition(fact=rule.when.fact, at_least=beyond, at_most=beyond)
        at_least_as_high = [i.when for i in policy.indicators if ranks[i.tier] >= ranks[rule.tier]]
        if find_matter([next_], at_least_as_high) is not None:
            what = f"{rule.when.fact} 为 {beyond} 时反而落入低于“{rule.tier}”的等级，等级之间有空档"
            yield Problem(path=f"indicators.{n}.when", what=what, fix="请放宽 at_most，或降低更高等级的起点")
