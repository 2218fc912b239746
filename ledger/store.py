"""The ledger's one door for writing: a command is decided, recorded and projected in one transaction."""

import re
from collections.abc import Callable, Collection, Iterable
from datetime import UTC, datetime
from typing import Any, NamedTuple, Self

from sqlalchemy import Connection, Engine, select
from sqlalchemy.dialects.postgresql import insert

from domain.dispute import Dispute
from domain.events import Event
from domain.fold import advance, replay
from domain.intake import Intake
from domain.policy import Policy, content_version
from ledger import batch, notices, outbox, record
from ledger.connection import LedgerBroken, LedgerUnavailable, open_engine, reading, writing
from ledger.destroyed import require_not_destroyed, why_closed
from ledger.lookup import Alike, Lookup
from ledger.measured import Policies
from ledger.names import case_number, written_number
from ledger.projection import actions_of, changes
from ledger.read_tables import disputes, sources
from ledger.remembered import Memory, Remembered
from ledger.sealing import MatterBox, Sealer
from ledger.states import newest, stands
from ledger.tables import counters, data_keys, events, policies
from privacy.keys import Keys

__all__ = ["Committed", "Decide", "Ledger", "LedgerBroken", "LedgerUnavailable", "Lookup"]

Decide = Callable[[Dispute, Lookup], list[Event]]
"""From the newest state to the events of one command; raises domain.declined.Declined when it cannot be taken."""


MOST_OF_A_SERIAL = 50


class Committed(NamedTuple):
    """What a commit came to.

    ``events``: all that the caller did not know, its own included. ``version``: the matter's newest. ``repeated``:
    this action had been taken before, and nothing was done now.
    """

    events: list[Event]
    version: int
    repeated: bool


class _Held(NamedTuple):
    """A locked matter, as the transaction found it."""

    dispute: Dispute
    head_hash: str
    repeated: bool
    box: MatterBox
    new_key: list[dict[str, Any]]
    """The row of a data key made just now, if any."""
    heard: bool


