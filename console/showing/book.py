"""The book as the page shows it: which of its forty columns, in what form, and how much of a matter's line a post reads."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from console import words
from console.showing.rows import Lines, Row
from domain.access import Post
from domain.policy import Policy
from domain.rights import Sight
from domain.words import Stage
from ledger.book import COLUMNS, Value

NUMBER = "案号"
"""Always there: the line's own name."""
STAGE, NEXT_DUE, CARD = "阶段", "下一个到期", "亮牌"
OWN = (STAGE, NEXT_DUE, CARD)
"""Where a matter stands now: beside the county's forty columns."""
CHOICES = (*OWN, *(name for name in COLUMNS if name != NUMBER))
USUAL = [
    STAGE, NEXT_DUE, CARD, "登记时间", "申请人(脱敏)", "被反映单位", "争议类型", "险种", "最终等级", "主办",
]  # fmt: skip
"""For whoever has chosen none."""
HOW_FAR = frozenset({*OWN, "登记时间", "线索/争议", "主办", "协办", "法定期限", "内部期限"})
"""What whoever sees the stage alone reads: how far it is and who has it, nothing of what it is about."""
_FIGURES: list[str] = ["人数", "主张金额", "认定应补", "实缴到账(滞纳金另列)"]
_LONG: list[str] = ["被反映单位", "诉求摘要", "改级理由"]
LOOKS = dict.fromkeys(_FIGURES, "num") | dict.fromkeys(_LONG, "long")
"""How columns are set that are not of one short word: figures to the right, long texts in two lines."""


class Cell(NamedTuple):
    """One cell. ``look``: how the template sets it."""

    column: str
    text: str
    look: str


class BookLine(NamedTuple):
    """A matter's line."""

    id: str
    case_no: str
    cells: list[Cell]


def chosen(names: Iterable[str]) -> list[str]:
    """Those of these columns that there are, in the book's order; the usual ones when none is."""
    wanted = set(names)
    return [name for name in CHOICES if name in wanted] or USUAL


def heading(column: str, policy: Policy) -> str:
    """A column's name over the page's own, where all is masked."""
    return policy.say(column).removesuffix("(脱敏)")


def book_lines(
    rows: Sequence[Row],
    known: Lines,
    post: Post,
    columns: Sequence[str],
    policy: Policy,
    now: datetime,
    least: Sight = Sight.STAGE,
) -> list[BookLine]:
    """The lines of those of these matters of which a post sees so much."""
    sights = known.sights(rows, post)
    seen = [row for row in rows if sights.get(row["dispute_id"], Sight.NOTHING) >= least]
    values = known.entries(seen)
    return [
        BookLine(
            row["dispute_id"],
            row["case_no"],
            [
                _cell(column, row, values[row["dispute_id"]], sights[row["dispute_id"]], policy, now)
                for column in columns
            ],
        )
        for row in seen
    ]


def _cell(
    column: str, row: dict[str, Any], entry: Sequence[Value], sight: Sight, policy: Policy, now: datetime
) -> Cell:
    if sight < Sight.MASKED and column not in HOW_FAR:
        return Cell(column, "", "")
    if column == STAGE:
        return Cell(column, policy.say(row["stage"] or Stage.REVIEW), "")
    if column == NEXT_DUE:
        due = row["next_due"]
        late = due is not None and due < now and not row["is_over"]
        return Cell(column, words.short_day(due) if due else "", "late" if late else "")
    if column == CARD:
        return Cell(column, row["card"] or "", "card")
    return Cell(column, _text(entry[_PLACES[column]]), LOOKS.get(column, ""))


def _text(value: Value) -> str:
    if isinstance(value, Decimal):
        return words.money(value)
    if isinstance(value, date):
        return words.plain_day(value)
    return "" if value is None else str(value)


_PLACES = {name: place for place, name in enumerate(COLUMNS)}
