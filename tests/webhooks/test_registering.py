"""推送 registered, shown, changed, stopped, by the API and by the pages: once shown, sealed, in the audit, nowhere inside."""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from activities import calling
from activities.calling import Undelivered, post
from console.site import create_app
from domain.access import NotGranted, Role
from domain.outbound import BadAddress, Reach, networks_of, target_of
from domain.policy import Policy
from domain.webhooks import Delivery, Happening
from hosting.embedded.errors import CannotStart
from hosting.ways_out import NETWORKS, ways_out
from importing.rules import load_rules
from ledger import outbox, webhooks
from ledger.audit import entries
from ledger.key_checks import rewrap
from ledger.store import Ledger
from privacy.keys import Keys, Purpose, Ring
from starter.doctor.books import examine_ledger
from starter.doctor.limits import STRICT
from tests.access.test_accounts import TAX, County
from tests.api.conftest import site_over
from tests.console.conftest import Officers, form_at
from tests.ledger.conftest import kept, ledger, ledger_url, policy
from tests.ledger.support import Books, an_intake
from tests.support.certificate import own_certificate
from tests.support.keys import KEYS, a_key
from tests.support.receiver import HERE, outbound, receiving
from workflows import timing

__all__ = ["kept", "ledger", "ledger_url", "policy"]

ASKED: dict[str, Any] = {
    "unit": TAX,
    "client": "税务征管系统",
    "address": "https://tax.example.cn/hook",
    "happenings": ["阶段变化", "办结"],
}


@pytest.fixture
async def readers(kept: Ledger, policy: Policy) -> AsyncIterator[Officers]:
    site = site_over(kept, policy)._replace(outbound=outbound())
    async with AsyncExitStack() as stack:
        yield Officers(create_app(site), kept, stack)


async def administrator(readers: Officers) -> httpx.AsyncClient:
    return await readers.at("系统", Role.ADMINISTRATOR, "second")


API = "/api/v1/webhooks"


async def test_a_secret_is_shown_once_kept_sealed_and_changed_all_of_it_in_the_audit(
    readers: Officers,
) -> None:
    admin = await administrator(readers)
    made = await admin.post(API, json=ASKED)
    assert made.status_code == 201, made.text
    secret, id = made.json()["secret"], made.json()["id"]
    assert secret.startswith("whsec_")
    changed = (await admin.post(f"{API}/{id}/secret")).json()
    assert changed["secret"] not in (secret, None)
    (listed,) = (await admin.get(API)).json()
    assert (listed["stands"], listed["waiting"], listed["dead"]) == (True, 0, 0)
    assert (await admin.delete(f"{API}/{id}")).status_code == 204
    (listed,) = (await admin.get(API)).json()
    assert (listed["stands"], listed["stopped_why"]) == (False, webhooks.REVOKED)
    for again in (admin.delete(f"{API}/{id}"), admin.post(f"{API}/{id}/secret")):
        assert (await again).status_code == 403
    with readers.ledger.engine.connect() as connection:
        everything = connection.execute(text("SELECT webhooks::text FROM webhooks")).scalar_one()
    for shown in (secret, changed["secret"]):
        assert shown.removeprefix("whsec_").encode().hex() not in everything
        assert shown not in everything + str(listed)
    verbs = [e.entry.verb for e in reversed(entries(readers.ledger)) if "推送" in e.entry.verb]
    assert verbs == ["登记推送", "更换推送密钥", "停用推送"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"unit": "没有的局"}, "unit"),
        ({"unit": "申请人"}, "unit"),
        ({"unit": "系统"}, "unit"),
        ({"address": "http://tax.example.cn/"}, "address"),
        ({"address": "https://10.0.0.1/"}, "address"),
        ({"address": "https://169.254.169.254/latest"}, "address"),
        ({"address": "https://u:p@tax.example.cn/"}, "address"),
        ({"answer": "没有的"}, "answer"),
    ],
)
async def test_what_cannot_be_registered_is_named(
    readers: Officers, wrong: dict[str, str], field: str
) -> None:
    admin = await administrator(readers)
    refused = await admin.post(API, json={**ASKED, **wrong})
    assert (refused.status_code, refused.json()["field"]) == (422, field)
    assert wrong[field] not in refused.text or field == "unit"


