"""What a matter shows in the Temporal UI: search attributes and current details, without a person in them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from temporalio import workflow
from temporalio.common import SearchAttributeKey, SearchAttributeUpdate

with workflow.unsafe.imports_passed_through():
    from domain.dispute import Dispute
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


def next_due(dispute: Dispute) -> datetime | None:
    """The earliest due moment anybody still has to keep."""
    return min((c.due_at for c in dispute.open_clocks() if not c.is_paused), default=None)


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
        workflow.set_current_details(_details(dispute))

    def _values(self, d: Dispute) -> Sequence[tuple[SearchAttributeKey[Any], Any]]:
        types = sorted({c.type for c in d.facts.claims if c.type})
        due = next_due(d)
        return [
            (STAGE, d.stage),
            (RISK, d.level or d.suggested),
            (CLAIM_TYPES, types or None),
            (LEAD_UNIT, d.lead),
            (NEXT_DUE, due),
            (CARD, d.cards[-1] if d.cards else None),
            (CASE_NO, d.case_no),
            (COUNTY, d.county),
        ]


def _details(d: Dispute) -> str:
    lines = [f"**{d.case_no}** · {d.kind} · {d.stage} · 风险 {d.level or d.suggested or '未定'}", ""]
    if d.lead:
        lines.append(f"主办 {d.lead}" + (f"，协办 {'、'.join(d.co)}" if d.co else ""))
    clocks = {c.task_id: c for c in d.open_clocks()}
    for task in d.open_tasks():
        clock = clocks.get(task.id)
        due = f"，{clock.name} {clock.due_at.astimezone(SHANGHAI):%Y-%m-%d}" if clock else ""
        lines.append(f"- 待办 {task.id} {task.title}：{task.unit}{due}")
    if d.outcome:
        lines.append(f"办结方式：{d.outcome}")
    return "\n".join(lines)
