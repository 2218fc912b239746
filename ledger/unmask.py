"""Seeing an identity whole: by right and reason, and never without an event that says who looked and why."""

from domain import decide
from domain.dispute import Dispute
from domain.draft import Declined
from domain.events import Declined as DeclinedFact
from domain.events import Event, Identity
from domain.intake import Intake
from domain.persons import By
from ledger.lookup import Lookup
from ledger.store import Ledger
from ledger.vault import reporter_of

VIEW = "view"
"""What a refused look is called among refused actions."""


def unmask(
    ledger: Ledger,
    dispute_id: str,
    *,
    whose: Identity,
    unit: str,
    officer: str,
    reason: str,
    action_id: str,
    by: By | None = None,
) -> Intake:
    """The registration with its identities, once the look is recorded: see :func:`note_look`. Raises KeyProblem, too."""
    look = {"unit": unit, "officer": officer, "reason": reason, "action_id": action_id}
    note_look(ledger, dispute_id, whose=whose, by=by, **look)
    if whose == "reporter":
        whole = reporter_of(ledger, dispute_id)
        if whole is None:
            raise Declined("no_reporter", "本案没有须保密的举报人信息")
        return whole
    return ledger.state(dispute_id).facts


def note_look(
    ledger: Ledger,
    dispute_id: str,
    *,
    whose: Identity,
    unit: str,
    officer: str,
    reason: str,
    action_id: str,
    by: By | None = None,
) -> None:
    """Record a look at an identity.

    A matter may be open or archived; an open one's workflow adopts the event with its next commit. Raises Declined
    when the unit may not look (that too is recorded).
    """
    if not ledger.state(dispute_id).version:
        raise Declined("unknown", "没有这件案件，请核对案号")
    refusal: list[Declined] = []

    def decided(dispute: Dispute, lookup: Lookup) -> list[Event]:
        policy = ledger.policy(dispute.policy_version)
        now = max(lookup.now(), dispute.last_moment)
        try:
            return decide.view(dispute, policy, now, action_id, unit, officer, whose, reason, by)
        except Declined as error:
            refusal.append(error)
            fact = DeclinedFact(action=VIEW, code=error.code, reason=str(error))
            return decide.keep(
                dispute, policy, now, action_id=action_id, unit=unit, officer=officer, by=by, fact=fact
            )

    done = ledger.commit(dispute_id, action_id, 0, decided)
    if refusal:
        raise refusal[0]
    if done.repeated:
        raise Declined("id_taken", f"操作编号“{action_id}”已经用过，请换一个编号再查看", "id")
