"""What of a policy nothing uses: such a rule looks as if it held, and changes nothing. No fault, but worth a word."""

from collections.abc import Iterator

from domain.policy import Policy
from domain.policy_check import DOCUMENTS
from domain.policy_check_clocks import needed_clocks
from domain.policy_conditions import OWN, Condition
from domain.policy_problem import Problem
from domain.policy_units import ROLE_WORDS

MORE_DOCUMENTS = ("催告书", "典型案例表")
"""Papers of the national layer that the mechanism draws up or tiers ask for."""


def dead(policy: Policy) -> list[Problem]:
    """Every clock, ladder, role, paper, own fact and setting that nothing uses, with its place and what to do."""
    return [
        *_clocks(policy),
        *_roles(policy),
        *_papers(policy),
        *_facts(policy),
        *_places(policy),
        *_settings(policy),
    ]


def _unused(path: str, what: str, fix: str) -> Problem:
    return Problem(path=path, what=f"{what}没有用到", fix=fix)


def _clocks(policy: Policy) -> Iterator[Problem]:
    used = {clock for clock, _ in needed_clocks(policy)}
    used |= {clock for clocks in policy.channel_clocks.values() for clock in clocks}
    for tier in policy.tiers:
        used |= {tier.total, *(s.clock for s in tier.route)}
        used |= {tier.callback.clock, tier.callback.again} if tier.callback.rounds else set()
    used |= {rules.clock for rules in (policy.receiving, policy.transfer) if rules}
    for clock_id, rule in policy.clocks.items():
        if clock_id not in used and rule.kind == "internal":
            yield _unused(f"clocks.{clock_id}", f"时限“{rule.name}”", "请删去，或写进某一步骤、等级")
    ladders = {rule.ladder for rule in policy.clocks.values()}
    for ladder_id in policy.ladders:
        if ladder_id not in ladders:
            yield _unused(f"ladders.{ladder_id}", f"预警阶梯“{ladder_id}”", "请删去，或写进某一时限")


def _roles(policy: Policy) -> Iterator[Problem]:
    named: set[str] = set()
    for tier in policy.tiers:
        named |= {
            tier.notifier,
            tier.organiser,
            tier.closed_by,
            tier.callback.by,
            tier.downgrade_approver or "",
        }
        named |= {word for s in tier.route for word in (s.owner, *s.upward)}
    routing = policy.routing
    named |= {word for row in routing.rows for word in (row.lead, *row.co)}
    named |= {choice.lead for choice in routing.several} | {u for m in routing.modifiers for u in m.add}
    named |= {word for ladder in policy.ladders.values() for word in ladder.supervisor}
    named |= {
        word for name in type(policy.powers).model_fields for word in getattr(policy.powers, name).units
    }
    named |= {word for rule in policy.documents.values() for word in (rule.issuer, *rule.to.split("/"))}
    named |= {word for rule in policy.identities.values() for word in rule.may_view}
    named |= {*policy.investigators.units, *(policy.receiving.units if policy.receiving else ())}
    named |= {rule.unit for rule in policy.reviews} | ({policy.leads.unit} if policy.leads else set())
    for role, unit in policy.units.roles.items():
        if role not in ROLE_WORDS and not {role, unit} & named:
            yield _unused(f"units.roles.{role}", f"角色“{role}”（{unit}）", "请删去，或把单位写进 others")


def _papers(policy: Policy) -> Iterator[Problem]:
    drawn_up = {*DOCUMENTS, *MORE_DOCUMENTS}
    for tier in policy.tiers:
        drawn_up |= {*tier.documents, *(name for s in tier.route for name in s.papers)}
    for name, rule in policy.documents.items():
        path = f"documents.{name}"
        if name not in drawn_up and not rule.on:
            fix = "请写 on（哪些操作时出具），或写进步骤的 papers、等级的 documents"
            yield _unused(path, f"文书“{name}”", fix)


def _conditions(policy: Policy) -> list[Condition]:
    whole = [*(i.when for i in policy.indicators), *(m.when for m in policy.routing.modifiers)]
    return [part for when in whole for part in when.parts()]


def _facts(policy: Policy) -> Iterator[Problem]:
    asked = {part.fact for part in _conditions(policy)}
    for name, fact in policy.facts.items():
        if OWN + name not in asked:
            fix = f"请在指标或分流的条件中写 {OWN}{name}，或删去"
            yield _unused(f"facts.{name}", f"自设的事实“{name}”（{fact.ask}）", fix)
    if policy.special_groups and "special_groups" not in asked:
        yield _unused("special_groups", "特殊人群名单", "请写一条 special_groups 的指标，或写 []")


def _places(policy: Policy) -> Iterator[Problem]:
    """Towns that no hub of a place looks after: the county's hub has them."""
    having = {town for rule in policy.hubs for town in rule.towns}
    left = [town for town in policy.county.towns if town not in having]
    if policy.hubs and left:
        what = f"{'、'.join(left)}没有自己的接手单位，归{policy.units.roles['center']}"
        yield Problem(path="hubs", what=what, fix="有意如此的不必改；否则请给它们写一行")


def _settings(policy: Policy) -> Iterator[Problem]:
    if policy.tiers[0].downgrade_approver:
        yield _unused("tiers.0.downgrade_approver", "最低等级的降级审批", "请删去")
    for n, tier in enumerate(policy.tiers):
        if not tier.callback.rounds and tier.callback.by != "center":
            yield _unused(f"tiers.{n}.callback.by", "不回访的等级的回访单位", "请删去 by")
    if len(policy.tiers) == 1 and policy.time_nodes:
        yield _unused("time_nodes", "只有一个等级，时间节点", "请删去")
    categories = {rule.category for rule in policy.routing.categories}
    for n, row in enumerate(policy.routing.rows):
        if row.category not in categories:
            fix = f"没有诉求归入“{row.category}”，请删去，或在 categories 中写明"
            yield _unused(f"routing.rows.{n}", f"类别“{row.category}”的这一行", fix)
