"""Checks on clocks and ladders: none missing, none running out unheard, nobody supervising itself in a circle."""

from collections import Counter
from collections.abc import Iterator

from domain.clocks import AlarmKind, Ladder
from domain.policy import Policy, UnknownUnit
from domain.policy_problem import Problem
from domain.policy_units import ROLE_WORDS
from domain.words import Step

CLOCKS = {
    "triage": "初审", "supplement": "补正", "legal_review": "法制审核", "override_approval": "改级审批",
    "sign": "签收", "return_window": "可以退单的期限", "redispatch": "退单审核、改派", "opinion": "协办单位的意见",
    "assist": "依法律文书继续办理", "extension_decision": "延期审批", "objection": "异议协调", "minutes": "会议纪要",
    "resolution": "议定事项", "supervision": "督办", "suspension_review": "中止期间的核查", "result_notice": "结果告知",
    "instalment": "分期缴款", "enforcement_earliest": "催告后可申请强制",
    "order_final": "限期缴纳决定起诉期满", "enforcement_window": "申请法院强制执行", "arbitration_limit": "劳动仲裁时效",
    "judicial_confirmation": "司法确认", "explain": "复核释法", "reopen_decision": "重新办理审批", "rehandle": "重新办理",
    "withdraw_check": "撤回核实", "lead_register": "线索登记", "lead_check": "线索核查", "close": "结案、归档",
    "card_decision": "黄红牌申诉的决定", "tell_otherwise": "通知未送达后另行告知", "execution": "认定金额未到账的后续执行",
}  # fmt: skip
"""Clocks the mechanism starts by itself, besides the tiers' and the channels'."""

OF_THE_CENTER = (
    "triage", "intake_notice", "redispatch", "withdraw_check", "objection", "result_notice", "suspension_review",
    "explain", "reopen_decision", "lead_register", "close",
)  # fmt: skip
OF_THE_LEAD = ("sign", "opinion", "legal_review", "assist", "execution", "rehandle")


def clock_problems(policy: Policy) -> Iterator[Problem]:
    """Everything wrong with clocks, ladders and what they lead to."""
    yield from _missing(policy)
    yield from _clocks(policy)
    yield from _ladders(policy)
    yield from _self_supervised(policy)
    yield from _cycles(policy)


def needed_clocks(policy: Policy) -> Iterator[tuple[str, str]]:
    """Every clock the policy must define, with what it is for."""
    yield from CLOCKS.items()
    if any(t.callback.rounds for t in policy.tiers):
        yield "callback_retry", "有等级回访，未接通后重拨"
    if any(t.above for t in policy.tiers):
        yield "report_up", "路线中有报上级的步骤，提请上级"
    if any(t.feedback for t in policy.tiers):
        yield next(t.feedback for t in policy.tiers if t.feedback), "tiers.feedback，主办单位反馈办理结果"
    if policy.joint_approval:
        yield policy.joint_approval.clock, "joint_approval，答复联席会议提请"
    if policy.invitations:
        yield policy.invitations.clock, "invitations，答复介入邀请"
    if any(t.report_urgently for t in policy.tiers):
        yield "urgent_report", "有等级写了 report_urgently，紧急信息报告"


def _missing(policy: Policy) -> Iterator[Problem]:
    for clock_id, purpose in dict(needed_clocks(policy)).items():
        if clock_id not in policy.clocks:
            heard = (
                "kind: window"
                if clock_id == "return_window"
                else f"ladder: {next(iter(policy.ladders), 'work')}"
            )
            name = CLOCKS.get(clock_id) or purpose.rpartition("，")[2]
            entry = f"{{name: {name}, length: 3, unit: wd, {heard}, tag: D, basis: 县规程}}"
            what = f"缺少时限“{clock_id}”（{purpose}）"
            yield Problem(path="clocks", what=what, fix=f"请补上，如 {clock_id}: {entry}")


def _clocks(policy: Policy) -> Iterator[Problem]:
    for clock_id, rule in policy.clocks.items():
        path = f"clocks.{clock_id}"
        if rule.ladder is not None and rule.ladder not in policy.ladders:
            yield Problem(
                path=f"{path}.ladder", what=f"没有预警阶梯“{rule.ladder}”", fix="请在 ladders 中定义"
            )
        if rule.ladder is None and rule.kind in ("internal", "statutory"):
            yield Problem(path=path, what=f"时限“{rule.name}”到期无人知晓", fix="请写 ladder")
        if rule.instead_of is not None and rule.instead_of not in policy.clocks:
            yield Problem(
                path=f"{path}.instead_of", what=f"没有时限“{rule.instead_of}”", fix="请写 clocks 中的时限"
            )
    yield from _brought(policy)


def _brought(policy: Policy) -> Iterator[Problem]:
    """What channel, source and kind of a matter bring must be there, and a window only in place of another."""
    for path, clock_ids in (
        *((f"channel_clocks.{channel}", ids) for channel, ids in policy.channel_clocks.items()),
        *((f"source_clocks.{role}", ids) for role, ids in policy.source_clocks.items()),
        ("inspection_clocks", policy.inspection_clocks),
    ):
        for clock_id in clock_ids:
            rule = policy.clocks.get(clock_id)
            if rule is None or rule.kind == "not_before" or (rule.kind == "window" and not rule.instead_of):
                yield Problem(
                    path=path,
                    what=f"“{clock_id}”不是随案件而来的时限",
                    fix="请写 clocks 中到期须办的时限，或写明 instead_of 的时限",
                )
    for ruling, clock_id in policy.ruling_clocks.items():
        if clock_id not in policy.clocks:
            yield Problem(
                path=f"ruling_clocks.{ruling}", what=f"没有时限“{clock_id}”", fix="请写 clocks 中的时限"
            )
    for role in policy.source_clocks:
        if role not in ROLE_WORDS and role not in policy.units.roles:
            yield Problem(
                path=f"source_clocks.{role}", what=f"没有角色“{role}”", fix="请写 units.roles 中的角色"
            )


