"""退回表: what comes back can be read, mended and imported again, and does nothing on its own."""

import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from importing.exported import ExportTime, survey
from importing.judging import Judge
from importing.rejected import ADDED, rejected_path, write_rejected
from importing.rules import Rules, load_rules
from importing.sheets import open_export

from .exports import EXPORTED, HEADERS, judge_file, ticket, write_csv, write_xlsx

RULES = load_rules("pianguan")


KNOWN = ExportTime(EXPORTED, estimated=False)


def reject(source: Path, rules: Rules = RULES, exported: ExportTime = KNOWN) -> Path:
    export = open_export(source, rules)
    judge = Judge(rules, exported)
    judged = [judge.judge(row) for sheet in export.sheets for row in sheet.rows()]
    path = rejected_path(source)
    write_rejected(path, export, [j for j in judged if j.errors], rules, exported)
    return path


def test_rows_come_back_with_column_and_reason(tmp_path: Path) -> None:
    bad = ticket(来电时间="2026-09-31", 备注="夜间")
    path = reject(write_xlsx(tmp_path / "十月.xlsx", [ticket(), bad, ticket(诉求内容="")]))
    assert path.name == "十月-退回.xlsx"
    lines = [list(row) for row in load_workbook(path).worksheets[0].iter_rows(values_only=True)]
    assert [cell for cell in lines[0] if cell] == ["导出时间：2026-11-02 09:00"]
    assert lines[1] == [*HEADERS, *ADDED]
    assert lines[2] == [*(bad.get(h) for h in HEADERS), "来电时间", "来电时间不存在（2026-09-31）", "3"]
    assert lines[3][-3:] == ["诉求内容", "诉求内容为空", "4"]
    assert len(lines) == 4


def test_a_mended_row_is_taken(tmp_path: Path) -> None:
    path = reject(write_xlsx(tmp_path / "a.xlsx", [ticket(来电时间="2026-09-31")]))
    assert [row["outcome"] for row in judge_file(path, RULES)] == ["row_error"]
    book = load_workbook(path)
    book.worksheets[0].cell(3, HEADERS.index("来电时间") + 1, "2026-09-30")
    book.save(path)
    assert [row["outcome"] for row in judge_file(path, RULES)] == ["accept"]


@pytest.mark.parametrize("exported", [KNOWN, ExportTime(EXPORTED.replace(second=59), estimated=True)])
def test_mended_rows_are_judged_by_the_same_moment(tmp_path: Path, exported: ExportTime) -> None:
    """Not by the newest ticket among them, which is of the 15th of October."""
    path = reject(write_xlsx(tmp_path / "a.xlsx", [ticket(来电时间="2026-09-31")]), exported=exported)
    found = survey(open_export(path, RULES), RULES).exported
    assert found == (EXPORTED, exported.estimated)


def test_what_is_still_wrong_comes_back_under_the_next_number(tmp_path: Path) -> None:
    first = reject(write_xlsx(tmp_path / "热线.xlsx", [ticket(), ticket(来电时间="", 备注="夜间")]))
    second = reject(first)
    third = reject(second)
    assert [p.name for p in (first, second, third)] == [
        "热线-退回.xlsx",
        "热线-退回2.xlsx",
        "热线-退回3.xlsx",
    ]
    one, *others = (
        [list(row) for row in load_workbook(p).worksheets[0].iter_rows(values_only=True)]
        for p in (first, second, third)
    )
    assert others == [one, one]
    assert one[2][-1] == "3"


harmful = st.sampled_from(
    ["=1+1", '=HYPERLINK("http://example.invalid")', "+1", "-1", "@SUM(A1)", "\t=1", "<script>", "1e5"]
)


@given(harmful, st.text(st.characters(exclude_categories=["Cc", "Cs", "Cf", "Cn"]), max_size=20))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_cell_is_text_and_nothing_else(tmp_path: Path, head: str, tail: str) -> None:
    text = head + tail
    path = reject(
        write_csv(tmp_path / "a.csv", [ticket(诉求内容=text, 备注=text, 涉及金额=text, 来电时间="")])
    )
    sheet = load_workbook(path).worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert {cell.number_format for cell in cells} == {"@"}
    kept = [cell.value for cell in cells if cell.value == text]
    assert len(kept) == 3 or "_x" in text
    with zipfile.ZipFile(path) as inside:
        assert b"<f>" not in inside.read("xl/worksheets/sheet1.xml")


def test_a_text_longer_than_a_cell_says_so(tmp_path: Path) -> None:
    path = reject(write_csv(tmp_path / "a.csv", [ticket(诉求内容="长" * 40_000, 来电时间="")]))
    line = [cell.value for cell in load_workbook(path).worksheets[0][3]]
    assert len(str(line[HEADERS.index("诉求内容")])) == 32_767
    assert "截断" in str(line[-2])


def test_a_folder_that_cannot_be_written_leaves_no_half_file(tmp_path: Path) -> None:
    export = open_export(write_xlsx(tmp_path / "a.xlsx", [ticket()]), RULES)
    with pytest.raises(FileNotFoundError):
        write_rejected(tmp_path / "none" / "a.xlsx", export, [], RULES, KNOWN)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.xlsx"]
