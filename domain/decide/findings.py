"""三（三）（四）: investigation, guidance to arbitration or court, proceedings elsewhere."""

from domain import meanings as m
from domain.actions import Act
from domain.actions.disposal import RecordProceeding, RecordRuling, ReviewSuspension
from domain.actions.telling import GuideToLaw, IssueInvestigationReport
from domain.agreement import check_guidance
from domain.decide.common import dispatched, require_accepted, same_person
from domain.decide.leads import require_investigators
from domain.decide.registry import handles
from domain.decide.walk import deciding_step, require_step
from domain.draft import Declined, Draft, Unlawful
from domain.tasks import TaskKind
from domain.words import Stage, Step, UnitName


def _may_investigate(draft: Draft) -> None:
    require_accepted(draft)
    require_step(draft, Step.INVESTIGATE)


@handles(IssueInvestigationReport, _may_investigate)
def issue_investigation_report(draft: Draft, act: Act, body: IssueInvestigationReport) -> None:
    """调查核实报告."""
    require_investigators(draft, body.investigators)
    draft.record(body, m.InvestigationReported(relation=body.relation))
    if not draft.d.disposed_at or draft.d.rehandle_open:
        draft.enter(Stage.INVESTIGATION)
    draft.document("调查笔录", 调查人员=body.investigators)
    draft.document(
        "调查核实报告",
        together=_sending(draft, body.investigators),
        认定=body.summary,
        劳动关系=body.relation,
        建议=body.proposal,
    )
    draft.close_tasks(TaskKind.INVESTIGATE, outcome="已调查核实")


def _sending(draft: Draft, officers: list[str]) -> list[UnitName]:
    """The units that made the inquiry: whose report it is, and whose officers, having the matter in hand, took part."""
    tasks = draft.d.tasks.values()
    theirs = [t.unit for t in tasks if t.role and any(same_person(t.officer, name) for name in officers)]
    return [draft.unit, *theirs]


def _may_guide(draft: Draft) -> None:
    require_accepted(draft)
    require_step(draft, Step.GUIDE)


@handles(GuideToLaw, _may_guide)
def guide_to_law(draft: Draft, act: Act, body: GuideToLaw) -> None:
    """仲裁、诉讼指引: shows ways, decides nothing, promises nothing a court will not do (法研〔2011〕31号)."""
    promises = check_guidance([body.explanation] if body.explanation else [], draft.policy)
    if promises:
        said = "；".join(f"{p.text}（{p.article}）" for p in promises)
        raise Unlawful("promise", f"指引不得作出承诺：{said}", "explanation")
    step = draft.tier.step(Step.GUIDE) if draft.tier else None
    draft.record(body, m.Guided(ways=list(body.ways)))
    draft.document("仲裁/诉讼指引告知书", issuer=draft.d.center, 可选路径=body.ways, 说明=body.explanation)
    draft.close_tasks(TaskKind.GUIDE, outcome="已指引")
    if not any(r.step == Step.INVESTIGATE for r in draft.d.required):
        draft.close_tasks(TaskKind.INVESTIGATE, outcome="已指引", stop=False)
    draft.enter(Stage.GUIDANCE)
    if step and not draft.d.disposed_at:
        draft.once(TaskKind.AWAIT_CHOICE, draft.owner(step), step.clock)
    if draft.tier and deciding_step(draft.tier) is None:
        draft.close_tasks(TaskKind.HANDLE, TaskKind.ASSIST, outcome="已指引", stop=False)
        draft.once(TaskKind.INFORM, draft.notifier())


@handles(RecordProceeding, require_accepted)
def record_proceeding(draft: Draft, act: Act, body: RecordProceeding) -> None:
    """A proceeding elsewhere begins; where the matter waits for it, internal clocks stand still."""
    was_suspended = draft.d.suspended_at is not None
    name = f"{body.proceeding}受理"
    draft.record(body, m.ProceedingBegan(name=name, waited_for=body.depends))
    if not body.depends:
        return
    draft.close_tasks(TaskKind.AWAIT_CHOICE, outcome=name)
    if not was_suspended:
        draft.pause_clocks(name)
        draft.enter(Stage.SUSPENDED)
        draft.open_task(TaskKind.SUSPENSION, draft.d.center)


@handles(RecordRuling, require_accepted)
def record_ruling(draft: Draft, act: Act, body: RecordRuling) -> None:
    """What a proceeding elsewhere came to; one in force lets the matter go on."""
    in_force = body.effective == "已生效"
    was_suspended = draft.d.suspended_at is not None
    ruled = m.RulingRecorded(name=body.ruling, outcome=body.outcome, in_force=in_force)
    ends = in_force or body.outcome == "撤回"
    draft.record(body, ruled, *([m.WaitEnded()] if ends and was_suspended else []))
    if not ends:
        return
    draft.close_tasks(TaskKind.AWAIT_CHOICE, TaskKind.SUSPENSION, outcome=body.ruling)
    if was_suspended:
        _resume(draft)
    _hand_back(draft)


def _hand_back(draft: Draft) -> None:
    if not draft.d.disposed_at and not dispatched(draft, "主办") and draft.d.lead:
        draft.open_task(TaskKind.HANDLE, draft.d.lead, "assist", title="依法律文书继续办理", role="主办")


def _resume(draft: Draft) -> None:
    draft.resume_clocks()
    if draft.d.disposed_at:
        draft.enter(Stage.EXECUTION if draft.d.informed_at else Stage.DISPOSED)
    elif draft.tier and draft.tier.has(Step.INVESTIGATE):
        draft.enter(Stage.INVESTIGATION)
    else:
        draft.enter(Stage.DIRECT)


def _may_review_suspension(draft: Draft) -> None:
    if not draft.d.open_tasks(TaskKind.SUSPENSION):
        raise Declined("not_suspended", "案件没有中止，无须核查")


@handles(ReviewSuspension, _may_review_suspension)
def review_suspension(draft: Draft, act: Act, body: ReviewSuspension) -> None:
    """中止核查: goes on waiting with a new clock, or resumes."""
    resumes = body.result == "恢复办理"
    draft.record(body, *([m.WaitEnded()] if resumes else []))
    draft.close_tasks(TaskKind.SUSPENSION, outcome=body.result)
    if resumes:
        _resume(draft)
        _hand_back(draft)
    else:
        draft.open_task(TaskKind.SUSPENSION, draft.d.center)
