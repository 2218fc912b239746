"""What passes through Temporal is sealed; old keys still open; a key that is missing is named."""

import dataclasses
import json

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.api.failure.v1 import Failure
from temporalio.converter import WorkflowSerializationContext
from temporalio.exceptions import ApplicationError

from privacy.box import Unsealable
from privacy.ciphers import Algorithm
from privacy.keys import KeyProblem, Keys, Purpose, Ring
from tests.support.keys import KEYS, a_key
from workflows.codec import CIPHER, ENCODING, KEY_ID, WORKFLOW, SealingCodec
from workflows.origin import ORIGIN, Origin, marked, origin_of
from workflows.plugin import sealed_converter

OLD, NEW = a_key(Purpose.PAYLOAD, "old"), a_key(Purpose.PAYLOAD, "new", Algorithm.SM4)
PLAIN = Payload(metadata={"encoding": b"json/plain"}, data=json.dumps("温玉强").encode())


BY_THE_OFFICE = marked(PLAIN, Origin.OFFICE)


def codec(*keys: object) -> SealingCodec:
    return SealingCodec(Ring(Purpose.PAYLOAD, keys), Origin.OFFICE)  # type: ignore[arg-type]


@pytest.mark.parametrize("key", [OLD, NEW], ids=["aes", "sm4"])
async def test_payloads_are_sealed_and_opened(key: object) -> None:
    (sealed,) = await codec(key).encode([PLAIN])
    assert sealed.metadata["encoding"] == ENCODING
    assert sealed.metadata[KEY_ID] == key.id.encode()  # type: ignore[attr-defined]
    assert sealed.metadata[CIPHER] in (b"aes256gcm", b"sm4gcm")
    assert PLAIN.data not in sealed.SerializeToString()
    assert await codec(key).decode([sealed]) == [BY_THE_OFFICE]


async def test_after_a_change_of_keys_the_old_payloads_still_open() -> None:
    sealed = await codec(OLD).encode([PLAIN])
    rotated = codec(NEW, OLD)
    assert await rotated.decode(sealed) == [BY_THE_OFFICE]
    assert (await rotated.encode([PLAIN]))[0].metadata[KEY_ID] == b"new"
    with pytest.raises(KeyProblem, match="old"):
        await codec(NEW).decode(sealed)


async def test_a_payload_changed_on_the_way_does_not_open() -> None:
    (sealed,) = await codec(OLD).encode([PLAIN])
    sealed.data = sealed.data[:-1] + bytes([sealed.data[-1] ^ 1])
    with pytest.raises(Unsealable):
        await codec(OLD).decode([sealed])


async def test_what_another_system_sent_in_plain_text_is_read() -> None:
    assert await codec(OLD).decode([PLAIN]) == [PLAIN]


async def test_who_sealed_it_cannot_be_said_from_outside() -> None:
    (bare,) = await codec(OLD).decode([BY_THE_OFFICE])
    assert origin_of(bare) is None, "what was never sealed may say what it likes"
    ring = Ring(Purpose.PAYLOAD, (OLD,))
    (sealed,) = await SealingCodec(ring, Origin.CODEC).encode([BY_THE_OFFICE])
    assert ORIGIN not in sealed.metadata
    sealed.metadata[ORIGIN] = Origin.OFFICE.encode()
    (opened,) = await codec(OLD).decode([sealed])
    assert origin_of(opened) is Origin.CODEC, "what the codec server seals is its own, whatever it was given"


async def test_messages_of_failures_are_sealed_too() -> None:
    converter = sealed_converter(KEYS)
    failure = Failure()
    await converter.encode_failure(ApplicationError("温玉强的申请", "field", type="refused"), failure)
    assert "温玉强".encode() not in failure.SerializeToString()
    error = await converter.decode_failure(failure)
    assert isinstance(error, ApplicationError)
    assert (error.message, error.type, error.details) == ("温玉强的申请", "refused", ("field",))


def test_without_payload_keys_there_is_no_client() -> None:
    with pytest.raises(KeyProblem):
        sealed_converter(Keys({Purpose.LEDGER: KEYS.ring(Purpose.LEDGER)}))
    assert dataclasses.is_dataclass(sealed_converter(KEYS))


def of(workflow_id: str) -> WorkflowSerializationContext:
    return WorkflowSerializationContext(namespace="fengqiao", workflow_id=workflow_id)


async def test_a_payload_taken_from_another_workflow_does_not_open() -> None:
    here, there = codec(OLD).with_context(of("dispute/a")), codec(OLD).with_context(of("dispute/b"))
    (sealed,) = await here.encode([PLAIN])
    assert await here.decode([sealed]) == [BY_THE_OFFICE]
    assert await codec(OLD).decode([sealed]) == [BY_THE_OFFICE], (
        "whoever decodes for the UI need not say for whom"
    )
    with pytest.raises(Unsealable):
        await there.decode([sealed])
    sealed.metadata[WORKFLOW] = b"dispute/b"
    with pytest.raises(Unsealable):
        await there.decode([sealed])
    del sealed.metadata[WORKFLOW]
    with pytest.raises(Unsealable):
        await there.decode([sealed])


async def test_whatever_the_sdk_seals_for_a_workflow_is_bound_to_it() -> None:
    """The converter that clients and workers are given: its codec follows the workflow that is spoken to."""
    converter = sealed_converter(KEYS)
    (sealed,) = await converter.with_context(of("dispute/a")).encode(["温玉强的申请"])
    assert sealed.metadata[WORKFLOW] == b"dispute/a"
    with pytest.raises(Unsealable):
        await converter.with_context(of("dispute/b")).decode([sealed])
