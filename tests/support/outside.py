"""A client that is none of the office's own: it seals nothing, or has the codec server seal."""

from collections.abc import Sequence

from temporalio.api.common.v1 import Payload
from temporalio.client import Client
from temporalio.converter import DataConverter

from hosting.connect import NAMESPACE
from privacy.keys import Keys, Purpose
from workflows.codec import SealingCodec
from workflows.origin import Origin


class Bare(SealingCodec):
    """Seals nothing; what it is answered can be read, for the test's sake."""

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        return list(payloads)


async def outside(address: str, keys: Keys, codec: type[SealingCodec] = Bare) -> Client:
    """A client that sends by this codec."""
    sealing = codec(keys.ring(Purpose.PAYLOAD), Origin.CODEC)
    converter = DataConverter(payload_codec=sealing)
    return await Client.connect(address, namespace=NAMESPACE, data_converter=converter)
