"""Who may see whole identities, and why (个人信息保护法第五十一条; 信访工作条例第三十条): every look is an event."""

from domain import events as ev
from domain.decide import parts
from domain.decide.common import issues, same_unit
from domain.declined import Declined
from domain.draft import Draft
from domain.events import Identity

HANDLING = "handling"
"""In the policy: a unit that has the matter in hand, or came when it was invited; not one that only once had it."""
SHORTEST_REASON = 4
"""Characters; fewer say nothing."""

NAMES: dict[Identity, str] = {"parties": "当事人身份信息", "reporter": "举报人身份信息"}


def view(draft: Draft, whose: Identity, reason: str, paper: int | None = None) -> None:
    """Note that an officer sees an identity whole; ``paper``: as far as it stands in this one. Raises Declined when the policy
    does not let the unit."""
    if not draft.d.version:
        raise Declined("unknown", "没有这件案件，请核对案号")
    if len(reason.strip()) < SHORTEST_REASON:
        raise Declined("no_reason", "须写明查看的事由（不少于四个字），它会记入案件", "reason")
    if not may_look(draft, whose) and not (paper and _issues(draft, paper)):
        basis = draft.policy.identities[whose].basis
        raise Declined("wrong_unit", f"{draft.unit}无权查看{NAMES[whose]}（{basis}）", "unit")
    draft.emit(ev.Viewed(whose=whose, reason=reason.strip()))


def _issues(draft: Draft, no: int) -> bool:
    """Whether it is the acting unit's own paper, of somebody who need not be hidden from it."""
    papers = draft.d.documents[no - 1 : no]
    return bool(papers) and issues(draft, papers[0]) and not draft.d.confidential


def may_look(draft: Draft, whose: Identity) -> bool:
    """Whether the policy lets the acting unit learn who that is."""
    rule = draft.policy.identities[whose]
    came = (i.unit for i in draft.d.invitations if i.joined)
    handles = not parts.stands_aside(draft) and (
        parts.has_any(draft, parts.HANDLES) or any(same_unit(draft, draft.unit, unit) for unit in came)
    )
    return (
        draft.policy.among(draft.unit, rule.may_view)
        or ("center" in rule.may_view and draft.is_center())
        or (HANDLING in rule.may_view and handles and not draft.d.confidential)
    )
