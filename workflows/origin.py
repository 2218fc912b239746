"""Who sealed a payload: said inside the seal, so that nobody without a key can say it."""

from enum import StrEnum

from temporalio.api.common.v1 import Payload

ORIGIN = "fengqiao-origin"


class Origin(StrEnum):
    """The office's own processes; or the codec server, for whoever has its token."""

    OFFICE = "office"
    CODEC = "codec"


def marked(payload: Payload, origin: Origin) -> Payload:
    """A copy that says where it comes from, whatever it said before."""
    copy = without(payload)
    copy.metadata[ORIGIN] = origin.encode()
    return copy


def without(payload: Payload) -> Payload:
    """A copy that does not say where it comes from."""
    copy = Payload()
    copy.CopyFrom(payload)
    copy.metadata.pop(ORIGIN, None)
    return copy


def origin_of(payload: Payload) -> Origin | None:
    """Who sealed an opened payload; nobody when it was never sealed, or by a release that did not say."""
    said = payload.metadata.get(ORIGIN, b"").decode(errors="replace")
    return next((origin for origin in Origin if origin == said), None)
