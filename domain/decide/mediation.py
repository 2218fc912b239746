"""三（二）调解: voluntary, bounded in time, and never at the price of the premium."""

from datetime import datetime, time

from domain import actions as a
from domain.actions import Act
from domain.agreement import check_agreement
from domain.decide.common import require_accepted, taken
from domain.draft import Draft, Refusal
from domain.words import SHANGHAI, Stage


def start(draft: Draft, act: Act) -> None:
    """调解申请, with the voluntary statement of both sides (人民调解法 17)."""
    require_accepted(draft)
    body = act.body
    assert isinstance(body, a.MediationStart)
    if not body.voluntary_statement:
        raise Refusal("not_voluntary", "调解须双方自愿，请先取得自愿声明或笔录", "voluntary_statement")
    if draft.d.mediation and draft.d.mediation.is_open:
        raise Refusal("open", "调解正在进行，不能重复启动")
    _open(draft)
    taken(draft, act)
    draft.open_task("mediate", "调解", draft.unit, "mediation")


def _open(draft: Draft) -> None:
    draft.document("调解申请书", issuer=draft.role("applicant"))
    draft.enter(Stage.MEDIATION)


def _refuse_unlawful(
    draft: Draft, clauses: list[str], full_principal: bool | None, waiver: bool | None
) -> None:
    found = check_agreement(clauses, full_principal=full_principal, waiver=waiver, policy=draft.policy)
    if found:
        reasons = "；".join(f"{v.explanation}（{v.article}）" for v in found)
        raise Refusal("unlawful_agreement", f"协议条款违法，不能成立：{reasons}", "clauses")


def agreement_draft(draft: Draft, act: Act) -> None:
    """协议草案: turned down at once where it trades away premium or late fee (社会保险法 60)."""
    require_accepted(draft)
    body = act.body
    assert isinstance(body, a.AgreementDraft)
    _refuse_unlawful(draft, body.clauses, body.full_principal, body.waiver)
    if draft.d.mediation is None:
        _open(draft)
    taken(draft, act)


def agreement_review(draft: Draft, act: Act) -> None:
    """协议审查."""
    require_accepted(draft)
    draft.require(not draft.is_party(), "审查单位")
    taken(draft, act)


def agreed(draft: Draft, act: Act) -> None:
    """达成协议; every instalment gets a clock of its own."""
    require_accepted(draft)
    body = act.body
    assert isinstance(body, a.MediateAgreed)
    clauses = [*body.clauses, *([body.content] if body.content else [])]
    _refuse_unlawful(draft, clauses, body.full_principal, body.waiver)
    mediation = draft.d.mediation
    if mediation and mediation.agreed_at:
        raise Refusal("agreed", "调解已达成协议，不能重复登记")
    if mediation and any(v.version == body.version and v.rejected for v in mediation.drafts):
        raise Refusal("rejected_version", f"第 {body.version} 版协议审查未通过，请修改后另存新版", "version")
    if mediation is None:
        _open(draft)
    draft.enter(Stage.MEDIATION)
    taken(draft, act)
    draft.close_tasks("mediate", outcome="达成协议")
    draft.document("调解笔录", issuer=draft.role("mediation"))
    draft.document(
        "调解协议书", issuer=draft.role("mediation"), 内容=clauses, 司法确认提示="协议生效起 30 日内可共同申请司法确认"
    )
    for number, part in enumerate(body.instalments, start=1):
        begins = datetime.combine(part.due, time(0), tzinfo=SHANGHAI)
        draft.start_clock(
            "instalment",
            draft.role("respondent"),
            at=begins,
            start_event=begins.isoformat(),
            due_on=part.due,
            name="首期缴款" if number == 1 else f"第{number}期缴款",
        )


def failed(draft: Draft, act: Act) -> None:
    """调解终止; joint investigation follows (the plan's annex, 三（三）)."""
    require_accepted(draft)
    mediation = draft.d.mediation
    if mediation is None:
        _open(draft)
    elif not mediation.is_open:
        raise Refusal("over", "调解已终结，不能再登记终止")
    taken(draft, act)
    draft.close_tasks("mediate", outcome="调解终止")
    draft.document("调解笔录", issuer=draft.role("mediation"))
    body = act.body
    assert isinstance(body, a.MediateFailed)
    draft.document("调解终止书", issuer=draft.role("mediation"), 原因=body.reason, 后续途径="调查核实；仲裁、诉讼")
    lead = draft.d.lead
    if lead and not draft.d.disposed_at:
        draft.enter(Stage.INVESTIGATION)
        draft.once("investigate", "调查核实", lead, "investigation")


def judicial_confirm(draft: Draft, act: Act) -> None:
    """司法确认 (人民调解法 33: within 30 days of the agreement taking effect, by both)."""
    mediation = draft.d.mediation
    if mediation is None or mediation.agreed_at is None:
        raise Refusal("no_agreement", "尚未达成调解协议，不能申请司法确认")
    taken(draft, act)
