"""A workflow that does nothing but wait, a day at a time."""

from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.common import SearchAttributeKey

NEXT_DUE = SearchAttributeKey.for_datetime("NextDue")


@workflow.defn
class Sleeper:
    """Waits for ``days`` days, saying each time when it will wake."""

    @workflow.run
    async def run(self, days: int) -> datetime:
        for _ in range(days):
            waking = workflow.now() + timedelta(days=1)
            workflow.upsert_search_attributes([NEXT_DUE.value_set(waking)])
            await workflow.sleep(timedelta(days=1))
        return workflow.now()
