"""Every timeout, retry and size of the workflows, named, in one place."""

from datetime import timedelta

from temporalio.common import RetryPolicy

COMMIT_LOCALLY = timedelta(seconds=2)
"""A commit takes milliseconds; a ledger that needs longer is away."""
COMMIT_LOCAL_TRIES = RetryPolicy(initial_interval=timedelta(milliseconds=200), maximum_attempts=2)
COMMIT_REMOTELY = timedelta(seconds=30)
UNTIL_THE_LEDGER_IS_BACK = RetryPolicy(
    initial_interval=timedelta(seconds=1), backoff_coefficient=1.5, maximum_interval=timedelta(seconds=30)
)
"""The ledger is the legal record: retried until it is back."""

RELAY = timedelta(seconds=30)
UNTIL_THE_OTHER_MATTER_HEARS = RetryPolicy(
    initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=1)
)

NOTICE = timedelta(seconds=30)
NOTICE_GIVES_UP = RetryPolicy(
    initial_interval=timedelta(seconds=2), maximum_interval=timedelta(minutes=10), maximum_attempts=8
)
"""A notice that cannot be sent gives up loudly: the failed activity stands in the history."""

CALL = timedelta(seconds=30)
"""One attempt to tell another system: beyond the attempt's own limit (``activities.calling.TOTAL_S``, by a test)."""
CALL_BACKS_OFF = 2.0
"""Each wait is so many times the one before. How long in all is the lane's patience; then it is a dead letter."""
BEYOND_PATIENCE = 2
"""So many times the patience end also what cannot even be tried (a key that is missing). An attempt that fails gives up
by itself, so that none is under way when the next message's turn comes."""
DELIVERIES_IN_ONE_RUN = 200
"""Messages until a lane goes on in a new run: nobody tells a system so often of one matter within a lane's life."""

TIMER_RESOLUTION = timedelta(milliseconds=20)
"""A demonstration's alarms that lie closer together than this are acted on without a timer between them."""

CARRIED_BY_ONE_TASK = 512_000
"""Bytes of answers by local activity until one goes by an ordinary activity, which ends the workflow task.

Local answers travel together when the task ends, and beside them up to ten actions just accepted; the server takes
4 MB. A task it cannot take is tried again for ever.
"""
MARKER = 500
"""Bytes by which an answer grows on its way."""
STATE_CARRIED = 256_000
"""Bytes of state handed to the next run; a larger one is read from the ledger."""

REMEMBERED = 100
"""Ids of the last actions: one of them, sent again, is answered however the matter has gone on."""

SIGNALS_IN_ONE_RUN = 500
"""After so many the matter goes on in a new run: the server is told to take 1,000 in one run (see the embedded server's
settings and the production cluster's), which is what a workflow task can begin with on a busy machine.
"""
