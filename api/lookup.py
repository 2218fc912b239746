"""群众查询: by the code on the receipt, how far the matter is and who has it; by that on a 文书, whether it stands.

Nothing of what a matter is about.
"""

from datetime import date
from http import HTTPStatus
from typing import Any, NamedTuple

from fastapi import APIRouter, Request
from pydantic import Field

from api.access.guard import PUBLIC, address_of
from api.problems import Problem
from api.site import Site, site_of
from domain import chinese
from domain.actions.intake import RequestSupplement
from domain.dispute import Dispute
from domain.events import Acted
from domain.meanings.handling import Merged
from domain.outcome import handling
from domain.paper import Revoked
from domain.paper_content import is_a_partys, issued_by
from domain.policy import Policy
from domain.policy_units import UnitContact
from domain.words import SHANGHAI, Model, Stage, UnitName
from ledger.codes import Found, TooOften, found_by
from ledger.destroyed import Destroyed
from starter.office.views import veil_over

router = APIRouter(tags=["群众查询"], dependencies=[PUBLIC])

WRONG = "查询码不对，请核对回执上的查询码；遗失的请到原收件单位补打"
"""The same for a code that is none and for one that was never given out."""


class Asked(Model):
    """What somebody typed; in the body, so that it stands in no log."""

    code: str = Field(
        title="查询码",
        description="回执上的查询码或者文书上的查验码，16位，大小写、空格和横线不限",
        min_length=1,
        max_length=40,
    )


@router.post("/lookup", summary="按查询码查办理进度，按查验码核对文书")
def look_up(asked: Asked, request: Request) -> dict[str, Any]:
    """查询码：现在到哪一步、由谁办理、有关日期；查验码：文书由谁、何时制发，是否已撤销；都不含任何个人信息."""
    return looked_up(site_of(request), asked.code, address_of(request))


def looked_up(site: Site, code: str, address: str) -> dict[str, Any]:
    """How far the matter of a code is, or how the paper of a code stands. Raises Problem."""
    try:
        found, d = asked_of(site, code, address)
    except TooOften as often:
        wait = {"Retry-After": str(int(often.wait.total_seconds()))}
        raise Problem(HTTPStatus.TOO_MANY_REQUESTS, "too_often", str(often), headers=wait) from None
    if found is None or d is None:
        raise Problem(HTTPStatus.NOT_FOUND, "wrong_code", WRONG, field="code")
    if found.number:
        paper = verified(d, found.number, site.ledger.policy(d.policy_version))
        return {"paper": paper._asdict() | {"said": paper.said}}
    shown = _shown(d, site.ledger.policy(d.policy_version))
    reached, wanted, other = reached_at(site, d), wanted_of(site, d), merged_with(site, d)
    return shown | {
        "said": MERGED if d.merged_into else None,
        "merged": other and other.stage and {"stage": other.say(other.stage.value)},
        "wanted": wanted and wanted._asdict(),
        "contact": reached
        and {
            "unit": reached.unit,
            "phone": reached.contact.phone,
            "address": reached.contact.address,
            "hours": reached.contact.hours,
        },
    }


class Reached(NamedTuple):
    """Whom a party may turn to, and how."""

    unit: UnitName
    contact: UnitContact


def reached_at(site: Site, d: Dispute) -> Reached | None:
    """The unit that has the matter, or its hub, by what the county says today; nothing where it says nothing."""
    return _reached(site, d.lead, d.center)


def hub_at(site: Site, d: Dispute) -> Reached | None:
    """The hub of the matter, else the county's."""
    return _reached(site, d.center)


def _reached(site: Site, *asked: UnitName | None) -> Reached | None:
    units = site.policy.units
    named = (unit for unit in (*asked, units.roles["center"]) if unit)
    return next((Reached(unit, contact) for unit in named if (contact := units.contact(unit))), None)


MERGED = "已与另一件合并办理，一并答复您"
"""What becomes of a matter merged into another; of the other nothing but its stage is told."""


def merged_with(site: Site, d: Dispute) -> Dispute | None:
    """The matter that goes on for one that was merged, however often; nothing where its file is destroyed by now."""
    other = d
    while other.merged_into:
        facts = (e.fact for e in site.ledger.events(other.id))
        meant = (each for fact in facts if isinstance(fact, Acted) for each in fact.means)
        into = next(each.matter for each in meant if isinstance(each, Merged))
        try:
            other = site.ledger.state(into)
        except Destroyed:
            return None
    return None if other is d else other


class Wanted(NamedTuple):
    """What a party is still to hand in, and until when."""

    items: list[str]
    until: date | None


def wanted_of(site: Site, d: Dispute) -> Wanted | None:
    """What the party was asked to hand in, as long as that is waited for."""
    if d.stage != Stage.SUPPLEMENT:
        return None
    bodies = [e.fact.body for e in site.ledger.events(d.id) if isinstance(e.fact, Acted)]
    asked = next((b for b in reversed(bodies) if isinstance(b, RequestSupplement)), None)
    if asked is None:
        return None
    own = [veil_over(site.ledger, d).text(asked.other)] if asked.other else []
    until = next((c.due_on for c in d.open_clocks() if c.rule_id == "supplement"), None)
    return Wanted([*(item for item in asked.items if item != "其他"), *own], until)


def asked_of(site: Site, code: str, address: str) -> tuple[Found | None, Dispute | None]:
    """What a code is for, and its matter as it stands; nothing for a wrong one. Raises TooOften."""
    found = found_by(site.ledger, code, address)
    d = site.ledger.state(found.matter) if found else None
    return (found, d) if d and d.version else (None, None)


class Verified(NamedTuple):
    """A 文书 as anybody may know it who holds it in his hands."""

    name: str
    number: str
    issuer: str
    received: bool
    """Whether a party made it, and the unit received it."""
    issued_on: date
    revoked_on: date | None

    @property
    def said(self) -> str:
        """In one sentence."""
        did = "接收" if self.received else "制发"
        made = f"《{self.name}》（{self.number}）于{chinese.day(self.issued_on)}由{self.issuer}{did}，"
        return made + (f"已于{chinese.day(self.revoked_on)}撤销" if self.revoked_on else "未撤回") + "。"


def verified(d: Dispute, number: str, policy: Policy) -> Verified:
    """How the paper of a number stands; its matter has it."""
    paper, issue = next((p, i) for p in d.documents for i in p.issues if i.number == number)
    gone = issue.revoked_at if isinstance(issue, Revoked) else None
    return Verified(
        name=d.say(paper.name),
        number=number,
        issuer=issued_by(policy, paper),
        received=is_a_partys(policy, paper),
        issued_on=issue.at.astimezone(SHANGHAI).date(),
        revoked_on=gone and gone.astimezone(SHANGHAI).date(),
    )


def _shown(d: Dispute, policy: Policy) -> dict[str, Any]:
    """What the holder of a code may read over somebody's shoulder."""
    due = [c.due_on for c in d.open_clocks() if c.rule_id in d.totals]
    return {
        "stage": d.stage and d.say(d.stage.value),
        "handling": handling(d),
        "with": d.lead or d.center,
        "registered_on": min(s.received_at for s in d.sources).astimezone(SHANGHAI).date(),
        "due_on": min(due, default=None),
        "closed_on": d.closed_at and d.closed_at.astimezone(SHANGHAI).date(),
        "papers": [
            {"name": d.say(p.name), "on": p.at.astimezone(SHANGHAI).date()}
            for p in d.documents
            if any(policy.role_of(to) == "applicant" for to in p.to.split("、"))
        ],
    }
