"""The choices of a form that come from the matter or its policy: what may be chosen, and how it reads."""

from collections.abc import Callable, Iterable

from domain.actions.form import ChoicesFrom
from domain.chinese import yuan
from domain.clocks import UNIT_WORDS
from domain.decide.cards import own_cards, standing_cards
from domain.decide.common import own_claims
from domain.decide.desk import extensible, other_hands, units_to_suggest
from domain.decide.dissent import upholdable
from domain.decide.joining import invitable
from domain.decide.level import other_levels
from domain.decide.materials import to_choose
from domain.decide.meeting import own_items
from domain.decide.papers import Numbered, issued, to_issue, to_review, to_serve
from domain.decide.parties import correctable
from domain.declined import Declined
from domain.draft import Draft
from domain.owed import claim_of, said
from domain.paper_content import gaps
from domain.state import Card, SubItem
from domain.words import SHANGHAI, Model


class Choice(Model):
    """One thing that may be chosen: what is sent, and what an officer reads."""

    value: str | int
    label: str


def choices(source: ChoicesFrom, draft: Draft) -> list[Choice]:
    """What may be chosen at this moment; empty when there is nothing."""
    try:
        return list(_SOURCES[source](draft))
    except Declined:
        return []


def claim_label(draft: Draft, item_no: str) -> str:
    """A sub-item as an officer reads it: number, insurance, type, sum claimed, and what has become of it."""
    claim, item = claim_of(draft.d, item_no), draft.d.sub_items.get(item_no)
    what = "".join(filter(None, (claim.insurance, claim.type, claim.detail))) if claim else ""
    asked = f"主张 {yuan(claim.amount)}" if claim and claim.amount is not None else ""
    return "，".join(filter(None, (f"子项{item_no} {what}".strip(), asked, said(item) if item else "")))


def _claims(draft: Draft, items: Iterable[SubItem]) -> Iterable[Choice]:
    return (Choice(value=s.no, label=claim_label(draft, s.no)) for s in items)


def _routed(draft: Draft) -> Iterable[Choice]:
    numbers = list(draft.d.sub_items) or [r.no for r in draft.d.routed]
    return (Choice(value=no, label=claim_label(draft, no)) for no in numbers)


def _texts(values: Iterable[str]) -> Iterable[Choice]:
    return (Choice(value=v, label=v) for v in dict.fromkeys(values))


def _levels(draft: Draft) -> Iterable[Choice]:
    """Not below what is suggested or in force: lowering is an act of its own."""
    present = draft.d.level or draft.d.suggested
    least = draft.policy.tier(present).rank if present else 0
    return _texts(t.name for t in draft.policy.tiers if t.rank >= least)


def _paths(draft: Draft) -> Iterable[Choice]:
    return (Choice(value=t.path, label=f"{t.path}（{t.name}风险）") for t in draft.policy.tiers)


def _refusals(draft: Draft) -> Iterable[Choice]:
    rules = draft.policy.refusals.items()
    return (Choice(value=code, label=f"{code} {r.name}") for code, r in rules if r.kind != "merge")


def _reviews(draft: Draft) -> Iterable[Choice]:
    rules = draft.policy.refusals.items()
    return (Choice(value=code, label=f"{code} {r.name}") for code, r in rules if r.kind == "review")


def _items(draft: Draft) -> Iterable[Choice]:
    return (
        Choice(value=no, label=f"{no} {draft.d.resolutions[no].unit}：{draft.d.resolutions[no].text}")
        for no in own_items(draft)
    )


def _clocks(draft: Draft) -> Iterable[Choice]:
    for clock in extensible(draft):
        unit = UNIT_WORDS[clock.unit].removeprefix("个")
        yield Choice(value=clock.id, label=f"{clock.name}，{clock.due_on} 到期，以{unit}计")


def _instalments(draft: Draft) -> Iterable[Choice]:
    parts = draft.d.mediation.instalments if draft.d.mediation else []
    return (Choice(value=n, label=f"第{n}期 {p.due} {yuan(p.amount)}") for n, p in enumerate(parts, start=1))


