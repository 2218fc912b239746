"""The annex's flow chart: the way a matter took, where it stands, what lies ahead and what it passed by."""

from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from markupsafe import Markup, escape

from domain.dispute import Dispute
from domain.words import SHANGHAI, Stage, Step

W, H, STEP, ROW = 88, 44, 110, 80
LEFT, TOP = 2, 8
PASSED, NOW, AHEAD, ASIDE = "1", "2", "3", "0"


class Node(NamedTuple):
    """One box: where it stands (column, row), its word, the stages it is for."""

    column: int
    row: int
    word: str
    stages: tuple[Stage, ...]


ASIDE_ENDS = (
    Stage.REFUSED, Stage.TRANSFERRED, Stage.MERGED, Stage.WITHDRAWN, Stage.REPORTED_UP, Stage.SPECIAL_CASE,
)  # fmt: skip
"""Ways a matter leaves the annex's course; the box says which of them it was."""

NODES: dict[str, Node] = {
    "begin": Node(0, 1, "登记", ()),
    "review": Node(1, 1, "初审", (Stage.REVIEW, Stage.SUPPLEMENT)),
    "refuse": Node(1, 2, "不予受理", ASIDE_ENDS),
    "direct": Node(2, 0, "直办", (Stage.DIRECT,)),
    "consult": Node(2, 1, "会商", (Stage.CONSULT,)),
    "joint": Node(2, 2, "联席会议", (Stage.JOINT_MEETING,)),
    "city": Node(3, 2, "市级协调", (Stage.CITY,)),
    "mediate": Node(3, 1, "调解", (Stage.MEDIATION,)),
    "inquire": Node(4, 1, "调查核实", (Stage.INVESTIGATION,)),
    "law": Node(4, 2, "仲裁、诉讼", (Stage.GUIDANCE, Stage.SUSPENDED)),
    "dispose": Node(5, 1, "处置意见", (Stage.DISPOSED,)),
    "inform": Node(6, 1, "告知", (Stage.INFORMED,)),
    "again": Node(6, 2, "重新办理", (Stage.REHANDLE,)),
    "execute": Node(7, 1, "执行", (Stage.EXECUTION,)),
    "call": Node(8, 1, "回访", (Stage.CALLBACK,)),
    "end": Node(9, 1, "办结", (Stage.CLOSED, Stage.ARCHIVED)),
}

EDGES = (
    ("begin", "review"), ("review", "consult"), ("consult", "mediate"), ("mediate", "inquire"), ("inquire", "dispose"),
    ("dispose", "inform"), ("inform", "execute"), ("execute", "call"), ("call", "end"), ("review", "direct"),
    ("direct", "dispose"), ("review", "joint"), ("joint", "city"), ("joint", "mediate"), ("inquire", "law"), ("law", "dispose"),
    ("call", "again"), ("again", "dispose"), ("review", "refuse"),
)  # fmt: skip

_STEPS = {
    Step.DIRECT: "direct", Step.CONSULT: "consult", Step.JOINT_MEETING: "joint", Step.CITY: "city", Step.MEDIATE: "mediate",
    Step.INVESTIGATE: "inquire", Step.GUIDE: "law", Step.DISPOSE: "dispose", Step.ON_THE_SPOT: "dispose",
}  # fmt: skip
_AFTER = ("inform", "call", "end")
"""What every dispute that is handled comes to."""


class Stop(NamedTuple):
    """One box as the matter has it: how it looks, and the line under its word."""

    look: str
    note: str


def stops(d: Dispute) -> dict[str, Stop]:
    """How each box of the chart stands for this matter."""
    visited = _visits(d)
    now = _node_of(d.stage) if d.stage else None
    ahead = {*(_STEPS[r.step] for r in d.required), *_AFTER} if not d.closed_at else set[str]()
    found: dict[str, Stop] = {}
    for name in NODES:
        days = visited.get(name, [])
        if name == now and not d.is_over:
            found[name] = Stop(NOW, "现在" if len(days) < 2 else f"现在，第 {len(days)} 次")
        elif name in visited:
            found[name] = Stop(PASSED, days[0] if len(days) < 2 else f"{days[0]} 等 {len(days)} 次")
        else:
            found[name] = Stop(AHEAD if name in ahead else ASIDE, "")
    if now == "end":
        found["end"] = Stop(NOW, visited["end"][-1])
    return found


def _visits(d: Dispute) -> dict[str, list[str]]:
    visited: dict[str, list[str]] = {"begin": [f"{d.facts.received_at.astimezone(SHANGHAI):%m-%d}"]}
    before = ""
    for visit in d.route_taken:
        name = _node_of(visit.stage)
        if name and name != before:
            visited.setdefault(name, []).append(f"{visit.at.astimezone(SHANGHAI):%m-%d}")
        before = name or before
    return visited