def _ladders(policy: Policy) -> Iterator[Problem]:
    meets = any(t.has(Step.JOINT_MEETING) for t in policy.tiers)
    for ladder_id, ladder in policy.ladders.items():
        path = f"ladders.{ladder_id}"
        yield from _supervisors(policy, ladder, f"{path}.supervisor")
        moments = [(r.working_days_after_due or 0, r.fraction or 0) for r in ladder.rungs]
        if moments != sorted(moments):
            yield Problem(path=f"{path}.rungs", what="预警先后次序颠倒", fix="请由早到晚排列")
        repeated = [kind for kind, times in Counter(r.alarm for r in ladder.rungs).items() if times > 1]
        if repeated:
            yield Problem(path=f"{path}.rungs", what=f"“{repeated[0]}”写了两次", fix="每种预警只写一次")
        red = [r for r in ladder.rungs if r.alarm == AlarmKind.RED]
        duties = [c for c in policy.clocks.values() if c.ladder == ladder_id and c.kind != "window"]
        if (duties or red) and (not red or red[0].fraction != 1):
            yield Problem(path=f"{path}.rungs", what="到期时没有红牌", fix="请写 {alarm: 红牌, fraction: 1}")
        if AlarmKind.ESCALATE in alarms(ladder) and not meets:
            yield Problem(
                path=f"{path}.rungs",
                what="“提请联席会议”没有去处：没有一个等级的路线含 joint_meeting",
                fix="请删去这一级预警，或在某一等级的路线中写 joint_meeting",
            )


def _supervisors(policy: Policy, ladder: Ladder, path: str) -> Iterator[Problem]:
    roles = policy.units.roles
    unknown = [role for role in ladder.supervisor if role not in roles and role not in ROLE_WORDS]
    if not unknown and not any(role in roles for role in ladder.supervisor):
        unknown = list(ladder.supervisor)
    for role in unknown:
        yield Problem(path=path, what=f"没有角色“{role}”，无人督办", fix="请写 units.roles 中的角色")


def alarms(ladder: Ladder | None) -> set[AlarmKind]:
    """The alarms a ladder has."""
    return {r.alarm for r in ladder.rungs} if ladder else set()


def supervises_itself(policy: Policy, clock_id: str, unit: str) -> bool:
    """Whether a late unit would be supervised by nobody but itself."""
    rule = policy.clocks.get(clock_id)
    ladder = policy.ladders.get(rule.ladder or "") if rule else None
    if ladder is None or AlarmKind.SUPERVISE not in alarms(ladder):
        return False
    units = {policy.units.roles[role] for role in ladder.supervisor if role in policy.units.roles}
    return units == {unit}


def _self_supervised(policy: Policy) -> Iterator[Problem]:
    roles = policy.units.roles
    owned = [(c, roles[role]) for role, clocks in _BY_ROLE.items() if role in roles for c in clocks]
    leads = dict.fromkeys(unit for row in policy.routing.rows if (unit := _unit(policy, row.lead)))
    owned += [
        (c, unit) for unit in leads for c in (*OF_THE_LEAD, *dict.fromkeys(t.total for t in policy.tiers))
    ]
    told: set[str] = set()
    for clock_id, unit in owned:
        if clock_id not in told and supervises_itself(policy, clock_id, unit):
            told.add(clock_id)
            rule = policy.clocks[clock_id]
            yield Problem(
                path=f"clocks.{clock_id}.ladder",
                what=f"{unit}自己督办自己的“{rule.name}”，督办形成循环",
                fix=f"请在 ladders.{rule.ladder}.supervisor 中再列一个督办单位，或换用由他人督办的 ladder",
            )


_BY_ROLE = {"center": OF_THE_CENTER, "joint_office": ("minutes", "supervision")}


def _unit(policy: Policy, word: str) -> str | None:
    try:
        return policy.unit(word)
    except UnknownUnit:
        return None


def _cycles(policy: Policy) -> Iterator[Problem]:
    """A supervision is itself on the clock, and so is a joint meeting; their ladders must come to an end."""
    meeting = policy.step(Step.JOINT_MEETING)
    onward = {
        AlarmKind.SUPERVISE: "supervision",
        **({AlarmKind.ESCALATE: meeting[1].clock} if meeting else {}),
    }

    def leads_to(clock_id: str) -> list[str]:
        rule = policy.clocks.get(clock_id)
        found = alarms(policy.ladders.get(rule.ladder)) if rule and rule.ladder else set[AlarmKind]()
        return [target for alarm, target in onward.items() if alarm in found]

    def walk(clock_id: str, seen: tuple[str, ...]) -> tuple[str, ...] | None:
        if clock_id in seen:
            return (*seen[seen.index(clock_id) :], clock_id)
        return next(
            (loop for target in leads_to(clock_id) if (loop := walk(target, (*seen, clock_id)))), None
        )

    loops = {frozenset(loop): loop for start in onward.values() if (loop := walk(start, ()))}
    for loop in loops.values():
        names = " → ".join(policy.clocks[c].name for c in loop)
        yield Problem(
            path=f"clocks.{loop[0]}.ladder",
            what=f"督办、升级循环：{names}",
            fix="请为其中一环换用不再升级的 ladder",
        )
