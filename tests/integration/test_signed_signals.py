"""What comes from outside, on the real servers: taken when it is signed, refused or marked when it is not."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client, WorkflowUpdateFailedError
from temporalio.common import RawValue
from temporalio.converter import DataConverter
from temporalio.exceptions import ApplicationError

from activities.names import workflow_id
from domain.business_clock import BusinessClock
from domain.events import Acted, Declined, Event
from domain.intake import Intake
from ledger import signal_keys
from ledger.accounts import Acting
from starter.office.views import told, veil_over
from tests.support.forms import PLAIN
from tests.support.keys import KEYS
from tests.support.outside import Bare, outside
from tests.support.signing import CLIENT, System, enrol, found
from workflows.codec import SealingCodec
from workflows.origin import ORIGIN, Origin

from .conftest import Desk, accepted, act

Make = Callable[..., Intake]
BARE: dict[str, Any] = {"id": "tax-1", "unit": "县税务局", "officer": "郝建业", "body": {}}


@pytest.fixture
async def stranger(temporal_address: str) -> Client:
    """A client that has no key of the office's."""
    return await outside(temporal_address, KEYS)


@pytest.fixture
def admin(desk: Desk) -> Acting:
    return found(desk.ledger)


@pytest.fixture
def system(desk: Desk, admin: Acting, tmp_path: Path) -> System:
    """县税务局's, its key registered."""
    made = System(tmp_path)
    enrol(desk.ledger, admin, made)
    return made


async def signal(client: Client, matter: str, kind: str, message: object) -> None:
    await client.get_workflow_handle(workflow_id(matter)).signal(kind, message)


async def update(client: Client, matter: str, kind: str, message: object) -> None:
    await client.get_workflow_handle(workflow_id(matter)).execute_update(kind, message)


async def refused(client: Client, matter: str, kind: str, message: object) -> str:
    with pytest.raises(WorkflowUpdateFailedError) as error:
        await update(client, matter, kind, message)
    assert isinstance(error.value.cause, ApplicationError)
    return error.value.cause.type or ""


async def settled(desk: Desk, matter: str) -> None:
    """Once an update is answered, the signals sent before it have been served."""
    await desk.office.act(matter, act("申请人", "测试甲", "receive_material", materials=[{"name": "一"}]))


def declined(desk: Desk, matter: str) -> list[tuple[Event, Declined]]:
    return [(e, e.fact) for e in desk.ledger.events(matter) if isinstance(e.fact, Declined)]


def acted(desk: Desk, matter: str, kind: str) -> list[tuple[Event, Acted]]:
    found = [(e, e.fact) for e in desk.ledger.events(matter) if isinstance(e.fact, Acted)]
    return [(event, fact) for event, fact in found if fact.body.kind == kind]


async def test_signed_it_is_taken_and_the_evidence_kept(
    desk: Desk, stranger: Client, system: System, intake: Make, still: BusinessClock
) -> None:
    matter = await accepted(desk, intake(), still)
    sign = system.message(matter, "sign_for", "tax-1")
    await signal(stranger, matter, "sign_for", sign)
    disposition = system.message(matter, "issue_disposition", "tax-2", dict(PLAIN["issue_disposition"]))
    await update(desk.client, matter, "issue_disposition", disposition)
    await signal(stranger, matter, "sign_for", sign)
    await settled(desk, matter)

    assert declined(desk, matter) == [], "sent again, the same is answered as taken"
    ((event, fact),) = acted(desk, matter, "sign_for")
    assert (event.unit, event.officer) == ("县税务局", "郝建业")
    assert fact.outside
    assert (fact.outside.signed, fact.outside.client, fact.outside.key) == (
        sign["signed"],
        CLIENT,
        system.kid,
    )
    assert desk.ledger.state(matter).recognised == 1200
    veil = veil_over(desk.ledger, desk.ledger.state(matter))
    assert "未验证" not in told(event, veil)["text"]


async def test_each_refusal_of_a_signal_is_kept_with_its_code(
    desk: Desk, stranger: Client, system: System, admin: Acting, intake: Make, still: BusinessClock,
    tmp_path: Path,
) -> None:  # fmt: skip
    matter, other = await accepted(desk, intake(), still), await accepted(desk, intake(), still)
    thief, medical = System(tmp_path, name="thief.key"), System(tmp_path, "县医保局", "medical.key")
    enrol(desk.ledger, admin, medical)
    now = int(datetime.now(UTC).timestamp())
    whole = system.claims(matter, "sign_for", "tax-1", {})
    sent: list[tuple[str, str]] = [
        ("malformed", "no jws"),
        ("malformed", system.sign(whole | {"exp": now})),
        ("bad_header", system.sign(whole, typ="JWT")),
        ("unknown_key", thief.sign(whole)),
        ("key_of_another", medical.sign(whole)),
        ("bad_signature", thief.sign(whole, kid=system.kid)),
        ("wrong_audience", system.sign(whole | {"aud": "urn:fengqiao:河曲县"})),
        ("wrong_dispute", system.sign(system.claims(other, "sign_for", "tax-1", {}))),
        ("wrong_kind", system.sign(whole | {"kind": "give_opinion", "body": dict(PLAIN["give_opinion"])})),
        ("signed_ahead", system.sign(whole | {"iat": now + 3600})),
        ("signed_too_long_ago", system.sign(whole | {"iat": now - 73 * 3600})),
    ]
    for n, (_, signed) in enumerate(sent):
        # All under one id: a forgery neither uses it up nor hides what becomes of another.
        await signal(stranger if n % 2 else desk.client, matter, "sign_for", {"signed": signed})
    await signal(stranger, matter, "sign_for", BARE)
    await settled(desk, matter)

    kept = declined(desk, matter)
    codes = [fact.code for _, fact in kept]
    assert codes == [code for code, _ in sent] + ["unsigned"]
    for (event, fact), (code, signed) in zip(kept, sent, strict=False):
        assert fact.outside
        assert not fact.outside.is_verified
        assert fact.outside.signed == (None if code == "malformed" else signed)
        assert "未验证" in told(event, veil_over(desk.ledger, desk.ledger.state(matter)))["text"]
    assert acted(desk, matter, "sign_for") == []
    await update(stranger, matter, "sign_for", {"signed": system.sign(whole)})
    assert len(acted(desk, matter, "sign_for")) == 1


