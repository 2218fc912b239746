"""When the export was made."""

from datetime import datetime
from pathlib import Path

import pytest

from domain.words import SHANGHAI
from starter.importing.exported import survey, ticket_day
from starter.importing.rules import Rules
from starter.importing.sheets import open_export

from .exports import ticket, write_xlsx


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=SHANGHAI)  # type: ignore[arg-type]


def test_what_is_told_goes_before_everything(tmp_path: Path, rules: Rules) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [ticket(), ticket()], above=[["导出时间：2026-11-02 09:00"]])
    found = survey(open_export(path, rules), rules, at(2026, 12, 1))
    assert (found.rows, found.exported) == (2, (at(2026, 12, 1), False))


@pytest.mark.parametrize(
    ("line", "moment"),
    [
        ("导出时间：2026-11-02 09:00", (9, 0)),
        ("共2条  导出时间: 2026年11月2日 09时00分  导出人:甲", (9, 0)),
        ("打印日期 2026/11/2", (23, 59)),
    ],
)
def test_a_line_over_the_header_is_read(
    tmp_path: Path, rules: Rules, line: str, moment: tuple[int, int]
) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [ticket()], above=[["工单"], [line]])
    assert survey(open_export(path, rules), rules).exported == (at(2026, 11, 2, *moment), False)


def test_otherwise_the_newest_ticket_tells(tmp_path: Path, rules: Rules) -> None:
    rows = [ticket(工单编号=f"CS12345-202610{day}00001") for day in (15, 26, 20)]
    path = write_xlsx(tmp_path / "a.xlsx", rows)
    assert survey(open_export(path, rules), rules).exported == (at(2026, 10, 26, 23, 59), True)


def test_a_ticket_dated_after_the_file_is_not_believed(tmp_path: Path, rules: Rules) -> None:
    rows = [ticket(工单编号=f"CS12345-{day}00001") for day in ("20201015", "20201016", "20991016")]
    path = write_xlsx(tmp_path / "a.xlsx", rows)
    assert survey(open_export(path, rules), rules).exported.at == at(2020, 10, 16, 23, 59)


def test_tickets_without_dates_leave_the_files_own_stamp(tmp_path: Path, rules: Rules) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [ticket(工单编号="A-1"), ticket(工单编号="A-2")])
    export = open_export(path, rules)
    assert survey(export, rules).exported == (export.saved_at, True)


@pytest.mark.parametrize(
    ("number", "day"), [("CS12345-2026101500001", "2026-10-15"), ("A-1", None), ("CS-2026139900001", None)]
)
def test_the_day_in_a_ticket(rules: Rules, number: str, day: str | None) -> None:
    found = ticket_day(number, rules)
    assert (found.isoformat() if found else None) == day
