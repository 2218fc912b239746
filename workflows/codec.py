"""Temporal payloads, sealed: what stands in its database and in its UI is readable only with the payload keys."""

from collections.abc import Sequence
from typing import Self

from temporalio.api.common.v1 import Payload
from temporalio.converter import (
    ActivitySerializationContext,
    PayloadCodec,
    SerializationContext,
    WithSerializationContext,
    WorkflowSerializationContext,
)

from privacy.box import Unsealable
from privacy.keys import Ring
from workflows.origin import ORIGIN, Origin, marked, without

ENCODING = b"binary/encrypted"
KEY_ID = "encryption-key-id"
CIPHER = "encryption-cipher"
WORKFLOW = "encryption-workflow"
PLACE = "temporal"


class SealingCodec(PayloadCodec, WithSerializationContext):
    """Seals under the ring's first key, for one workflow, and says inside the seal for whom; opens under any of them.

    A payload that was never sealed is passed on as it is, but cannot say who sealed it: another system may send a
    signal with the bare ``temporal`` command. Raises KeyProblem for a key that is not at hand, Unsealable for a payload
    that was changed, or taken from another workflow.
    """

    def __init__(self, ring: Ring, origin: Origin, workflow_id: str | None = None) -> None:
        self._ring = ring
        self._origin = origin
        self._workflow_id = workflow_id

    def with_context(self, context: SerializationContext) -> Self:
        """The same for the payloads of one workflow."""
        if isinstance(context, WorkflowSerializationContext | ActivitySerializationContext):
            return type(self)(self._ring, self._origin, context.workflow_id)
        return self

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """The payloads, sealed."""
        key, workflow_id = self._ring.active, self._workflow_id or ""
        metadata = {
            "encoding": ENCODING,
            KEY_ID: key.id.encode(),
            CIPHER: key.algorithm.encode(),
            WORKFLOW: workflow_id.encode(),
        }
        place = _place(workflow_id)
        return [
            Payload(
                metadata=metadata,
                data=key.box.seal(marked(payload, self._origin).SerializeToString(), place),
            )
            for payload in payloads
        ]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """The payloads, opened."""
        return [self._opened(payload) for payload in payloads]

    def _opened(self, payload: Payload) -> Payload:
        if payload.metadata.get("encoding") != ENCODING:
            return without(payload) if ORIGIN in payload.metadata else payload
        key = self._ring.key(_text(payload, KEY_ID))
        whose = _text(payload, WORKFLOW)
        if whose and self._workflow_id and whose != self._workflow_id:
            raise Unsealable("封存的内容属于另一个工作流")
        return Payload.FromString(key.box.open(payload.data, _place(whose)))


def _text(payload: Payload, name: str) -> str:
    return payload.metadata.get(name, b"").decode(errors="replace")


def _place(workflow_id: str) -> str:
    return f"{PLACE}/{workflow_id}"
