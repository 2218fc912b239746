"""What a matter shows in the Temporal UI: search attributes and current details, without a person in them."""

import re
from collections.abc import Sequence
from typing import Any

from temporalio import workflow
from temporalio.common import SearchAttributeKey, SearchAttributeUpdate

with workflow.unsafe.imports_passed_through():
    from domain.dispute import Dispute
    from domain.due import due_of, next_due
    from domain.flow import current_step, phase, rung_of
    from domain.state import Task
    from domain.words import SHANGHAI

STAGE = SearchAttributeKey.for_keyword("Stage")
RISK = SearchAttributeKey.for_keyword("Risk")
CLAIM_TYPES = SearchAttributeKey.for_keyword_list("ClaimTypes")
LEAD_UNIT = SearchAttributeKey.for_keyword("LeadUnit")
NEXT_DUE = SearchAttributeKey.for_datetime("NextDue")
CARD = SearchAttributeKey.for_keyword("Card")
CASE_NO = SearchAttributeKey.for_keyword("CaseNo")
COUNTY = SearchAttributeKey.for_keyword("County")

SEARCH_ATTRIBUTES = (STAGE, RISK, CLAIM_TYPES, LEAD_UNIT, NEXT_DUE, CARD, CASE_NO, COUNTY)
"""Registered with the namespace before the first workflow starts."""

NEXT_RUNGS = 5
"""How many of the alarms to come are shown."""


class Display:
    """Keeps the UI in step with the state, writing only what changed."""

    def __init__(self) -> None:
        self._shown: dict[str, object] = {}

    def show(self, dispute: Dispute) -> None:
        """Update search attributes and current details after a commit."""
        changes: list[SearchAttributeUpdate[Any]] = []
        for key, value in self._values(dispute):
            if self._shown.get(key.name) != value:
                self._shown[key.name] = value
                changes.append(key.value_unset() if value is None else key.value_set(value))
        if changes:
            workflow.upsert_search_attributes(changes)  # pyright: ignore[reportUnknownMemberType]
        workflow.set_current_details(details(dispute))

    def _values(self, d: Dispute) -> Sequence[tuple[SearchAttributeKey[Any], Any]]:
        types = sorted({c.type for c in d.facts.claims if c.type})
        due = next_due(d)
        return [
            (STAGE, d.stage),
            (RISK, d.level or d.suggested),
            (CLAIM_TYPES, types or None),
            (LEAD_UNIT, d.lead),
            (NEXT_DUE, due),
            (CARD, d.card),
            (CASE_NO, d.case_no),
            (COUNTY, d.county),
        ]


def details(d: Dispute) -> str:
    """The matter in Markdown, as the UI shows it: where it stands, who owes what until when, which rung comes next."""
    clocks = list(d.open_clocks())
    parts = [
        f"**{_plain(d.case_no)}** {d.say(f'{d.kind}，{d.stage}，风险')}{d.level or d.suggested or '未定'}",
        _whose(d),
    ]
    rows = [_row(d, task) for task in d.open_tasks()]
    if rows:
        parts.append("\n".join(["| 待办 | 单位 | 事项 | 期限 |", "| --- | --- | --- | --- |", *rows]))
    rungs = sorted(due for c in clocks if (due := rung_of(d, c.id)))[:NEXT_RUNGS]
    parts.append("\n".join(f"- 下一预警：{_plain(str(rung))}" for rung in rungs))
    parts.append(f"办结方式：{_plain(d.say(d.outcome))}" if d.outcome else "")
    return "\n\n".join(part for part in parts if part)


def _whose(d: Dispute) -> str:
    step = current_step(d)
    said = [
        f"环节：{d.say(phase(d))}" + (f"，{d.say(d.word_of(step))}" if step else ""),
        f"主办：{_plain(d.lead)}" if d.lead else "",
        f"协办：{_plain('、'.join(d.co))}" if d.co else "",
    ]
    return "  \n".join(part for part in said if part)


def _row(d: Dispute, task: Task) -> str:
    due = due_of(d, task)
    day = f"{due.astimezone(SHANGHAI):%Y-%m-%d}" if due else ""
    return f"| {task.id} | {_plain(task.unit)} | {_plain(d.say(task.title))} | {day} |"


_MARKS = re.compile(r"[\\`*_{}\[\]<>#|~]")


def _plain(text: str) -> str:
    """Text that is no Markdown, on one line."""
    return _MARKS.sub(r"\\\g<0>", " ".join(text.split()))
