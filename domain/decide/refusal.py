"""不予受理、移送、并案、关联: what is not handled here, or not by itself."""

from domain.actions import Act
from domain.actions.intake import AbsorbSource, LinkCases, MergeCases, RefuseClaims, RefusedClaim
from domain.actions.telling import NotifyRefusal
from domain.decide.common import always, moment_on, require_dispute, require_not_concerned, require_other
from domain.decide.ending import archive, end
from domain.decide.intake import end_supplement, require_review, start_legal_clock
from domain.decide.registry import handles
from domain.declined import Declined
from domain.draft import Draft, RelatedMatter
from domain.meanings import handling as m
from domain.tasks import TaskKind
from domain.words import Channel, Stage


def _may_refuse(draft: Draft) -> None:
    if not draft.d.accepted_at:
        require_review(draft)
    elif draft.d.closed_at or draft.d.withdrawn_at or not _can_part(draft):
        raise Declined("already_accepted", "案件已受理，没有可以不予受理的子项；请对子项出具处置意见")


def _can_part(draft: Draft) -> bool:
    """Whether a claim may still leave an accepted matter: another undecided one stays behind."""
    return sum(s.conclusion is None for s in draft.d.sub_items.values()) > 1


@handles(RefuseClaims, _may_refuse)
def refuse_claims(draft: Draft, act: Act, body: RefuseClaims) -> None:
    """不予受理, of the whole matter or of some of its claims: by code, in writing, the right way named."""
    whole = _is_whole(draft, body)
    if whole:
        require_review(draft)
    kinds = {_refusal_kind(draft, item, f"items.{n}.code") for n, item in enumerate(body.items)}
    refused = m.ClaimsRefused(
        codes=[item.code for item in body.items],
        ways=[item.competent for item in body.items],
        claims=[item.claim for item in body.items if item.claim],
    )
    draft.record(body, refused)
    for item in body.items:
        draft.document(
            "不予受理/移送告知书",
            代码=item.code,
            子项=item.claim,
            理由=f"{draft.policy.refusals[item.code].name}。{item.ground}",
            正确途径=item.competent,
        )
    if whole:
        _refuse_whole(draft, kinds)


def _is_whole(draft: Draft, body: RefuseClaims) -> bool:
    """Whether nothing is left of the matter; refused when a claim named is not in it or is decided already."""
    named = {item.claim for item in body.items if item.claim}
    left = {r.no for r in draft.d.routed}
    if unknown := named - left:
        raise Declined(
            "unknown_claim",
            f"没有待处理的子项 {'、'.join(sorted(unknown))}，本案子项：{'、'.join(sorted(left))}",
            "items",
        )
    items = draft.d.sub_items
    if any(items[no].conclusion for no in named if no in items) or (items and not named):
        raise Declined("already_decided", "案件或子项已受理并处置，不能再作不予受理决定", "items")
    whole = not named or named == left
    if items and (whole or all(s.conclusion for no, s in items.items() if no not in named)):
        raise Declined("already_accepted", "案件已受理，其余子项均已处置，请对该子项出具处置意见", "items")
    return whole


def _refuse_whole(draft: Draft, kinds: set[str]) -> None:
    end_supplement(draft)
    draft.enter(Stage.REFUSED)
    draft.close_tasks(TaskKind.TRIAGE, TaskKind.FIRST_ANSWER, outcome="不予受理")
    draft.close_tasks(TaskKind.URGENT_REPORT, outcome="不予受理", stop=False)
    if "lead" in kinds:
        draft.open_task(TaskKind.REGISTER_LEAD, draft.d.center, title="登记线索")
    if kinds == {"lead"}:
        draft.stop_clocks(*draft.legal_clocks())
    else:
        draft.open_task(TaskKind.REFUSAL_NOTICE, draft.d.center)


def _refusal_kind(draft: Draft, item: RefusedClaim, place: str) -> str:
    rule = draft.policy.refusals.get(item.code)
    if rule is None:
        known = "、".join(draft.policy.refusals)
        raise Declined("unknown_code", f"没有不予受理代码 {item.code}，可用：{known}", place)
    if rule.kind == "merge":
        raise Declined("merge", f"{item.code}（{rule.name}）应并案办理，不得不予受理", place)
    if rule.kind == "review":
        _require_legal_review(draft, f"{item.code}（{rule.name}）", place)
    return rule.kind


