"""Temporal payloads, sealed: what stands in its database and in its UI is readable only with the payload keys."""

from collections.abc import Sequence

from temporalio.api.common.v1 import Payload
from temporalio.converter import PayloadCodec

from privacy.keys import Ring

ENCODING = b"binary/encrypted"
KEY_ID = "encryption-key-id"
CIPHER = "encryption-cipher"
PLACE = "temporal"


class SealingCodec(PayloadCodec):
    """Seals under the ring's first key; opens under any of them.

    A payload that was never sealed is passed on as it is: another system may send a signal with the bare
    ``temporal`` command. Raises KeyProblem for a key that is not at hand, Unsealable for a payload changed on the way.
    """

    def __init__(self, ring: Ring) -> None:
        self._ring = ring

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """The payloads, sealed."""
        key = self._ring.active
        metadata = {
            "encoding": ENCODING,
            KEY_ID: key.id.encode(),
            CIPHER: key.algorithm.encode(),
        }
        return [
            Payload(metadata=metadata, data=key.box.seal(payload.SerializeToString(), PLACE))
            for payload in payloads
        ]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """The payloads, opened."""
        return [self._opened(payload) for payload in payloads]

    def _opened(self, payload: Payload) -> Payload:
        if payload.metadata.get("encoding") != ENCODING:
            return payload
        key = self._ring.key(payload.metadata.get(KEY_ID, b"").decode(errors="replace"))
        return Payload.FromString(key.box.open(payload.data, PLACE))
