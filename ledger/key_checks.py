"""Working only with the keys that this ledger was written with, and changing them."""

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from ledger.batches import Progress, silent
from ledger.connection import reading, without_time_limit, writing
from ledger.sealing import check_mark, is_same_key
from ledger.store import Ledger
from ledger.tables import data_keys, key_checks, reporters
from ledger.vault import resealed
from privacy.keys import KeyProblem, Purpose

BATCH = 500


def check_keys(ledger: Ledger) -> None:
    """Refuse to go on with other keys than were written with before; remember those that write now.

    Raises KeyProblem for one that is missing, or that is another key under the same id.
    """
    with writing(ledger.engine) as connection:
        for row in connection.execute(select(key_checks)):
            ring = ledger.keys.rings.get(Purpose(row.purpose))
            if ring and not is_same_key(ring.key(row.key_id), row.mark):
                raise KeyProblem(
                    f"{ring.purpose} 用途的密钥“{row.key_id}”与本系统写入时所用的不是同一把。"
                    "请从备份中找回原来的密钥文件；没有改动任何数据"
                )
        for purpose, ring in ledger.keys.rings.items():
            mark = {"purpose": purpose.value, "key_id": ring.active.id, "mark": check_mark(ring.active)}
            connection.execute(insert(key_checks).on_conflict_do_nothing(), mark)


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
                .where(reporters.c.dispute_id == row.dispute_id)
                .values(**resealed(ring, row.dispute_id, row.key_id, row.sealed))
            )
    return len(rows)


def in_use(ledger: Ledger) -> dict[tuple[Purpose, str], int | None]:
    """Every key ever written with, and how much still needs it; ``None`` where the ledger cannot know."""
    counted = {
        Purpose.LEDGER: select(data_keys.c.key_id, func.count()).group_by(data_keys.c.key_id),
        Purpose.VAULT: select(reporters.c.key_id, func.count()).group_by(reporters.c.key_id),
    }
    with reading(ledger.engine) as connection:
        known = connection.execute(select(key_checks.c.purpose, key_checks.c.key_id)).all()
        used = {
            (purpose, key_id): n
            for purpose, query in counted.items()
            for key_id, n in connection.execute(query).tuples()
        }
    return {
        (purpose, key_id): used.get((purpose, key_id), 0) if purpose in counted else None
        for purpose, key_id in ((Purpose(row.purpose), row.key_id) for row in known)
    }


def forget(ledger: Ledger, purpose: Purpose, key_id: str) -> None:
    """Let a key go: from now on the office starts without it. Raises KeyProblem while the ledger still needs it."""
    if key_id == ledger.keys.ring(purpose).active.id:
        raise KeyProblem(f"“{key_id}”正在使用，不能停用；请先用 fengqiao keys new {purpose} 换上新密钥")
    needed = in_use(ledger).get((purpose, key_id))
    if needed:
        raise KeyProblem(f"“{key_id}”还保护着 {needed} 件内容，请先运行 fengqiao keys rewrap")
    with writing(ledger.engine) as connection:
        connection.execute(
            delete(key_checks).where(key_checks.c.purpose == purpose.value, key_checks.c.key_id == key_id)
        )