def _require_legal_review(draft: Draft, ground: str, place: str) -> None:
    """Refuse a ground that only 法制审核 opens: by somebody else, who found that the matter may not be taken."""
    if not draft.d.legal_reviews:
        raise Declined("needs_review", f"{ground}须先经法制审核，不得径行不予受理", place)
    last = draft.d.legal_reviews[-1]
    if last.result != "不可以":
        raise Declined("review_says_no", f"{ground}的法制审核意见是“{last.result}”，不能以此不予受理", place)
    require_other(draft, last.by, "依据", "法制审核意见作出不予受理决定")


def _may_notify(draft: Draft) -> None:
    if not draft.d.open_tasks(TaskKind.REFUSAL_NOTICE):
        raise Declined("not_refused", "没有待告知的不予受理决定")


@handles(NotifyRefusal, _may_notify)
def notify_refusal(draft: Draft, act: Act, body: NotifyRefusal) -> None:
    """The written notice and transfer that end a refused matter; one that is still to become a lead stays.

    The terms for it are kept on the day of the notice (关于实施《劳动保障监察条例》若干规定第十八条、信访工作条例第二十二条).
    """
    told = moment_on(draft, body.told_on)
    draft.record(body)
    draft.close_tasks(TaskKind.REFUSAL_NOTICE, outcome="已书面告知", at=told)
    draft.stop_clocks(*draft.legal_clocks(), at=told)
    draft.enter(Stage.TRANSFERRED)
    if draft.d.open_tasks(TaskKind.REGISTER_LEAD):
        return
    end(draft, "不予受理移送", "不予受理，已书面告知正确途径并移送")
    archive(draft)


def _may_merge(draft: Draft) -> None:
    require_dispute(draft)
    d = draft.d
    if d.disposed_at or d.closed_at or d.refused_at or d.transferred_at or d.withdrawn_at:
        raise Declined("too_late", "本案已形成处置意见或不予受理决定，不能再并案")


@handles(MergeCases, _may_merge)
def merge_cases(draft: Draft, act: Act, body: MergeCases) -> None:
    """并案, confirmed by an officer: this matter goes on under its parent, which answers both."""
    parent = _other(draft, body.into, "into", "不能并入本案自身")
    if not parent.is_open:
        raise Declined("parent_closed", f"{parent.case_no} 已办结，不能并入，请改为关联", "into")
    if parent.lead:
        require_not_concerned(draft, [parent.lead], f"随{parent.case_no}主办本案", "into")
    draft.record(body, m.Merged(into=parent.source_no, matter=parent.dispute_id, case_no=parent.case_no))
    draft.cancel_everything("并案")
    for clock in list(draft.d.open_clocks()):
        draft.lapse_clock(clock)
    draft.enter(Stage.MERGED)
    end(draft, "并案", f"并入 {parent.case_no}")
    archive(draft)


def _other(draft: Draft, ref: str, field: str, itself: str) -> RelatedMatter:
    """Another matter, by its source number or its case number."""
    if ref in (draft.d.facts.source_no, draft.d.case_no):
        raise Declined("same_matter", itself, field)
    found = draft.related.get(ref)
    if found is None:
        raise Declined("unknown_matter", f"没有渠道单号或案号为 {ref} 的案件", field)
    return found


@handles(AbsorbSource, always)
def absorb_source(draft: Draft, act: Act, body: AbsorbSource) -> None:
    """Take over a merged matter's source number and its channel's clock; if the party was told, tell it again."""
    if any(s.source_no == body.source_no and s.channel == body.channel for s in draft.d.sources):
        return
    draft.record(
        body,
        m.SourceAbsorbed(
            channel=body.channel,
            source_no=body.source_no,
            received_at=body.received_at,
            handed_over_by=body.handed_over_by,
        ),
    )
    _take_over_clocks(draft, body)
    if draft.d.informed_at:
        draft.once(TaskKind.INFORM, draft.notifier(), title="并案渠道单号答复")


def _take_over_clocks(draft: Draft, body: AbsorbSource) -> None:
    """The written answer its channel asks for, and the time to handle it, from the day it is taken in with the parent."""
    d, came = draft.d, body.received_at.isoformat()
    for rule_id in draft.policy.clocks_of(Channel(body.channel), body.handed_over_by):
        rule = draft.policy.clock(rule_id)
        if rule.kind != "statutory":
            continue
        if rule.start == "received":
            start_legal_clock(draft, rule_id, d.center, at=body.received_at, start_event=came)
        elif d.accepted_at and not d.informed_at and not draft.clocks(rule_id):
            draft.start_clock(rule_id, d.lead or d.center)


@handles(LinkCases, always)
def link_cases(draft: Draft, act: Act, body: LinkCases) -> None:
    """关联; both matters go on by themselves."""
    other = _other(draft, body.to, "to", "不能与本案自身关联")
    draft.record(body, m.CasesLinked(to=other.source_no, matter=other.dispute_id))
