"""What must hold of any policy, so that no matter is ever without a level, an owner, a clock or a way out.

Every matter falls into exactly one tier by construction: the highest an indicator names, else the lowest.
Left to prove: the tiers are in order and within reach, no clock leads in a circle, all that is named exists.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

from domain.clocks import AlarmKind, Ladder
from domain.policy import Policy
from domain.policy_check_routing import routing_problems
from domain.policy_check_tiers import indicator_problems, tier_problems
from domain.policy_problem import Problem

__all__ = ["Problem", "check"]

ROLES = (
    "center", "tax", "hrss", "medical", "justice", "petition", "court", "police", "joint_office",
    "politics_law", "county_gov", "city", "mediation", "applicant", "respondent", "system", "grid",
)  # fmt: skip
"""Roles the mechanism speaks of."""

CLOCKS = (
    "triage", "intake_notice", "supplement", "sign", "return_window", "redispatch", "assist",
    "extension_decision", "override_approval", "legal_review", "urgent_report", "consult", "opinion",
    "objection", "joint_meeting", "minutes", "resolution", "city_reply", "supervision", "mediation",
    "investigation", "guidance_choice", "suspension_review", "result_notice", "execution",
    "instalment", "enforcement_earliest", "first_callback", "second_callback", "callback_retry",
    "explain", "reopen_decision", "rehandle", "withdraw_check", "lead_register", "lead_check", "close",
)  # fmt: skip
"""Clocks the mechanism starts by itself, besides the tiers' and the channels'."""

DOCUMENTS = (
    "受理通知书", "补正通知书", "不予受理/移送告知书", "交办单", "风险评估表", "会商通知", "会商纪要",
    "联席会议提请单", "联席会议纪要", "督办单", "调解申请书", "调解笔录", "调解协议书", "调解终止书",
    "调查笔录", "调查核实报告", "处置意见书", "办理结果告知书", "限期缴纳通知书",
    "仲裁/诉讼指引告知书", "撤回申请书", "终止确认书", "回访记录表", "结案审批表", "归档目录",
)  # fmt: skip
"""Papers the mechanism registers by itself."""

REFUSALS = tuple(f"N{n}" for n in range(1, 12))


def check(policy: Policy) -> list[Problem]:
    """Every fault of the policy, with its place, what is wrong and what to do; empty when it can be used."""
    return [
        *_missing(policy),
        *tier_problems(policy),
        *indicator_problems(policy),
        *_clock_problems(policy),
        *_ladder_problems(policy),
        *_cycles(policy),
        *routing_problems(policy),
        *_document_problems(policy),
        *_callback_problems(policy),
    ]


def _missing(policy: Policy) -> Iterator[Problem]:
    def absent(section: str, what: str, needed: Iterable[str], given: Iterable[str]) -> Iterator[Problem]:
        have = set(given)
        for name in needed:
            if name not in have:
                yield Problem(path=section, what=f"缺少{what}“{name}”", fix="请补上")

    yield from absent("units.roles", "角色", ROLES, policy.units.roles)
    yield from absent("clocks", "时限", CLOCKS, policy.clocks)
    yield from absent("documents", "文书", DOCUMENTS, policy.documents)
    yield from absent("refusals", "不予受理代码", REFUSALS, policy.refusals)
    yield from absent("callback.categories", "不满意类别", "abc", policy.callback.categories)
    for section in ("agreement", "guidance"):
        rules = getattr(policy, section).forbidden
        for rule_id, times in Counter(r.id for r in rules).items():
            if times > 1:
                yield Problem(path=f"{section}.forbidden", what=f"id“{rule_id}”重复", fix="请另起一个 id")


def _clock_problems(policy: Policy) -> Iterator[Problem]:
    for clock_id, rule in policy.clocks.items():
        path = f"clocks.{clock_id}"
        if rule.ladder is not None and rule.ladder not in policy.ladders:
            yield Problem(
                path=f"{path}.ladder", what=f"没有预警阶梯“{rule.ladder}”", fix="请在 ladders 中定义"
            )
        if rule.ladder is None and rule.kind in ("internal", "statutory"):
            yield Problem(path=path, what=f"时限“{rule.name}”到期无人知晓", fix="请写 ladder")
    for channel, clock_ids in policy.channel_clocks.items():
        for clock_id in clock_ids:
            rule = policy.clocks.get(clock_id)
            if rule is None or rule.kind != "statutory":
                yield Problem(
                    path=f"channel_clocks.{channel}",
                    what=f"“{clock_id}”不是法定时限",
                    fix="请写 clocks 中 kind 为 statutory 的时限",
                )


def _ladder_problems(policy: Policy) -> Iterator[Problem]:
    for ladder_id, ladder in policy.ladders.items():
        path = f"ladders.{ladder_id}"
        if ladder.supervisor not in policy.units.roles:
            yield Problem(
                path=f"{path}.supervisor",
                what=f"没有角色“{ladder.supervisor}”",
                fix="请写 units.roles 中的角色",
            )
        moments = [(r.working_days_after_due or 0, r.fraction or 0) for r in ladder.rungs]
        if moments != sorted(moments):
            yield Problem(path=f"{path}.rungs", what="预警先后次序颠倒", fix="请由早到晚排列")
        repeated = [kind for kind, times in Counter(r.alarm for r in ladder.rungs).items() if times > 1]
        if repeated:
            yield Problem(path=f"{path}.rungs", what=f"“{repeated[0]}”写了两次", fix="每种预警只写一次")
        red = [r for r in ladder.rungs if r.alarm == AlarmKind.RED]
        if not red or red[0].fraction != 1:
            yield Problem(path=f"{path}.rungs", what="到期时没有红牌", fix="请写 {alarm: 红牌, fraction: 1}")


def _alarms(ladder: Ladder | None) -> set[AlarmKind]:
    return {r.alarm for r in ladder.rungs} if ladder else set()


def _cycles(policy: Policy) -> Iterator[Problem]:
    """A supervision is itself on the clock, and so is a joint meeting; their ladders must come to an end."""

    def leads_to(clock_id: str) -> list[str]:
        rule = policy.clocks.get(clock_id)
        alarms = _alarms(policy.ladders.get(rule.ladder)) if rule and rule.ladder else set[AlarmKind]()
        onward = {AlarmKind.SUPERVISE: "supervision", AlarmKind.ESCALATE: "joint_meeting"}
        return [target for alarm, target in onward.items() if alarm in alarms]

    def walk(clock_id: str, seen: tuple[str, ...]) -> tuple[str, ...] | None:
        if clock_id in seen:
            return (*seen[seen.index(clock_id) :], clock_id)
        return next(
            (loop for target in leads_to(clock_id) if (loop := walk(target, (*seen, clock_id)))), None
        )

    loops = {frozenset(loop): loop for start in ("supervision", "joint_meeting") if (loop := walk(start, ()))}
    for loop in loops.values():
        names = " → ".join(policy.clocks[c].name for c in loop)
        yield Problem(
            path=f"clocks.{loop[0]}.ladder",
            what=f"督办、升级循环：{names}",
            fix="请为其中一环换用不再升级的 ladder",
        )


def _document_problems(policy: Policy) -> Iterator[Problem]:
    known = {*policy.units.roles, "lead", "actor"}
    for name, rule in policy.documents.items():
        if rule.issuer not in known:
            yield Problem(
                path=f"documents.{name}.issuer",
                what=f"没有角色“{rule.issuer}”",
                fix="请写角色、lead 或 actor",
            )
    for n, rule in enumerate(policy.document_on_act):
        if rule.document not in policy.documents:
            yield Problem(
                path=f"document_on_act.{n}", what=f"没有文书“{rule.document}”", fix="请在 documents 中定义"
            )


def _callback_problems(policy: Policy) -> Iterator[Problem]:
    rules = policy.callback
    if rules.attempts > 1 and rules.min_days_between < 1:
        yield Problem(
            path="callback.min_days_between", what="多次回访须在不同日期进行", fix="请写 1 以上的天数"
        )
