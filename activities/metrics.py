"""Figures for whoever watches the worker: what was committed, what was refused and why, when the ledger was away.

They go out with the SDK's own, by its meter; they carry codes and names of activities, never a matter or a person.
"""

from typing import Any

from temporalio import activity
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor

from activities.messages import CommitResult, Notice
from ledger.store import LedgerUnavailable

COMMITS = "fengqiao_commits"
REFUSALS = "fengqiao_refusals"
LEDGER_UNAVAILABLE = "fengqiao_ledger_unavailable"
NOTICES = "fengqiao_notices"


class Metrics(Interceptor):
    """Counts what the activities come to."""

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:
        """Stand before every activity."""
        return _Counting(next)


class _Counting(ActivityInboundInterceptor):
    async def execute_activity(self, input: ExecuteActivityInput) -> Any:
        try:
            result = await super().execute_activity(input)
        except LedgerUnavailable:
            _count(LEDGER_UNAVAILABLE)
            raise
        except Exception:
            if _is_notice(input):
                _count(NOTICES, outcome="failed")
            raise
        if isinstance(result, CommitResult):
            _committed(result)
        elif _is_notice(input):
            _count(NOTICES, outcome="sent")
        return result


def _is_notice(input: ExecuteActivityInput) -> bool:
    return isinstance(input.args[0], Notice)


def _committed(result: CommitResult) -> None:
    if result.declined:
        _count(REFUSALS, code=result.declined.code)
    else:
        _count(COMMITS, activity=activity.info().activity_type)


def _count(name: str, **attributes: str) -> None:
    activity.metric_meter().create_counter(name).add(1, attributes)
