"""三（三）处置意见: opinions and the formal decision on each claim."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from domain import events as ev
from domain.actions import Act
from domain.actions.disposal import (
    CREDITED,
    ENROLLED,
    FinishOnTheSpot,
    GiveOpinion,
    IssueDisposition,
    Result,
    SpotResult,
)
from domain.decide import writing
from domain.decide.common import (
    dispatched,
    execution_settled,
    is_concerned,
    item_settled,
    own_claims,
    require_accepted,
    require_claims,
    same_unit,
)
from domain.decide.dissent import hold_dissent, settle_dissent
from domain.decide.registry import handles
from domain.decide.sums import Sum, unknown_claims
from domain.decide.telling import told
from domain.decide.walk import deciding_step, require_decidable, stop_handling
from domain.declined import Declined
from domain.dissent import disputed
from domain.draft import Draft
from domain.meanings import Meaning
from domain.meanings.concluding import (
    ClaimDecided,
    DispositionIssued,
    OpinionGiven,
    PaidPart,
    PartiesInformed,
    PaymentRecorded,
    RefundRecorded,
)
from domain.state import SubItem
from domain.tasks import INQUIRY, TaskKind
from domain.words import SHANGHAI, Conclusion, Stage, Step, UnitName

ASSESSED_LATER = (ENROLLED, CREDITED)

# --- opinions ----------------------------------------------------------------------------------------------------


def _may_opine(draft: Draft) -> None:
    require_accepted(draft)
    if draft.d.informed_at and not draft.d.rehandle_open:
        raise Declined("informed", "结果已告知当事人，不再征求意见；如需纠正请走重新办理")


@handles(GiveOpinion, _may_opine)
def give_opinion(draft: Draft, act: Act, body: GiveOpinion) -> None:
    """A consulted unit is heard."""
    require_claims(draft, *(v.claim for v in body.views), field="views")
    draft.record(body, OpinionGiven(views={v.claim: v.stance for v in body.views}))
    for task in dispatched(draft, "协办"):
        if task.unit == act.unit:
            draft.close_task(task, "已反馈意见")
    if draft.d.disposed_at:
        hold_dissent(draft)
        settle_dissent(draft)


# --- dispositions ------------------------------------------------------------------------------------------------


def _may_dispose(draft: Draft) -> None:
    require_accepted(draft)
    d = draft.d
    if d.informed_at and d.disposed_at and not d.rehandle_open:
        raise Declined("informed", "结果已告知当事人，不能再改处置意见；如需纠正请走重新办理")
    require_decidable(draft)


def _disposition_faults(draft: Draft, body: IssueDisposition) -> Iterator[Declined]:
    yield from _not_own(draft, body.results)
    yield from _not_competent(draft, body.results)
    yield from _without_reasons(draft, body)


@handles(IssueDisposition, _may_dispose, _disposition_faults)
def issue_disposition(draft: Draft, act: Act, body: IssueDisposition) -> None:
    """The formal decision; a later one replaces the one in force on the same claims."""
    decided = [
        ClaimDecided(no=r.claim, conclusion=r.conclusion, recognised=_recognised(draft, r), refund=r.refund)
        for r in body.results
    ]
    excepted = sum(x.conclusion == Conclusion.REJECT for x in body.excepted_members)
    draft.record(body, DispositionIssued(claims=decided, excepted=excepted))
    draft.document("处置意见书", **writing.disposition(body))
    close_finished_items(draft)
    if all(s.conclusion for s in draft.d.sub_items.values()):
        dispose(draft)
        hold_dissent(draft)
    settle_dissent(draft)


def _not_own(draft: Draft, results: Sequence[Result | SpotResult]) -> Iterator[Declined]:
    """Results on claims that are not there, not the unit's, or decided twice in one paper."""
    own, seen = {s.no for s in own_claims(draft)}, set[str]()
    yield from unknown_claims(
        draft, (Sum(r.claim, Decimal(0), f"results.{n}.claim") for n, r in enumerate(results))
    )
    for number, row in enumerate(results):
        place = f"results.{number}.claim"
        if row.claim in draft.d.sub_items and row.claim not in own:
            yield Declined("not_own", f"子项 {row.claim} 不由{draft.unit}主办，不能出具处置意见", place)
        if row.claim in seen:
            yield Declined("twice", f"子项 {row.claim} 写了两次，同一子项只能写一个结论", place)
        seen.add(row.claim)


