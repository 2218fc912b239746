"""三（二）调解: voluntary, bounded in time, and never at the price of the premium."""

from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal

from domain.actions import Act
from domain.actions.mediation import (
    ONE_SIDED,
    ApplyJudicialConfirmation,
    ConcludeAgreement,
    DeclineMediation,
    DraftAgreement,
    EndMediation,
    Instalment,
    RecordJudicialConfirmation,
    ReviewAgreement,
    StartMediation,
)
from domain.agreement import check_agreement
from domain.decide import writing
from domain.decide.common import moment_on, require_accepted, sides
from domain.decide.registry import handles
from domain.decide.sums import beyond_agreed
from domain.decide.walk import require_step
from domain.declined import Declined, Unlawful
from domain.draft import Draft
from domain.meanings import mediating as m
from domain.persons import same_name
from domain.state import AgreementVersion, Mediation
from domain.tasks import TaskKind
from domain.words import SHANGHAI, Stage, Step


def _may_start(draft: Draft) -> None:
    require_accepted(draft)
    if draft.d.mediation and draft.d.mediation.is_open:
        raise Declined("open", "调解正在进行，不能重复启动")
    if draft.d.mediation and draft.d.mediation.agreed_at and not draft.d.mediation.defaulted:
        raise Declined("agreed", "调解已达成协议，不能重复启动")
    require_step(draft, Step.MEDIATE)


@handles(StartMediation, _may_start)
def start_mediation(draft: Draft, act: Act, body: StartMediation) -> None:
    """调解申请, with the voluntary statement of both sides (人民调解法 17).

    The days for it count from the application, which is whole with the last side's (劳动争议调解仲裁法第十四条,
    自收到调解申请之日起).
    """
    agreed = {c.party for c in body.consents}
    if missing := [p for p in sides(draft) if p not in agreed]:
        raise Unlawful(
            "not_voluntary", f"调解须双方自愿，{'、'.join(missing)}尚未表示同意，不能启动", "consents"
        )
    _require_team(draft, body)
    draft.document("调解申请书", 自愿声明=[f"{c.party}{c.on.isoformat()}{c.way}" for c in body.consents])
    draft.enter(Stage.MEDIATION)
    draft.record(body, m.MediationStarted(chief=body.chief, members=body.members, room=body.room))
    applied = moment_on(draft, max(c.on for c in body.consents))
    draft.close_tasks(TaskKind.MEDIATE, outcome="双方自愿，启动调解", at=applied)
    step = draft.tier.step(Step.MEDIATE) if draft.tier else None
    draft.once(TaskKind.MEDIATE, draft.unit, *([step.clock] if step else []), at=applied)


def _require_team(draft: Draft, body: StartMediation) -> None:
    """Refuse one named twice, and one who is a party (人民调解法第二十二条、第二十三条：公道、回避)."""
    team = [body.chief, *body.members]
    if twice := next((n for i, n in enumerate(team) if any(same_name(n, o) for o in team[:i])), None):
        raise Declined("twice", f"调解员{twice}写了两次；首席调解员不再列入调解员", "members")
    rules = draft.policy.mediators
    if rules and not any(same_name(body.chief, chief) for chief in rules.chiefs):
        known = "、".join(rules.chiefs)
        raise Declined("unknown_chief", f"首席调解员须从名单中确定（{rules.basis}）：{known}", "chief")
    parties = draft.d.facts.names()
    if party := next((n for n in team if any(same_name(n, p) for p in parties)), None):
        field = "chief" if party == body.chief else "members"
        raise Declined(
            "concerned", f"调解员{party}与当事人同名；当事人不得调解本案，确系他人的请加注单位", field
        )


def _may_decline(draft: Draft) -> None:
    _may_start(draft)
    if draft.d.mediation_declined_at and not draft.d.open_tasks(TaskKind.MEDIATE):
        raise Declined("declined_before", "已登记不同意调解")


@handles(DeclineMediation, _may_decline)
def decline_mediation(draft: Draft, act: Act, body: DeclineMediation) -> None:
    """A side does not want it: nothing is begun in its name, and the next step follows."""
    draft.record(body, m.MediationDeclined())
    draft.close_tasks(TaskKind.MEDIATE, outcome="当事人不同意调解", stop=False)


