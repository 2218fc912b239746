"""回访: every call with all that was answered, for whoever decides what follows from it."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from console import words
from console.showing.matter import Opened
from domain.actions.callback import CloseUnreached, LogCallAttempt, RecordCallback
from domain.answers import answered
from domain.events import Acted, Event
from domain.masking import mask_name

DECIDED_UPON = ("reopen_case", "explain_again", "supervise")
"""The acts that follow from what was answered, and are decided with it in sight."""


class Call(NamedTuple):
    """One call. ``result``: the vote, or why nobody answered; ``lines``: questions with their answers."""

    at: datetime
    by: str
    result: str
    whom: str
    lines: list[tuple[str, str]]


def calls(m: Opened) -> list[Call]:
    """Every call, the newest first."""
    return list(_calls(m))[::-1]


def last_answer(m: Opened) -> Call | None:
    """The newest call that was answered."""
    return next((call for call in calls(m) if call.lines), None)


def _calls(m: Opened) -> Iterator[Call]:
    reasons = {key: rule.text for key, rule in m.policy.callback.categories.items()}
    for event in m.events:
        body = event.fact.body if isinstance(event.fact, Acted) else None
        match body:
            case RecordCallback():
                lines = [(title, m.veil.text(said)) for title, said in answered(body, reasons)]
                whom = "、".join(mask_name(name) for name in body.whom)
                yield Call(event.at, _by(m, event), f"{body.q6_result}（{body.method}）", whom, lines)
            case LogCallAttempt():
                again = f"，约 {words.moment(body.again_at)}" if body.again_at else ""
                yield Call(event.at, _by(m, event), f"未接通：{body.result}{again}", "", [])
            case CloseUnreached():
                sent = f"未联系上，{body.message_sent_on} 已发短信"
                yield Call(event.at, _by(m, event), sent, "", [])
            case _:
                pass


def _by(m: Opened, event: Event) -> str:
    return f"{event.unit}　{m.veil.officer(event)}"