def test_only_an_administrator_registers_and_five_of_a_system_stand_together(ledger: Ledger) -> None:
    county = County(ledger)
    asked = {**ASKED, "happenings": [Happening.CLOSED]}
    head = webhooks.Acting(county.head(TAX))
    with pytest.raises(NotGranted, match="账号管理员"):
        webhooks.register(ledger, head, **asked)
    places = [f"https://tax.example.cn/hook/{n}" for n in range(webhooks.AT_ONCE + 1)]
    *some, more = ({**asked, "address": place} for place in places)
    made = [webhooks.register(ledger, county.admin, **each)[0] for each in some]
    with pytest.raises(NotGranted, match="先停用") as refused:
        webhooks.register(ledger, county.admin, **more)
    assert refused.value.field == "client"
    webhooks.revoke(ledger, county.admin, made[0].id)
    webhooks.register(ledger, county.admin, **more)


SAME = (
    "https://tax.example.cn/hook", "https://TAX.example.cn/hook", "https://tax.example.cn:443/hook",
    "HTTPS://tax.example.cn/hook",
)  # fmt: skip
OTHER = (
    "https://tax.example.cn/hook/", "https://tax.example.cn:8443/hook", "https://tax.example.cn/hook?of=hrss",
    "https://hrss.example.cn/hook",
)  # fmt: skip


def test_a_unit_is_told_once_at_an_address_however_it_is_written(ledger: Ledger) -> None:
    county = County(ledger)
    asked = {**ASKED, "happenings": [Happening.CLOSED]}
    made, _ = webhooks.register(ledger, county.admin, **asked)
    for address in SAME:
        with pytest.raises(NotGranted, match="已有推送（税务征管系统）") as refused:
            webhooks.register(ledger, county.admin, **{**asked, "address": address, "client": "另一系统"})
        assert refused.value.field == "address"
    for number, address in enumerate(OTHER):
        webhooks.register(ledger, county.admin, **{**asked, "address": address, "client": f"系统{number}"})
    webhooks.register(ledger, county.admin, **{**asked, "unit": "县人社局"})
    webhooks.revoke(ledger, county.admin, made.id)
    webhooks.register(ledger, county.admin, **asked)


def test_secrets_go_over_to_a_new_key_of_the_ledger(ledger: Ledger) -> None:
    county = County(ledger)
    made, secret = webhooks.register(ledger, county.admin, **{**ASKED, "happenings": [Happening.CLOSED]})
    ring = Ring(Purpose.LEDGER, (a_key(Purpose.LEDGER, "newer"), *KEYS.ring(Purpose.LEDGER).keys))
    newer = Ledger(ledger.engine, Keys({**KEYS.rings, Purpose.LEDGER: ring}))
    rewrap(newer)
    alone = Ring(Purpose.LEDGER, ring.keys[:1])
    after = Ledger(ledger.engine, Keys({**KEYS.rings, Purpose.LEDGER: alone}))
    with after.engine.connect() as connection:
        row = connection.execute(webhooks.webhooks.select()).one()
    assert webhooks.secrets_of(after, row, made.made_at) == [secret]


# --- dead letters ---------------------------------------------------------------------------------------------------


def test_the_doctor_names_dead_letters_with_the_way_out(ledger: Ledger, policy: Policy) -> None:
    ledger.save_policy(policy)
    county, books = County(ledger), Books(ledger, policy)
    hook, _ = webhooks.register(
        ledger, county.admin, **{**ASKED, "unit": "县综治中心", "happenings": [Happening.REGISTERED]}
    )
    books.register(an_intake())
    (waits,) = outbox.messages_of(ledger.engine, hook.id)
    assert "webhook_dead" not in [f.code for f in examine_ledger(ledger, STRICT, demo=False)]
    outbox.settle(ledger.engine, waits.id, Delivery.DEAD)
    (dead,) = [f for f in examine_ledger(ledger, STRICT, demo=False) if f.code == "webhook_dead"]
    assert "县综治中心 税务征管系统有 1 条" in dead.means
    assert "再送一次" in dead.mend


