"""How every activity of the ledger decides and commits: state, policy and action meet in one transaction."""

import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path

import structlog

from activities.messages import (
    CatchUp,
    CommitRequest,
    CommitResult,
    Decline,
    KeepDeclined,
    Note,
    Open,
    Register,
    Take,
    Tick,
)
from activities.names import digest
from activities.outside import Gate
from activities.pressing import press_into
from domain import decide
from domain.actions import Act, Action
from domain.actions.intake import LinkCases, MergeCases
from domain.declined import Declined, Unlawful
from domain.dispute import Dispute
from domain.draft import Press
from domain.events import Acted, Event
from domain.events import Declined as DeclinedFact
from domain.policy import Policy
from domain.signed import Outside
from domain.sizes import size_of
from domain.words import MatterKind
from ledger.destroyed import Destroyed
from ledger.printed_codes import new_code
from ledger.signal_keys import signal_key
from ledger.store import Ledger, LedgerUnavailable, Lookup

PAGE = 256_000
"""Bytes of events in one answer. Temporal ends a workflow whose marker exceeds 2 MB; one event never does."""

log = structlog.get_logger(__name__)

Decide = Callable[[Dispute, Lookup], list[Event]]


class LedgerActivities:
    """Activities bound to one ledger and to the policy that new matters are registered under."""

    def __init__(self, ledger: Ledger, policy: Policy, *, take_unsigned: bool = False) -> None:
        """``take_unsigned``: take, and mark, what comes from outside without a signature: a demonstration's office."""
        self._ledger = ledger
        self._policy = policy
        key_of = partial(signal_key, ledger)
        self._gate = Gate(policy.county.name, key_of, take_unsigned=take_unsigned)
        ledger.save_policy(policy)

    def answer(self, request: CommitRequest) -> CommitResult:
        """Take a command: exactly once, on the ledger's newest state.

        Returns every event the workflow does not know, so that a workflow that fell behind catches up by the same
        fold. A refusal is an answer, not an error. Raises LedgerUnavailable (retried) while PostgreSQL is away.
        """
        return _first_page(self._done(request))

    def _done(self, request: CommitRequest) -> CommitResult:
        if isinstance(request.command, CatchUp):
            return CommitResult(events=self._tail(request))
        try:
            request = self._admitted(request)
            return self._commit(request, self._decision(request))
        except Destroyed as gone:  # there is nothing left to tell the workflow of
            return CommitResult(events=[], declined=Decline(code=gone.code, message=str(gone)))
        except Declined as refusal:
            declined = Decline(code=refusal.code, message=str(refusal), field=refusal.field)
            kept = isinstance(refusal, Unlawful) or (
                isinstance(request.command, Take) and request.command.by_signal
            )
            if kept:
                return self._keep(request, declined)
            return CommitResult(events=self._tail(request), declined=declined)
        except LedgerUnavailable:
            raise
        except Exception as error:
            if not isinstance(request.command, Take):
                raise
            return self._broken(request, request.command, error)

    def _admitted(self, request: CommitRequest) -> CommitRequest:
        """The request, its action known to be its sender's. Raises Declined."""
        if not isinstance(request.command, Take):
            return request
        take = self._gate.admit(request.command, request.dispute_id)
        return request.model_copy(update={"command": take})

    def _commit(self, request: CommitRequest, decision: Decide) -> CommitResult:
        done = self._ledger.commit(request.dispute_id, request.action_id, request.known_version, decision)
        if done.repeated and isinstance(request.command, Take):
            self._require_the_same(request.dispute_id, request.command.act)
        return CommitResult(events=done.events)

    def _require_the_same(self, dispute_id: str, act: Act) -> None:
        """An id that stands for another action is no repetition: say so rather than swallow the action."""
        taken = [e for e in self._ledger.events(dispute_id) if e.action_id == act.id]
        if not any((e.officer, e.by) == (act.officer, act.by) and _body_of(e) == act.body for e in taken):
            raise Declined("id_taken", f"操作编号“{act.id}”已用于另一操作，本操作未生效，请换一个编号", "id")

    def _broken(self, request: CommitRequest, command: Take, error: Exception) -> CommitResult:
        """A bug met an action: the officer hears that it was not taken; the log names the place, not the data."""
        frame = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(frame.filename).name}:{frame.lineno}"
        kind = command.act.body.kind
        log.error(
            "action_failed", dispute_id=request.dispute_id, action=kind, error=type(error).__name__, at=place
        )
        declined = Decline(code="internal", message="系统内部错误，本操作未生效，已记录；请联系管理员")
        if command.by_signal:
            return self._keep(request, declined)
        return CommitResult(events=self._tail(request), declined=declined)

    def _tail(self, request: CommitRequest) -> list[Event]:
        return self._ledger.events(request.dispute_id, after=request.known_version)

    def _keep(self, request: CommitRequest, declined: Decline) -> CommitResult:
        """Keep as an event what was declined: a signal, for nobody hears the answer; what the law forbids, however sent."""
        assert isinstance(request.command, Take)
        act = request.command.act
        fact = DeclinedFact(
            action=act.body.kind,
            code=declined.code,
            reason=declined.message,
            outside=request.command.outside,
        )
        keep = KeepDeclined(unit=act.unit, officer=act.officer, by=act.by, fact=fact)
        kept_as = {"command": keep, "action_id": _refused_as(request.action_id, request.command.outside)}
        request = request.model_copy(update=kept_as)
        kept = self._commit(request, self._decision(request))
        return kept.model_copy(update={"declined": declined})

    def _decision(self, request: CommitRequest) -> Decide:
        match request.command:
            case Register() as command:
                return lambda dispute, lookup: self._register(request, command, lookup)
            case Take() as command:
                return lambda dispute, lookup: _marked(
                    decide.decide(
                        dispute,
                        command.act,
                        self._pinned(dispute),
                        request.now,
                        _related(command, lookup),
                        lambda prefix: lookup.case_number(dispute.county, prefix, request.now.year),
                        self._press(dispute, lookup),
                        lambda intake: lookup.duplicates(intake, dispute.id),
                    ),
                    command.outside,
                )
            case Tick():
                return lambda dispute, lookup: decide.tick(
                    dispute, self._pinned(dispute), request.now, request.action_id
                )
            case Open() as command:
                return lambda dispute, lookup: decide.open_step(
                    dispute, command.step, self._pinned(dispute), request.now, request.action_id
                )
            case Note() as command:
                return lambda dispute, lookup: decide.note(
                    dispute, self._pinned(dispute), request.now, request.action_id, command.text
                )
            case KeepDeclined() as command:
                return lambda dispute, lookup: decide.keep(
                    dispute,
                    self._pinned(dispute),
                    request.now,
                    action_id=request.action_id,
                    unit=command.unit,
                    officer=command.officer,
                    by=command.by,
                    fact=command.fact,
                )
            case CatchUp():
                raise AssertionError("nothing is decided")

    def _press(self, dispute: Dispute, lookup: Lookup) -> Press:
        """What makes a matter's papers, their bytes kept in the transaction that they are decided in."""

        def keep(number: str, code: str, made: bytes) -> str:
            return lookup.keep_paper(dispute.id, number, code, made)

        return press_into(self._pinned(dispute), new_code, keep)

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
            registrar=command.registrar,
            to=command.to,
            duplicates=[] if lead else lookup.duplicates(command.intake, request.dispute_id),
        )

    def _pinned(self, dispute: Dispute) -> Policy:
        """The policy version the matter was registered under; a newer one never changes an open matter."""
        if dispute.policy_version == self._policy.version:
            return self._policy
        return self._ledger.policy(dispute.policy_version)


