"""One run over another platform's export: every row read, judged, filed and told of."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from domain.policy import Policy
from domain.routing import route
from importing.exported import Survey, survey
from importing.intakes import IntakeMaker
from importing.judged import Judged, Outcome
from importing.judged import as_json as row_json
from importing.judging import Judge
from importing.rejected import write_rejected
from importing.rules import Rules
from importing.sheets import open_export
from starter.filing.batch import Filed, Filing

_TEN_THOUSAND = 10_000


class Run:
    """One run over one export, and what it leaves to tell. Raises UnreadableFile."""

    def __init__(self, file: Path, rules: Rules, policy: Policy, told: datetime | None = None) -> None:
        """``told``: when the export was made, where somebody says so."""
        self.export = open_export(file, rules)
        self.rules = rules
        self.policy = policy
        self.found: Survey = survey(self.export, rules, told)
        self.maker = IntakeMaker(rules, policy, self.found.exported)
        self.rows: list[dict[str, Any]] = []
        self.outcomes: Counter[Outcome] = Counter()
        self.filings: Counter[Filing] = Counter()
        self.rejected: list[Judged] = []
        self.rejected_file: Path | None = None

    def judged(self) -> Iterator[Judged]:
        """Every row, judged in its order, as it is read."""
        judge = Judge(self.rules, self.found.exported)
        for sheet in self.export.sheets:
            unit = _TEN_THOUSAND if sheet.in_ten_thousands else 1
            for row in sheet.rows():
                yield judge.judge(row, amount_unit=unit)

    def take(self, judged: Judged, filed: Filed | None = None) -> None:
        """Remember a row's result, not its narrative."""
        labels = {column: rule.label for column, rule in self.rules.columns.items()}
        told = row_json(judged, labels)
        if len(self.export.sheets) > 1:
            told["sheet"] = judged.reading.row.sheet
        if judged.outcome not in (Outcome.ROW_ERROR, Outcome.OUT_OF_SCOPE):
            routed = route(self.maker.make(judged), self.policy)
            told |= {"lead": routed.lead, "co": list(routed.co)}
        if filed:
            told |= {"filing": filed.filing.value, "case_no": filed.case_no}
            if filed.problem:
                told["problem"] = filed.problem
            self.filings[filed.filing] += 1
        self.rows.append(told)
        self.outcomes[judged.outcome] += 1
        if judged.outcome == Outcome.ROW_ERROR:
            self.rejected.append(judged)

    def write_rejected(self, path: Path) -> None:
        """Write the rows in error, for mending and importing again. Raises OSError."""
        write_rejected(path, self.export, self.rejected, self.rules, self.found.exported)

    def summary(self) -> dict[str, Any]:
        """Everything, for a program."""
        exported = self.found.exported
        return {
            "file": self.export.path.name,
            "exported_at": exported.at.isoformat(),
            "exported_at_estimated": exported.estimated,
            "exported_at_from": self.found.basis.value,
            "data_rows": len(self.rows),
            "header_row": self.export.sheets[0].header_row,
            "columns_likened": self.likened(),
            "sheets_not_read": {
                **dict.fromkeys(self.export.skipped, "没有表头"),
                **dict.fromkeys(self.export.hidden, "隐藏"),
            },
            "counts": {outcome.value: self.outcomes[outcome] for outcome in Outcome},
            "filed": {filing.value: n for filing, n in self.filings.items()},
            "rejected_file": str(self.rejected_file) if self.rejected_file else None,
            "rows": self.rows,
        }

    def likened(self) -> dict[str, str]:
        """The columns found only by what their header reads like: the header, and what it was taken for."""
        found = (sheet.likened(self.rules) for sheet in self.export.sheets)
        return {header: label for likened in found for header, label in likened.items()}
