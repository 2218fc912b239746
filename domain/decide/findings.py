"""三（四）: guidance to arbitration or court, proceedings elsewhere."""

from domain.actions import Act
from domain.actions.disposal import RecordProceeding, RecordRuling, ReviewSuspension
from domain.actions.telling import GuideToLaw
from domain.decide import rights
from domain.decide.common import dispatched, moment_on, refuse_promises, require_accepted
from domain.decide.registry import handles
from domain.decide.walk import deciding_step, require_step
from domain.declined import Declined
from domain.draft import Draft
from domain.meanings import concluding as m
from domain.remedies import guidance
from domain.tasks import TaskKind
from domain.words import Stage, Step


def _may_guide(draft: Draft) -> None:
    require_accepted(draft)
    require_step(draft, Step.GUIDE)


@handles(GuideToLaw, _may_guide)
def guide_to_law(draft: Draft, act: Act, body: GuideToLaw) -> None:
    """仲裁、诉讼指引: shows ways, decides nothing, promises nothing a court will not do (法研〔2011〕31号)."""
    refuse_promises(draft, body.explanation, "explanation")
    step = draft.tier.step(Step.GUIDE) if draft.tier else None
    draft.record(body, m.Guided(ways=list(body.ways)))
    rights.guided(draft, list(body.ways))
    draft.document(
        "仲裁/诉讼指引告知书",
        issuer=draft.d.center,
        可选路径=body.ways,
        说明=body.explanation,
        **guidance(draft.policy, draft.d, body.ways),
    )
    draft.close_tasks(TaskKind.GUIDE, outcome="已指引")
    if not any(r.step == Step.INVESTIGATE for r in draft.d.required):
        draft.close_tasks(TaskKind.INVESTIGATE, TaskKind.FINDINGS, outcome="已指引", stop=False)
    draft.enter(Stage.GUIDANCE)
    if step and not draft.d.disposed_at:
        draft.once(TaskKind.AWAIT_CHOICE, draft.owner(step), step.clock)
    if draft.tier and deciding_step(draft.tier) is None:
        draft.close_tasks(TaskKind.HANDLE, TaskKind.ASSIST, outcome="已指引", stop=False)
        draft.once(TaskKind.INFORM, draft.notifier())


@handles(RecordProceeding, require_accepted)
def record_proceeding(draft: Draft, act: Act, body: RecordProceeding) -> None:
    """A proceeding elsewhere begins; where the matter waits for it, internal clocks stand still.

    The party's choice was made, and its right used, on the day it was begun (县方案附件三（四）, 劳动争议调解仲裁法第二十七条);
    clocks stand still from when that is known, so that no earlier day heals what was late.
    """
    was_suspended = draft.d.suspended_at is not None
    name = f"{body.proceeding}受理"
    draft.record(body, m.ProceedingBegan(name=name, waited_for=body.depends))
    rights.went_on(draft, body.begun_on)
    if body.proceeding in ("行政复议", "行政诉讼"):
        rights.forgo(draft, *rights.ENFORCING)
    if not body.depends:
        return
    draft.close_tasks(TaskKind.AWAIT_CHOICE, outcome=name, at=moment_on(draft, body.begun_on))
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
    if body.received_on:
        rights.ruling_received(draft, body.ruling, body.received_on)
    elif in_force:
        rights.forgo(draft, *draft.policy.ruling_clocks.values())
    else:
        rights.went_on(draft)
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
