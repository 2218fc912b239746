"""The one activity that decides and commits: state, policy and action meet in one transaction."""

from collections.abc import Callable

import structlog
from temporalio import activity

from activities.messages import CommitRequest, CommitResult, KeepRefusal, Register, Take, Tick, Turned
from domain import decide
from domain.actions import MergeInto
from domain.dispute import Dispute
from domain.draft import Refusal
from domain.events import Event, Refused
from domain.policy import Policy
from domain.words import MatterKind
from ledger.store import Ledger, LedgerUnavailable, Lookup

log = structlog.get_logger(__name__)

Decide = Callable[[Dispute, Lookup], list[Event]]


class LedgerActivities:
    """Activities bound to one ledger and to the policy that new matters are registered under."""

    def __init__(self, ledger: Ledger, policy: Policy) -> None:
        self._ledger = ledger
        self._policy = policy
        ledger.save_policy(policy)

    @activity.defn
    def commit(self, request: CommitRequest) -> CommitResult:
        """Take a command: exactly once, on the ledger's newest state.

        Returns every event the workflow does not know, so that a workflow that fell behind catches up by the same
        fold. A refusal is an answer, not an error. Raises LedgerUnavailable (retried) while PostgreSQL is away.
        """
        try:
            return self._commit(request, self._decision(request))
        except Refusal as refusal:
            turned = Turned(code=refusal.code, message=str(refusal), field=refusal.field)
            if isinstance(request.command, Take) and request.command.by_signal:
                return self._keep(request, turned)
            return CommitResult(events=self._tail(request), turned=turned)
        except LedgerUnavailable:
            raise
        except Exception:
            if not isinstance(request.command, Take):
                raise
            log.exception(
                "action_failed", dispute_id=request.dispute_id, action=request.command.act.body.kind
            )
            message = "系统内部错误，本操作未生效，已记录；请联系管理员"
            return CommitResult(events=self._tail(request), turned=Turned(code="internal", message=message))

    def _commit(self, request: CommitRequest, decision: Decide) -> CommitResult:
        done = self._ledger.commit(request.dispute_id, request.action_id, request.known_version, decision)
        return CommitResult(events=done.events)

    def _tail(self, request: CommitRequest) -> list[Event]:
        return self._ledger.events(request.dispute_id, after=request.known_version)

    def _keep(self, request: CommitRequest, turned: Turned) -> CommitResult:
        """Keep a refused signal as an event."""
        assert isinstance(request.command, Take)
        act = request.command.act
        refused = Refused(action=act.body.kind, code=turned.code, reason=turned.message)
        keep = KeepRefusal(unit=act.unit, officer=act.officer, refused=refused)
        kept = self._commit(request, self._decision(request.model_copy(update={"command": keep})))
        return kept.model_copy(update={"turned": turned})

    def _decision(self, request: CommitRequest) -> Decide:
        match request.command:
            case Register() as command:
                return lambda dispute, lookup: self._register(request, command, lookup)
            case Take() as command:
                return lambda dispute, lookup: decide.decide(
                    dispute,
                    command.act,
                    self._pinned(dispute),
                    request.now,
                    _related(command, lookup),
                    lambda prefix: lookup.case_number(dispute.county, prefix, request.now.year),
                )
            case Tick():
                return lambda dispute, lookup: decide.tick(
                    dispute, self._pinned(dispute), request.now, request.action_id
                )
            case KeepRefusal() as command:
                return lambda dispute, lookup: decide.refuse(
                    dispute,
                    self._pinned(dispute),
                    request.now,
                    action_id=request.action_id,
                    unit=command.unit,
                    officer=command.officer,
                    fact=command.refused,
                )

    def _register(self, request: CommitRequest, command: Register, lookup: Lookup) -> list[Event]:
        county = self._policy.county
        lead = command.intake.kind == MatterKind.LEAD
        prefix = county.lead_prefix if lead else county.case_prefix
        return decide.register(
            request.dispute_id,
            command.intake,
            self._policy,
            request.now,
            case_no=lookup.case_number(county.name, prefix, request.now.year),
            action_id=request.action_id,
            to=command.to,
            duplicates=[] if lead else lookup.duplicates(command.intake, request.dispute_id),
        )

    def _pinned(self, dispute: Dispute) -> Policy:
        """The policy version the matter was registered under; a newer one never changes an open matter."""
        if dispute.policy_version == self._policy.version:
            return self._policy
        return self._ledger.policy(dispute.policy_version)


def _related(command: Take, lookup: Lookup) -> dict[str, decide.RelatedMatter]:
    body = command.act.body
    return lookup.related([body.parent]) if isinstance(body, MergeInto) else {}
