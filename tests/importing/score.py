"""How well the rules place the labelled rows. ``python -m tests.importing.score`` writes the table into docs/import.md;
with ``--wrong used`` it prints the rows of that part that are placed wrongly.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from domain.words import LabourRelation
from importing.judged import Judged, Outcome
from importing.rules import Rules, load_rules

from .exports import judge_rows
from .labels import CODES, Labelled, as_rows, labelled

PAGE = Path(__file__).parents[2] / "docs" / "import.md"
PARTS = ("used", "held")
_MARKED = re.compile(r"(<!-- score -->\n).*?(<!-- /score -->)", re.DOTALL)


@dataclass
class Tally:
    """One answer's score. ``right``: proposed and labelled; ``wrong``: proposed only; ``missed``: labelled only."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    def add(self, proposed: bool, labelled: bool) -> None:
        self.right += proposed and labelled
        self.wrong += proposed and not labelled
        self.missed += labelled and not proposed


Scores = dict[tuple[str, str], Tally]


def judged(part: str, rules: Rules) -> list[tuple[Labelled, Judged]]:
    """Each labelled row with what becomes of it."""
    rows = labelled(part)
    return list(zip(rows, judge_rows(rules, *as_rows(rows)), strict=True))


def answers(row: Labelled, got: Judged) -> Iterator[tuple[str, set[str], set[str]]]:
    """By question: what is proposed, and what is labelled. Of a refused row only the refusal counts."""
    code = (
        got.proposal.redirect.code if got.outcome == Outcome.OUT_OF_SCOPE and got.proposal.redirect else None
    )
    yield "code", {code} - {None}, {row.code} - {None}  # type: ignore[misc]
    yield "duplicate", {"重"} if got.outcome == Outcome.DUPLICATE else set(), {"重"} if row.again else set()
    if row.code or code:
        return
    seen = got.proposal
    yield "type", set() if seen.vague else set(map(str, seen.types)), set(map(str, row.types))
    yield "kind", set(map(str, seen.kinds)), set(map(str, row.kinds))
    yield "regime", {str(seen.regime)}, {str(row.regime)}
    yield "group", set(got.signs.special_groups), row.groups
    disputed = got.signs.relation == LabourRelation.DISPUTED
    yield "sign", {"争"} if disputed else set(), {"争"} & row.labels
    yield "sign", {"旧"} if got.signs.old else set(), {"旧"} & row.labels


def score(rows: list[tuple[Labelled, Judged]]) -> Scores:
    """The tally of every answer, and under ``code``/``all`` of all refusals together."""
    scores: Scores = {("code", code): Tally() for code in CODES}
    whole = scores["code", "all"] = Tally()
    for row, got in rows:
        for question, proposed, right in answers(row, got):
            for answer in proposed | right:
                tally = scores.setdefault((question, answer), Tally())
                tally.add(answer in proposed, answer in right)
                if question == "code":
                    whole.add(answer in proposed, answer in right)
    return scores


_SAID = {"code": "不予受理", "duplicate": "重复", "type": "争议类型", "kind": "险种", "regime": "参保制度",
         "group": "特殊人群", "sign": "其他"}  # fmt: skip
_LONG = {"all": "全部 N 码", "重": "疑似同一事项", "争": "劳动关系有争议", "旧": "N6 法制审核"}


def page(rules: Rules) -> str:
    """The table for docs/import.md."""
    parts = {part: judged(part, rules) for part in PARTS}
    scores = {part: score(rows) for part, rows in parts.items()}
    heads = " | ".join(f"{part} n | precision | recall" for part in PARTS)
    lines = [f"| | answer | {heads} |", "|---|---|" + "---|" * 6]
    keys = Counter(key for part in PARTS for key in scores[part])
    for question, said in _SAID.items():
        for key in sorted((k for k in keys if k[0] == question), key=lambda k: (k[1] == "all", k[1])):
            cells = " | ".join(_cells(scores[part].get(key, Tally())) for part in PARTS)
            lines.append(f"| {said} | {_LONG.get(key[1], key[1])} | {cells} |")
    sizes = ", ".join(f"{part}: {len(rows)} rows" for part, rows in parts.items())
    return f"{sizes}.\n\n" + "\n".join(lines) + "\n"


def _cells(tally: Tally) -> str:
    return f"{tally.right + tally.missed} | {tally.precision:.2f} | {tally.recall:.2f}"


def written(text: str, table: str) -> str:
    """The page with the table in its place."""
    return _MARKED.sub(lambda hit: f"{hit[1]}\n{table}\n{hit[2]}", text)


def main(arguments: list[str]) -> None:
    rules = load_rules("pianguan")
    if arguments[:1] == ["--wrong"]:
        for row, got in judged(arguments[1], rules):
            faults = [(q, p, r) for q, p, r in answers(row, got) if p != r]
            if faults:
                print(f"{row.line}: {row.narrative}  <{row.unit}|{row.kinds_column}> {got.outcome}")
                for question, proposed, right in faults:
                    print(
                        f"     {question}: {sorted(proposed)} should be {sorted(right)}  {got.proposal.why}"
                    )
        return
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), page(rules)), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
