"""Files as platforms and people make them, and those nobody can read."""

import zipfile
from datetime import datetime, time
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from importing.exported import survey
from importing.plain import as_text
from importing.rule_words import Column
from importing.rules import load_rules
from importing.sheets import UnreadableFile, open_export

from .exports import HEADERS, judge_file, ticket, write_csv, write_xlsx

RULES = load_rules("pianguan")


def changed(path: Path, change: Any) -> Path:
    book = load_workbook(path)
    change(book, book.worksheets[0])
    book.save(path)
    return path


def column(header: str) -> str:
    return chr(ord("A") + HEADERS.index(header))


class TestTwoLines:
    upper = ["工单编号", "来电时间", "来电人信息", "", "", "被反映单位", "", "诉求内容"]
    lower = ["", "", "姓名", "联系电话", "身份证号码", "名称", "统一社会信用代码", ""]

    def row(self) -> list[str]:
        one = ticket()
        return [one[h] if h != "信用代码" else "" for h in (
            "工单编号", "来电时间", "来电人", "来电号码", "证件号码", "被反映单位")] + ["", one["诉求内容"]]  # fmt: skip

    def test_merged_and_plain_say_the_same(self, tmp_path: Path) -> None:
        one = self.row()
        book = Workbook()
        sheet = book.worksheets[0]
        for line in (self.upper, self.lower, one):
            sheet.append([text or None for text in line])
        for area in ("A1:A2", "B1:B2", "C1:E1", "F1:G1", "H1:H2"):
            sheet.merge_cells(area)
        book.save(tmp_path / "a.xlsx")
        text = "\n".join(",".join(line) for line in (self.upper, self.lower, one))
        (tmp_path / "a.csv").write_text(text, encoding="utf-8")
        [merged] = judge_file(tmp_path / "a.xlsx", RULES)
        assert merged["outcome"] == "accept"
        assert judge_file(tmp_path / "a.csv", RULES) == [merged]
        assert open_export(tmp_path / "a.xlsx", RULES).sheets[0].header_row == 2

    def test_the_offices_own_phone_is_not_the_callers(self, tmp_path: Path) -> None:
        text = (
            "工单编号,来电时间,承办单位,,来电人信息,,诉求内容\n,,名称,联系电话,姓名,联系电话,\n"
            "T1,2026-10-15,甲局,0350-9912345,测试甲,19900000001,没给上养老。\n"
        )
        (tmp_path / "a.csv").write_text(text, encoding="utf-8")
        assert judge_file(tmp_path / "a.csv", RULES)[0]["phone"] == "19900000001"

    def test_a_title_and_the_first_row_are_no_second_line(self, tmp_path: Path) -> None:
        path = write_xlsx(tmp_path / "a.xlsx", [ticket(), ticket()], above=[["来电人信息登记表"]])
        export = open_export(path, RULES)
        assert (export.sheets[0].header_row, len(list(export.sheets[0].rows()))) == (2, 2)


def test_merged_cells_are_filled_down_and_said(tmp_path: Path) -> None:
    path = write_xlsx(
        tmp_path / "a.xlsx", [ticket(), ticket(被反映单位=None), ticket(被反映单位="偏关县刻舟求剑造船厂")]
    )
    at = column("被反映单位")
    changed(path, lambda _, sheet: sheet.merge_cells(f"{at}2:{at}3"))
    first, second, third = judge_file(path, RULES)
    assert [row["outcome"] for row in (first, second, third)] == ["accept"] * 3
    assert second["warnings"] == ["“被反映单位”取自第 2 行起的合并单元格，请核对"]
    assert not {"warnings"} & (first.keys() | third.keys())


def test_a_row_that_holds_only_merged_cells_is_none(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [ticket()])
    at = column("被反映单位")
    changed(path, lambda _, sheet: sheet.merge_cells(f"{at}2:{at}5"))
    assert len(judge_file(path, RULES)) == 1


def test_hidden_rows_are_said_and_hidden_sheets_are_not_read(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [ticket(), ticket()])

    def hide(book: Any, sheet: Any) -> None:
        sheet.row_dimensions[3].hidden = True
        extra = book.create_sheet("旧数据")
        extra.append(HEADERS)
        extra.append([ticket().get(h) for h in HEADERS])
        extra.sheet_state = "hidden"

    changed(path, hide)
    seen, hidden = judge_file(path, RULES)
    assert "warnings" not in seen
    assert hidden["warnings"] == ["该行在表中是隐藏的，请核对是否应导入"]
    assert open_export(path, RULES).hidden == ("旧数据",)


