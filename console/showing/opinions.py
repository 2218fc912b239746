"""What each unit has in hand and thinks, side by side, with what does not agree."""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from console import words
from console.showing.matter import Opened
from domain.actions.disposal import GiveOpinion, IssueDisposition
from domain.dispute import Dispute
from domain.due import due_of
from domain.events import Acted
from domain.state import Task
from domain.words import UnitName

NEUTRAL = ("仅提供事实材料", "不属本单位职责")
_LONGEST = 60
"""Letters of a ground in a cell."""


class Cell(NamedTuple):
    """One unit's answer to one line's question: a strong word, what stands under it, a state's look."""

    text: str
    note: str = ""
    look: str = ""
    red: str = ""


NOTHING = Cell("—")


class Line(NamedTuple):
    """One question and every unit's answer."""

    word: str
    cells: list[Cell]
    clash: bool = False


class Unit(NamedTuple):
    """The head of a column."""

    name: UnitName
    role: str
    officer: str


class Table(NamedTuple):
    """The whole table."""

    units: list[Unit]
    lines: list[Line]

    @property
    def clashes(self) -> int:
        """How many lines do not agree."""
        return sum(line.clash for line in self.lines)


class _View(NamedTuple):
    stance: str
    amount: Decimal | None
    ground: str
    at: str


def side_by_side(m: Opened) -> Table:
    """The units that handle a matter, what they were asked and what they said."""
    d = m.d
    names = list(dict.fromkeys(u for u in (d.lead, *d.co, *(o.unit for o in d.opinions)) if u))
    views = _views(m)
    lines = [Line("签收", [_signed(d, unit) for unit in names])]
    for no in d.sub_items or [r.no for r in d.routed]:
        given = [views.get((unit, no)) for unit in names]
        cells = [
            _said(m, view) if view else _unsaid(m, unit) for unit, view in zip(names, given, strict=True)
        ]
        if any(cell != NOTHING for cell in cells):
            lines.append(Line(_claim(d, no), cells, clash=_differ(given)))
    found = {f.unit: f for f in d.investigation.findings} if d.investigation else {}
    if found:
        relations = [found[u].relation if u in found else "" for u in names]
        lines.append(
            Line(
                "核实的劳动关系",
                [Cell(r or "—") for r in relations],
                clash=len({r for r in relations if r}) > 1,
            )
        )
    lines.append(Line("手头任务", [_in_hand(d, unit) for unit in names]))
    return Table([Unit(u, _role(d, u), d.officer_of(u) or "") for u in names], lines)


def _views(m: Opened) -> dict[tuple[UnitName, str], _View]:
    """By unit and claim what was said last."""
    found: dict[tuple[UnitName, str], _View] = {}
    for event in m.events:
        if not isinstance(event.fact, Acted):
            continue
        body, at = event.fact.body, words.short_moment(event.at)
        if isinstance(body, GiveOpinion):
            for view in body.views:
                found[event.unit, view.claim] = _View(view.stance, view.amount, body.ground, at)
        elif isinstance(body, IssueDisposition):
            for result in body.results:
                found[event.unit, result.claim] = _View(
                    result.conclusion, result.recognised, result.reason or body.ground, at
                )
    return found


def _differ(given: Iterable[_View | None]) -> bool:
    said = [view for view in given if view and view.stance not in NEUTRAL]
    sides = {"不支持" if view.stance == "不支持" else "支持" for view in said}
    amounts = {view.amount for view in said if view.amount is not None}
    return len(sides) > 1 or len(amounts) > 1


def _unsaid(m: Opened, unit: UnitName) -> Cell:
    """No opinion, or one that is not shown: each unit thinks for itself until all have said theirs."""
    given = any(opinion.unit == unit and not opinion.formal for opinion in m.d.opinions)
    return Cell("—", "已提交，各单位都提交后可看") if given and not m.view.hears(unit) else NOTHING


def _said(m: Opened, view: _View) -> Cell:
    amount = f"　{words.money(view.amount)} 元" if view.amount is not None else ""
    ground = m.veil.text(view.ground)
    short = ground if len(ground) <= _LONGEST else f"{ground[:_LONGEST]}…"
    return Cell(f"{view.stance}{amount}", f"{short}　{view.at}")


def _claim(d: Dispute, no: str) -> str:
    claim = next((c for c in d.facts.claims if c.no == no), None)
    return f"子项{no}　{claim.insurance or ''}{claim.type or ''}" if claim else f"子项{no}"


def _signed(d: Dispute, unit: UnitName) -> Cell:
    own = [t for t in d.tasks.values() if t.unit == unit and t.role]
    if not own:
        return Cell("—")
    task = own[-1]
    if task.signed_at is None:
        return Cell("未签收", look="new") if task.is_open else Cell("—")
    late = any(
        c.task_id == task.id and c.rule_id == "sign" and c.result == "breached" for c in d.clocks.values()
    )
    return Cell(words.short_moment(task.signed_at), red="超期签收" if late else "")


def _in_hand(d: Dispute, unit: UnitName) -> Cell:
    open_now = [t for t in d.open_tasks() if t.unit == unit]
    if not open_now:
        done = sum(t.unit == unit for t in d.tasks.values())
        return Cell(f"无，已办 {done} 件" if done else "无", look="done")
    first = min(open_now, key=lambda t: due_of(d, t) or d.facts.received_at.replace(year=9000))
    due = due_of(d, first)
    more = f"，另 {len(open_now) - 1} 件" if len(open_now) > 1 else ""
    return Cell(_title(first), f"{words.month_day(due)} 到期{more}" if due else more.strip("，"), look="do")


def _title(task: Task) -> str:
    return task.title


def _role(d: Dispute, unit: UnitName) -> str:
    return "主办" if unit == d.lead else "协办" if unit in d.co else "参加"