# --- the pages ------------------------------------------------------------------------------------------------------


async def test_the_pages_register_show_and_send_again(readers: Officers, policy: Policy) -> None:
    admin = await administrator(readers)
    form = await form_at(admin, "/webhooks")
    asked = {**form, **ASKED, "unit": "县综治中心", "happenings": ["登记"]}
    refused = await admin.post("/webhooks", data={**asked, "address": "https://127.0.0.2:x/"})
    assert refused.status_code == 422
    assert 'id="address-e"' in refused.text
    made = await admin.post("/webhooks", data=asked, follow_redirects=True)
    assert made.status_code == 200, made.text
    found = re.search(r"<strong>(whsec_[^<]+)</strong>", made.text)
    assert found
    (hook,) = [one.webhook for one in webhooks.list_webhooks(readers.ledger)]
    d = Books(readers.ledger, policy).register(an_intake())
    (message,) = outbox.messages_of(readers.ledger.engine, hook.id)
    outbox.settle(readers.ledger.engine, message.id, Delivery.DEAD)
    page = await admin.get(f"/webhooks/{hook.id}")
    assert message.id in page.text
    assert "再送一次" in page.text
    assert found[1] not in page.text
    assert readers.ledger.state(d).case_no not in page.text  # who looks after systems reads no matter
    done = await admin.post(f"/webhooks/{hook.id}/deliveries/{message.id}/again", data=form)
    assert done.status_code == 303
    (message,) = outbox.messages_of(readers.ledger.engine, hook.id)
    assert message.state is Delivery.WAITING
    changed = await admin.post(f"/webhooks/{hook.id}/secret", data=form, follow_redirects=True)
    assert "whsec_" in changed.text
    assert found[1] not in changed.text
    ended = await admin.post(f"/webhooks/{hook.id}/end", data=form)
    assert "已停用" in (await admin.get(ended.headers["location"])).text
    assert (await (await readers.at(TAX)).get("/webhooks")).status_code == 403


# --- where messages may go ------------------------------------------------------------------------------------------

INSIDE = [
    "127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "::ffff:10.0.0.1",
    "fd00::1", "169.254.169.254", "fe80::1", "0.0.0.0", "::", "100.64.0.1", "100.100.100.200", "64:ff9b::7f00:1",
    "2002:7f00:1::", "224.0.0.1", "ff02::1", "255.255.255.255", "fd00:ec2::254",
]  # fmt: skip


@pytest.mark.parametrize("ip", INSIDE)
def test_no_message_goes_inside(ip: str) -> None:
    assert not Reach().allows(ip_address(ip))
    host = f"[{ip}]" if ":" in ip else ip
    for scheme in ("https", "http"):
        with pytest.raises(BadAddress):
            target_of(f"{scheme}://{host}/x", Reach())


@pytest.mark.parametrize("ip", INSIDE)
async def test_nothing_inside_is_registered_by_api_or_page(kept: Ledger, policy: Policy, ip: str) -> None:
    """As an office in production has it: no setting opens anything."""
    address = f"https://{f'[{ip}]' if ':' in ip else ip}/x"
    async with AsyncExitStack() as stack:
        office = Officers(create_app(site_over(kept, policy)), kept, stack)
        admin = await administrator(office)
        refused = await admin.post(API, json={**ASKED, "address": address})
        assert (refused.status_code, refused.json()["field"]) == (422, "address")
        form = await form_at(admin, "/webhooks")
        page = await admin.post("/webhooks", data={**form, **ASKED, "address": address})
        assert (page.status_code, 'id="address-e"' in page.text) == (422, True)
    assert webhooks.list_webhooks(kept) == []


