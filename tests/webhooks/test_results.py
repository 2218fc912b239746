"""工单结果回传: a ticket comes in by the API, is handled, and its result goes back to its platform, in either of its shapes.

The platform is a stand-in: a real HTTP server on this machine that sends tickets and takes results by its own field names.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

import pytest
from pydantic import ValidationError
from temporalio.client import Client

from api.app import create_app
from domain.access import Role
from domain.dispute import Dispute
from domain.intake import Intake
from domain.machines import Scope
from domain.policy import Policy
from domain.webhooks import Answer, Happening, Platform
from domain.words import SHANGHAI
from importing.rules import load_rules
from ledger import clients, webhooks
from ledger.outbox import messages_of
from ledger.store import Ledger
from ledger.webhooks import Webhook
from tests.api.conftest import CENTER, Staff, site_over
from tests.integration.conftest import Desk, act
from tests.support.receiver import Got, Receiver, outbound, receiving
from tests.webhooks.conftest import at_work, emptied

PERSON = {"来电人": "测试丙", "来电号码": "19900000003"}
SENT = {
    "工单编号": "PG202609030021",
    "来电时间": "2026-09-03 08:30:00",
    **PERSON,
    "诉求内容": "偏关县测试木器厂三个月养老保险报了没有缴，请催缴。",
}
OTHERWISE = {
    "受理编号": "RX202609030001",
    "受理时间": "2026-09-03 08:30:00",
    "诉求人": PERSON["来电人"],
    "联系电话": PERSON["来电号码"],
    "反映内容": SENT["诉求内容"],
}
"""The same ticket as another platform writes it."""


class Hotline:
    """A platform: it sends tickets in with its token, and takes their results by its own names of fields."""

    def __init__(self, staff: Staff, receiver: Receiver, name: str) -> None:
        self.staff = staff
        self.receiver = receiver
        self.name = name

    async def takes(self, answer: str, *happenings: str) -> Webhook:
        """Have the administrator register where its results go."""
        admin = await self.staff.at("系统", Role.ADMINISTRATOR, f"admin-{self.name}")
        asked = {
            "unit": CENTER, "client": self.name, "address": self.receiver.address, "happenings": happenings,
            "answer": answer,
        }  # fmt: skip
        made = await admin.post("/webhooks", json=asked)
        assert made.status_code == 201, made.text
        return webhooks.find(self.staff.ledger, made.json()["id"])

    async def send(self, columns: dict[str, str]) -> dict[str, Any]:
        """A ticket; what it became."""
        by = self.staff.county.admin
        made = {"unit": CENTER, "client": self.name, "scopes": [Scope.REGISTER], "days": 30}
        _, token = clients.make(self.staff.ledger, by, **made)
        system = await self.staff.browser()
        del system.headers["Origin"]
        system.headers["Authorization"] = f"Bearer {token}"
        answer = await system.post("/registrations/tickets", json={"columns": columns})
        assert answer.status_code == 201, answer.text
        return answer.json()

    def results(self) -> list[dict[str, str]]:
        """What came back and was taken."""
        return [_read(got) for got in self.receiver.taken]


def _read(got: Got) -> dict[str, str]:
    if got.headers["content-type"] == "application/json":
        return json.loads(got.body)
    return dict(parse_qsl(got.body.decode(), strict_parsing=True))


RULES = load_rules()
OUT = outbound(platform=Platform(RULES.channel, RULES.results))


@pytest.fixture
async def desk(temporal_client: Client, books: Ledger, policy: Policy, queue: str) -> AsyncIterator[Desk]:
    async with at_work(temporal_client, books, policy, queue, outbound=OUT) as office:
        yield office


@pytest.fixture
async def staff(desk: Desk, policy: Policy) -> AsyncIterator[Staff]:
    site = site_over(desk.ledger, policy, desk.office)._replace(outbound=OUT)
    async with AsyncExitStack() as stack:
        yield Staff(create_app(site), desk.ledger, stack)


async def refused(desk: Desk, matter: str) -> Dispute:
    """Handle a matter to its end, the shortest way: it is not for this office, and the party is told so."""
    await desk.office.act(matter, act(CENTER, "甲", "refuse_claims"))
    today = datetime.now(SHANGHAI).date()
    await desk.office.act(matter, act(CENTER, "甲", "notify_refusal", told_on=today))
    return desk.ledger.state(matter)


async def failed_once(desk: Desk, hook: Webhook) -> None:
    """Until a message was tried in vain."""
    while not any(m.said for m in await asyncio.to_thread(messages_of, desk.ledger.engine, hook.id)):
        pass


async def test_a_result_goes_back_as_json_after_the_platform_was_down(staff: Staff, desk: Desk) -> None:
    async with receiving() as down:
        hotline = Hotline(staff, down, "市12345平台")
        hook = await hotline.takes("热线平台（JSON）", "告知", "办结")
    made = await hotline.send(SENT)
    d = await refused(desk, made["id"])
    await failed_once(desk, hook)
    async with receiving(down.port, down):
        await emptied(desk, hook)
    told, closed = hotline.results()
    assert told["handleResult"] == f"您反映的事项（{d.case_no}）已由{CENTER}办理，办理结果已告知。"
    assert closed.keys() == RULES.results["热线平台（JSON）"].fields.keys()
    assert closed["orderNo"] == SENT["工单编号"]
    assert closed["caseNo"] == d.case_no
    assert closed["handleResult"] == f"您反映的事项（{d.case_no}）已办结，办结方式：{d.outcome}。"
    datetime.strptime(closed["handleTime"], "%Y-%m-%d %H:%M:%S").astimezone(SHANGHAI)
    assert nobody_in(down)


async def test_a_result_goes_back_as_a_form_to_a_platform_with_other_names(staff: Staff, desk: Desk) -> None:
    async with receiving() as down, receiving() as other:
        hotline = Hotline(staff, down, "省12345平台")
        hook = await hotline.takes("热线平台（表单）", "办结")
        neighbour = Hotline(staff, other, "市12345平台")
        theirs = await neighbour.takes("热线平台（JSON）", "告知", "办结")
    made = await hotline.send(OTHERWISE)
    d = await refused(desk, made["id"])
    await failed_once(desk, hook)
    async with receiving(down.port, down):
        await emptied(desk, hook)
    (closed,) = hotline.results()
    assert closed.keys() == {"gdbh", "cljg", "cldw", "clsj"}
    assert closed["gdbh"] == OTHERWISE["受理编号"]
    assert closed["cljg"] == f"您反映的事项（{d.case_no}）已由{CENTER}办结，办结方式：{d.outcome}。"
    assert nobody_in(down)
    assert messages_of(desk.ledger.engine, theirs.id) == []


async def test_a_ticket_of_an_imported_export_is_answered_too_and_one_of_another_channel_is_not(
    staff: Staff, desk: Desk, intake: Callable[..., Intake]
) -> None:
    async with receiving() as receiver:
        hotline = Hotline(staff, receiver, "市12345平台")
        hook = await hotline.takes("热线平台（JSON）", "办结")
        for given in (intake(channel="来访"), ticket := intake()):
            matter = await desk.office.register(given)
            await refused(desk, matter.dispute_id)
        await emptied(desk, hook)
    assert [r["orderNo"] for r in hotline.results()] == [ticket.source_no]


async def test_a_platforms_way_must_be_one_of_the_countys(staff: Staff, desk: Desk) -> None:
    admin = await staff.at("系统", Role.ADMINISTRATOR, "second")
    asked = {
        "unit": CENTER,
        "client": "平台",
        "address": "https://12345.example.cn/x",
        "happenings": ["告知"],
    }
    for answer, code, field in (
        ("没有的", "unknown_answer", "answer"),
        ("热线平台（表单）", "no_words", "happenings"),
    ):
        refusal = await admin.post("/webhooks", json={**asked, "answer": answer})
        assert (refusal.status_code, refusal.json()["code"], refusal.json()["field"]) == (422, code, field)


@pytest.mark.parametrize("text", ["{applicant}", "{at.__class__}", "{case_no!r}", "{case_no:>9}", "{}"])
def test_a_countys_text_can_say_nothing_but_what_is_known_to_name_nobody(text: str) -> None:
    with pytest.raises(ValidationError):
        Answer(format="json", results={Happening.CLOSED: "好"}, fields={"x": text})


def nobody_in(receiver: Receiver) -> bool:
    """Whether nothing that came back names the caller."""
    sent = "".join(str(_read(got)) for got in receiver.got)
    return not any(known in sent for known in PERSON.values())