def _open_mediation(draft: Draft) -> Mediation:
    """The mediation under way; an agreement in default puts it back on the table."""
    mediation = draft.d.mediation
    if mediation is None:
        raise Declined("not_started", "调解尚未启动，请先登记双方自愿并启动调解")
    if mediation.agreed_at and not mediation.defaulted:
        raise Declined("agreed", "调解已达成协议，不能重复登记")
    if mediation.failed_at and not (mediation.agreed_at and mediation.defaulted):
        raise Declined("over", "调解已终结；双方愿意再行调解的，请重新启动")
    return mediation


def _may_draft(draft: Draft) -> None:
    require_accepted(draft)
    _open_mediation(draft)


def _draft_faults(draft: Draft, body: DraftAgreement) -> Iterator[Declined]:
    """Every unlawful choice and wording, each at its own field (社会保险法 60), and sums that do not agree."""
    for found in check_agreement(body, draft.policy):
        place = found.field if found.clause_index is None else f"{found.field}.{found.clause_index}"
        said = f"协议条款违法，不能成立：{found.explanation}（{found.article}）"
        yield Unlawful("unlawful_agreement", said, place)
    yield from beyond_agreed(draft, body.amount)
    total = sum((i.amount for i in body.instalments), Decimal(0))
    if body.instalments and body.amount is not None and total != body.amount:
        said = f"各期合计 {total:.2f} 元须等于补缴本金 {body.amount:.2f} 元"
        yield Declined("sums_differ", said, "instalments")


@handles(DraftAgreement, _may_draft, _draft_faults)
def draft_agreement(draft: Draft, act: Act, body: DraftAgreement) -> None:
    """协议草案: turned down at once where it trades away premium or late fee (社会保险法 60)."""
    mediation = _open_mediation(draft)
    version = len(mediation.drafts) + 1
    drafted = m.AgreementDrafted(
        version=version,
        facts=body.facts,
        amount=body.amount,
        payment=writing.payment(body),
        terms=body.terms,
        instalments=body.instalments,
    )
    draft.record(body, drafted)
    draft.enter(Stage.MEDIATION)
    step = draft.tier.step(Step.MEDIATE) if draft.tier else None
    draft.once(TaskKind.MEDIATE, draft.unit, *([step.clock] if step else []))


def _may_review(draft: Draft) -> None:
    require_accepted(draft)
    _reviewable(draft)


def _reviewable(draft: Draft) -> AgreementVersion:
    version = _open_mediation(draft).draft
    if version is None or version.passed is not None:
        raise Declined("no_draft", "没有待审查的协议草案")
    return version


@handles(ReviewAgreement, _may_review)
def review_agreement(draft: Draft, act: Act, body: ReviewAgreement) -> None:
    """协议审查; a draft that does not pass is none, and the mediation goes on."""
    version = _reviewable(draft)
    draft.record(body, m.AgreementReviewed(version=version.version, passed=body.result == "通过"))


def _may_conclude(draft: Draft) -> None:
    require_accepted(draft)
    _signable(draft)


def _signable(draft: Draft) -> AgreementVersion:
    """The draft that may be signed: the newest, lawful, passed where a review is owed or was held."""
    version = _open_mediation(draft).draft
    if version is None:
        raise Declined("no_draft", "请先提交协议草案")
    if version.passed is False:
        raise Declined("rejected_version", f"第 {version.version} 版协议审查未通过，请修改后另行提交草案")
    if version.passed is None and draft.policy.agreement_review_required:
        raise Declined("not_reviewed", f"第 {version.version} 版协议尚未审查")
    return version


@handles(ConcludeAgreement, _may_conclude)
def conclude_agreement(draft: Draft, act: Act, body: ConcludeAgreement) -> None:
    """达成协议 on the day of the signatures (人民调解法 31); every instalment gets a clock of its own."""
    version, mediation = _signable(draft), _open_mediation(draft)
    by = {s.party for s in body.signers}
    if missing := [p for p in sides(draft) if p not in by]:
        raise Declined("not_signed", f"{'、'.join(missing)}尚未签名，协议不能成立", "signers")
    draft.enter(Stage.MEDIATION)
    firms = {r.name for r in draft.d.facts.respondents}
    people = [s.signer for s in body.signers if s.signer not in (*firms, s.party)]
    concluded = m.AgreementConcluded(version=version.version, signed_on=body.signed_on, signers=people)
    draft.record(body, concluded)
    draft.close_tasks(TaskKind.MEDIATE, outcome="达成协议", at=moment_on(draft, body.signed_on))
    day = body.signed_on.isoformat()
    present = [f"{s.party}：{s.signer}（{s.capacity}）" for s in body.signers]
    draft.document("调解笔录", 参加人=present, 事实=version.facts, 签订日期=day)
    draft.document(
        "调解协议书",
        签订日期=day,
        协议形式=body.form,
        司法确认提示=f"协议生效起{draft.policy.clock('judicial_confirmation').text}内可共同申请司法确认",
        **writing.agreement(version),
        **writing.signed(body.signers),
        调解人员=writing.team(mediation),
    )
    _start_instalments(draft, version.instalments)
    _open_confirmation(draft, body.signed_on)
    _back_to_execution(draft)