async def test_an_id_stands_for_one_act(
    desk: Desk, stranger: Client, system: System, intake: Make, still: BusinessClock
) -> None:
    matter = await accepted(desk, intake(), still)
    await update(desk.client, matter, "sign_for", system.message(matter, "sign_for", "tax-1"))
    another = system.message(matter, "sign_for", "tax-1", sub="别人")
    assert await refused(stranger, matter, "sign_for", another) == "id_taken"


async def test_keys_are_changed_retired_and_struck_out(
    desk: Desk, stranger: Client, system: System, admin: Acting, intake: Make, still: BusinessClock,
    tmp_path: Path,
) -> None:  # fmt: skip
    matter = await accepted(desk, intake(), still)
    newer = System(tmp_path, name="newer.key")
    enrol(desk.ledger, admin, newer)
    earlier = int((datetime.now(UTC) - timedelta(hours=1)).timestamp())
    await update(desk.client, matter, "sign_for", system.message(matter, "sign_for", "old-1"))
    waiting = newer.message(matter, "issue_disposition", "new-1", dict(PLAIN["issue_disposition"]))

    signal_keys.retire(desk.ledger, admin, system.kid)
    late = system.message(matter, "sign_for", "old-2", iat=int(datetime.now(UTC).timestamp()) + 1)
    assert await refused(stranger, matter, "sign_for", late) == "key_not_in_force"
    before = system.message(matter, "sign_for", "old-3", iat=earlier)
    assert await refused(stranger, matter, "sign_for", before) == "already_signed"
    await update(desk.client, matter, "issue_disposition", waiting)

    signal_keys.retire(desk.ledger, admin, newer.kid, compromised=True)
    tell = newer.message(matter, "notify_result", "new-2", dict(PLAIN["notify_result"]), iat=earlier)
    assert await refused(stranger, matter, "notify_result", tell) == "key_compromised"


@pytest.mark.parametrize("codec", [Bare, SealingCodec], ids=["bare", "by the codec server"])
async def test_unsigned_it_is_refused_whatever_it_says_of_its_origin(
    desk: Desk, temporal_address: str, codec: type[SealingCodec], intake: Make, still: BusinessClock
) -> None:
    client = await outside(temporal_address, KEYS, codec)
    matter = await accepted(desk, intake(), still)
    forged = DataConverter.default.payload_converter.to_payload(BARE)
    forged.metadata[ORIGIN] = Origin.OFFICE.encode()
    assert await refused(client, matter, "sign_for", BARE) == "unsigned"
    assert await refused(client, matter, "sign_for", RawValue(forged)) == "unsigned"
    await signal(client, matter, "sign_for", RawValue(forged))
    await settled(desk, matter)
    ((event, fact),) = declined(desk, matter)
    assert fact.code == "unsigned"
    assert "signing sign" in fact.reason
    assert event.unit == "县税务局"
    assert (await desk.office.act(matter, act("县税务局", "甲", "sign_for"))).version


async def test_a_demonstration_takes_it_and_marks_it(
    demonstration: Desk, stranger: Client, intake: Make, still: BusinessClock
) -> None:
    desk = demonstration
    matter = await accepted(desk, intake(), still)
    await signal(stranger, matter, "sign_for", BARE)
    await settled(desk, matter)
    ((event, fact),) = acted(desk, matter, "sign_for")
    assert fact.outside
    assert not fact.outside.is_verified
    assert told(event, veil_over(desk.ledger, desk.ledger.state(matter)))["text"].startswith("〔未验证〕签收")
    ((_, ours),) = acted(desk, matter, "accept_case")
    assert ours.outside is None
    as_somebody = {**BARE, "id": "tax-2", "by": {"person": "p-1", "post": "q-1"}}
    assert await refused(stranger, matter, "sign_for", as_somebody) == "malformed"
    thief = DataConverter.default.payload_converter.to_payload({"signed": "a.b.c"})
    assert await refused(stranger, matter, "sign_for", RawValue(thief)) == "malformed"
