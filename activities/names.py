"""Ids, names and the task queues, in one place: whoever speaks to the workflows says these."""

import hashlib

DISPUTE_WORKFLOW = "Dispute"
TASK_QUEUE = "fengqiao"
ACT = "act"
REGISTERED = "registered"
ADVANCE = "advance"
CATCH_UP = "catch_up"
STANDING = "standing"


def dispute_id(channel: str, source_no: str) -> str:
    """A matter's id: the same ticket sent twice is one matter. It says nothing of anybody."""
    return hashlib.sha256(f"{channel}\n{source_no.strip()}".encode()).hexdigest()[:20]


def workflow_id(dispute: str) -> str:
    """The Temporal workflow id of a matter."""
    return f"dispute/{dispute}"


def notices_queue(task_queue: str) -> str:
    """Where the notices of the matters on ``task_queue`` wait: a slow gateway keeps nobody else waiting."""
    return f"{task_queue}-notices"