class Ledger:
    """The legal record in one PostgreSQL database, what may name a person sealed in it.

    Every method raises LedgerUnavailable while PostgreSQL is away, KeyProblem for a key that is not at hand; what asks for
    one matter, Destroyed for one whose file was destroyed.
    """

    def __init__(self, engine: Engine, keys: Keys) -> None:
        self.engine = engine
        self.keys = keys
        self.sealer = Sealer(keys)
        self._policies: dict[str, Policy] = {}
        self._memory = Memory()
        self._read = Memory()

    @classmethod
    def connect(cls, url: str, keys: Keys) -> Self:
        """A ledger at ``postgresql://…``; connects when first used.

        Raises ValueError for an unreadable address, KeyProblem when the keys do not serve.
        """
        return cls(open_engine(url), keys)

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()

    def migrate(self) -> None:
        """Bring the tables up to the newest revision; several processes may call it at once."""
        from ledger.migrate import migrate  # Alembic is slow to load, and few commands migrate

        migrate(self.engine)

    def commit(
        self,
        dispute_id: str,
        action_id: str,
        known_version: int,
        decide: Decide,
        first: Callable[[Connection], None] | None = None,
    ) -> Committed:
        """Take an action exactly once, on the newest state, whatever version the caller knows.

        ``decide`` is not called for an action already taken. What it raises is passed on, with nothing stored. No
        events: nothing is stored, nor is the action remembered, for to decide it anew is harmless. ``first``: what is
        written in the same transaction before the matter is locked, so that it need not wait for that.
        Raises LedgerBroken when the caller knows of events that the ledger does not have.
        """
        with writing(self.engine) as connection:
            if first:
                first(connection)
            held = _hold(connection, self.sealer, self._memory, dispute_id, action_id)
            before = held.dispute
            if known_version > before.version:
                raise LedgerBroken(
                    f"台账只有 {before.version} 条事件，流程已知 {known_version} 条：台账曾丢失数据"
                )
            unknown = (
                record.read(connection, held.box, known_version) if known_version < before.version else []
            )
            if held.repeated:
                connection.rollback()
                return Committed(unknown, before.version, repeated=True)
            decided = decide(before, Lookup(connection, self.sealer))
            if not decided:
                connection.rollback()  # a case number drawn for nothing must not be missing
                return Committed(unknown, before.version, repeated=False)
            new, newest = _store(connection, self.sealer, held, action_id, decided, self.policy)
            if held.heard:
                outbox.announce(connection, newest.dispute, new, self.policy)
            notices.announce(connection, newest.dispute, new, self.policy)
        self._memory.keep(newest)
        return Committed([*unknown, *new], new[-1].seq, repeated=False)

    def save_policy(self, policy: Policy) -> None:
        """Keep a policy version for as long as matters may be pinned to it."""
        row = {
            "version": policy.version,
            "county": policy.county.name,
            "content": policy.stored(),
        }
        with writing(self.engine) as connection:
            connection.execute(insert(policies).on_conflict_do_nothing(), row)
        self._policies[policy.version] = policy

    def policy(self, version: str) -> Policy:
        """A policy by its version. Raises LookupError, in Chinese, for one that was never saved, LedgerBroken for one
        that was changed since."""
        if version not in self._policies:
            content = self._stored_policy(version)
            if content is None:
                raise LookupError(f"台账中没有政策版本 {version}")
            if content_version(content) != version:
                raise LedgerBroken(
                    f"台账中政策版本 {version} 的内容被改动过，请从备份恢复 policies 中的这一行"
                )
            self._policies[version] = Policy.model_validate_json(content)
        return self._policies[version]

    def _stored_policy(self, version: str) -> str | None:
        with reading(self.engine) as connection:
            return connection.scalar(select(policies.c.content).where(policies.c.version == version))

    def events(self, dispute_id: str, after: int = 0, until: datetime | None = None) -> list[Event]:
        """A matter's events in order: those numbered above ``after``, up to the business moment ``until``."""
        with reading(self.engine) as connection:
            box = self.sealer.find(connection, dispute_id)
            if box is None:
                require_not_destroyed(connection, dispute_id)
            found = record.read(connection, box, after) if box else []
        if until is None:
            return found
        # A look at an identity carries the real time, whatever time a demonstration's own events have.
        last = max((n for n, event in enumerate(found, 1) if event.at <= until), default=0)
        return found[:last]

    def state(self, dispute_id: str, at: datetime | None = None) -> Dispute:
        """A matter as it stands, or stood at a business moment; version 0 when it is or was not registered."""
        if at is not None:
            return replay(dispute_id, self.events(dispute_id, until=at))
        with reading(self.engine) as connection:
            found = stands(connection, self.sealer, self._read, dispute_id)
            if found is None:
                require_not_destroyed(connection, dispute_id)
        return found or Dispute(id=dispute_id)

    def states(self, dispute_ids: Collection[str]) -> dict[str, Dispute]:
        """These matters as they stand, those that are registered and not destroyed, in one go."""
        with reading(self.engine) as connection:
            return newest(connection, self.sealer, list(dispute_ids)) if dispute_ids else {}

    def alike(self, intake: Intake, but: str) -> list[Alike]:
        """Matters that look like this registration, as it would note them, ``but`` for the one it is; nothing is kept."""
        with reading(self.engine) as connection:
            return Lookup(connection, self.sealer).alike(intake, but)

    def alike_each(self, intakes: Iterable[tuple[Intake, str]]) -> list[list[Alike]]:
        """The same for many registrations at once."""
        with reading(self.engine) as connection:
            lookup = Lookup(connection, self.sealer)
            return [lookup.alike(intake, but) for intake, but in intakes]

    def find(self, ref: str) -> str | None:
        """The id of the matter with this id, case number (in whatever brackets; or its serial number, where only one matter has
        it), source number.

        A number that was merged names the matter it was registered as; its record says where that went.
        """
        ref = ref.strip()
        written = written_number(ref)
        case_no = written.under(written.prefix) if written else ref
        by_number = (
            select(sources.c.dispute_id)
            .where(sources.c.source_no == ref)
            .order_by(sources.c.absorbed, sources.c.received_at)
            .limit(1)
        )
        with reading(self.engine) as connection:
            for query in (
                select(disputes.c.dispute_id).where(disputes.c.dispute_id == ref),
                select(disputes.c.dispute_id).where(disputes.c.case_no == case_no),
                by_number,
            ):
                if found := connection.scalar(query):
                    return found
        serial = self.of_serial(ref, most=2)
        return serial[0] if len(serial) == 1 else None

    def of_serial(self, ref: str, most: int = MOST_OF_A_SERIAL) -> list[str]:
        """The matters whose serial number is this, as people say it (0002 for 偏社争〔2026〕0002号), the newest first: of each
        kind and year one may have it."""
        if not re.fullmatch(r"[0-9]{1,6}", ref):
            return []
        given = select(counters.c.prefix, counters.c.year).where(counters.c.last >= int(ref))
        with reading(self.engine) as connection:
            numbers = [case_number(row.prefix, row.year, int(ref)) for row in connection.execute(given)]
            query = (
                select(disputes.c.dispute_id)
                .where(disputes.c.case_no.in_(numbers))
                .order_by(disputes.c.opened_at.desc(), disputes.c.dispute_id)
                .limit(most)
            )
            return list(connection.scalars(query))


