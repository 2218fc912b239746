"""Who may see whole identities, and why (个人信息保护法第五十一条; 信访工作条例第三十条): every look is an event."""

from collections.abc import Iterable

from domain import events as ev
from domain.decide import parts
from domain.decide.common import issues, same_unit
from domain.declined import Declined
from domain.draft import Draft
from domain.events import Identity
from domain.policy import Policy
from domain.reasons import require_reason

HANDLING = "handling"
"""In the policy: a unit that has the matter in hand, or came when it was invited; not one that only once had it."""

NAMES: dict[Identity, str] = {"parties": "当事人身份信息", "reporter": "举报人身份信息"}


def view(
    draft: Draft, whose: Identity, reason: str, paper: int | None = None, names: Iterable[str] = ()
) -> None:
    """Note that an officer sees an identity whole; ``paper``: as far as it stands in this one. ``names``: of the reporter, where
    that is whom he sees.

    Raises Declined when the policy does not let the unit; for a reason that names somebody only after that, for whose name it
    is would be told by the refusal.
    """
    if not draft.d.version:
        raise Declined("unknown", "没有这件案件，请核对案号")
    require_reason(reason)
    if not may_look(draft, whose) and not (paper and _issues(draft, paper)):
        basis = draft.policy.identities[whose].basis
        raise Declined("wrong_unit", f"{draft.unit}无权查看{NAMES[whose]}（{basis}）", "unit")
    draft.emit(ev.Viewed(whose=whose, reason=require_reason(reason, [*draft.d.names(), *names])))


def _issues(draft: Draft, no: int) -> bool:
    """Whether it is the acting unit's own paper, of somebody who need not be hidden from it."""
    papers = draft.d.documents[no - 1 : no]
    return bool(papers) and issues(draft, papers[0]) and not draft.d.confidential


def lookers(policy: Policy, whose: Identity) -> str:
    """Which units the policy lets learn who that is, in words."""
    words = policy.identities[whose].may_view
    units = ("正在办理的单位" if word == HANDLING else parts.unit_word(word, policy) for word in words)
    return "、".join(filter(None, units))


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
