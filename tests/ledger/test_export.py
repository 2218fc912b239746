"""台账 as Excel: the forty columns, read back cell by cell; nobody's identity in it."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from domain.words import ClaimType, MatterKind
from ledger.export import export_xlsx
from ledger.queries import Filters
from ledger.store import Ledger
from tests.ledger.support import MONDAY, TAX, Books, a_firm, a_person, an_intake

FORTY = [
    *(
        "案号",
        "登记时间",
        "渠道",
        "渠道原单号",
        "线索/争议",
        "申请人(脱敏)",
        "证件类型",
        "联系电话(脱敏)",
        "人数",
    ),
    *("特殊人群", "代表人", "被反映单位", "统一社会信用代码", "行业", "乡镇", "用工形式", "争议类型", "险种"),
    *(
        "所属期起",
        "所属期止",
        "主张金额",
        "诉求摘要",
        "受理决定",
        "不予受理码",
        "风险初判",
        "最终等级",
        "改级理由",
    ),
    *("主办", "协办", "承办人", "派单时间", "法定期限", "内部期限", "延期/暂停", "会商/联席次数", "调解结果"),
    *("认定应补", "实缴到账(滞纳金另列)", "办结方式与时间", "回访结果与归档号"),
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "台账.xlsx"


def read(file: Path, sheet: str = "台账") -> list[dict[str, Any]]:
    header, *rows = openpyxl.load_workbook(file)[sheet].iter_rows(values_only=True)
    return [dict(zip(map(str, header), row, strict=True)) for row in rows]


@pytest.mark.parametrize(
    ("filters", "numbers", "said"),
    [
        (Filters(), ["A-1", "A-2", "A-3", "A-4", "A-5"], "全部案件"),
        (Filters(kind=MatterKind.LEAD), [], "线索"),
        (
            Filters(claim_type=ClaimType.UNPAID, level="低", unit=TAX),
            ["A-1", "A-4"],
            "类型已申报未按时缴纳、单位县税务局、等级低",
        ),
        (Filters(claim_type=ClaimType.BENEFIT), [], "类型待遇享受"),
        (Filters(unit="县综治中心"), ["A-1", "A-2", "A-3", "A-4", "A-5"], "单位县综治中心"),
        (
            Filters(opened_from=MONDAY, opened_until=MONDAY + timedelta(days=1)),
            ["A-1", "A-2", "A-3", "A-4", "A-5"],
            "登记2026-09-07至2026-09-08前",
        ),
        (Filters(opened_from=MONDAY + timedelta(days=30)), [], "登记2026-10-07至今"),
    ],
)
def test_only_what_is_asked_for_and_the_file_says_so(
    books: Books, file: Path, filters: Filters, numbers: list[str], said: str
) -> None:
    books.populate()
    assert export_xlsx(books.ledger, file, filters) == len(numbers)
    assert sorted(str(row["渠道原单号"]).split("、")[0] for row in read(file)) == numbers
    asked = {row["项目"]: row["内容"] for row in read(file, "导出条件")}
    assert (asked["范围"], asked["件数"]) == (said, len(numbers))


def test_the_forty_columns_of_a_whole_life(books: Books, file: Path) -> None:
    books.live_through(an_intake())
    assert export_xlsx(books.ledger, file) == 1
    (row,) = read(file)
    assert list(row) == FORTY
    assert len(FORTY) == 40
    assert {name: value for name, value in row.items() if value is not None} == {
        "案号": "偏社争〔2026〕0001号",
        "登记时间": datetime(2026, 9, 7, 9, 0),
        "渠道": "12345热线",
        "渠道原单号": "PG12345-0001",
        "线索/争议": "争议",
        "申请人(脱敏)": "温**",
        "证件类型": "居民身份证",
        "联系电话(脱敏)": "199****1234",
        "人数": 1,
        "被反映单位": "偏关县望梅建材有限公司",
        "统一社会信用代码": "91140932MA0TEXT00C",
        "乡镇": "新关镇",
        "争议类型": "已申报未按时缴纳",
        "险种": "养老",
        "所属期起": "2026-03",
        "所属期止": "2026-05",
        "主张金额": 2400,
        "诉求摘要": "单位三个月养老保险报了没缴，请帮助催缴。",
        "受理决定": "受理",
        "风险初判": "低",
        "最终等级": "低",
        "主办": "县税务局",
        "承办人": "郝勤",
        "派单时间": datetime(2026, 9, 8, 10, 0),
        "内部期限": datetime(2026, 9, 29),
        "调解结果": "未启动",
        "认定应补": 2400,
        "实缴到账(滞纳金另列)": 2400,
        "办结方式与时间": "已缴纳，2026-09-16",
        "回访结果与归档号": "满意；偏社争〔2026〕0001号档",
    }


def test_late_fees_stand_apart_from_the_principal(books: Books, file: Path) -> None:
    books.live_through(an_intake())
    books.register(an_intake("PG-2"))
    export_xlsx(books.ledger, file)
    assert read(file, "滞纳金") == [{"案号": "偏社争〔2026〕0001号", "滞纳金": 13.2}]


def test_money_is_a_number_with_two_decimals_and_dates_are_dates(books: Books, file: Path) -> None:
    books.live_through(an_intake())
    export_xlsx(books.ledger, file)
    sheet = openpyxl.load_workbook(file)["台账"]
    cells = {str(head.value): cell for head, cell in zip(*sheet.iter_rows(min_row=1, max_row=2), strict=True)}
    assert (cells["认定应补"].data_type, cells["认定应补"].number_format) == ("n", "0.00")
    assert (cells["内部期限"].data_type, cells["内部期限"].number_format) == ("d", "yyyy-mm-dd")
    assert (cells["登记时间"].data_type, cells["登记时间"].number_format) == ("d", "yyyy-mm-dd hh:mm")
    assert isinstance(cells["内部期限"].value, date)


@pytest.mark.parametrize("lead_in", ["=", "+", "-", "@", "\t="])
def test_what_looks_like_a_formula_is_text(books: Books, file: Path, lead_in: str) -> None:
    trap = f"{lead_in}HYPERLINK(1)"
    books.register(an_intake(respondents=[a_firm(name=trap)]))
    export_xlsx(books.ledger, file)
    sheet = openpyxl.load_workbook(file)["台账"]
    cell = sheet.cell(2, FORTY.index("被反映单位") + 1)
    assert (cell.value, cell.data_type, cell.number_format) == (trap, "s", "@")


def test_no_identity_is_left_anywhere_in_the_file(books: Books, file: Path) -> None:
    group = {
        "name": "温玉强",
        "id_number": "142234197801018817",
        "phone": "19900001234",
        "is_group": True,
        "headcount": 3,
        "representatives": ["席远", "欧阳小满"],
        "members": [{"line": 1, "name": "牛二宝", "phone": "19900008888"}],
    }
    narrative = (
        "我叫温玉强，和席远、欧阳小满、牛二宝一起，身份证 142234197801018817，电话199 0000 1234，"
        "卡号 6222 0211 2233 4455 667，会计空守信座机0350-7650000。"
    )
    books.register(an_intake(applicant=group, narrative=narrative, respondents=[a_firm(contact="空守信")]))
    export_xlsx(books.ledger, file)
    (row,) = read(file)
    assert row["申请人(脱敏)"] == "温**"
    assert row["代表人"] == "席*、欧***"
    assert row["诉求摘要"] == (
        "我叫温**，和席*、欧***、牛**一起，身份证 142*************17，电话199******1234，"
        "卡号 ******************* 667，会计空**座机035*****0000。"
    )


def test_a_long_narrative_is_masked_before_it_is_cut(books: Books, file: Path) -> None:
    narrative = "补" * 190 + "电话19900001234" + "缴" * 5000
    matter = books.register(an_intake(narrative=narrative))
    export_xlsx(books.ledger, file)
    summary = read(file)[0]["诉求摘要"]
    assert summary == "补" * 190 + "电话199****…"
    assert books.ledger.state(matter).facts.narrative == narrative, "the ledger keeps it whole"


def test_an_anonymous_lead(books: Books, file: Path) -> None:
    books.register(an_intake(kind="线索", applicant={"anonymous": True}, claims=[]))
    export_xlsx(books.ledger, file)
    (row,) = read(file)
    assert (row["案号"], row["线索/争议"]) == ("偏社线〔2026〕0001号", "线索")
    assert (row["申请人(脱敏)"], row["证件类型"], row["联系电话(脱敏)"]) == ("匿名", None, None)


def test_a_merged_matter_and_its_parent(books: Books, file: Path) -> None:
    books.populate()
    assert export_xlsx(books.ledger, file) == 5
    rows = {row["渠道原单号"]: row for row in read(file)}
    parent = rows["A-4、A-5"]
    assert parent["渠道"] == "来访、书信传真"
    assert rows["A-5"]["受理决定"] == "并案"


def test_only_the_matters_asked_for(books: Books, file: Path) -> None:
    books.populate()
    assert export_xlsx(books.ledger, file, Filters(is_over=True, lead="县税务局")) == 1
    assert [row["渠道原单号"] for row in read(file)] == ["A-1"]


def test_an_empty_ledger_has_a_heading_only(ledger: Ledger, file: Path) -> None:
    assert export_xlsx(ledger, file) == 0
    assert read(file) == []


def test_a_folder_that_is_not_there_is_an_error_and_leaves_nothing(books: Books, tmp_path: Path) -> None:
    books.register(an_intake())
    with pytest.raises(FileNotFoundError):
        export_xlsx(books.ledger, tmp_path / "none" / "台账.xlsx")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("H12345678", "其他证件"),
        ("810000198803150000", "港澳台居民居住证"),
        ("911156198803150011", "外国人永久居留身份证"),
        ("91140932MA0000066G", "统一社会信用代码"),
        ("14223419820422000X", "居民身份证"),
    ],
)
def test_the_applicants_document_may_be_of_another_kind(
    books: Books, file: Path, number: str, kind: str
) -> None:
    books.register(an_intake(applicant=a_person(id_number=number)))
    export_xlsx(books.ledger, file)
    assert read(file)[0]["证件类型"] == kind
