"""docs/glossary.md: every word of the code, in Chinese and as Temporal shows it. ``python -m scripts.glossary`` writes it.

The head of the file is written by hand and kept; the tables below it are made from the code.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, get_args

from activities.names import ADVANCE, CATCH_UP, LET_GO, REGISTERED, STANDING
from activities.notices import NoticeActivities
from activities.relay import RelayActivities
from activities.stages import OF_KIND, OPENINGS, RUNGS, STAGES, WORDS
from domain.actions import FORMS, VERBS
from domain.clocks import RESULT_WORDS, AlarmKind
from domain.events import Fact
from domain.flow import TASKS_OF, Phase
from domain.meanings import Meaning
from domain.tasks import ON_ANY_TASK, TASKS, TaskKind
from domain.words import Stage, Step
from policies import load
from workflows import steps
from workflows.display import SEARCH_ATTRIBUTES
from workflows.steps.route import STEPS

FILE = Path(__file__).parents[1] / "docs" / "glossary.md"
GENERATED = "<!-- 以下各表由 python -m scripts.glossary 生成，请勿手改 -->"

ATTRIBUTES = {
    "Stage": "阶段", "Risk": "风险等级（确认前为建议等级）", "ClaimTypes": "争议类型", "LeadUnit": "主办单位",
    "NextDue": "最近的应办期限", "Card": "最近一次有效的黄牌、红牌", "CaseNo": "案号", "County": "县",
}  # fmt: skip

FACTS = {
    "registered": "登记", "converted": "线索转争议，另编案号", "risk_suggested": "规则建议的风险等级及理由",
    "routed": "规则建议的主办、协办", "accepted": "受理：等级、路线、单位", "level_overridden": "改级",
    "override_decided": "改级的审批结果", "sub_item_closed": "子项办结", "acted": "已办理的操作：表单原样及其含义",
    "declined": "未予办理的操作及原因", "viewed": "查看了完整身份信息及事由",
    "material_kept": "收存了一件材料（内容另存，不在事件中）",
    "step_opened": "路线的一步落到办理单位",
    "stage_entered": "进入阶段", "task_opened": "任务落到单位", "task_changed": "任务改变角色、经办人或是否可退",
    "task_closed": "任务结束", "clock_started": "时限起算",
    "clock_changed": "时限停止、终止、中止、恢复、延期、顺延、改由他单位负责或恢复计算", "alarm_fired": "定时器动手一次",
    "card_issued": "黄牌、红牌，可申诉的单独记录", "document_registered": "文书登记", "lead_spawned": "派生线索，不带反映人信息",
    "defaulted": "约定的分期款未到", "recheck_scheduled": "下一次风险复核的时间", "noted": "系统自己做的事",
    "ended": "办结及办结方式", "archived": "归档",
}  # fmt: skip
"""What each fact of the ledger says."""

MEANINGS = {
    "triage_noted": "受理时是否保密", "party_contacted": "初审时联系当事人的情况",
    "handlers_noted": "承办过的人，不得回访",
    "hub_changed": "换由另一枢纽接手", "transferred_out": "移送外地", "task_signed": "签收", "task_returned": "退单",
    "claims_refused": "不予受理（全部或部分子项）", "legal_review_given": "法制审核意见", "extension_asked": "申请延期",
    "extension_decided": "延期审批", "objection_raised": "单位提出异议", "unit_invited": "邀请介入",
    "invitation_answered": "答复介入邀请", "joint_meeting_proposed": "提请召开联席会议",
    "joint_proposal_answered": "答复联席会议提请", "meeting_convened": "召集会议",
    "meeting_concluded": "印发纪要", "resolution_completed": "议定事项办结", "supervised": "督办", "reported_up": "提请上级协调",
    "replied_from_above": "上级答复", "mediation_started": "双方同意，调解开始", "mediation_declined": "一方不同意调解",
    "agreement_drafted": "协议草案", "agreement_reviewed": "协议审查", "agreement_concluded": "协议签订",
    "mediation_ended": "调解终止", "confirmation_decided": "司法确认结果", "confirmation_applied": "申请司法确认",
    "investigation_opened": "启动调查核实", "findings_submitted": "一个单位的核实情况",
    "investigation_reported": "调查核实报告", "guided": "已指明法律途径", "proceeding_began": "进入仲裁、诉讼等程序",
    "ruling_recorded": "收到裁判文书", "wait_ended": "不再等待外部程序", "opinion_given": "协办单位的会商意见",
    "disposition_issued": "处置意见", "disposition_upheld": "会议研究异议后维持处置意见",
    "payment_recorded": "到账（本金分子项，滞纳金另列）", "payment_withdrawn": "撤销到账登记，及因此重新打开的子项",
    "refund_recorded": "退费到账",
    "executed": "全部执行完毕", "left_unpaid": "报告执行完毕而未足额到账的子项及依据",
    "parties_informed": "结果告知", "result_fed_back": "主办单位反馈办理结果",
    "call_tried": "回访未接通", "called_back": "回访结果",
    "withdrawal_asked": "申请撤回", "withdrawal_decided": "撤回核实结果", "reopened": "重新办理", "cases_linked": "关联",
    "merged": "并入他案", "source_absorbed": "接收并入的渠道单号", "card_appealed": "申诉黄牌、红牌",
    "card_decided": "黄牌、红牌维持或撤销",
    "paper_reviewed": "文书审核",
    "paper_issued": "文书制发：文号、查验码、原件哈希",
    "paper_served": "文书送达",
    "paper_revoked": "文书撤销",
    "party_corrected": "更正了哪一方的信息：更正后的内容，及重新比对的疑似重复",
}  # fmt: skip
"""What each meaning of a taken action says."""

SYSTEM = (
    (REGISTERED, "更新", "等待登记回执"),
    (STANDING, "查询", "流程所知的案件状态"),
    (LET_GO, "更新", "演示时钟改走真实时间（仅演示）"),
    (ADVANCE, "信号", "推进演示时钟（仅演示）"),
    (CATCH_UP, "信号", "与台账对齐"),
)

OTHER_ACTIVITIES = (
    (NoticeActivities.send_notice, "提醒、黄牌、红牌等送达单位"),
    (RelayActivities.start_lead, "派生线索另起流程"),
    (RelayActivities.absorb, "并案：请母件接收渠道单号"),
)


def code(*names: str) -> str:
    """As code, several parted by a comma."""
    return "、".join(f"`{name}`" for name in names)


def table(title: str, head: Sequence[str], rows: Iterable[Sequence[str]], note: str = "") -> str:
    """One headed table."""
    lines = [f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows)]
    return "\n".join([f"## {title}", "", *([note, ""] if note else []), *lines])


def actions() -> str:
    """What a person may do."""
    mark = {(True, False): "不可撤销", (False, True): "系统自用", (True, True): "系统自用"}
    rows = [
        [
            code(kind),
            form.verb,
            _tasks_done_by(kind),
            code(OF_KIND[kind]),
            form.basis,
            mark.get((form.final, form.internal), ""),
        ]
        for kind, form in FORMS.items()
    ]
    note = "代码就是 Temporal 中更新（update）和信号（signal）的名称；表样见 `fengqiao template`。"
    return table("操作", ["代码、更新、信号", "中文", "所办任务", "活动", "依据", "备注"], rows, note)


def _tasks_done_by(kind: str) -> str:
    if kind in ON_ANY_TASK:
        return "各种任务"
    return "、".join(f"{rule.title}（{rule.owner}）" for rule in TASKS.values() if kind in rule.done_by)


def tasks() -> str:
    """What lies on a desk."""
    policy = load("pianguan")
    rows = [
        [
            code(kind),
            rule.title,
            rule.owner,
            "、".join(f"{policy.clock(c).name} {code(c)}" for c in rule.clocks) or "随该步骤",
            rule.opened_by,
            "、".join(f"{VERBS[done]} {code(done)}" for done in rule.done_by),
        ]
        for kind, rule in TASKS.items()
    ]
    note = "时限的长度和依据由县政策定，见 `fengqiao policy show`。Temporal 的案件详情（current details）列出未办结的任务。"
    return table("任务", ["代码", "中文", "由谁办", "时限", "因何产生", "怎样办理"], rows, note)


def phases() -> str:
    """The parts of the plan's annex."""
    named = {Phase.ROUTE: steps.follow_route.__name__}
    rows = [[code(p.name), p.value, code(named.get(p, p.name.lower()))] for p in Phase]
    note = "案件详情中的“环节”。流程依次走过，改级、重新办理会回到前面。"
    return table("环节", ["代码", "中文", "流程中的函数（`workflows/steps/`）"], rows, note)


