"""Which matter of a story a step is about."""

from collections.abc import Mapping

from domain.dispute import Dispute
from starter.scenario.step import Step

LEAD_WORK = ("claim", "investigate_report", "convert_lead", "close_case")


class Cast:
    """The matters of a story: the main one, later registrations, and the leads the main one leaves behind."""

    def __init__(self, main: str, others: list[str]) -> None:
        self.main = main
        self.others = others

    def target(self, step: Step, unit: str, states: Mapping[str, Dispute]) -> str:
        """The id of the matter a step acts on: the one it names, else the main one, else what is left of the story."""
        number = step.data.get("case")
        if isinstance(number, int) and 1 <= number <= 1 + len(self.others):
            return [self.main, *self.others][number - 1]
        for key in ("child", "new_source"):
            named = self._by_source(step.data.get(key), states)
            if named:
                return named
        main = states[self.main]
        lead = self._open_lead(main, unit, states)
        if lead and step.action in LEAD_WORK and (main.is_over or "线索" in str(step.data.get("task", ""))):
            return lead
        open_others = [m for m in self.others if m in states and not states[m].is_over]
        return open_others[0] if main.is_over and open_others and not step.refused else self.main

    def _by_source(self, source: object, states: Mapping[str, Dispute]) -> str | None:
        known = (m for m in (self.main, *self.others) if m in states)
        return next((m for m in known if states[m].facts.source_no == source), None)

    def _open_lead(self, main: Dispute, unit: str, states: Mapping[str, Dispute]) -> str | None:
        leads = [states[s.lead_id] for s in main.spawned if s.lead_id in states]
        waiting = (d.id for d in leads if any(t.unit.endswith(unit) for t in d.open_tasks()))
        return next(waiting, None)
