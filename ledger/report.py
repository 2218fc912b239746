"""The county's report of a period: every statistic at one moment."""

from typing import NamedTuple

from sqlalchemy import Connection, Engine, exists, select

from ledger import statistics as ask
from ledger.connection import LedgerBroken, reading
from ledger.figures import Scope
from ledger.read_tables import disputes, measures
from ledger.statistics import Answered, Cards, Figures, Returns, Share, Turnaround


class Report(NamedTuple):
    """Every statistic of a period: figures and distributions by their names."""

    figures: Figures
    spreads: dict[str, list[Share]]
    answers: list[Answered]
    returns: list[Returns]
    turnarounds: list[Turnaround]
    cards: list[Cards]


def report(engine: Engine, scope: Scope) -> Report:
    """The statistics of a period as the ledger stands, every figure of the same moment.

    Raises LedgerBroken when what is counted was never made from the events.
    """
    with reading(engine, snapshot=True) as connection:
        require_measured(connection)
        return Report(
            ask.counted(connection, scope),
            ask.spreads(connection, scope),
            ask.answers(connection, scope),
            ask.returns(connection, scope),
            ask.turnarounds(connection, scope),
            ask.cards(connection, scope),
        )


def require_measured(connection: Connection) -> None:
    """A ledger from before what is counted was measured is to be rebuilt first: its oldest matter has not been measured so.

    Raises LedgerBroken.
    """
    its = measures.c.dispute_id == disputes.c.dispute_id
    measured = exists().where(its, measures.c.claims.is_not(None))
    kept = disputes.c.head_seal != b""
    oldest = select(measured).select_from(disputes).where(kept).order_by(disputes.c.opened_at).limit(1)
    if connection.scalar(oldest) is False:
        raise LedgerBroken("统计所用的查询表尚未建立，请先运行 fengqiao ledger rebuild")
