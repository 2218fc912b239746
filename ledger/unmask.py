"""Seeing an identity whole: by right and reason, and never without an event that says who looked and why."""

from typing import NamedTuple

from domain import decide
from domain.declined import Declined
from domain.dispute import Dispute
from domain.events import VIEW, Event, Identity
from domain.events import Declined as DeclinedFact
from domain.intake import Intake
from domain.persons import By
from domain.words import UnitName
from ledger.lookup import Lookup
from ledger.store import Ledger
from ledger.vault import hidden_names, reporter_of


class Look(NamedTuple):
    """Who looks at whose identity, and why. ``action_id``: this look's own; ``paper``: the one in which he looks at it."""

    whose: Identity
    unit: UnitName
    officer: str
    reason: str
    action_id: str
    by: By | None = None
    paper: int | None = None


def unmask(ledger: Ledger, dispute_id: str, look: Look) -> Intake:
    """The registration with its identities, once the look is recorded. Raises as :func:`note_look` and :func:`identities`."""
    note_look(ledger, dispute_id, look)
    return identities(ledger, dispute_id, look.whose)


def identities(ledger: Ledger, dispute_id: str, whose: Identity) -> Intake:
    """The registration with its identities, for whoever has recorded a look. Raises KeyProblem, Declined for no reporter."""
    if whose == "parties":
        return ledger.state(dispute_id).facts
    whole = reporter_of(ledger, dispute_id)
    if whole is None:
        raise Declined("no_reporter", "本案没有须保密的举报人信息")
    return whole


def note_look(ledger: Ledger, dispute_id: str, look: Look) -> None:
    """Record a look at an identity.

    A matter may be open or archived; an open one's workflow adopts the event with its next commit. Raises Declined
    when the unit may not look (that too is recorded).
    """
    if not ledger.state(dispute_id).version:
        raise Declined("unknown", "没有这件案件，请核对案号")
    unit, officer, action_id = look.unit, look.officer, look.action_id
    names = hidden_names(ledger, dispute_id) if look.whose == "reporter" else []
    refusal: list[Declined] = []

    def decided(dispute: Dispute, lookup: Lookup) -> list[Event]:
        policy = ledger.policy(dispute.policy_version)
        now = max(lookup.now(), dispute.last_moment)
        try:
            return decide.view(
                dispute,
                policy,
                now,
                action_id,
                unit,
                officer,
                look.whose,
                look.reason,
                look.by,
                look.paper,
                names,
            )
        except Declined as error:
            refusal.append(error)
            fact = DeclinedFact(action=VIEW, code=error.code, reason=str(error))
            return decide.keep(
                dispute, policy, now, action_id=action_id, unit=unit, officer=officer, by=look.by, fact=fact
            )

    done = ledger.commit(dispute_id, action_id, 0, decided)
    if refusal:
        raise refusal[0]
    if done.repeated:
        raise Declined("id_taken", f"操作编号“{action_id}”已经用过，请换一个编号再查看", "id")
