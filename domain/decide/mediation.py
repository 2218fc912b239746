"""三（二）调解: voluntary, bounded in time, and never at the price of the premium."""

import re
from datetime import datetime, time

from domain import actions as a
from domain import deadlines
from domain.actions import Act
from domain.agreement import check_agreement
from domain.decide.common import require_accepted, taken
from domain.decide.walk import require_step
from domain.dispute import Mediation
from domain.draft import Draft, Refusal
from domain.words import SHANGHAI, Stage, Step

_UNWILLING = re.compile(r"^(?:否|无|未|拒|不)")


def start(draft: Draft, act: Act) -> None:
    """调解申请, with the voluntary statement of both sides (人民调解法 17)."""
    require_accepted(draft)
    body = act.body
    assert isinstance(body, a.MediationStart)
    said = body.voluntary_statement
    if not said or (isinstance(said, str) and _UNWILLING.match(said.strip())):
        raise Refusal("not_voluntary", "调解须双方自愿，请先取得自愿声明或笔录", "voluntary_statement")
    if draft.d.mediation and draft.d.mediation.is_open:
        raise Refusal("open", "调解正在进行，不能重复启动")
    require_step(draft, Step.MEDIATE)
    _open(draft)
    taken(draft, act)
    draft.close_tasks("mediate", outcome="双方自愿，启动调解")
    _open_task(draft)


def _open(draft: Draft) -> None:
    draft.document("调解申请书", 自愿声明="双方自愿")
    draft.enter(Stage.MEDIATION)


def _open_task(draft: Draft) -> None:
    step = draft.tier.step(Step.MEDIATE) if draft.tier else None
    mediator = draft.mediator() if draft.is_party() else draft.unit
    draft.once("mediate", "调解", mediator, *([step.clock] if step else []))


def _require_mediator(draft: Draft) -> None:
    require_accepted(draft)
    draft.require(not draft.is_party(), draft.mediator())
    if not (draft.d.mediation and draft.d.mediation.is_open):
        require_step(draft, Step.MEDIATE)


def _join(draft: Draft) -> Mediation | None:
    """The mediation so far; refused when it has an agreement that still holds."""
    mediation = draft.d.mediation
    if mediation and mediation.agreed_at and not mediation.defaulted:
        raise Refusal("agreed", "调解已达成协议，不能重复登记")
    return mediation


def _open_unless(draft: Draft, mediation: Mediation | None) -> None:
    """Whoever records what came of a mediation has held one."""
    if mediation is None or not mediation.is_open:
        _open(draft)


def _refuse_unlawful(
    draft: Draft, clauses: list[str], full_principal: bool | None, waiver: bool | None
) -> None:
    found = check_agreement(clauses, full_principal=full_principal, waiver=waiver, policy=draft.policy)
    if found:
        reasons = "；".join(f"{v.explanation}（{v.article}）" for v in found)
        raise Refusal("unlawful_agreement", f"协议条款违法，不能成立：{reasons}", "clauses")


def agreement_draft(draft: Draft, act: Act) -> None:
    """协议草案: turned down at once where it trades away premium or late fee (社会保险法 60)."""
    _require_mediator(draft)
    body = act.body
    assert isinstance(body, a.AgreementDraft)
    mediation = _join(draft)
    _refuse_unlawful(draft, body.clauses, body.full_principal, body.waiver)
    _open_unless(draft, mediation)
    taken(draft, act)
    _open_task(draft)


def agreement_review(draft: Draft, act: Act) -> None:
    """协议审查; an agreement that does not pass is none, and the mediation goes on."""
    _require_mediator(draft)
    if draft.d.disposed_at:
        raise Refusal("disposed", "已形成处置意见，不能再审查协议")
    _open_unless(draft, draft.d.mediation)
    taken(draft, act)
    if draft.d.mediation and draft.d.mediation.is_open:
        _open_task(draft)