def route() -> str:
    """The steps a tier's route is made of."""
    rows = [
        [
            code(step),
            step.word,
            code(STEPS[step].__name__),
            f"{WORDS[OPENINGS[step]]} {code(OPENINGS[step])}",
            "、".join(kind.word for kind in TASKS_OF.get(step, (TaskKind.HANDLE,))),
        ]
        for step in Step
    ]
    note = "各等级的路线（政策文件 `tiers[].route`）由这些步骤组成。"
    return table("步骤", ["代码", "中文", "流程中的函数", "轮到时的活动", "任务"], rows, note)


def stages() -> str:
    """Where a matter stands."""
    rows = [[code(stage.name), stage.value] for stage in Stage]
    return table("阶段", ["代码", "中文"], rows, "检索属性 `Stage` 的值就是中文词。")


def activities() -> str:
    """What the workflow has done outside itself."""
    rows = [[code(name), said, _done_by(name)] for name, said in WORDS.items()]
    others = [[code(activity.__name__), said, "台账之外"] for activity, said in OTHER_ACTIVITIES]
    note = "前面各项都写台账，过程相同（[决定 1](decisions/0001-decide-in-the-ledger-transaction.md)）；最后几项告知外部。"
    return table("活动", ["名称", "中文", "办什么"], [*rows, *others], note)


