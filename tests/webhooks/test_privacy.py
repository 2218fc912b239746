"""Nobody is named in what goes out, in its tables, in the logs, or in what Temporal keeps of it."""

import json
from collections.abc import Callable
from typing import Any

from sqlalchemy import text
from temporalio.client import Client

from activities.names import webhook_workflow_id
from domain.business_clock import BusinessClock
from domain.intake import Intake
from tests.access.test_accounts import County
from tests.integration.conftest import Desk, accepted
from tests.privacy.test_leaks import heard
from tests.support.receiver import Receiver
from tests.webhooks.conftest import emptied, registered

Make = Callable[..., Intake]
SAID_BACK = "receiver-said-this"


async def test_nobody_is_named_on_the_way_out(
    desk: Desk,
    county: County,
    receiver: Receiver,
    intake: Make,
    still: BusinessClock,
    temporal_address: str,
) -> None:
    hook, secret = registered(county, receiver, unit="县综治中心")
    receiver.says(500, extra={"X-Said": SAID_BACK})
    receiver.body = SAID_BACK.encode()
    person: dict[str, Any] = {"name": "䶮丙", "phone": "19912345678", "id_number": "142234197801018817"}
    given = intake(applicant=person, narrative=f"{person['name']}（{person['phone']}）说没有缴")
    with heard() as log:
        matter = await accepted(desk, given, still)
        await emptied(desk, hook)
    d = desk.ledger.state(matter)
    sent = "".join(got.body.decode() + str(got.headers) for got in receiver.got)
    with desk.ledger.engine.connect() as connection:
        kept = "".join(connection.scalars(text("SELECT deliveries::text FROM deliveries")))
    handle = desk.client.get_workflow_handle(webhook_workflow_id(hook.id, matter))
    opened = (await handle.fetch_history()).to_json()
    bare = await Client.connect(temporal_address, namespace=desk.client.namespace)
    closed = (await bare.get_workflow_handle(handle.id).fetch_history()).to_json()
    said = log.getvalue()
    assert "webhook_failed" in said
    for place in (sent, kept, opened, closed, said):
        assert [known for known in person.values() if known in place] == []
        assert json.dumps(person["name"])[1:-1] not in place
        assert secret not in place
    assert receiver.address not in said + closed + kept
    assert SAID_BACK not in said + kept + opened + closed
    assert d.case_no not in said + kept + closed
    assert json.loads(receiver.taken[0].body)["data"].keys() == {"case_no", "sequence", "stage", "due"}
