"""Exports made up for the tests. Nobody in them exists; their numbers have the right form and belong to nobody."""

import csv
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from stdnum.cn import ric, uscc

from domain.words import SHANGHAI
from importing.exported import ExportTime
from importing.judged import Judged, as_json
from importing.judging import Judge
from importing.plain import Cell, as_text
from importing.rule_words import Column
from importing.rules import Rules
from importing.sheets import Row, open_export

HEADERS = [
    "工单编号", "来电时间", "来电人", "来电号码", "证件号码", "诉求类型", "被反映单位", "统一社会信用代码",
    "涉及险种", "诉求内容", "涉及人数", "涉及金额", "所属乡镇", "办理时限", "备注",
]  # fmt: skip
EXPORTED = datetime(2026, 11, 2, 9, 0, tzinfo=SHANGHAI)
FIRM = "偏关县杞人忧天建材有限公司"

_numbers = count(1)


def id_number(n: int | None = None) -> str:
    """A 公民身份号码 with a right check digit."""
    n = next(_numbers) if n is None else n
    body = f"142234{1960 + n % 40}{1 + n % 12:02d}{1 + n % 28:02d}{n % 1000:03d}"
    return body + ric.calc_check_digit(body + "0")


def firm_code() -> str:
    """A 统一社会信用代码 with a right check character."""
    body = f"91140932MA{next(_numbers):07d}"
    return body + uscc.calc_check_digit(body)


def ticket(**changes: Any) -> dict[str, Any]:
    """A row that can be accepted as it stands, but for ``changes``."""
    n = next(_numbers)
    return {
        "工单编号": f"CS12345-20261015{n:05d}",
        "来电时间": "2026-10-15 09:30",
        "来电人": "测试" + chr(0x4E00 + n % 5000),
        "来电号码": f"199{n:08d}",
        "证件号码": id_number(n),
        "诉求类型": "投诉",
        "被反映单位": FIRM,
        "涉及险种": "养老",
        "诉求内容": "建材厂两年没给我上养老保险。",
        "涉及人数": "1",
        "涉及金额": "3000",
        **changes,
    }


def write_xlsx(path: Path, rows: list[dict[str, Any]], *, headers: list[str] | None = None,
               above: list[list[str]] | None = None) -> Path:  # fmt: skip
    """A workbook as a platform exports it: text stays text."""
    headers = headers or HEADERS
    book = Workbook()
    sheet = book.worksheets[0]
    for line in [*(above or []), headers]:
        sheet.append(line)
    for row in rows:
        by_name = {key.strip(): value for key, value in row.items()}
        sheet.append([by_name.get(header.strip()) for header in headers])
        for cell in sheet[sheet.max_row]:
            if isinstance(cell.value, str):
                cell.data_type = "s"
    book.save(path)
    return path


def write_csv(
    path: Path, rows: list[dict[str, Any]], *, encoding: str = "utf-8-sig", mark: str = ","
) -> Path:
    """The same as a text file."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file, delimiter=mark)
        writer.writerow(HEADERS)
        writer.writerows([[row.get(header, "") for header in HEADERS] for row in rows])
    return path


def judge_file(path: Path, rules: Rules) -> list[dict[str, Any]]:
    """Every row of a file, judged, as programs see it."""
    export = open_export(path, rules)
    judge = Judge(rules, ExportTime(EXPORTED, estimated=False))
    labels = {column: rule.label for column, rule in rules.columns.items()}
    return [as_json(judge.judge(row), labels) for sheet in export.sheets for row in sheet.rows()]


def judge_rows(rules: Rules, *rows: dict[str, Any], exported: ExportTime | None = None) -> list[Judged]:
    """Rows judged without a file."""
    judge = Judge(rules, exported or ExportTime(EXPORTED, estimated=False))
    names = {rule.label: column for column, rule in rules.columns.items()}
    judged: list[Judged] = []
    for number, row in enumerate(rows, start=2):
        cells: dict[Column, Cell] = {names[k]: Cell(v) for k, v in row.items() if k in names}
        others = {k: as_text(v) for k, v in row.items() if k not in names and v}
        judged.append(judge.judge(Row("", number, cells, others, tuple(str(v or "") for v in row.values()))))
    return judged
