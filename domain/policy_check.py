"""What must hold of any policy, so that no matter is ever without a level, an owner, a clock or a way out.

Every matter falls into exactly one tier by construction: the highest an indicator names, else the lowest.
Left to prove: the tiers are in order and within reach, no clock leads in a circle, all that is named exists.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from domain.actions import FORMS
from domain.policy import Policy
from domain.policy_check_clocks import clock_problems
from domain.policy_check_life import life_problems
from domain.policy_check_notices import notice_problems
from domain.policy_check_remedies import remedy_problems
from domain.policy_check_rights import rights_problems
from domain.policy_check_routing import routing_problems
from domain.policy_check_tiers import indicator_problems, tier_problems
from domain.policy_check_units import REQUIRED, unit_problems
from domain.policy_problem import Problem
from domain.policy_units import ROLE_WORDS

__all__ = ["Problem", "check"]

DOCUMENTS = (
    "受理通知书", "补正通知书", "移送告知书", "不予受理/移送告知书", "交办单", "风险评估表", "介入邀请函", "会商通知", "会商纪要",
    "联席会议提请单", "联席会议纪要", "紧急信息报告", "督办单", "调解申请书", "调解笔录", "调解协议书", "调解终止书",
    "调查笔录", "调查核实报告", "处置意见书", "办理结果告知书", "限期缴纳通知书", "催告书",
    "仲裁/诉讼指引告知书", "撤回申请书", "终止确认书", "回访记录表", "结案审批表", "归档目录",
)  # fmt: skip
"""Papers the mechanism registers by itself."""

ISSUERS = ("lead", "actor", "mediator")
"""Issuers of a paper that are no roles."""

REFUSALS = tuple(f"N{n}" for n in range(1, 12))


def check(policy: Policy) -> list[Problem]:
    """Every fault of the policy, with its place, what is wrong and what to do; empty when it can be used."""
    return [
        *unit_problems(policy),
        *_missing(policy),
        *tier_problems(policy),
        *indicator_problems(policy),
        *clock_problems(policy),
        *routing_problems(policy),
        *life_problems(policy),
        *_document_problems(policy),
        *_callback_problems(policy),
        *_time_node_problems(policy),
        *remedy_problems(policy),
        *_card_problems(policy),
        *rights_problems(policy),
        *notice_problems(policy),
    ]


def _missing(policy: Policy) -> Iterator[Problem]:
    def absent(section: str, what: str, needed: Iterable[str], given: Iterable[str]) -> Iterator[Problem]:
        have = set(given)
        for name in needed:
            if name not in have:
                yield Problem(path=section, what=f"缺少{what}“{name}”", fix="请补上")

    yield from absent("documents", "文书", DOCUMENTS, policy.documents)
    yield from absent("refusals", "不予受理代码", REFUSALS, policy.refusals)
    for section in ("agreement", "guidance"):
        rules = getattr(policy, section).forbidden
        for rule_id, times in Counter(r.id for r in rules).items():
            if times > 1:
                yield Problem(path=f"{section}.forbidden", what=f"id“{rule_id}”重复", fix="请另起一个 id")


def _document_problems(policy: Policy) -> Iterator[Problem]:
    levels = [t.name for t in policy.tiers]
    called = Counter(policy.paper(name) for name in policy.documents)
    for name, rule in policy.documents.items():
        path = f"documents.{name}"
        if called[policy.paper(name)] > 1:
            yield Problem(
                path=f"{path}.name", what=f"有两种文书都叫“{policy.paper(name)}”", fix="请另起一个名称"
            )
        for kind in rule.on:
            if kind not in FORMS:
                near = "、".join(get_close_matches(kind, FORMS, n=3, cutoff=0.3))
                fix = f"是否为：{near}" if near else "代码见 fengqiao template --list"
                yield Problem(path=f"{path}.on", what=f"没有操作“{kind}”", fix=fix)
        for level in rule.tiers:
            if level not in levels:
                yield Problem(
                    path=f"{path}.tiers", what=f"没有等级“{level}”", fix=f"可写：{'、'.join(levels)}"
                )
        if rule.tiers and not rule.on:
            yield Problem(path=f"{path}.tiers", what="没有写 on，tiers 不起作用", fix="请写 on，或删去 tiers")
        if rule.issuer not in (*policy.units.roles, *ISSUERS):
            yield from _no_role(rule.issuer, f"documents.{name}.issuer", f"文书“{name}”由它出具")
        for word in rule.to.split("/"):
            if word in ROLE_WORDS:  # a role the county fills has been replaced by its unit
                yield from _no_role(word, f"documents.{name}.to", f"文书“{name}”写给它")


def _no_role(role: str, path: str, why: str) -> Iterator[Problem]:
    if role not in ROLE_WORDS:
        yield Problem(path=path, what=f"没有角色“{role}”，{why}", fix=f"请写角色或 {'、'.join(ISSUERS)}")
    elif role not in REQUIRED:
        what = f"缺少角色“{role}”（{ROLE_WORDS[role]}）：{why}"
        yield Problem(path="units.roles", what=what, fix=f"请补上，或改写 {path}")


def _time_node_problems(policy: Policy) -> Iterator[Problem]:
    known = policy.calendar.festivals
    for n, node in enumerate(policy.time_nodes):
        if node.festival and node.festival not in known:
            yield Problem(
                path=f"time_nodes.{n}.festival",
                what=f"日历中没有节日“{node.festival}”的日期",
                fix=f"请在 calendar.festivals 中补上，或改写；现有：{'、'.join(known) or '无'}",
            )


def _callback_problems(policy: Policy) -> Iterator[Problem]:
    rules = policy.callback
    if not rules.categories:
        yield Problem(path="callback.categories", what="没有不满意类别", fix="请至少写一类，说明其后如何办理")
    if rules.attempts > 1 and rules.min_days_between < 1:
        yield Problem(
            path="callback.min_days_between", what="多次回访须在不同日期进行", fix="请写 1 以上的天数"
        )


def _card_problems(policy: Policy) -> Iterator[Problem]:
    rules, roles = policy.cards, policy.units.roles
    window = policy.clocks.get(rules.appeal)
    if window is None or window.kind != "window":
        what = f"“{rules.appeal}”不是可以申诉的期限"
        yield Problem(path="cards.appeal", what=what, fix="请写 clocks 中 kind 为 window 的时限")
    for word in rules.decided_by:
        if word not in roles and word not in ROLE_WORDS and not policy.units.knows(word):
            yield Problem(
                path="cards.decided_by",
                what=f"没有角色或单位“{word}”",
                fix="请写 units.roles 中的角色或单位名称",
            )
    deciding = {roles.get(w, w) for w in rules.decided_by if policy.units.knows(roles.get(w, w))}
    if len(deciding) < 2:
        what = f"黄牌、红牌只有{'、'.join(deciding) or '零个单位'}可以决定，其自己的牌无人决定"
        yield Problem(
            path="units.roles",
            what=what,
            fix=f"请写明{'、'.join(rules.decided_by)}中的至少两个，或改写 cards.decided_by",
        )