def agreed(draft: Draft, act: Act) -> None:
    """达成协议; every instalment gets a clock of its own."""
    _require_mediator(draft)
    body = act.body
    assert isinstance(body, a.MediateAgreed)
    mediation = _join(draft)
    clauses = [
        *body.clauses,
        *([body.content] if body.content else []),
        *([body.late_fee] if body.late_fee else []),
    ]
    _refuse_unlawful(draft, clauses, body.full_principal, body.waiver)
    last = max((v.version for v in mediation.drafts), default=None) if mediation else None
    version = body.version if body.version is not None else last
    if mediation and any(v.version == version and v.rejected for v in mediation.drafts):
        raise Refusal("rejected_version", f"第 {version} 版协议审查未通过，请修改后另存新版", "version")
    _open_unless(draft, mediation)
    draft.enter(Stage.MEDIATION)
    taken(draft, act)
    draft.close_tasks("mediate", outcome="达成协议")
    draft.document("调解笔录", 参加人=body.parties)
    draft.document(
        "调解协议书",
        内容=clauses,
        履行方式期限=[f"{p.due.isoformat()} {p.amount:.2f} 元" for p in body.instalments],
        司法确认提示=f"协议生效起{draft.policy.clock('judicial_confirmation').text}内可共同申请司法确认",
    )
    _start_instalments(draft, body.instalments)
    _back_to_execution(draft)


def _start_instalments(draft: Draft, instalments: list[a.Instalment]) -> None:
    for clock in draft.clocks("instalment"):
        draft.lapse_clock(clock)
    for number, part in enumerate(instalments, start=1):
        begins = datetime.combine(part.due, time(0), tzinfo=SHANGHAI)
        draft.start_clock(
            "instalment",
            draft.role("respondent"),
            at=begins,
            start_event=begins.isoformat(),
            due_on=part.due,
            name="首期缴款" if number == 1 else f"第{number}期缴款",
        )


def _back_to_execution(draft: Draft) -> None:
    """A mediation held while the result is being carried out ends where it began."""
    if draft.d.informed_at:
        draft.enter(Stage.EXECUTION)


def failed(draft: Draft, act: Act) -> None:
    """调解终止; joint investigation follows where the route has one (the plan's annex, 三（三）)."""
    _require_mediator(draft)
    body = act.body
    assert isinstance(body, a.MediateFailed)
    mediation = draft.d.mediation
    if mediation and not mediation.is_open and not mediation.defaulted:
        raise Refusal("over", "调解已终结，不能再登记终止")
    _open_unless(draft, mediation)
    taken(draft, act)
    draft.close_tasks("mediate", outcome="调解终止")
    step = draft.tier.step(Step.INVESTIGATE) if draft.tier else None
    ways = [*([step.step.word] if step else []), Step.GUIDE.word.removesuffix("指引")]
    draft.document("调解笔录")
    draft.document("调解终止书", 原因=body.reason, 后续途径="；".join(ways))
    _back_to_execution(draft)
    if step and not step.required and not draft.d.disposed_at:
        draft.enter(Stage.INVESTIGATION)
        draft.once("investigate", step.step.word, draft.owner(step), step.clock)


def _require_in_time(draft: Draft, agreed_at: datetime) -> None:
    rule = draft.policy.clock("judicial_confirmation")
    window = deadlines.start(
        rule, None, draft.policy.calendar, id=rule.id, owner=draft.unit, start_event="", at=agreed_at
    )
    if draft.now > window.due_at:
        raise Refusal(
            "too_late", f"{rule.name}须在协议生效起{rule.text}内提出，期限为{window.due_on}，已超过"
        )


def judicial_confirm(draft: Draft, act: Act) -> None:
    """司法确认: asked for by both sides together (人民调解法 33)."""
    require_accepted(draft)
    body = act.body
    assert isinstance(body, a.JudicialConfirm)
    mediation = draft.d.mediation
    if mediation is None or mediation.agreed_at is None:
        raise Refusal("no_agreement", "尚未达成调解协议，不能申请司法确认")
    if body.applied_jointly is False:
        raise Refusal(
            "not_jointly", "司法确认须由双方当事人共同申请（人民调解法第三十三条）", "applied_jointly"
        )
    _require_in_time(draft, mediation.agreed_at)
    taken(draft, act)
