"""When the export was made: told, written over its header, or put together from its tickets and its own stamp."""

from datetime import date, datetime, time
from typing import NamedTuple

from domain.words import SHANGHAI
from starter.importing.moments import read_moment
from starter.importing.plain import Cell, code_text, half_width
from starter.importing.rules import Column, Rules, found
from starter.importing.sheets import Export


class ExportTime(NamedTuple):
    """No call is later than this. ``estimated``: nobody wrote it down."""

    at: datetime
    estimated: bool


class Survey(NamedTuple):
    """What a first pass over the export finds: how many rows, and when it was made."""

    rows: int
    exported: ExportTime


def survey(export: Export, rules: Rules, told: datetime | None = None) -> Survey:
    """Count the rows and settle the export's time; ``told`` goes before everything."""
    rows = 0
    days: list[date] = []
    for sheet in export.sheets:
        for row in sheet.rows():
            rows += 1
            if day := ticket_day(code_text(row.cell(Column.TICKET).value), rules):
                days.append(day)
    written = None if told else _written(export, rules)
    if known := told or written:
        return Survey(rows, ExportTime(known, estimated=False))
    return Survey(rows, ExportTime(_estimate(days, export.saved_at), estimated=True))


def ticket_day(ticket: str, rules: Rules) -> date | None:
    """The day a ticket's number carries."""
    hit = rules.ticket_date.search(ticket)
    try:
        return date.fromisoformat(hit[0]) if hit else None
    except ValueError:
        return None


def _written(export: Export, rules: Rules) -> datetime | None:
    """A line such as 导出时间：2026-11-02 09:00 over the header."""
    for line in (half_width(line) for sheet in export.sheets for line in sheet.above):
        if hit := found(rules.export_time, line):
            moment = read_moment(Cell(hit["time"]), rules, year=export.saved_at.year)
            if moment.day:
                return datetime.combine(moment.day, moment.clock or time(23, 59), SHANGHAI)
    return None


def _estimate(days: list[date], saved_at: datetime) -> datetime:
    """The end of the newest ticket's day: a call has a ticket at once. Tickets dated after the file are mistakes,
    unless most are: then the stamp is. Without dated tickets, the file's stamp.
    """
    if not days:
        return saved_at
    believable = [day for day in days if day <= saved_at.date()]
    newest = max(believable if len(believable) * 2 > len(days) else days)
    end = datetime.combine(newest, time(23, 59), SHANGHAI)
    return min(end, saved_at) if newest == saved_at.date() else end
