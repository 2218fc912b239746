"""What will happen to a matter of a tier, told in Chinese: route, owners, clocks, papers, and how it ends."""

import re
from collections.abc import Iterator

from domain.actions import VERBS
from domain.policy import Policy
from domain.policy_routes import IndicatorRule, RouteStep, Tier

COUNTED_FROM = {"acceptance": "受理", "tier": "进入本等级", "receipt": "收件"}


def explain_tier(policy: Policy, tier: Tier) -> list[str]:
    """Line by line, in the county's words."""
    return [policy.say(line) for line in _lines(policy, tier)]


def _lines(policy: Policy, tier: Tier) -> Iterator[str]:
    yield f"等级“{tier.name}”，办理方式“{tier.path}”（依据：{tier.basis}）"
    yield from _when(policy, tier)
    yield from _receiving(policy)
    total = policy.clock(tier.total)
    yield f"办理总时限：{total.text}，自{COUNTED_FROM[tier.total_from]}起算{_heard(policy, tier.total)}"
    if tier.report_urgently:
        yield f"立即报告：{_clock(policy, 'urgent_report')}"
    for number, step in enumerate(tier.route, start=1):
        yield f"第{number}步 {_step(policy, tier, step)}"
    yield f"告知：由{unit_words(policy, tier, tier.notifier)}告知当事人，{_clock(policy, 'result_notice')}"
    yield from _ending(policy, tier)
    papers = [policy.paper(name) for name in tier.documents if not policy.documents[name].omit]
    if papers:
        yield f"结案文书：{'、'.join(papers)}"
    yield f"保管期限：{tier.retention_years}年" if tier.retention_years else "保管期限：永久"
    for name, rule in policy.documents.items():
        if rule.on and not rule.omit and (not rule.tiers or tier.name in rule.tiers):
            yield f"另出文书：{policy.paper(name)}，于{'、'.join(VERBS[kind] for kind in rule.on)}时"


def _when(policy: Policy, tier: Tier) -> Iterator[str]:
    own = [_sign(rule) for rule in policy.indicators if rule.tier == tier.name]
    if tier == policy.tiers[0]:
        yield "何时：没有指标成立的"
    else:
        yield f"何时：{'；'.join(own)}" + ("，且没有更高等级的指标成立" if tier != policy.tiers[-1] else "")


def _sign(rule: IndicatorRule) -> str:
    """An indicator with the values it looks for in the place of the one it will find."""
    found = {p.fact: "或".join(map(str, p.values())) for p in rule.when.parts() if p.fact}
    text = re.sub(r"\{(\w+)\}", lambda field: found.get(field[1]) or "…", rule.text)
    return f"{text}{'（不明也算）' if rule.unknown == 'fires' else ''}"


def _receiving(policy: Policy) -> Iterator[str]:
    if policy.receiving:
        who = "、".join(policy.units.roles.get(word, word.strip("*")) for word in policy.receiving.units)
        yield f"收件：{who}都可收件，先由收件单位办理或移交，{_clock(policy, policy.receiving.clock)}"
    for hub in policy.hubs:
        yield f"接手：{'、'.join(hub.towns)}的由{hub.hub}接手"
    yield f"分派：{_clock(policy, 'triage')}"


def _step(policy: Policy, tier: Tier, step: RouteStep) -> str:
    owners = [unit_words(policy, tier, step.owner), *(unit_words(policy, tier, role) for role in step.upward)]
    needed = "" if step.required else "，需要时办理"
    papers = "，随附" + "、".join(policy.paper(name) for name in step.papers) if step.papers else ""
    return f"{step.word}：{'，再上报'.join(owners)}，{_clock(policy, step.clock)}{needed}{papers}"


def _ending(policy: Policy, tier: Tier) -> Iterator[str]:
    if tier.execution:
        yield f"执行：由主办单位，{_clock(policy, 'execution')}"
    else:
        yield f"执行：只办理认定后未到账的金额，由主办单位，{_clock(policy, 'execution')}"
    rules = tier.callback
    if rules.rounds:
        who = unit_words(policy, tier, rules.by)
        again = f"；执行后再回访一次，{_clock(policy, rules.again)}" if rules.rounds > 1 else ""
        yield f"回访：由{who}，{_clock(policy, rules.clock)}{again}"
    else:
        yield "回访：不回访"
    if tier.closes_with_answer:
        yield "办结：答复当事人即办结"
    yield f"结案归档：由{unit_words(policy, tier, tier.closed_by)}，{_clock(policy, 'close')}"


def unit_words(policy: Policy, tier: Tier, word: str) -> str:
    """Who stands behind a role in a tier."""
    match word:
        case "lead":
            return "主办单位"
        case "organiser":
            return unit_words(policy, tier, tier.organiser)
        case "center" if policy.receiving or policy.hubs or policy.units.center_patterns:
            return f"本案接手单位（{policy.units.roles['center']}等）"
        case _:
            return policy.units.roles.get(word, word)


def _clock(policy: Policy, clock_id: str) -> str:
    rule = policy.clocks.get(clock_id)
    return f"{rule.name} {rule.text}{_heard(policy, clock_id)}" if rule else "不计时"


def _heard(policy: Policy, clock_id: str) -> str:
    rule = policy.clock(clock_id)
    ladder = policy.ladder(rule.ladder)
    longer = f"，可延长{rule.max_extension}" if rule.max_extension else ""
    return f"（{'、'.join(rung.alarm for rung in ladder.rungs)}{longer}）" if ladder else ""
