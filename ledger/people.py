"""Finding a person's matters again by name, number or firm, without a name standing anywhere in the clear."""

import re
from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from domain.knowing import Near
from domain.masking import names_somebody
from ledger import firms
from ledger.connection import reading
from ledger.desk import may_know
from ledger.names import fold_company, fold_name, fold_number
from ledger.queries import PAGE, Found, listed
from ledger.read_tables import disputes, parties
from ledger.record import as_dict
from ledger.store import Ledger

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
    firm: str | None = None,
    firms_alone: bool = False,
    beside: Near | None = None,
    limit: int = PAGE,
) -> Found:
    """Matters in which somebody has all of these, the newest first, without anybody's identity.

    Exact but for spaces, variant characters and a firm's legal form. ``firm``: a part of a 被反映单位's name as
    :func:`ledger.firms.part_of` has it, to be compared with the names themselves; ``firms_alone``: in which a 被反映单位 has
    them; ``beside``: of which this unit may know. Raises ValueError when nothing is asked for.
    """
    asked = {"name": name, "id_number": id_number, "phone": phone, "uscc": uscc}
    wanted: list[ColumnElement[bool]] = [
        parties.c[kind].in_(_hashes(ledger, kind, text)) for kind, text in asked.items() if text is not None
    ]
    if firm is not None:
        wanted.append(firms.PAIRS.hold(ledger.sealer.search, [firm]))
    if not wanted:
        raise ValueError("请至少给出姓名、证件号、电话、统一社会信用代码中的一项")
    if firms_alone:
        wanted.append(parties.c.kind == "respondent")
    theirs = select(parties.c.dispute_id).where(*wanted)
    query = newest_known(beside, limit).where(disputes.c.dispute_id.in_(theirs))
    with reading(ledger.engine) as connection:
        return [as_dict(row) for row in connection.execute(query)]


def newest_known(beside: Near | None, limit: int) -> Select[Any]:
    """What a search looks among: the newest matters, of those that a unit may know of."""
    query = select(*listed()).order_by(disputes.c.opened_at.desc(), disputes.c.dispute_id).limit(limit)
    return query.where(may_know(beside, disputes.c.dispute_id)) if beside else query


def _hashes(ledger: Ledger, kind: str, text: str) -> list[bytes]:
    folded = {plain for fold in _FOLDS[kind] if (plain := fold(text))}
    return [found for plain in sorted(folded) for found in ledger.sealer.search.digests(kind, plain)]


def is_credit_code(text: str) -> bool:
    """Whether it is written as a 统一社会信用代码, and not as somebody's 证件号, which is as long."""
    code = fold_number(text) or ""
    return bool(re.fullmatch(r"[0-9A-Z]{18}", code)) and not names_somebody(code)
