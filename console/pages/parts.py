"""部件: every part of the desk's pages once, drawn by the same macros; only where the office is on this machine alone."""

from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from api.problems import hidden
from console.door import Anybody, shell
from console.drawings import bar, bars, lines
from console.forms import controls, faults
from console.showing.clocks import Reading
from console.view import page
from domain.choices import Choice
from domain.offers import Field
from domain.words import SHANGHAI

router = APIRouter()

HERE = "/console/parts"
YES_NO = [Choice(value=word, label=word) for word in ("同意", "不同意")]
MANY = [Choice(value=word, label=word) for word in ("养老", "医疗", "失业", "工伤", "生育")]


def _field(name: str, title: str, widget: str, **more: Any) -> Field:
    return Field.model_validate({"name": name, "title": title, "widget": widget, "required": True, **more})


FIELDS = [
    _field("text", "一行文字", "text", help="写明单位全称"),
    _field("money", "金额", "money", unit="元"),
    _field("day", "日期", "date"),
    _field("moment", "时间", "datetime"),
    _field("span", "延长", "span"),
    _field("months", "所属期", "months"),
    _field("unit", "单位", "unit"),
    _field("officer", "经办人", "officer"),
    _field("long", "说明", "longtext"),
    _field("one", "决定", "text", choices=YES_NO),
    _field("list", "险种", "text", choices=MANY),
    _field("checks", "险种，可多选", "text", choices=MANY, several=True, required=False),
    _field("yes", "是否提请上级协调", "yesno"),
    _field("sure", "已核对", "confirm"),
    _field("units", "参会单位", "unit", several=True),
    _field(
        "rows", "议定事项", "text", several=True,
        rows=[_field("unit", "责任单位", "unit"), _field("text", "事项", "text"), _field("due", "完成日期", "date")],
    ),
]  # fmt: skip
FILLED = {
    "money": "24420.00",
    "one": "同意",
    "units": ["县税务局", "县人社局"],
    "rows": [{"unit": "县税务局"}],
}
WRONG = {"day": "写成 2026-11-30 这样", "rows.0.text": "请填写", "long": "请写明理由，至少 10 个字"}


def _clock(used: int, total: int, left: str, *, late: bool = False, card: str = "") -> Reading:
    due = datetime(2026, 11, 30, 18, 0, tzinfo=SHANGHAI) + timedelta(days=total - used)
    return Reading(
        name="中风险办理总时限", owner="县税务局", due_at=due, used=used, total=total, word="个工作日", share=used / total,
        late=late, paused=False, left=left, card=card, by_hours=False, statutory=False,
    )  # fmt: skip


CLOCKS = [
    _clock(12, 30, "剩 18 个工作日"),
    _clock(28, 30, "剩 2 个工作日", card="黄牌"),
    _clock(32, 30, "超 2 个工作日", late=True, card="红牌"),
]


MONTHS = [("9", "2026"), ("10", ""), ("11", "")]
COME, GONE = lines.Line("登记", [14, 13, 18]), lines.Line("办结", [12, 9, 11])


@router.get(HERE)
async def parts(visitor: Anybody) -> Response:
    """Every part, right and wrong."""
    if visitor.site.secure:
        raise hidden()
    bare = controls.drawn(FIELDS, FILLED, {})
    found = faults.placed(WRONG, bare)
    return page(
        "parts.html",
        title="部件",
        shell=shell(visitor, HERE),
        controls=controls.drawn(FIELDS, FILLED, found),
        faults=faults.summary(found, bare),
        clocks=CLOCKS,
        draw=bar.large,
        bar=bars.lying,
        chart=lines.drawn(MONTHS, COME, GONE, "近三个月登记和办结的件数"),
    )