def test_a_file_of_hidden_sheets_says_so(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [ticket()])

    def hide(book: Any, sheet: Any) -> None:
        sheet.sheet_state = "hidden"
        book.create_sheet("说明").append(["看这里"])

    changed(path, hide)
    with pytest.raises(UnreadableFile, match="取消隐藏"):
        open_export(path, RULES)


@pytest.mark.parametrize(
    ("day", "clock", "read"),
    [
        ("2026-10-15", "09:30", "09:30"), ("2026-10-15", "上午 12:05", "00:05"), ("2026年10月15日", "9点半", "09:30"),
        (datetime(2026, 10, 15), time(9, 30), "09:30"), (datetime(2026, 10, 15), 0.3958333, "09:30"),
        ("2026-10-15", "", None), ("2026-10-14", "2026-10-15 09:30", "09:30"),
    ],
)  # fmt: skip
def test_day_and_time_in_two_columns(tmp_path: Path, day: Any, clock: Any, read: str | None) -> None:
    headers = ["来电日期", *HEADERS]
    path = write_xlsx(tmp_path / "a.xlsx", [ticket(来电日期=day, 来电时间=clock)], headers=headers)
    [row] = judge_file(path, RULES)
    assert (row["received_date"], row["received_time"]) == ("2026-10-15", read)


def test_days_counted_from_1904(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [ticket(), ticket()])

    def recount(book: Any, sheet: Any) -> None:
        book.epoch = CALENDAR_MAC_1904
        sheet[f"{column('来电时间')}2"] = datetime(2026, 10, 15, 9, 30)
        sheet[f"{column('来电时间')}3"] = 44848 - 0.5 + 0.395833333 - 4

    changed(path, recount)
    first, second = judge_file(path, RULES)
    assert (first["received_date"], first["received_time"]) == ("2026-10-15", "09:30")
    assert second["received_date"].startswith("2026-10")


