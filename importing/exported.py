"""When the export was made: told, written over its header, or put together from its tickets and its own stamp."""

import re
from datetime import date, datetime, time
from enum import StrEnum
from typing import NamedTuple

from domain.words import SHANGHAI
from importing.moments import read_moment
from importing.plain import Cell, as_text, code_text, half_width
from importing.rule_words import Column
from importing.rules import Rules, found
from importing.sheets import Export, UnreadableFile

_LINE = re.compile(r"导出时间:(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d)")
"""What ``as_line`` writes, made half-width."""
_ESTIMATED = "(推定)"
_WHO = (Column.NAME, Column.PHONE, Column.ID_NUMBER)


class ExportTime(NamedTuple):
    """No call is later than this. ``estimated``: nobody wrote it down."""

    at: datetime
    estimated: bool

    def as_line(self) -> str:
        """A line for over a header, from which ``survey`` reads the same."""
        return (
            f"导出时间：{self.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}{' （推定）' if self.estimated else ''}"
        )


class Basis(StrEnum):
    """Where the export's time is from."""

    TOLD = "told"
    WRITTEN = "written"
    TICKET = "ticket"
    FILE = "file"


class Survey(NamedTuple):
    """What a first pass over the export finds: how many rows, and when it was made."""

    rows: int
    exported: ExportTime
    basis: Basis


def survey(export: Export, rules: Rules, told: datetime | None = None) -> Survey:
    """Count the rows and settle the export's time; ``told`` goes before everything. Raises UnreadableFile when no row
    says who called: then the columns were not found, and everybody would be taken for anonymous.
    """
    rows = numbered = 0
    somebody = False
    days: list[date] = []
    for sheet in export.sheets:
        for row in sheet.rows():
            rows += 1
            somebody = somebody or any(as_text(row.cell(c).value).strip() for c in _WHO)
            ticket = code_text(row.cell(Column.TICKET).value)
            numbered += ticket not in rules.blank
            if day := ticket_day(ticket, rules):
                days.append(day)
    if rows and not somebody:
        raise UnreadableFile(_nobody(export, rules))
    if told:
        return Survey(rows, ExportTime(told, estimated=False), Basis.TOLD)
    if written := _written(export, rules):
        return Survey(rows, written, Basis.WRITTEN)
    at, basis = _estimate(days if 2 * len(days) > numbered else [], export)
    return Survey(rows, ExportTime(at, estimated=True), basis)


def _nobody(export: Export, rules: Rules) -> str:
    """Why nobody could be read, by what is there."""
    labels = "、".join(rules.label(c) for c in _WHO)
    there = {c for sheet in export.sheets for c in _WHO if c in sheet.places}
    if there:
        return f"{export.path.name} 没有一行填了{labels}，已停止：如确系匿名来电，请在“{rules.label(Column.NAME)}”栏写“匿名”"
    heads = "、".join(text for text in export.sheets[0].headers if text.strip())
    return f"{export.path.name} 没有找到{labels}的列，已停止。表头是：{heads}。请改列名，或在列名对照中增列"


def ticket_day(ticket: str, rules: Rules) -> date | None:
    """The day a ticket's number carries, when it cannot be taken for anything else."""
    for hit in rules.ticket_date.finditer(ticket):
        try:
            return date.fromisoformat(hit[0])
        except ValueError:
            continue
    return None


def _written(export: Export, rules: Rules) -> ExportTime | None:
    """A line such as 导出时间：2026-11-02 09:00 over the header."""
    for line in (half_width(line) for sheet in export.sheets for line in sheet.above):
        if hit := _LINE.search(line) or found(rules.export_time, line):
            moment = read_moment(Cell(hit["time"]), rules, year=export.saved_at.year)
            if moment.day:
                at = datetime.combine(moment.day, moment.clock or time(23, 59), SHANGHAI)
                return ExportTime(at, estimated=_ESTIMATED in line)
    return None


def _estimate(days: list[date], export: Export) -> tuple[datetime, Basis]:
    """The end of the newest ticket's day: a call has a ticket at once. Tickets dated after the stamp are mistakes,
    unless most are and the file is newer too: then the stamp is a template's. Without dated tickets, or with few, the stamp.
    """
    limit = export.saved_at
    if 2 * sum(day > limit.date() for day in days) >= len(days):
        limit = max(limit, export.touched_at)
    believable = [day for day in days if day <= limit.date()]
    if not believable:
        return export.saved_at, Basis.FILE
    return min(datetime.combine(max(believable), time(23, 59), SHANGHAI), limit), Basis.TICKET
