"""What a matter itself can say in its 文书, by the name of the field; an action's own words go before it."""

from collections.abc import Callable, Iterable
from typing import Any, cast

from domain import chinese
from domain.dispute import Dispute
from domain.intake import Claim, ClaimNo
from domain.words import Conclusion


def known_fields(d: Dispute, names: Iterable[str]) -> dict[str, Any]:
    """Those of these fields that follow from the state; the rest is for whoever draws the paper up."""
    found = {name: _FIELDS[name](d) for name in names if name in _FIELDS}
    return {name: _each_once(value) for name, value in found.items() if value not in (None, "", [])}


def of_claims(d: Dispute, numbers: Iterable[ClaimNo]) -> dict[str, list[str]]:
    """险种 and 所属期 of these claims alone."""
    wanted = set(numbers)
    named = [c for c in d.facts.claims if c.no in wanted]
    return {"险种": _insurances(named), "所属期": _periods(named)}


def _each_once(value: Any) -> Any:
    return list(dict.fromkeys(cast("list[str]", value))) if isinstance(value, list) else value


def _claims(d: Dispute) -> list[Claim]:
    """The claims the matter is about: those not refused, and once decided, those not rejected."""
    left = {r.no for r in d.routed}
    rejected = {no for no, item in d.sub_items.items() if item.conclusion == Conclusion.REJECT}
    return [c for c in d.facts.claims if c.no in left - rejected]


def _insurances(claims: list[Claim]) -> list[str]:
    return _each_once([c.insurance for c in claims if c.insurance])


def _periods(claims: list[Claim]) -> list[str]:
    """The months of each claim; where they are of several insurances, of which they are."""
    several = len(_insurances(claims)) > 1
    return _each_once(
        [
            f"{c.insurance or '' if several else ''}{c.period.from_ or '不详'}至{c.period.to or '不详'}"
            for c in claims
        ]
    )


def _asked(d: Dispute) -> list[str]:
    return ["".join(filter(None, (c.insurance, c.type, c.detail))) for c in _claims(d)]


def _request(claim: Claim) -> str:
    """A claim as it is asked for: insurance, kind, months, sum."""
    what = "".join(filter(None, (claim.insurance and f"{claim.insurance}保险", claim.type)))
    months = claim.period.from_ or claim.period.to
    said = (
        what or None,
        f"所属期{claim.period.from_ or '不详'}至{claim.period.to or '不详'}" if months else None,
        f"金额{chinese.money(claim.amount)}" if claim.amount is not None else None,
        claim.detail,
    )
    return "，".join(part.rstrip("。") for part in said if part) or "社会保险费争议"


def _signs(d: Dispute) -> list[str]:
    return [t.text for t in d.triggers] or ["无"]


def _agenda(d: Dispute) -> str | None:
    return "、".join(_asked(d)) or None


_FIELDS: dict[str, Callable[[Dispute], Any]] = {
    "子项": lambda d: {no: item.lead for no, item in d.sub_items.items()},
    "险种": lambda d: _insurances(_claims(d)),
    "所属期": lambda d: _periods(_claims(d)),
    "人数": lambda d: str(d.people_left),
    "本金": lambda d: f"{d.recognised:.2f}" if d.recognised is not None else None,
    "滞纳金算法": lambda d: "自欠缴之日起按日加收，另行计算，不并入本金（社会保险法第八十六条）",
    "等级": lambda d: d.level,
    "首席调解员": lambda d: d.mediation and d.mediation.chief,
    "调解员": lambda d: d.mediation and (d.mediation.members or ["没有其他调解员"]),
    "调解室": lambda d: d.mediation and d.mediation.room,
    "联系当事人": lambda d: str(d.contact) if d.contact else None,
    "指标": _signs,
    "风险研判": _signs,
    "建议等级": lambda d: d.suggested,
    "确认等级": lambda d: f"{d.level}（{d.path}）" if d.level and d.path else d.level,
    "承办单位": lambda d: d.lead,
    "渠道": lambda d: d.facts.channel,
    "请求": lambda d: [_request(c) for c in _claims(d)],
    "议题": _agenda,
}
