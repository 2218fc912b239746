"""When the export was made."""

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from domain.words import SHANGHAI
from importing.exported import Basis, ExportTime, survey, ticket_day
from importing.rules import Rules
from importing.sheets import open_export

from .exports import ticket, write_xlsx


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=SHANGHAI)  # type: ignore[arg-type]


def test_what_is_told_goes_before_everything(tmp_path: Path, rules: Rules) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [ticket(), ticket()], above=[["导出时间：2026-11-02 09:00"]])
    found = survey(open_export(path, rules), rules, at(2026, 12, 1))
    assert found == (2, (at(2026, 12, 1), False), Basis.TOLD)


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
    assert survey(open_export(path, rules), rules) == (3, (at(2026, 10, 26, 23, 59), True), Basis.TICKET)


def test_a_ticket_dated_after_the_file_is_not_believed(tmp_path: Path, rules: Rules) -> None:
    rows = [ticket(工单编号=f"CS12345-{day}00001") for day in ("20201015", "20201016", "20991016")]
    path = write_xlsx(tmp_path / "a.xlsx", rows)
    assert survey(open_export(path, rules), rules).exported.at == at(2020, 10, 16, 23, 59)


def test_tickets_without_dates_leave_the_files_own_stamp(tmp_path: Path, rules: Rules) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [ticket(工单编号="A-1"), ticket(工单编号="A-2")])
    export = open_export(path, rules)
    assert survey(export, rules) == (2, (export.saved_at, True), Basis.FILE)


@pytest.mark.parametrize("number", ["RX2026{:04d}", "RX2026{:06d}", "2026{:04d}", "RX20260{:03d}-1"])
def test_a_year_with_a_serial_tells_no_time(tmp_path: Path, rules: Rules, number: str) -> None:
    """RX20260101: ticket 101 of 2026, or one of the first of January?"""
    rows = [ticket(工单编号=number.format(n)) for n in (1, 101, 102)]
    export = open_export(write_xlsx(tmp_path / "a.xlsx", rows), rules)
    assert survey(export, rules).exported == (export.saved_at, True)


def test_few_dated_tickets_tell_nothing_of_the_others(tmp_path: Path, rules: Rules) -> None:
    rows = [ticket(工单编号=number) for number in ("BM12345-20251015000123", "RX20261101", "RX20261102")]
    export = open_export(write_xlsx(tmp_path / "a.xlsx", rows), rules)
    assert survey(export, rules).exported == (export.saved_at, True)


def test_no_ticket_makes_the_export_later_than_its_file(tmp_path: Path, rules: Rules) -> None:
    later = datetime.now(SHANGHAI) + timedelta(days=40)
    rows = [ticket(工单编号=f"RX{later:%Y%m%d}{n:03d}") for n in range(3)]
    export = open_export(write_xlsx(tmp_path / "a.xlsx", rows), rules)
    assert survey(export, rules).exported == (export.saved_at, True)


def test_a_stamp_older_than_file_and_tickets_is_a_templates(tmp_path: Path, rules: Rules) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [ticket(工单编号="CS12345-2025101500001")])
    export = open_export(path, rules)._replace(saved_at=at(2010, 1, 1))
    assert survey(export, rules).exported == (at(2025, 10, 15, 23, 59), True)


def test_the_disks_stamp_is_kept_beside_the_workbooks(tmp_path: Path, rules: Rules) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [ticket()])
    os.utime(path, (0, at(2030, 1, 1).timestamp()))
    export = open_export(path, rules)
    assert export.touched_at == at(2030, 1, 1) != export.saved_at


@pytest.mark.parametrize("estimated", [True, False])
def test_a_line_of_our_own_is_read_as_it_was(tmp_path: Path, rules: Rules, estimated: bool) -> None:
    known = ExportTime(at(2026, 11, 2, 9, 5), estimated)
    path = write_xlsx(tmp_path / "a.xlsx", [ticket()], above=[[known.as_line()]])
    elsewhere = rules.model_copy(update={"export_time": ()})
    for each in (rules, elsewhere):
        assert survey(open_export(path, each), each) == (1, known, Basis.WRITTEN)


@pytest.mark.parametrize(
    ("number", "day"),
    [
        ("CS12345-2026101500001", "2026-10-15"),
        ("BM12345-20260611000123", "2026-06-11"),
        ("20261015001", "2026-10-15"),
        ("RX20261015-0001", "2026-10-15"),
        ("RX20261101", None),
        ("RX2026110112", None),
        ("RX20261101-2", None),
        ("12320261101001", None),
        ("A-1", None),
        ("CS-2026139900001", None),
    ],
)
def test_the_day_in_a_ticket(rules: Rules, number: str, day: str | None) -> None:
    found = ticket_day(number, rules)
    assert (found.isoformat() if found else None) == day