def _first_page(result: CommitResult) -> CommitResult:
    """As many events as one answer may carry, at least one."""
    size = size_of(result.events)
    if size <= PAGE:
        return result.model_copy(update={"size": size})
    size = 0
    for count, event in enumerate(result.events):
        grown = size + size_of(event)
        if count and grown > PAGE:
            return result.model_copy(update={"events": result.events[:count], "more": True, "size": size})
        size = grown
    return result.model_copy(update={"size": size})


def _refused_as(action_id: str, outside: Outside | None) -> str:
    """The id of a refusal, kept once. Under another's id anybody can send a forgery: it must not hide the other's refusal."""
    signed = f"#{digest(outside.signed)}" if outside and outside.signed else ""
    return f"{action_id}{signed}#refused"


def _marked(events: list[Event], outside: Outside | None) -> list[Event]:
    """The events, the action's own saying how it came."""
    if outside is None:
        return events
    return [
        event.model_copy(update={"fact": event.fact.model_copy(update={"outside": outside})})
        if isinstance(event.fact, Acted)
        else event
        for event in events
    ]


def _body_of(event: Event) -> Action | None:
    return event.fact.body if isinstance(event.fact, Acted) else None


def _related(command: Take, lookup: Lookup) -> dict[str, decide.RelatedMatter]:
    match command.act.body:
        case MergeCases(into=ref) | LinkCases(to=ref):
            return lookup.related([ref])
        case _:
            return {}