def test_only_a_demonstration_reaches_its_own_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(NETWORKS, raising=False)
    assert not ways_out(None).reach.allows(ip_address("127.0.0.1"))
    assert ways_out(None, loopback=True).reach.allows(ip_address("127.0.0.1"))


@pytest.mark.parametrize("ip", ["169.254.169.254", "fe80::1", "100.100.100.200", "::ffff:169.254.169.254"])
def test_no_setting_opens_what_hands_out_a_machines_secrets(ip: str) -> None:
    assert not Reach(networks_of("0.0.0.0/0,::/0"), loopback=True).allows(ip_address(ip))


def test_a_county_opens_its_own_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NETWORKS, "10.20.0.0/16, 2001:db8::/32")
    reach = ways_out(load_rules()).reach
    assert target_of("https://10.20.3.4:8443/x", reach) == ("10.20.3.4", 8443, True)
    for outside in ("https://10.21.0.1/", "http://10.20.3.4/", "https://127.0.0.1/"):
        with pytest.raises(BadAddress):
            target_of(outside, reach)
    monkeypatch.setenv(NETWORKS, "10.20.0.1/16")
    with pytest.raises(CannotStart, match=NETWORKS):
        ways_out(None)


@pytest.mark.parametrize(
    "address",
    [
        "https://2130706433/", "https://0x7f.1/", "https://127.1/", "https://localhost/", "https://a.localhost./",
        "https:///x", "ftp://tax.example.cn/", "https://tax.example.cn/#x", "https://tax.example.cn:99999/",
        "https://税务.cn/", "https://tax.example.cn/a b", "https://" + "a" * 600, "https://[::1/", "x",
    ],
)  # fmt: skip
def test_an_address_that_says_something_else_than_it_seems_is_refused(address: str) -> None:
    with pytest.raises(BadAddress) as refused:
        target_of(address, Reach(loopback=True))
    assert address not in str(refused.value)


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every name is this machine, as the name of somebody who wants to look inside may be."""

    async def here(*_: Any, **__: Any) -> list[Any]:
        return [(None, None, None, "", ("127.0.0.1", 0))]

    monkeypatch.setattr(asyncio.get_event_loop(), "getaddrinfo", here, raising=False)


@pytest.mark.usefixtures("named")
async def test_a_name_that_leads_inside_is_refused_when_it_is_called() -> None:
    with pytest.raises(Undelivered, match="内部网络"):
        await post("https://tax.example.cn/", b"", {}, Reach())


@pytest.mark.usefixtures("named")
async def test_the_receiver_must_prove_to_be_the_one_that_was_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = own_certificate(tmp_path, "tax.example.cn")
    monkeypatch.setenv("SSL_CERT_FILE", str(files.chain))
    monkeypatch.setenv(
        "HTTPS_PROXY", "http://127.0.0.1:9"
    )  # no message goes by a proxy that nobody asked for
    calling.trusted.cache_clear()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(files.chain, files.key)
    async with receiving(tls=context) as receiver:
        place = f"tax.example.cn:{receiver.port}"
        assert await post(f"https://{place}/hook", b"{}", {}, HERE) == 204
        assert receiver.got[0].headers["host"] == place
        with pytest.raises(Undelivered, match="证书"):
            await post(f"https://other.example.cn:{receiver.port}/hook", b"{}", {}, HERE)
    calling.trusted.cache_clear()


async def test_a_receiver_that_does_not_answer_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calling, "TOTAL_S", 0.2)
    never = asyncio.Event()

    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await never.wait()
        writer.close()

    server = await asyncio.start_server(hang, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(Undelivered, match="超时"):
            await post(f"http://127.0.0.1:{port}/", b"", {}, HERE)
        never.set()
    with pytest.raises(Undelivered, match="连接不上"):
        await post(f"http://127.0.0.1:{port}/", b"", {}, HERE)


def test_temporal_waits_longer_than_an_attempt_may_take() -> None:
    assert timing.CALL.total_seconds() > calling.TOTAL_S