def _not_competent(draft: Draft, results: list[Result]) -> Iterator[Declined]:
    """What falls to another department, whose result is neither named nor on record.

    Where the route itself gives the decision to a role, that is its competence.
    """
    step = deciding_step(draft.tier) if draft.tier else None
    if step and step.owner != "lead" and draft.unit == draft.owner(step):
        return
    competent = {r.no: r.lead for r in draft.d.routed}
    for number, row in enumerate(results):
        unit = competent.get(row.claim)
        if unit is None or row.competent or _same_department(draft, unit) or is_concerned(draft, unit):
            continue
        if not _has_said(draft, unit, row.claim):
            yield Declined(
                "not_competent",
                f"子项 {row.claim} 属{unit}职责，须由其出具意见或在会商中提出；已另有结论的，请写明主管部门的结论",
                f"results.{number}.competent",
            )


def _same_department(draft: Draft, unit: UnitName) -> bool:
    """Whether the acting unit is this one, or a branch of the same levying authority."""
    levy = draft.policy.powers.levy.units
    both = all(draft.policy.among(u, levy) for u in (draft.unit, unit))
    return both or same_unit(draft, draft.unit, unit)


def _has_said(draft: Draft, unit: UnitName, claim: str) -> bool:
    """Whether a unit's view of a claim is on record: in writing, or in the minutes of a sitting that came to a result."""
    d = draft.d
    wrote = any(claim in o.views and same_unit(draft, o.unit, unit) for o in d.opinions)
    return wrote or any(m.agreed and unit in m.heard for m in d.meetings)


def _without_reasons(draft: Draft, body: IssueDisposition) -> Iterator[Declined]:
    items = draft.d.sub_items
    replaced = [r.claim for r in body.results if r.claim in items and items[r.claim].conclusion]
    if replaced and not body.change_reason:
        yield Declined(
            "incomplete", f"子项 {'、'.join(replaced)} 已有处置意见，请填写更替原意见的理由", "change_reason"
        )
    if body.change_reason and not replaced:
        yield Declined("not_asked", "这些子项还没有处置意见，不填更替原意见的理由", "change_reason")
    lines = {member.line for member in draft.d.facts.applicant.members}
    for number, row in enumerate(body.excepted_members):
        if row.member not in lines:
            place = f"excepted_members.{number}.member"
            yield Declined("unknown_member", f"名册中没有第 {row.member} 行", place)


def _recognised(draft: Draft, result: Result) -> Decimal | None:
    """The premium recognised, yuan: as stated, else what was paid already; benefits never count as premium.

    What is only to be assessed once somebody is enrolled is not known yet, whatever was paid.
    """
    item = draft.d.sub_items[result.claim]
    if not item.premium or result.conclusion == Conclusion.REJECT:
        return None
    if result.recognised is not None or result.measure in ASSESSED_LATER:
        return result.recognised
    return item.paid or None


def _finished(item: SubItem) -> bool:
    return item.conclusion is not None and item_settled(item)


def close_finished_items(draft: Draft) -> None:
    """子项办结: concluded, and paid as far as there is something to pay."""
    everything = all(s.conclusion for s in draft.d.sub_items.values()) and execution_settled(draft)
    for item in list(draft.d.sub_items.values()):
        if item.closed_at is None and (_finished(item) or (everything and item.conclusion)):
            draft.emit(ev.SubItemClosed(no=item.no))