def _open_confirmation(draft: Draft, signed_on: date) -> None:
    """The thirty days for 共同申请司法确认, from the day the agreement takes effect (人民调解法 31, 33)."""
    for clock in draft.clocks("judicial_confirmation"):
        draft.lapse_clock(clock)
    draft.start_clock("judicial_confirmation", draft.unit, at=moment_on(draft, signed_on))


def _start_instalments(draft: Draft, instalments: list[Instalment]) -> None:
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


@handles(EndMediation, _may_draft)
def end_mediation(draft: Draft, act: Act, body: EndMediation) -> None:
    """调解终止; joint investigation follows where the route has one (the plan's annex, 三（三）)."""
    kept = _open_mediation(draft)
    draft.record(body, m.MediationEnded())
    draft.close_tasks(TaskKind.MEDIATE, outcome="调解终止")
    outcome = "达成的协议没有履行" if kept.agreed_at else "未达成协议"
    why = writing.joined(body.reason_code, body.explanation)
    facts = kept.draft.facts if kept.draft else None
    draft.document("调解笔录", 事实=facts, 调解结果=outcome, 终止原因=why)
    draft.document(
        "调解终止书",
        调解结果=outcome,
        原因=why,
        后续途径="；".join(body.told_ways),
    )
    _back_to_execution(draft)
    step = draft.tier.step(Step.INVESTIGATE) if draft.tier else None
    if step and not step.required and not draft.d.disposed_at:
        draft.enter(Stage.INVESTIGATION)
        draft.once(TaskKind.INVESTIGATE, draft.owner(step), step.clock)


# --- 司法确认 ----------------------------------------------------------------------------------------------------


def _agreement(draft: Draft) -> Mediation:
    mediation = draft.d.mediation
    if mediation is None or mediation.agreed_at is None:
        raise Declined("no_agreement", "尚未达成调解协议，不能申请司法确认")
    return mediation


def _may_apply(draft: Draft) -> None:
    require_accepted(draft)
    mediation = _agreement(draft)
    if mediation.applied_on:
        raise Declined("applied", "已登记申请司法确认，请登记结果")


@handles(ApplyJudicialConfirmation, _may_apply)
def apply_judicial_confirmation(draft: Draft, act: Act, body: ApplyJudicialConfirmation) -> None:
    """申请司法确认: by both sides together, within thirty days (人民调解法 33)."""
    if body.by == ONE_SIDED:
        raise Declined("not_jointly", "司法确认须由双方当事人共同申请（人民调解法第三十三条）", "by")
    clocks = draft.clocks("judicial_confirmation")
    for clock in clocks:
        if body.applied_on > clock.due_on:
            raise Declined(
                "too_late",
                f"{clock.name}须在协议生效起{draft.policy.clock(clock.rule_id).text}内提出，"
                f"期限为{clock.due_on}，已超过",
                "applied_on",
            )
    draft.record(body, m.ConfirmationApplied(on=body.applied_on))
    for clock in clocks:
        draft.stop_clock(clock, at=moment_on(draft, body.applied_on))


def _may_record(draft: Draft) -> None:
    require_accepted(draft)
    if _agreement(draft).applied_on is None:
        raise Declined("not_applied", "请先登记申请司法确认")


@handles(RecordJudicialConfirmation, _may_record)
def record_judicial_confirmation(draft: Draft, act: Act, body: RecordJudicialConfirmation) -> None:
    """What the court said."""
    draft.record(body, m.ConfirmationDecided(confirmed=body.result == "裁定协议有效"))