def _hold(connection: Connection, sealer: Sealer, memory: Memory, dispute_id: str, action_id: str) -> _Held:
    """The locked matter, opened unless its state is remembered."""
    known = memory.get(dispute_id)
    found = batch.hold(connection, dispute_id, action_id)
    if found.key_id is None or found.wrapped is None:
        if found.version is not None:
            raise why_closed(connection, dispute_id)
        made, box = sealer.make(dispute_id)
        new_key = [made]
    else:
        new_key, box = [], sealer.open(dispute_id, found.key_id, found.wrapped)
    if found.version is None or found.head_hash is None:
        return _Held(
            Dispute(id=dispute_id),
            record.FIRST_HASH,
            repeated=False,
            box=box,
            new_key=new_key,
            heard=found.heard,
        )
    if known and (known.written_by, known.head_hash) == (found.written_by, found.head_hash):
        dispute = known.dispute
    else:
        memory.forget(dispute_id)
        dispute = newest(connection, sealer, [dispute_id]).get(dispute_id, Dispute(id=dispute_id))
    if dispute.version != found.version or dispute.id != dispute_id:
        raise LedgerBroken("案件的查询表与事件不符，请运行 fengqiao ledger verify 核验")
    repeated = found.last_seq is not None
    return _Held(dispute, found.head_hash, repeated=repeated, box=box, new_key=new_key, heard=found.heard)


def _store(
    connection: Connection,
    sealer: Sealer,
    held: _Held,
    action_id: str,
    decided: list[Event],
    policy_of: Policies,
) -> tuple[list[Event], Remembered]:
    """Append the events, fold what was stored, and bring the read tables along."""
    if any(event.action_id != action_id for event in decided):
        raise ValueError("events of another action cannot be committed under this one")
    before = held.dispute
    rows, stored = record.chained(held.box, decided, held.head_hash, datetime.now(UTC))
    after = advance(before, stored)
    made, gone = changes(before, after, rows[-1]["hash"], held.box, sealer.search, policy_of)
    taken = {table: list(found.values()) for table, found in actions_of(before.id, rows).items()}
    written = {data_keys: held.new_key, events: rows, **taken, **made}
    written_by = batch.write(connection, written, gone)
    return stored, Remembered(after, rows[-1]["hash"], written_by)
