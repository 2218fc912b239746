"""Ids, names and the task queues, in one place: whoever speaks to the workflows says these."""

import hashlib
import re

from domain.intake import Intake
from domain.masking import somebodys_number

DISPUTE_WORKFLOW = "Dispute"
WEBHOOK_WORKFLOW = "WebhookDelivery"
NOTICE_WORKFLOW = "NoticeDelivery"
TASK_QUEUE = "fengqiao"
REGISTERED = "registered"
ADVANCE = "advance"
CATCH_UP = "catch_up"
LET_GO = "let_go"
WAKE = "wake"
STANDING = "standing"

LONGEST_SUMMARY = 64
"""Characters."""


_TICKET = re.compile(r"(?=.*\d)[\w.-]{1,60}", re.ASCII)
"""A number as offices give them. Whatever else stands there, a name perhaps, is not shown."""


def dispute_id(channel: str, source_no: str) -> str:
    """A matter's id, which is its workflow's: the same ticket sent twice is one matter.

    It says channel and source number where that names nobody; a number that is somebody's is hashed.
    """
    number = source_no.strip()
    if _TICKET.fullmatch(number) and not somebodys_number(number):
        return f"{channel}-{number}"
    return f"{channel}-~{digest(number)}"


def digest(text: str) -> str:
    """A short fingerprint that says nothing of the text."""
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def summary_of(intake: Intake) -> str:
    """What the Temporal UI calls the matter: channel, insurance, town."""
    insurances = "、".join(dict.fromkeys(c.insurance for c in intake.claims if c.insurance))
    town = next((r.town for r in intake.respondents if r.town), None)
    return short(" · ".join(part for part in (f"{intake.kind} {intake.channel}", insurances, town) if part))


def short(text: str) -> str:
    """As much of a text as the server takes for a summary: sealed, it must not pass 400 bytes, else nothing is taken."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_SUMMARY else f"{line[: LONGEST_SUMMARY - 1]}…"


def workflow_id(dispute: str) -> str:
    """The Temporal workflow id of a matter."""
    return f"dispute/{dispute}"


def notices_queue(task_queue: str) -> str:
    """Where the notices of the matters on ``task_queue`` wait: a slow gateway keeps nobody else waiting."""
    return f"{task_queue}-notices"


def webhooks_queue(task_queue: str) -> str:
    """Where messages to other systems wait: a slow receiver keeps no matter and no notice waiting."""
    return f"{task_queue}-webhooks"


def channel_queue(notices: str, channel: str) -> str:
    """Where what goes by one channel waits: each has its own rate, however many workers."""
    return f"{notices}-{channel}"


def notice_workflow_id(lane: str) -> str:
    """The Temporal workflow id of a lane of notices."""
    return f"notice/{lane}"


def webhook_workflow_id(webhook: str, dispute: str) -> str:
    """The Temporal workflow id of what one webhook is told of one matter."""
    return f"webhook/{webhook}/{dispute}"