def _payments(draft: Draft) -> Iterable[Choice]:
    """The newest first."""
    for p in reversed(draft.d.payments):
        sums = f"本金 {yuan(p.principal)}，滞纳金 {yuan(p.late_fee)}"
        yield Choice(value=p.no, label=f"第{p.no}笔 {p.paid_on} 到账，{sums}（{p.unit} {p.officer} 登记）")


def _paid_back(draft: Draft) -> Iterable[SubItem]:
    """The claims of which something may be paid back: no premium, so decided, or paid beyond what is owed."""
    for item in draft.d.sub_items.values():
        beyond = item.recognised is not None and item.paid > item.recognised
        if not item.premium or item.refund_due is not None or beyond:
            yield item


def _categories(draft: Draft) -> Iterable[Choice]:
    return (Choice(value=k, label=r.text) for k, r in draft.policy.callback.categories.items())


def _members(draft: Draft) -> Iterable[Choice]:
    """Lines of the roll by number, without those who have withdrawn; names are for whoever may see them."""
    gone = {line for part in draft.d.parted for line in part.lines}
    lines = (m.line for m in draft.d.facts.applicant.members if m.line not in gone)
    return (Choice(value=line, label=f"名册第{line}行") for line in lines)


def _cards(cards: Iterable[Card]) -> Iterable[Choice]:
    return (
        Choice(value=c.no, label=f"第{c.no}张 {c.card} {c.unit}：{c.name}，{c.at:%Y-%m-%d}") for c in cards
    )


def _papers(papers: Iterable[Numbered]) -> Iterable[Choice]:
    """The newest first."""
    for no, paper in sorted(papers, key=lambda found: -found[0]):
        known = paper.issued.number if paper.issued else f"{paper.at.astimezone(SHANGHAI):%m-%d} 拟"
        yield Choice(value=no, label=f"{paper.name}（{known}）")


def _gaps(draft: Draft) -> Iterable[Choice]:
    named = (field for _, paper in to_issue(draft) for field in gaps(draft.policy, draft.d, paper))
    return _texts(named)


def _respondents(draft: Draft) -> Iterable[Choice]:
    return (Choice(value=n, label=f"第{n}个：{r.name}") for n, r in enumerate(draft.d.facts.respondents, 1))


_SOURCES: dict[ChoicesFrom, Callable[[Draft], Iterable[Choice]]] = {
    "claims": _routed,
    "own_claims": lambda draft: _claims(draft, own_claims(draft)),
    "disputed_claims": lambda draft: _claims(draft, (draft.d.sub_items[no] for no in upholdable(draft))),
    "premium_claims": lambda draft: _claims(draft, (s for s in draft.d.sub_items.values() if s.premium)),
    "refund_claims": lambda draft: _claims(draft, _paid_back(draft)),
    "payments": _payments,
    "levels": _levels,
    "other_levels": lambda draft: _texts(t.name for t in other_levels(draft)),
    "paths": _paths,
    "refusal_codes": _refusals,
    "review_codes": _reviews,
    "open_items": _items,
    "clocks": _clocks,
    "instalments": _instalments,
    "sources": lambda draft: _texts(s.source_no for s in draft.d.sources),
    "members": _members,
    "categories": _categories,
    "own_cards": lambda draft: _cards(own_cards(draft)),
    "standing_cards": lambda draft: _cards(standing_cards(draft)),
    "invitable": lambda draft: _texts(invitable(draft)),
    "other_hands": lambda draft: (
        Choice(value=t.officer or "", label=f"从{t.officer}手里接过“{t.title}”，由我承办")
        for t in other_hands(draft)
    ),
    "files": lambda draft: (
        Choice(value=f.id, label=f"{f.name}（{f.given_by}，{f.at:%m-%d}）") for f in to_choose(draft)
    ),
    "papers_to_review": lambda draft: _papers(to_review(draft)),
    "papers_to_issue": lambda draft: _papers(to_issue(draft)),
    "paper_gaps": _gaps,
    "papers_to_serve": lambda draft: _papers(to_serve(draft)),
    "parties": lambda draft: _texts(correctable(draft)),
    "respondents": _respondents,
    "units": lambda draft: _texts(units_to_suggest(draft)),
    "issued_papers": lambda draft: _papers(issued(draft)),
}
