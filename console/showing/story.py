"""What happened, the newest first: who did what when, in full, filtered by unit and kind."""

from typing import NamedTuple

from console.showing.matter import Opened
from domain.events import Acted, Event
from domain.persons import SYSTEM_OFFICER
from starter.office.views import TOLD, of_a_look

OPINIONS = (
    "give_opinion", "issue_disposition", "uphold_disposition", "object_to_disposition", "give_legal_review", "submit_findings",
    "issue_investigation_report", "finish_on_the_spot",
)  # fmt: skip
OPINION, MEETING, ALARM, LOOK, OTHER = KINDS = ("意见", "会议", "时限与亮牌", "查看身份信息", "其他办理")


class Entry(NamedTuple):
    """One line. ``key``: it moved the matter on; ``system``: a timer's."""

    seq: int
    event: Event
    title: str
    detail: str
    by: str
    kind: str
    key: bool
    system: bool


def story(m: Opened) -> list[Entry]:
    """Every line, the newest first."""
    moved = {e.action_id for e in m.events if e.fact.type == "stage_entered"}
    alarms = {e.action_id for e in m.events if e.fact.type == "alarm_fired"}
    told = [e for e in m.events if e.fact.type in TOLD and not _said_already(e, alarms)]
    return [
        _entry(m, event, key=event.action_id in moved and isinstance(event.fact, Acted))
        for event in reversed(told)
    ]


def _said_already(event: Event, alarms: set[str]) -> bool:
    """What the line of the act or of the alarm says as well."""
    return event.fact.type == "stage_entered" or (event.fact.type == "noted" and event.action_id in alarms)


def changes(entries: list[Entry]) -> list[Entry]:
    """Those by which somebody changed the matter; a look, or what was not taken, leaves it as it is."""
    return [e for e in entries if not e.system and e.event.fact.type not in ("viewed", "declined")]


def filtered(entries: list[Entry], unit: str, kind: str) -> list[Entry]:
    """Those of a unit and of a kind."""
    return [e for e in entries if (not unit or e.event.unit == unit) and (not kind or e.kind == kind)]


def _entry(m: Opened, event: Event, *, key: bool) -> Entry:
    title, _, detail = m.veil.tell(event).partition("：")
    system = event.fact.type in ("alarm_fired", "risk_suggested", "noted")
    if event.fact.type == "alarm_fired":
        title, detail = event.fact.alarm, f"{event.fact.unit}　{_clock(m, event)}"
    own = system or event.officer == SYSTEM_OFFICER  # a lead is registered by the software
    who = SYSTEM_OFFICER if own else f"{event.unit}　{m.veil.officer(event)}"
    return Entry(
        event.seq, event, title, detail, who, _kind(event), key or event.fact.type == "registered", system
    )


def _clock(m: Opened, event: Event) -> str:
    clock = m.d.clocks.get(getattr(event.fact, "clock_id", ""))
    return clock.name if clock else ""


def _kind(event: Event) -> str:
    if event.fact.type == "alarm_fired":
        return ALARM
    if of_a_look(event):
        return LOOK
    if isinstance(event.fact, Acted):
        kind = event.fact.body.kind
        if kind in OPINIONS:
            return OPINION
        if "consultation" in kind or "joint" in kind:
            return MEETING
    return OTHER
