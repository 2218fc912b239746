"""Working only with the keys that this ledger was written with, and changing them."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, Select, bindparam, delete, func, select, update

from domain.words import SHANGHAI
from ledger.batches import Progress, silent
from ledger.connection import reading, without_time_limit, writing
from ledger.read_tables import disputes
from ledger.sealing import is_same_key, remember_key
from ledger.store import Ledger
from ledger.tables import data_keys, events, key_checks, reporters
from ledger.vault import resealed
from privacy.ciphers import Algorithm
from privacy.keys import KeyProblem, Purpose

BATCH = 500


OFFICE = (Purpose.PAYLOAD, Purpose.LEDGER, Purpose.SEARCH)
"""What every process of an office needs; reporters' identities are for those alone who register or may see them."""


def check_keys(ledger: Ledger, needed: Iterable[Purpose] = OFFICE) -> None:
    """Refuse to go on with other keys than were written with before; remember those that write now.

    Raises KeyProblem for one that is missing, or that is another key under the same id.
    """
    for purpose in needed:
        ledger.keys.ring(purpose)
    with writing(ledger.engine) as connection:
        _compare(ledger, connection)
        for ring in ledger.keys.rings.values():
            remember_key(connection, ring)


def require_known_keys(ledger: Ledger) -> None:
    """For a command beside a running office: neither another key than the office's, nor one it has not read yet.

    Raises KeyProblem.
    """
    with reading(ledger.engine) as connection:
        known = _compare(ledger, connection)
    for purpose in OFFICE:
        ring = ledger.keys.ring(purpose)
        if (purpose, ring.active.id) not in known:
            raise KeyProblem(
                f"{purpose} 用途的密钥“{ring.active.id}”尚未启用。刚换上新密钥的，请先重新启动枫桥（见 docs/operations.md）；"
                "否则请核对密钥目录是否指错"
            )


def _compare(ledger: Ledger, connection: Connection) -> set[tuple[Purpose, str]]:
    """Every key written with; raises KeyProblem where the one at hand is missing or another."""
    known: set[tuple[Purpose, str]] = set()
    for row in connection.execute(select(key_checks)):
        purpose = Purpose(row.purpose)
        known.add((purpose, row.key_id))
        ring = ledger.keys.rings.get(purpose)
        if ring and not is_same_key(ring.key(row.key_id), row.mark):
            raise KeyProblem(
                f"{purpose} 用途的密钥“{row.key_id}”与本系统写入时所用的不是同一把。"
                "请从备份中找回原来的密钥文件；没有改动任何数据"
            )
    return known


def rewrap(ledger: Ledger, progress: Progress = silent) -> int:
    """Put every data key and every reporter under the active keys; returns how many. Can be broken off and repeated.

    The events stay as they are. Raises KeyProblem, Unsealable.
    """
    active = ledger.keys.ring(Purpose.LEDGER).active.id
    others = select(data_keys).where(data_keys.c.key_id != active).order_by(data_keys.c.dispute_id)
    with reading(ledger.engine) as connection:
        total = connection.scalar(select(func.count()).select_from(others.subquery())) or 0
    done = 0
    while True:
        with writing(ledger.engine) as connection:
            without_time_limit(connection)
            rows = connection.execute(others.limit(BATCH).with_for_update()).all()
            if not rows:
                break
            anew = [
                {"matter": r.dispute_id, **ledger.sealer.rewrapped(r.dispute_id, r.key_id, r.wrapped)}
                for r in rows
            ]
            connection.execute(
                update(data_keys)
                .where(data_keys.c.dispute_id == bindparam("matter"))
                .values(key_id=bindparam("key_id"), wrapped=bindparam("wrapped")),
                anew,
            )
        done += len(rows)
        progress(done, total)
    return done + _reseal_reporters(ledger)


def _reseal_reporters(ledger: Ledger) -> int:
    ring = ledger.keys.ring(Purpose.VAULT)
    with writing(ledger.engine) as connection:
        without_time_limit(connection)
        rows = connection.execute(
            select(reporters).where(reporters.c.key_id != ring.active.id).with_for_update()
        ).all()
        for row in rows:
            connection.execute(
                update(reporters)
                .where(reporters.c.dispute_id == row.dispute_id, reporters.c.recorded_at == row.recorded_at)
                .values(**resealed(ring, row.dispute_id, row.key_id, row.sealed))
            )
    return len(rows)


_MENDS = {
    Purpose.LEDGER: "请先运行 fengqiao keys rewrap",
    Purpose.VAULT: "请先运行 fengqiao keys rewrap",
    Purpose.SEARCH: "请先运行 fengqiao ledger rebuild",
    Purpose.PAYLOAD: "须等这些案件办结归档",
}
"""What to do before a key can go."""


