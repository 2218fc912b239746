"""What the worker's module hands in: so nothing here has to import it, and it may import the process around it."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from temporalio.client import Client
from temporalio.worker import Worker

from activities.notices import Gateway
from domain.channels import NO_CHANNELS, Channels
from domain.outbound import USUAL, Outbound
from domain.policy import Policy
from ledger.store import Ledger


class Workers(Protocol):
    """``worker.running_workers``: all workers of one process, run for as long as the context is open."""

    def __call__(
        self,
        client: Client,
        ledger: Ledger,
        policy: Policy,
        *,
        gateway: Gateway | None = None,
        take_unsigned: bool = False,
        outbound: Outbound = USUAL,
        channels: Channels = NO_CHANNELS,
    ) -> AbstractAsyncContextManager[Sequence[Worker]]:
        """Told to stop, they finish what they have begun."""
        ...
