"""救济途径 of a paper, and what a guidance paper says: built from the policy's table, nowhere else."""

from collections.abc import Collection, Iterable
from typing import Any, cast

from domain.dispute import Dispute
from domain.paper import Document
from domain.policy import Policy
from domain.policy_remedies import ActKind, RemedyRule, ReviewBody, Way
from domain.words import Conclusion, LawfulWay, Model, UnitName

FIELD = "救济途径"
OPINION, ORDER, NOTICE = "处置意见书", "限期缴纳通知书", "办理结果告知书"


class Remedy(Model):
    """What is open against one act. ``body``: who reviews it; ``first``: what must be gone first (复议前置)."""

    act: ActKind
    issuer: UnitName
    body: str | None
    first: str | None
    text: str


def review_body(policy: Policy, issuer: UnitName) -> str | None:
    """Who reviews this unit's administrative acts; ``None`` for a unit that does none."""
    rule = _body_rule(policy, issuer)
    return policy.units.roles.get(rule.to, rule.to) if rule else None


def _body_rule(policy: Policy, issuer: UnitName) -> ReviewBody | None:
    rules = [b for b in policy.remedies.bodies.values() if policy.among(issuer, b.issuers)]
    return rules[-1] if rules else None


def remedies(
    policy: Policy,
    d: Dispute,
    paper: str,
    issuer: UnitName,
    conclusions: Collection[Conclusion] = (),
) -> list[Remedy]:
    """What is open against this paper of this issuer; of an opinion, by what it concludes."""
    return [
        _against(policy, d, kind, rule, issuer)
        for kind, rule in policy.remedies.acts.items()
        if paper in rule.papers and (not rule.conclusions or set(rule.conclusions) & set(conclusions))
    ]


def _against(policy: Policy, d: Dispute, kind: ActKind, rule: RemedyRule, issuer: UnitName) -> Remedy:
    table = policy.remedies
    body = review_body(policy, issuer)
    by_review = any(table.ways[name].to is None for name in rule.ways)
    if by_review and body is None:
        kind, rule = "opinion", table.acts["opinion"]
    ways = [_said(policy, table.ways[name], issuer) for name in rule.ways]
    text = rule.said or ""
    if ways and rule.first:
        text = f"认为{issuer}{rule.name}的，应当先{ways.pop(rule.ways.index(rule.first))}"
        text += "".join(f"；{way}" for way in ways) + f"（复议前置：{rule.basis}）"
    elif ways:
        own = [w for name, w in zip(rule.ways, ways, strict=True) if table.ways[name].when is None]
        after = [w for w in ways if w not in own]
        text = "；".join([f"对{issuer}的{rule.name}不服的，可以{'，也可以'.join(own)}", *after])
    if d.intake and d.facts.channel in table.petition_channels and rule.petition:
        text += "；本件为信访事项，不服的，可以" + "；".join(
            _said(policy, table.ways[n], issuer) for n in rule.petition
        )
    return Remedy(
        act=kind, issuer=issuer, body=body if by_review else None, first=rule.first, text=f"{text}。"
    )


def _said(policy: Policy, way: Way, issuer: UnitName) -> str:
    rule = None if way.to else _body_rule(policy, issuer)
    basis = f"{way.basis}；{rule.basis}" if rule else way.basis
    body = way.to or review_body(policy, issuer)
    return f"{way.when or ''}自{way.since}起{way.period}内向{body}{way.name}（{basis}）"


def redress(policy: Policy, d: Dispute, paper: str, issuer: UnitName, given: dict[str, Any]) -> list[str]:
    """The 救济途径 of a paper, a line for each act; a notice of a result repeats those of the acts it tells of."""
    concluded = given.get("结论")
    told = cast("dict[str, str]", concluded).values() if isinstance(concluded, dict) else ()
    conclusions = [Conclusion(c) for c in told]
    lines = [r.text for r in remedies(policy, d, paper, issuer, conclusions)]
    if paper == NOTICE:
        lines += [text for p in in_force(policy, d) for text in p.fields.get(FIELD, [])]
    return [*dict.fromkeys(lines)]


def in_force(policy: Policy, d: Dispute) -> list[Document]:
    """The departments' acts that stand: of each issuer's opinions and orders the newest on the same claims."""
    names = (policy.paper(OPINION), policy.paper(ORDER))
    return [*{(p.name, p.issuer, _claims(p)): p for p in d.documents if p.name in names}.values()]


def _claims(paper: Document) -> tuple[str, ...]:
    return tuple(paper.fields.get("子项", ()))


def guidance(policy: Policy, d: Dispute, ways: Iterable[LawfulWay]) -> dict[str, dict[str, Any]]:
    """机构, 时效, 材料 of each way that a party is guided to, with the article."""
    review = (review_body(policy, d.lead) if d.lead else None) or "作出该行为的机关的复议机关"
    rules = {way: policy.remedies.guidance[way] for way in ways}
    return {
        "机构": {way: rule.body.replace("{review}", review) for way, rule in rules.items()},
        "时效": {way: f"{rule.limit}（{rule.basis}）" for way, rule in rules.items()},
        "材料": {way: "、".join(rule.materials) for way, rule in rules.items()},
    }
