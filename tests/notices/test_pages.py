"""The gateway's receipts, the notices of a matter, and an officer's own channels: API and page."""

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime

import pytest
from standardwebhooks import Webhook

from console.site import create_app
from domain.access import Role
from domain.business_clock import BusinessClock
from domain.channels import Channels, OfficerChannel
from domain.notices import NoticeState, Way
from ledger import notice_choices
from tests.access.test_accounts import HRSS, TAX
from tests.api.conftest import HOST, site_over
from tests.console.browsers import Place, opens_and_fits, place
from tests.console.conftest import Officers, form_at
from tests.integration.conftest import Desk, accepted
from tests.notices.conftest import CENTER, PHONE, Make, somebody, until
from tests.notices.test_party import ids
from tests.support.party_gateway import SECRET, StandIn

__all__ = ["place"]

WAYS = {
    "企业微信": OfficerChannel("json://127.0.0.1:9/{to}", 1.0),
    "值班群": OfficerChannel("json://127.0.0.1:9/group", 1.0),
}


@pytest.fixture
async def officers(desk: Desk, gateway: StandIn) -> AsyncIterator[Officers]:
    """People at their desks, whose county has a gateway and two channels."""
    desk.ledger.save_policy(desk.policy)
    site = site_over(desk.ledger, desk.policy, desk.office)
    site = site._replace(channels=Channels({Way.SMS: gateway.channel}, WAYS))
    async with AsyncExitStack() as stack:
        yield Officers(create_app(site), desk.ledger, stack)


def signed(body: str, secret: str = SECRET) -> dict[str, str]:
    now = datetime.now(UTC)
    return {
        "webhook-id": "r-1",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign("r-1", now, body),
        "content-type": "application/json",
    }


RECEIPTS = f"{HOST}/api/v1/notices/receipts"


async def test_a_receipt_counts_when_the_gateway_signed_it(
    desk: Desk, officers: Officers, intake: Make, still: BusinessClock
) -> None:
    matter = await accepted(desk, intake(applicant=somebody()), still)
    await until(desk, matter, NoticeState.SENT)
    (id,) = ids(desk, matter)
    outside = await officers.browser()
    body = json.dumps({"id": id, "state": "delivered"})
    other = "whsec_" + "YW5vdGhlci1zZWNyZXQtb2YtYW5vdGhlci1nYXRld2F5IQ=="
    unknown = json.dumps({"id": "ntc_unknown", "state": "delivered"})
    for said, headers in (
        (body, {}),
        (body, signed(body, other)),
        (body.replace("delivered", "failed"), signed(body)),
        (unknown, signed(unknown)),
        ("{", signed("{")),
        (json.dumps({"id": id, "state": "perhaps"}), signed(body)),
    ):
        answer = await outside.post(RECEIPTS, content=said, headers=headers)
        assert answer.status_code == 422, said
        assert id not in answer.text
    await until(desk, matter, NoticeState.SENT)
    for _ in range(2):
        assert (await outside.post(RECEIPTS, content=body, headers=signed(body))).status_code == 202
    await until(desk, matter, NoticeState.DELIVERED)


async def test_how_a_notice_stands_is_seen_by_whoever_sees_the_matter(
    desk: Desk, officers: Officers, intake: Make, still: BusinessClock
) -> None:
    matter = await accepted(desk, intake(applicant=somebody()), still)
    await until(desk, matter, NoticeState.SENT)
    tax = await officers.at(TAX)
    told = await tax.get(f"{HOST}/api/v1/disputes/{matter}/notices")
    (one,) = told.json()
    assert (one["subject"], one["to"], one["channel"], one["state"]) == ("受理", "申请人", "短信", "已发出")
    assert PHONE not in told.text
    shown = (await tax.get(f"/matters/{matter}")).text
    part = shown[shown.index('id="notices"') :]
    assert "已发出" in part[: part.index("</section>")]
    stranger = await officers.at(HRSS)
    assert (await stranger.get(f"{HOST}/api/v1/disputes/{matter}/notices")).status_code == 404


async def test_an_officer_chooses_his_channels(officers: Officers) -> None:
    person, tax = await officers.person(TAX)
    page = await tax.get("/notices")
    assert "企业微信" in page.text
    assert "值班群" in page.text
    hidden = await form_at(tax, "/notices")
    for address in ("", "a b", "x" * 101):
        wrong = await tax.post("/notices", data={**hidden, "how-0": "即时", "address-0": address})
        assert wrong.status_code == 422
        assert "没有保存" in wrong.text
    given = {**hidden, "how-0": "早间汇总", "address-0": "hao.qin", "how-1": ""}
    saved = await tax.post("/notices", data=given)
    assert saved.status_code == 303
    chosen = notice_choices.choices_of(officers.ledger, person)
    assert [(c.channel, c.digest, c.address) for c in chosen.values()] == [("企业微信", True, "hao.qin")]
    with officers.ledger.engine.connect() as connection:
        kept = str(connection.exec_driver_sql("SELECT * FROM notice_choices").all())
    assert "hao.qin" not in kept
    own = (await tax.get(f"{HOST}/api/v1/me/notices")).json()["channels"]
    assert [(c["channel"], c["chosen"], c["digest"]) for c in own] == [
        ("企业微信", True, True),
        ("值班群", False, False),
    ]
    put = {"channels": [{"channel": "没有的"}]}
    answer = await tax.put(f"{HOST}/api/v1/me/notices", json=put)
    assert (answer.status_code, answer.json()["code"]) == (422, "no_channel")


async def test_where_no_channel_is_connected_the_page_says_so(desk: Desk) -> None:
    async with AsyncExitStack() as stack:
        people = Officers(create_app(site_over(desk.ledger, desk.policy, desk.office)), desk.ledger, stack)
        center = await people.at(CENTER, Role.OPERATOR)
        assert "没有接通其他渠道" in (await center.get("/notices")).text


async def test_both_pages_fit_and_are_read_by_everybody(
    desk: Desk, officers: Officers, place: Place, intake: Make, still: BusinessClock
) -> None:
    matter = await accepted(desk, intake(applicant=somebody()), still)
    await until(desk, matter, NoticeState.SENT)
    page = await place.signed_in(TAX, Role.OFFICER)
    for where in ("/notices", f"/matters/{matter}"):
        await opens_and_fits(page, place.origin + where)
    await page.goto(f"{place.origin}/notices")
    await page.focus("#how-0")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Tab")
    await page.keyboard.type("hao.qin")
    await page.keyboard.press("Enter")
    await page.wait_for_selector("text=已保存")
