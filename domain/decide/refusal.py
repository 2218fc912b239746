"""不予受理、移送、并案、关联: what is not handled here, or not by itself."""

from domain import actions as a
from domain.actions import Act
from domain.decide.common import taken
from domain.decide.ending import archive, end
from domain.decide.intake import end_supplement, require_review
from domain.draft import Draft, Refusal, RelatedMatter
from domain.words import Channel, Stage


def decide_not_accept(draft: Draft, act: Act) -> None:
    """不予受理, of the whole matter or of some of its claims: by code, in writing, the right way named."""
    draft.require(draft.is_center(), draft.center)
    body = act.body
    assert isinstance(body, a.DecideNotAccept)
    whole = _is_whole(draft, body)
    if whole or not draft.d.accepted_at:
        require_review(draft)
    kinds = {_refusal_kind(draft, r) for r in body.refusals()}
    taken(draft, act)
    for refusal in body.refusals():
        rule = draft.policy.refusals[refusal.code]
        draft.document(
            "不予受理/移送告知书",
            代码=refusal.code,
            子项=refusal.claim,
            理由=rule.name,
            正确途径=refusal.redirect or rule.redirect,
        )
    if whole:
        _refuse_whole(draft, kinds)


def _is_whole(draft: Draft, body: a.DecideNotAccept) -> bool:
    """Whether nothing is left of the matter; refused when a claim named is not in it or is decided already."""
    named = {r.claim for r in body.refusals() if r.claim}
    left = {r.no for r in draft.d.routed}
    if unknown := named - left:
        raise Refusal(
            "unknown_claim",
            f"没有待处理的子项 {'、'.join(sorted(unknown))}，本案子项：{'、'.join(sorted(left))}",
            "items",
        )
    items = draft.d.sub_items
    if any(items[no].conclusion for no in named if no in items) or (items and not named):
        raise Refusal("already_decided", "案件或子项已受理并处置，不能再作不予受理决定", "items")
    whole = not named or named == left
    if items and (whole or all(s.conclusion for no, s in items.items() if no not in named)):
        raise Refusal("already_accepted", "案件已受理，其余子项均已处置，请对该子项出具处置意见", "items")
    return whole


def _refuse_whole(draft: Draft, kinds: set[str]) -> None:
    end_supplement(draft)
    draft.enter(Stage.REFUSED)
    draft.close_tasks("triage", outcome="不予受理")
    draft.close_tasks("urgent_report", outcome="不予受理", stop=False)
    if "lead" in kinds:
        draft.open_task("register_lead", "登记线索", draft.d.center, "lead_register")
    if kinds == {"lead"}:
        draft.stop_clocks(*draft.policy.channel_clocks.get(draft.d.facts.channel, ()))
    else:
        draft.open_task("refusal_notice", "书面告知并移送", draft.d.center, "result_notice")


def _refusal_kind(draft: Draft, refusal: a.Refusal) -> str:
    rule = draft.policy.refusals.get(refusal.code)
    if rule is None:
        known = "、".join(draft.policy.refusals)
        raise Refusal("unknown_code", f"没有不予受理代码 {refusal.code}，可用：{known}", "code")
    if rule.kind == "merge":
        raise Refusal("merge", f"{refusal.code}（{rule.name}）应并案办理，不得不予受理", "code")
    if rule.kind == "review" and not draft.d.legal_reviews:
        raise Refusal(
            "needs_review", f"{refusal.code}（{rule.name}）须先经法制审核，不得径行不予受理", "code"
        )
    if not (refusal.redirect or rule.redirect):
        raise Refusal("no_redirect", "不予受理须告知正确途径", "redirect")
    return rule.kind


def refusal_notice(draft: Draft, act: Act) -> None:
    """The written notice and transfer that end a refused matter; one that is still to become a lead stays."""
    draft.require(draft.is_center(), draft.center)
    taken(draft, act)
    draft.close_tasks("refusal_notice", outcome="已书面告知")
    draft.stop_clocks(*draft.policy.channel_clocks.get(draft.d.facts.channel, ()))
    draft.enter(Stage.TRANSFERRED)
    if draft.d.open_tasks("register_lead"):
        return
    end(draft, "不予受理移送", "不予受理，已书面告知正确途径并移送")
    archive(draft)


def merge_into(draft: Draft, act: Act) -> None:
    """并案, confirmed by an officer: this matter goes on under its parent, which answers both."""
    draft.require(draft.is_center(), draft.center)
    body = act.body
    assert isinstance(body, a.MergeInto)
    parent = _parent(draft, body)
    if draft.d.disposed_at or draft.d.closed_at or draft.d.refused_at:
        raise Refusal("too_late", "本案已形成处置意见或不予受理决定，不能再并案")
    taken(draft, act)
    draft.cancel_everything("并案")
    for clock in list(draft.d.open_clocks()):
        draft.lapse_clock(clock)
    draft.enter(Stage.MERGED)
    end(draft, "并案", f"并入 {parent.case_no}")
    archive(draft)


def _parent(draft: Draft, body: a.MergeInto) -> RelatedMatter:
    own = draft.d.facts.source_no
    if body.child != own:
        raise Refusal("not_this_matter", f"本案渠道单号为 {own}，请在 {body.child} 的案件上办理并案", "child")
    if body.parent == own:
        raise Refusal("same_matter", "不能并入本案自身", "parent")
    parent = draft.related.get(body.parent)
    if parent is None:
        raise Refusal("unknown_parent", f"没有渠道单号为 {body.parent} 的案件", "parent")
    if not parent.is_open:
        raise Refusal("parent_closed", f"{parent.case_no} 已办结，不能并入，请改为关联", "parent")
    return parent


def absorb(draft: Draft, act: Act) -> None:
    """Take over a merged matter's source number and its channel's clock; if the party was told, tell it again."""
    draft.require(draft.is_role("system"), draft.role("system"))
    body = act.body
    assert isinstance(body, a.Absorb)
    if any(s.source_no == body.source_no and s.channel == body.channel for s in draft.d.sources):
        return
    taken(draft, act)
    for rule_id in draft.policy.channel_clocks.get(Channel(body.channel), ()):
        if rule_id != "intake_notice":
            draft.start_clock(
                rule_id, draft.d.center, at=body.received_at, start_event=body.received_at.isoformat()
            )
    if draft.d.informed_at:
        draft.once("inform", "并案渠道单号答复", draft.notifier(), "result_notice")


def link_case(draft: Draft, act: Act) -> None:
    """关联; both matters go on by themselves."""
    draft.require(draft.is_center(), draft.center)
    body = act.body
    assert isinstance(body, a.LinkCase)
    if body.new_source == body.previous_source:
        raise Refusal("same_matter", "不能与本案自身关联", "previous_source")
    taken(draft, act)