def _done_by(name: str) -> str:
    acted = "、".join(VERBS[kind] for kind in STAGES.get(name, ()))
    opened = "、".join(step.word for step, of in OPENINGS.items() if of == name)
    rung = "、".join(alarm for alarm, of in RUNGS.items() if of == name)
    said = (acted and f"操作：{acted}", opened and f"路线走到：{opened}", rung and f"定时器：{rung}")
    return "；".join(part for part in said if part) or "系统"


def rungs() -> str:
    """What timers do."""
    rows = [[code(alarm.name), alarm.value, code(RUNGS[alarm]), WORDS[RUNGS[alarm]]] for alarm in AlarmKind]
    note = (
        "定时器（timer）的摘要写明单位、时限、哪一级，如“县医保局 会商意见 红牌 2026-03-09 23:59”。"
        "何时到哪一级由县政策的 `ladders` 定，每级只动手一次。"
    )
    return table("预警阶梯", ["代码", "中文", "活动", "活动的中文"], rows, note)


def results() -> str:
    """How a deadline stands or ended."""
    return table("时限结果", ["代码", "中文"], [[code(name), said] for name, said in RESULT_WORDS.items()])


def attributes() -> str:
    """By what matters are found in Temporal."""
    rows = [[code(k.name), k.indexed_value_type.name, ATTRIBUTES[k.name]] for k in SEARCH_ATTRIBUTES]
    return table("检索属性", ["名称", "类型", "中文"], rows)


def system() -> str:
    """The handlers that are no officer's."""
    rows = [[code(name), kind, said] for name, kind, said in SYSTEM]
    return table("系统的更新、信号和查询", ["名称", "种类", "中文"], rows)


def facts() -> str:
    """What the ledger keeps."""
    rows = [[code(name), said] for name, said in _typed(Fact, FACTS)]
    return table("台账事件", ["代码", "中文"], rows, "台账只增不改，案件状态由事件推出。")


def meanings() -> str:
    """What a taken action means."""
    rows = [[code(name), said] for name, said in _typed(Meaning, MEANINGS)]
    note = "`acted` 事件写明这一操作意味着什么；案件状态只看含义，不看表单。"
    return table("操作的含义", ["代码", "中文"], rows, note)


def _typed(union: Any, words: dict[str, str]) -> list[tuple[str, str]]:
    models = get_args(get_args(union)[0])
    names: list[str] = [model.model_fields["type"].default for model in models]
    return [(name, words[name]) for name in names]


PARTS = (
    actions, tasks, phases, route, stages, activities, rungs, results, attributes, system, facts, meanings,
)  # fmt: skip


def glossary(kept: str) -> str:
    """The whole file, under the head of the one there is."""
    head, _, _ = kept.partition(GENERATED)
    tables = "\n\n".join(part() for part in PARTS)
    return f"{head.rstrip()}\n\n{GENERATED}\n\n{tables}\n"


def main() -> None:
    """Write the file."""
    FILE.write_text(glossary(FILE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