def test_zeros_that_only_a_format_holds(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", [ticket(工单编号=42, 来电号码=3509912345)])

    def shape(_: Any, sheet: Any) -> None:
        sheet[f"{column('工单编号')}2"].number_format = '"PG"00000000'
        sheet[f"{column('来电号码')}2"].number_format = "00000000000"

    changed(path, shape)
    [row] = judge_file(path, RULES)
    assert (row["ticket"], row["phone"]) == ("PG00000042", "0350-9912345")


class TestPages:
    def table(self, rows: list[dict[str, Any]], span: int = 1) -> str:
        head = "".join(f"<th>{h}</th>" for h in HEADERS)
        lines = [
            "".join(
                f"<td rowspan={span}>{r.get(h) or ''}</td>"
                if h == "被反映单位"
                else f"<td>{r.get(h) or ''}</td>"
                for h in HEADERS
                if not (h == "被反映单位" and n and span > 1)
            )
            for n, r in enumerate(rows)
        ]
        body = "".join(f"<tr>{line}</tr>" for line in lines)
        return (
            f"<html><head><meta charset=gbk></head><body><table><tr>{head}</tr>{body}</table></body></html>"
        )

    @pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-8-sig"])
    def test_a_page_says_the_same_as_a_workbook(self, tmp_path: Path, encoding: str) -> None:
        rows = [ticket(诉求内容="甲&乙<丙，没给上养老。"), ticket()]
        book = judge_file(write_xlsx(tmp_path / "a.xlsx", rows), RULES)
        rows[0]["诉求内容"] = "甲&amp;乙&lt;丙，没给上养老。"
        (tmp_path / "a.xls").write_text(self.table(rows), encoding=encoding)
        assert judge_file(tmp_path / "a.xls", RULES) == book

    def test_a_cell_over_two_rows_is_filled_down_and_said(self, tmp_path: Path) -> None:
        (tmp_path / "a.xls").write_text(self.table([ticket(), ticket()], span=2), encoding="utf-8")
        first, second = judge_file(tmp_path / "a.xls", RULES)
        assert (first["outcome"], second["outcome"]) == ("accept", "accept")
        assert any("合并单元格" in w for w in second["warnings"])

    def test_a_page_to_log_in_says_so(self, tmp_path: Path) -> None:
        (tmp_path / "a.xls").write_text("<!DOCTYPE html><html><body>请登录</body></html>", encoding="utf-8")
        with pytest.raises(UnreadableFile, match="登录"):
            open_export(tmp_path / "a.xls", RULES)

    def test_an_xml_spreadsheet(self, tmp_path: Path) -> None:
        row = ticket()

        def line(values: list[str]) -> str:
            cells = "".join(
                f'<Cell ss:Index="{n}"><Data ss:Type="String">{v}</Data></Cell>'
                for n, v in enumerate(values, 1)
                if v
            )
            return f"<Row>{cells}</Row>"

        text = (
            '<?xml version="1.0" encoding="gb2312"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
            'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="工单"><Table>'
            + line(HEADERS) + line([row.get(h) or "" for h in HEADERS]) + "</Table></Worksheet></Workbook>"
        )  # fmt: skip
        (tmp_path / "a.xls").write_text(text, encoding="gb18030")
        assert judge_file(tmp_path / "a.xls", RULES) == judge_file(
            write_xlsx(tmp_path / "b.xlsx", [row]), RULES
        )
        (tmp_path / "b.xls").write_text(
            text.replace("<Workbook", "<!DOCTYPE x [<!ENTITY a 'b'>]><Workbook"), encoding="gb18030"
        )
        with pytest.raises(UnreadableFile, match="实体"):
            open_export(tmp_path / "b.xls", RULES)
        (tmp_path / "c.xls").write_text(text[:-30], encoding="gb18030")
        with pytest.raises(UnreadableFile, match="不完整"):
            open_export(tmp_path / "c.xls", RULES)


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_a_broken_byte_costs_one_row(tmp_path: Path, encoding: str) -> None:
    rows = [ticket(), ticket(诉求内容="单位没给上养老保险，甲乙丙。"), ticket()]
    path = write_csv(tmp_path / "a.csv", rows, encoding=encoding)
    data = path.read_bytes()
    at = data.index("甲乙丙".encode(encoding))
    path.write_bytes(data[:at] + data[at + 1 :])
    read = judge_file(path, RULES)
    assert [row["outcome"] for row in read] == ["accept", "row_error", "accept"]
    assert (read[1]["column"], read[1]["row"]) == ("诉求内容", 3)
    assert "第 3 行" in read[1]["reason"]


def test_what_a_platform_lost_before_is_said(tmp_path: Path) -> None:
    [row] = judge_file(write_xlsx(tmp_path / "a.xlsx", [ticket(诉求内容="单位没给上养老\ufffd险。")]), RULES)
    assert row["outcome"] == "accept"
    assert "含无法识别的字符（乱码），请对照原平台核对" in row["warnings"]


def test_nobody_in_any_row_stops_the_import(tmp_path: Path) -> None:
    nobody = {"来电人": "", "来电号码": "", "证件号码": ""}
    empty = open_export(write_xlsx(tmp_path / "a.xlsx", [ticket(**nobody), ticket(**nobody)]), RULES)
    with pytest.raises(UnreadableFile, match="写“匿名”"):
        survey(empty, RULES)
    headers = [h for h in HEADERS if h not in nobody]
    without = open_export(write_xlsx(tmp_path / "b.xlsx", [ticket()], headers=headers), RULES)
    with pytest.raises(UnreadableFile, match=r"没有找到来电人.+表头是：工单编号"):
        survey(without, RULES)
    named = open_export(
        write_xlsx(tmp_path / "c.xlsx", [ticket(**nobody), ticket(**{**nobody, "来电人": "匿名"})]), RULES
    )
    assert survey(named, RULES).rows == 2


def zipped(*names: str) -> Any:
    def write(path: Path) -> None:
        with zipfile.ZipFile(path, "w") as parts:
            for name in names:
                parts.writestr(name, "x")

    return write


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "空文件"),
        (OLE + "Workbook".encode("utf-16-le"), "旧版 xls.*另存为 xlsx"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "密码"),
        (OLE + "WordDocument".encode("utf-16-le"), "Word"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x89PNG\r\n", "图片"),
        (b"Rar!\x1a", "解压"),
        (b"MIME-Version: 1.0\r\n", "mht"),
        (zipped("xl/workbook.bin"), "xlsb"),
        (zipped("content.xml"), "ods"),
        (zipped("word/document.xml"), "Word"),
        (zipped("十月.xlsx"), "解压"),
        (b"PK\x03\x04torn", "不全或已损坏"),
        (bytes(range(128, 256)) * 50, "编码"),
    ],
)
def test_what_nobody_can_read_is_named_with_a_way_out(tmp_path: Path, content: Any, said: str) -> None:
    path = tmp_path / "a.xlsx"
    content(path) if callable(content) else path.write_bytes(content)
    with pytest.raises(UnreadableFile, match=said):
        open_export(path, RULES)


def test_every_cell_keeps_its_text(tmp_path: Path) -> None:
    [row] = list(
        open_export(write_xlsx(tmp_path / "a.xlsx", [ticket(备注="甲\n乙")]), RULES).sheets[0].rows()
    )
    assert as_text(row.cell(Column.NARRATIVE).value)
    assert row.others["备注"] == "甲\n乙"
