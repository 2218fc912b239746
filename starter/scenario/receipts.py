"""The clocks of a story as the scenario format lists them."""

from typing import Any

from domain.clocks import AlarmKind
from domain.deadlines import Deadline
from domain.dispute import Dispute


def step_number(action_id: str | None) -> int | None:
    """The script's step behind an action's id, if one is; what goes along with a step (#7.2) belongs to it."""
    number = action_id.rsplit("#", 1)[-1].split(".")[0] if action_id and "#" in action_id else ""
    return int(number) if number.isdigit() else None


def _step(action_id: str | None) -> str | None:
    number = step_number(action_id)
    return f"step {number}" if number is not None else None


def deadlines(matters: list[Dispute]) -> list[dict[str, Any]]:
    """Every clock of these matters; an extended one also as it stood before and as one longer clock."""
    return [entry for m in matters for c in m.clocks.values() for entry in _entries(c)]


def _entries(clock: Deadline) -> list[dict[str, Any]]:
    now = _entry(clock)
    if not clock.extensions:
        return [now]
    before = {
        **now,
        "clock": f"{clock.name}（延期前）",
        "due": clock.extensions[0].due_before.date().isoformat(),
    }
    same_unit = [x.length for x in clock.extensions if x.unit == clock.unit]
    whole = {
        **now,
        "clock": f"{clock.name}（延期后）",
        "rule": f"{clock.length + sum(same_unit)}{clock.unit}",
    }
    return [now, before, whole]


def _entry(clock: Deadline) -> dict[str, Any]:
    result = clock_result(clock)
    ended_by_timer = result in ("fires", "lapsed")
    entry: dict[str, Any] = {
        "clock": clock.name,
        "basis": clock.basis,
        "starts": _step(clock.start_event) or clock.start_event,
        "rule": f"{clock.length}{'d' if clock.fixed_on else clock.unit}",
        "due": clock.due_at.isoformat() if clock.unit == "h" else clock.due_on.isoformat(),
        "stopped_by": None if ended_by_timer else _step(clock.stopped_by),
        "result": result,
    }
    if clock.kind == "not_before":
        entry["kind"] = "not_before"
    return entry


def clock_result(clock: Deadline) -> str:
    """met, breached, fires (a timer had to act), respected; a clock no longer owed is 'lapsed'.

    A task nobody signed for until it went to the joint meeting was moved by the timer, whoever signs afterwards.
    """
    escalated = any(a.kind == AlarmKind.ESCALATE and a.fired_at for a in clock.alarms)
    if clock.rule_id == "sign" and escalated:
        return "fires"
    return clock.result
