"""Finding a person's matters again by name, number or firm, without a name standing anywhere in the clear."""

from collections.abc import Callable

from sqlalchemy import select

from ledger.connection import reading
from ledger.names import fold_company, fold_name, fold_number
from ledger.queries import PAGE, Found, listed
from ledger.record import as_dict
from ledger.store import Ledger
from ledger.tables import disputes, parties

_FOLDS: dict[str, tuple[Callable[[str], str | None], ...]] = {
    "name": (fold_name, fold_company),
    "id_number": (fold_number,),
    "phone": (fold_number,),
    "uscc": (fold_number,),
}
"""How each kind is written down; a name may be a person's or a firm's."""


def search(
    ledger: Ledger,
    *,
    name: str | None = None,
    id_number: str | None = None,
    phone: str | None = None,
    uscc: str | None = None,
    limit: int = PAGE,
) -> Found:
    """Matters in which somebody has all of these, the newest first, without anybody's identity.

    Exact but for spaces, variant characters and a firm's legal form. Raises ValueError when nothing is asked for.
    """
    asked = {"name": name, "id_number": id_number, "phone": phone, "uscc": uscc}
    wanted = [
        parties.c[kind].in_(_hashes(ledger, kind, text)) for kind, text in asked.items() if text is not None
    ]
    if not wanted:
        raise ValueError("请至少给出姓名、证件号、电话、统一社会信用代码中的一项")
    theirs = select(parties.c.dispute_id).where(*wanted)
    query = (
        select(*listed())
        .where(disputes.c.dispute_id.in_(theirs))
        .order_by(disputes.c.opened_at.desc(), disputes.c.dispute_id)
        .limit(limit)
    )
    with reading(ledger.engine) as connection:
        return [as_dict(row) for row in connection.execute(query)]


def _hashes(ledger: Ledger, kind: str, text: str) -> list[bytes]:
    folded = {plain for fold in _FOLDS[kind] if (plain := fold(text))}
    return [found for plain in sorted(folded) for found in ledger.sealer.search.digests(kind, plain)]
