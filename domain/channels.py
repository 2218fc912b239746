"""By which ways notices leave an office, as the deployment configures them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from domain.notices import Way

TO = "{to}"
"""Stands in a channel's address for the officer's own."""


class PartyGateway(NamedTuple):
    """What carries messages to parties. ``secret``: by which both sides sign (``whsec_…``); ``per_second``: of all workers."""

    address: str
    secret: str
    per_second: float


class OfficerChannel(NamedTuple):
    """An apprise address. ``per_second``: of all workers together."""

    url: str
    per_second: float

    @property
    def asks_address(self) -> bool:
        """Whether an officer gives an address of his own."""
        return TO in self.url


class Channels(NamedTuple):
    """Every channel by its name."""

    parties: Mapping[Way, PartyGateway] = MappingProxyType({})
    officers: Mapping[str, OfficerChannel] = MappingProxyType({})

    @property
    def rates(self) -> dict[str, float]:
        """How many a second each channel takes."""
        return {name: way.per_second for name, way in (*self.parties.items(), *self.officers.items())}


NO_CHANNELS = Channels()