def _node_of(stage: Stage | None) -> str | None:
    return next((name for name, node in NODES.items() if stage in node.stages), None)


def drawn(d: Dispute) -> Markup:
    """The chart."""
    found = stops(d)
    taken = _taken(d)
    lines = "".join(_edge(a, b, found, taken) for a, b in EDGES)
    boxes = "".join(_box(node, word_of(d, name), found[name]) for name, node in NODES.items())
    width = LEFT * 2 + STEP * 9 + W
    return Markup(
        f'<svg class="flow" viewBox="0 0 {width} 222" role="img" aria-labelledby="fl-t">'
        f'<title id="fl-t">{escape("办理图：" + "；".join(told(d)))}</title>{lines}{boxes}</svg>'
    )


def told(d: Dispute) -> list[str]:
    """The same in words, step by step."""
    lines = [f"{d.facts.received_at.astimezone(SHANGHAI):%m-%d} 登记（{d.facts.channel}）"]
    lines += [f"{v.at.astimezone(SHANGHAI):%m-%d} {v.stage}" for v in d.route_taken]
    found = stops(d)
    lines[-1] += "（现在）" if not d.is_over else ""
    later = [node.word for name, node in NODES.items() if found[name].look == AHEAD]
    return [*lines, *([f"以后：{'、'.join(later)}"] if later else [])]


def _taken(d: Dispute) -> set[tuple[str, str]]:
    """The edges walked: from each box to the next one."""
    names = ["begin", *(n for v in d.route_taken if (n := _node_of(v.stage)))]
    return {(a, b) for a, b in pairwise(names) if a != b}


def _edge(a: str, b: str, found: dict[str, Stop], taken: set[tuple[str, str]]) -> str:
    if (a, b) in taken:
        look = PASSED
    elif found[b].look == AHEAD and found[a].look in (NOW, AHEAD):
        look = AHEAD
    else:
        look = ASIDE
    points = list(_way(NODES[a], NODES[b]))
    path = "M" + " L".join(f"{x} {y}" for x, y in points)
    (x0, y0), (x1, y1) = points[-2], points[-1]
    return f'<path class="e{look}" d="{path}"/><path class="h{look}" d="{_head(x1, y1, x1 - x0, y1 - y0)}"/>'


def _head(x: int, y: int, dx: int, dy: int) -> str:
    if dx:
        return f"M{x + (4 if dx > 0 else -4)} {y}l{-6 if dx > 0 else 6}-4v8z"
    return f"M{x} {y + (4 if dy > 0 else -4)}l-4{-6 if dy > 0 else 6:+d}h8z".replace("+", " ")


def _way(a: Node, b: Node) -> Iterable[tuple[int, int]]:
    """From box to box: along the row, else round the corner that is free."""
    ax, ay, bx, by = *_middle(a), *_middle(b)
    right, gap = LEFT + a.column * STEP + W, (STEP - W) // 2
    if a.row == b.row and b.column > a.column:
        return [(right, ay), (LEFT + b.column * STEP - 4, by)]
    if a.column == b.column:
        return [(ax, ay + H // 2), (ax, by - H // 2 - 4)]
    if a.row == 1 and b.column == a.column + 1:
        return [(right + gap, ay), (right + gap, by), (LEFT + b.column * STEP - 4, by)]
    if b.row == 1 and a.row == 0:
        return [(right, ay), (bx, ay), (bx, by - H // 2 - 4)]
    if b.row == 1 and b.column > a.column:
        return [(right, ay), (bx - 14, ay), (bx - 14, by + H // 2 + 4)]
    if b.row == 1:
        return [(LEFT + a.column * STEP, ay), (bx + 14, ay), (bx + 14, by + H // 2 + 4)]
    return [(ax, ay + H // 2), (ax, by), (LEFT + b.column * STEP + W + 4, by)]


def _middle(node: Node) -> tuple[int, int]:
    return LEFT + node.column * STEP + W // 2, TOP + node.row * ROW + H // 2


def word_of(d: Dispute, name: str) -> str:
    """What a box says: of the one for all ways out, the one that was taken."""
    taken = [v.stage for v in d.route_taken if v.stage in ASIDE_ENDS]
    return str(taken[-1]) if name == "refuse" and taken else NODES[name].word


def _box(node: Node, said: str, stop: Stop) -> str:
    x, y = LEFT + node.column * STEP, TOP + node.row * ROW
    mid, ink = x + W // 2, {PASSED: "", AHEAD: ""}.get(stop.look, f"t{stop.look}")
    word = f'<text class="{ink}" x="{mid}" y="{y + (19 if stop.note else 27)}">{said}</text>'
    note = f'<text class="d {ink}" x="{mid}" y="{y + 36}">{stop.note}</text>' if stop.note else ""
    return f'<rect class="box{stop.look}" x="{x}" y="{y}" width="{W}" height="{H}" rx="2"/>{word}{note}'
