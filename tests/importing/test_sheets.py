"""Finding sheets, headers and rows, whatever the platform made of them."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from importing.plain import as_text
from importing.rule_words import Column
from importing.rules import Rules, load_rules
from importing.sheets import Row, UnreadableFile, open_export

from .exports import HEADERS, judge_file, ticket, write_csv, write_xlsx

RULES = load_rules("pianguan")


def rows_of(path: Path) -> list[Row]:
    return [row for sheet in open_export(path, RULES).sheets for row in sheet.rows()]


def narrative(row: Row) -> str:
    return as_text(row.cell(Column.NARRATIVE).value)


@given(st.permutations(HEADERS))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_columns_are_found_by_their_headers(tmp_path: Path, headers: list[str]) -> None:
    row = ticket()
    plain = judge_file(write_xlsx(tmp_path / "a.xlsx", [row]), RULES)
    assert plain[0]["outcome"] == "accept"
    assert judge_file(write_xlsx(tmp_path / "b.xlsx", [row], headers=list(headers)), RULES) == plain


@pytest.mark.parametrize(
    ("header", "column"),
    [("  诉求内容 ", Column.NARRATIVE), ("诉求\n内容", Column.NARRATIVE), ("*诉求内容", Column.NARRATIVE),
     ("诉求内容（必填）", Column.NARRATIVE), ("问题描述", Column.NARRATIVE), ("反映人姓名", Column.NAME),
     ("联系电话", Column.PHONE), ("身份证号", Column.ID_NUMBER), ("涉及金额(元)", Column.AMOUNT)],
)  # fmt: skip
def test_a_header_is_known_however_it_is_dressed(tmp_path: Path, header: str, column: Column) -> None:
    label = RULES.label(column)
    row = {**ticket(), header.strip(): "甲乙丙"}
    headers = [header if h == label else h for h in HEADERS]
    found = rows_of(write_xlsx(tmp_path / "a.xlsx", [row], headers=headers))
    assert found[0].cell(column).value == "甲乙丙"


def test_a_header_the_policy_does_not_know_is_kept_with_its_value(tmp_path: Path) -> None:
    headers = [*HEADERS, "满意度"]
    found = rows_of(
        write_xlsx(tmp_path / "a.xlsx", [{**ticket(), "满意度": "未评", "备注": "夜间来电"}], headers=headers)
    )
    assert found[0].others == {"满意度": "未评", "备注": "夜间来电"}


def test_lines_above_the_header_blank_rows_and_its_repetitions_are_no_rows(tmp_path: Path) -> None:
    again = dict(zip(HEADERS, HEADERS, strict=True))
    rows = [ticket(诉求内容="甲"), {}, again, ticket(诉求内容="乙")]
    path = write_xlsx(tmp_path / "a.xlsx", rows, above=[["十月工单"], ["导出时间：2026-11-02 09:00"]])
    sheet = open_export(path, RULES).sheets[0]
    assert sheet.header_row == 3
    assert [(row.number, narrative(row)) for row in sheet.rows()] == [(4, "甲"), (7, "乙")]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_a_text_file_says_the_same_as_a_workbook(tmp_path: Path, encoding: str, mark: str) -> None:
    rows = [
        ticket(诉求内容='分行\n写的，带"引号"和;分号。养老没给上。'),
        ticket(来电时间="上周三", 涉及金额="约3万元"),
    ]
    book = judge_file(write_xlsx(tmp_path / "a.xlsx", rows), RULES)
    assert judge_file(write_csv(tmp_path / "a.csv", rows, encoding=encoding, mark=mark), RULES) == book


def test_every_sheet_with_a_header_is_read_and_the_others_are_named(tmp_path: Path) -> None:
    book = Workbook()
    for name, lines in {
        "说明": [["本表由平台导出"]],
        "第一页": [HEADERS, [ticket().get(h) for h in HEADERS]],
        "空": [],
        "第二页": [HEADERS[::-1], [ticket().get(h) for h in HEADERS[::-1]]],
    }.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    book.remove(book.worksheets[0])
    book.save(tmp_path / "a.xlsx")
    export = open_export(tmp_path / "a.xlsx", RULES)
    assert [sheet.name for sheet in export.sheets] == ["第一页", "第二页"]
    assert export.skipped == ("说明",)
    assert len(rows_of(tmp_path / "a.xlsx")) == 2


@pytest.mark.parametrize(
    "text",
    [
        '=HYPERLINK("http://example.invalid","看材料")没给上养老',
        "<script>alert(1)</script>没给上养老",
        "+86没给上",
        "@all",
        "-1",
    ],
)
@pytest.mark.parametrize("formula", [True, False])
def test_formula_and_script_are_text(tmp_path: Path, text: str, formula: bool) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [ticket(诉求内容=text, 备注=text)])
    if formula and text.startswith("="):
        book = load_workbook(path)
        for cell in book.worksheets[0][2]:
            if cell.value == text:
                cell.data_type = "f"
        book.save(path)
    row = rows_of(path)[0]
    assert narrative(row) == text
    assert row.others == {"备注": text}


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Cf", "Cn"]), min_size=1, max_size=300))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_narrative_is_kept_whole(tmp_path: Path, text: str) -> None:
    whole = f"甲{text * 60}乙"
    assert narrative(rows_of(write_csv(tmp_path / "a.csv", [ticket(诉求内容=whole)]))[0]) == whole
    if "_x" not in whole and len(whole) < 32_000:
        assert narrative(rows_of(write_xlsx(tmp_path / "a.xlsx", [ticket(诉求内容=whole)]))[0]) == whole


def _write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "另存为 xlsx"), (b"PK\x03\x04broken", "不是完好的 xlsx"),
     (b"\xff\x00\xfe\x81", "编码"), ("一,二,三\n1,2,3\n".encode(), "工单编号"), (b"", "工单编号")],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_with_what_to_do(
    tmp_path: Path, content: bytes, said: str
) -> None:
    with pytest.raises(UnreadableFile, match=said):
        open_export(_write(tmp_path / "a.xlsx", content), RULES)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile):
        open_export(tmp_path / "none.xlsx", RULES)


def test_an_amount_column_in_ten_thousands_is_noticed(tmp_path: Path, rules: Rules) -> None:
    headers = ["涉及金额（万元）" if h == "涉及金额" else h for h in HEADERS]
    rows: list[dict[str, Any]] = [{**ticket(), "涉及金额（万元）": "4.2"}]
    sheet = open_export(write_xlsx(tmp_path / "a.xlsx", rows, headers=headers), rules).sheets[0]
    assert sheet.in_ten_thousands
    assert not open_export(write_xlsx(tmp_path / "b.xlsx", rows), rules).sheets[0].in_ten_thousands


def test_a_header_nobody_listed_is_found_by_what_it_reads_like_and_said_so(tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text(
        "热线工单ID,群众来电时间,投诉内容,被诉单位名称,要求办结时间\nA1,2026-09-03,没上养老,甲厂,5天\n",
        encoding="utf-8",
    )
    rules = load_rules()
    sheet = open_export(path, rules).sheets[0]
    assert sheet.likened(rules) == {
        "热线工单ID": "工单编号",
        "群众来电时间": "来电时间",
        "投诉内容": "诉求内容",
        "被诉单位名称": "被反映单位",
    }
    [row] = sheet.rows()
    assert row.others == {"要求办结时间": "5天"}