def dispose(draft: Draft, *, tell: bool = True) -> None:
    """All sub-items are decided: the party is told next. Whoever still owed an opinion owes it no more."""
    stop_handling(draft)
    draft.close_tasks(TaskKind.INVESTIGATE, TaskKind.AWAIT_CHOICE, TaskKind.DISPOSE, outcome="已形成处置意见")
    draft.close_tasks(
        TaskKind.HANDLE, TaskKind.ASSIST, TaskKind.RETURN_REVIEW, TaskKind.MEDIATE, TaskKind.CONVENE, TaskKind.MINUTES,
        TaskKind.ANSWER_INVITATION, TaskKind.FINDINGS, outcome="已形成处置意见", stop=False,
    )  # fmt: skip
    if not disputed(draft.d):
        for task in draft.d.open_tasks(TaskKind.OBJECTION):
            if task.ref != INQUIRY:
                draft.close_task(task, "已形成处置意见", stop=False)
    draft.enter(Stage.DISPOSED)
    draft.close_tasks(TaskKind.INFORM, outcome="处置意见已更替", stop=False)
    if tell and not any(t.ref == INQUIRY for t in draft.d.open_tasks(TaskKind.OBJECTION)):
        draft.open_task(TaskKind.INFORM, draft.notifier())


# --- 当场办结 ----------------------------------------------------------------------------------------------------


def _may_finish(draft: Draft) -> None:
    require_accepted(draft)
    step = draft.tier.step(Step.ON_THE_SPOT) if draft.tier else None
    if step is None:
        raise Declined("not_in_route", f"本案的办理步骤中没有{Step.ON_THE_SPOT.word}")
    if draft.d.disposed_at or draft.d.guided_at:
        raise Declined("decided", "本案已有结论，请办理告知结果")
    require_decidable(draft)


_DONE = ("补办登记", "更正信息", "退费", "解答政策", "补缴到账")


def _spot_faults(draft: Draft, body: FinishOnTheSpot) -> Iterator[Declined]:
    yield from _not_own(draft, body.results)
    undecided = {s.no for s in draft.d.sub_items.values() if s.conclusion is None}
    if missing := sorted(undecided - {r.claim for r in body.results}):
        yield Declined("missing", f"须对每个子项写明结论，尚缺子项 {'、'.join(missing)}", "results")


@handles(FinishOnTheSpot, _may_finish, _spot_faults)
def finish_on_the_spot(draft: Draft, act: Act, body: FinishOnTheSpot) -> None:
    """当场办结: the answer is the disposition, and the party has heard it."""
    draft.record(body, *_spot_meanings(draft, body))
    for row in body.results:
        if row.done in _DONE and draft.d.sub_items[row.claim].closed_at is None:
            draft.emit(ev.SubItemClosed(no=row.claim))
    close_finished_items(draft)
    if disputed(draft.d):
        raise Declined("contrary", "其他单位已书面提出相反意见，须先会商研究，不能当场办结", "results")
    dispose(draft, tell=False)
    told(
        draft,
        draft.now,
        结论={r.claim: r.conclusion for r in body.results},
        办理内容=writing.on_the_spot(body.results),
        答复=body.answer,
    )


def _spot_meanings(draft: Draft, body: FinishOnTheSpot) -> list[Meaning]:
    items, today = draft.d.sub_items, draft.now.astimezone(SHANGHAI).date()
    levied = {r.claim: r.amount for r in body.results if r.done in ("补缴到账", "答应补缴") and r.amount}
    decided = [
        ClaimDecided(
            no=r.claim,
            conclusion=r.conclusion,
            recognised=levied.get(r.claim) if items[r.claim].premium else None,
        )
        for r in body.results
    ]
    paid = [
        PaidPart(claim=r.claim, principal=r.amount) for r in body.results if r.done == "补缴到账" and r.amount
    ]
    back = [(r.claim, r.amount) for r in body.results if r.done == "退费" and r.amount]
    meanings: list[Meaning] = [DispositionIssued(claims=decided)]
    if paid:
        meanings.append(PaymentRecorded(parts=paid, late_fee=Decimal(0), by_force=False, paid_on=today))
    meanings += [RefundRecorded(claim=no, amount=amount) for no, amount in back]
    return [*meanings, PartiesInformed(on=today)]
