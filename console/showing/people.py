"""Who is in a matter: masked for everybody, whole only behind a look that says why."""

from collections.abc import Callable
from typing import Any, NamedTuple

from console.showing.matter import Opened
from domain.intake import Applicant, Intake, Respondent
from domain.masking import mask, mask_name
from domain.reporter import unnamed
from domain.words import MatterKind
from starter.office.views import applicant


class Firm(NamedTuple):
    """被反映单位, which is no secret."""

    name: str
    uscc: str
    about: str
    contact: str


class People(NamedTuple):
    """The parties as they may be read."""

    name: str
    headcount: int
    id_number: str
    phone: str
    address: str
    told_by: str
    """How they agreed to hear of the matter."""
    others: list[str]
    firms: list[Firm]


def masked(m: Opened) -> People:
    """Identities starred by the policy's rules."""
    facts, rules = m.d.facts, m.policy.masks
    a = facts.applicant
    return People(
        name=applicant(m.d),
        headcount=a.headcount,
        id_number=mask(a.id_number, rules["id_number"]) if a.id_number else "—",
        phone=mask(a.phone, rules["phone"]) if a.phone else "—",
        address=mask(a.address, rules["address"]) if a.address else "—",
        told_by=_told_by(a),
        others=_others(a, mask_name),
        firms=_firms(facts.respondents, hidden=True),
    )


def whole(looked: dict[str, Any], kind: MatterKind) -> People:
    """Identities as registered, once the look is recorded: what :func:`api.actions.looked` answers."""
    a = Applicant.model_validate(looked["applicant"])
    firms = [Respondent.model_validate(firm) for firm in looked["respondents"]]
    return People(
        name=a.name or unnamed(a, kind),
        headcount=a.headcount,
        id_number=a.id_number or "—",
        phone=a.phone or "—",
        address=a.address or "—",
        told_by=_told_by(a),
        others=_others(a, str),
        firms=_firms(firms, hidden=False),
    )


def doubtful(facts: Intake) -> list[str]:
    """Numbers that are kept as they were written, and are to be confirmed: whose and which."""
    return list(dict.fromkeys(_called(field) for field in facts.unconfirmed))


def _called(field: str) -> str:
    of, _, name = field.rpartition(".")
    whose = "被反映单位" if of.startswith("respondents") else "集体成员" if "members" in of else "申请人"
    return f"{whose}{_NUMBERS[name]}"


_NUMBERS = {"id_number": "证件号码", "phone": "电话", "uscc": "代码", "contact_phone": "电话"}


def _told_by(a: Applicant) -> str:
    agreed = a.told_by.value if a.told_by else "没有问过或不要"
    online = {True: "，同意电子送达", False: "，不同意电子送达", None: ""}[a.online]
    return f"{agreed}{online}"


def _others(a: Applicant, shown: Callable[[str], str]) -> list[str]:
    """Who else asks; of the roll with their lines, by which they are put right and told."""
    roll = [f"{m.line}．{shown(m.name)}" for m in a.members]
    known = {a.name, *(m.name for m in a.members)}
    return [*(shown(name) for name in dict.fromkeys(a.representatives) if name not in known), *roll]


def _firms(firms: list[Respondent], *, hidden: bool) -> list[Firm]:
    return [
        Firm(
            r.name,
            r.uscc or "—",
            "，".join(filter(None, (r.industry, r.town, f"职工 {r.headcount} 人" if r.headcount else "")))
            or "—",
            (mask_name(r.contact) if hidden else f"{r.contact} {r.contact_phone or ''}".strip())
            if r.contact
            else "—",
        )
        for r in firms
    ]
