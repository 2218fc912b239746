"""The reporters' vault: a table and keys of its own, which neither events nor lists nor states have anything of."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import literal, select
from sqlalchemy.dialects.postgresql import insert

from domain.intake import Intake
from ledger.connection import reading, writing
from ledger.read_tables import disputes
from ledger.sealing import remember_key
from ledger.store import Ledger
from ledger.tables import reporters
from privacy.keys import Purpose, Ring


def keep_reporter(ledger: Ledger, dispute_id: str, whole: Intake) -> None:
    """Keep a registration whole, the reporter with it. Raises KeyProblem.

    One that was turned down and is sent again stands in the first one's place; of a registered matter, what is there
    stays.
    """
    ring = ledger.keys.ring(Purpose.VAULT)
    row = {
        "dispute_id": dispute_id,
        **_sealed(ring, dispute_id, whole.model_dump_json(by_alias=True).encode()),
        "recorded_at": datetime.now(UTC),
    }
    registered = select(literal(1)).where(disputes.c.dispute_id == dispute_id).exists()
    known = select(literal(1)).where(reporters.c.dispute_id == dispute_id).exists()
    values = (literal(value, reporters.c[name].type) for name, value in row.items())
    given = select(*values).where(~(registered & known))
    with writing(ledger.engine) as connection:
        remember_key(connection, ring)
        connection.execute(insert(reporters).from_select(list(row), given))


def reporter_of(ledger: Ledger, dispute_id: str) -> Intake | None:
    """The registration as the reporter made it, or nothing. Raises KeyProblem, Unsealable."""
    ring = ledger.keys.ring(Purpose.VAULT)
    with reading(ledger.engine) as connection:
        found = connection.execute(
            select(reporters)
            .where(reporters.c.dispute_id == dispute_id)
            .order_by(reporters.c.recorded_at.desc())
            .limit(1)
        ).one_or_none()
    if found is None:
        return None
    return Intake.model_validate_json(_opened(ring, dispute_id, found.key_id, found.sealed))


def hidden_names(ledger: Ledger, dispute_id: str) -> list[str]:
    """Names that must be masked in what officers wrote of the matter, as far as this process may know them."""
    if Purpose.VAULT not in ledger.keys.rings:
        return []
    whole = reporter_of(ledger, dispute_id)
    return whole.names() if whole else []


def resealed(ring: Ring, dispute_id: str, key_id: str, sealed: bytes) -> dict[str, Any]:
    """The same under the active key. Raises KeyProblem, Unsealable."""
    return _sealed(ring, dispute_id, _opened(ring, dispute_id, key_id, sealed))


def _sealed(ring: Ring, dispute_id: str, whole: bytes) -> dict[str, Any]:
    return {"key_id": ring.active.id, "sealed": ring.active.box.seal(whole, _place(dispute_id))}


def _opened(ring: Ring, dispute_id: str, key_id: str, sealed: bytes) -> bytes:
    return ring.key(key_id).box.open(sealed, _place(dispute_id))


def _place(dispute_id: str) -> str:
    return f"reporter/{dispute_id}"