def in_use(ledger: Ledger) -> dict[tuple[Purpose, str], int]:
    """Every key ever written with, and how many matters still need it.

    Payload keys: open matters older than the newest key; their histories may hold any older one.
    Search keys: matters found under it, until a rebuild forgets all but the active one.
    """
    counted = {
        Purpose.LEDGER: select(data_keys.c.key_id, func.count()).group_by(data_keys.c.key_id),
        Purpose.VAULT: select(reporters.c.key_id, func.count(reporters.c.dispute_id.distinct())).group_by(
            reporters.c.key_id
        ),
    }
    with reading(ledger.engine) as connection:
        known = connection.execute(select(key_checks)).all()
        used = {
            (purpose, key_id): n
            for purpose, query in counted.items()
            for key_id, n in connection.execute(query)
        }
        newest = ledger.keys.ring(Purpose.PAYLOAD).active.id
        older = connection.execute(_open_since_before(newest)).scalar_one()
        everything = connection.execute(select(func.count()).select_from(disputes)).scalar_one()
    for row in known:
        key = (Purpose(row.purpose), row.key_id)
        if key[0] == Purpose.PAYLOAD:
            used[key] = older
        else:
            used.setdefault(key, everything if key[0] == Purpose.SEARCH else 0)
    return {(Purpose(row.purpose), row.key_id): used[Purpose(row.purpose), row.key_id] for row in known}


class KeyState(NamedTuple):
    """One key by its number, never itself. ``algorithm``: ``None`` for one that is not at hand here; ``first_used``: since
    when this installation writes with it, or ever did; ``used``: how many matters need it, where it was ever written with."""

    purpose: Purpose
    id: str
    algorithm: Algorithm | None
    active: bool
    first_used: datetime | None
    used: int | None

    @property
    def word(self) -> str:
        """How it stands, as the administrator reads it."""
        if self.algorithm is None:
            return "本机没有"
        if self.active:
            return "正在使用" if self.first_used else "尚未启用"
        return "只供读旧内容" if self.first_used else "已停用"


def key_states(ledger: Ledger) -> list[KeyState]:
    """Every key at hand, and every one that this ledger was written with, by purpose, the one that writes first."""
    used = in_use(ledger)
    with reading(ledger.engine) as connection:
        rows = connection.execute(select(key_checks.c.purpose, key_checks.c.key_id, key_checks.c.first_used))
        began = {(Purpose(row.purpose), row.key_id): row.first_used for row in rows}
    held = {(p, k.id): (k, k is ring.active) for p, ring in ledger.keys.rings.items() for k in ring.keys}
    found: list[KeyState] = []
    for purpose, id in [*held, *(key for key in began if key not in held)]:
        key, active = held.get((purpose, id), (None, False))
        at = began.get((purpose, id))
        since = at.astimezone(SHANGHAI) if at else None
        found.append(
            KeyState(purpose, id, key.algorithm if key else None, active, since, used.get((purpose, id)))
        )
    return sorted(found, key=lambda state: list(Purpose).index(state.purpose))


def _open_since_before(key_id: str) -> Select[int]:
    """How many open matters began before this payload key was first used."""
    used_since = (
        select(key_checks.c.first_used)
        .where(key_checks.c.purpose == Purpose.PAYLOAD.value, key_checks.c.key_id == key_id)
        .scalar_subquery()
    )
    return (
        select(func.count())
        .select_from(disputes)
        .join(events, (events.c.dispute_id == disputes.c.dispute_id) & (events.c.seq == 1))
        .where(~disputes.c.is_over, events.c.recorded_at < used_since)
    )


def forget(ledger: Ledger, purpose: Purpose, key_id: str) -> None:
    """Let a key go: from now on the office starts without it. Raises KeyProblem while it is needed, or was never used."""
    if key_id == ledger.keys.ring(purpose).active.id:
        raise KeyProblem(f"“{key_id}”正在使用，不能停用；请先用 fengqiao keys new {purpose} 换上新密钥")
    used = in_use(ledger)
    if (purpose, key_id) not in used:
        raise KeyProblem(f"没有用过名为“{key_id}”的 {purpose} 密钥，请核对编号（fengqiao keys list）")
    if needed := used[purpose, key_id]:
        raise KeyProblem(f"“{key_id}”还保护着 {needed} 件内容，{_MENDS[purpose]}")
    with writing(ledger.engine) as connection:
        connection.execute(
            delete(key_checks).where(key_checks.c.purpose == purpose.value, key_checks.c.key_id == key_id)
        )
