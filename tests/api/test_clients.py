"""A unit's own system over HTTP: it registers and acts for officers whom it names, and reads what its unit has a part in."""

from collections.abc import Callable, Iterable

import httpx
import pytest

from domain.access import Role
from domain.business_clock import BusinessClock
from domain.intake import Intake
from domain.machines import BY_PERSONS_ALONE, Scope
from ledger import clients
from ledger.audit import entries
from tests.access.test_accounts import TAX
from tests.api.conftest import CENTER, Staff, key
from tests.integration.conftest import Desk, accepted

Make = Callable[..., Intake]
SYSTEM = "税务征管系统"


@pytest.fixture
async def matter(desk: Desk, intake: Make, still: BusinessClock) -> str:
    """A matter that waits for the tax bureau to sign for it."""
    return await accepted(desk, intake(), still)


async def system(
    staff: Staff, unit: str = TAX, scopes: Iterable[Scope] = tuple(Scope), name: str = SYSTEM
) -> httpx.AsyncClient:
    """A unit's system with a token."""
    county = staff.county
    _, token = clients.make(staff.ledger, county.admin, unit=unit, client=name, scopes=list(scopes), days=30)
    client = await staff.browser()
    del client.headers["Origin"]
    client.headers["Authorization"] = f"Bearer {token}"
    return client


async def do(who: httpx.AsyncClient, matter: str, kind: str, name: str, **more: object) -> httpx.Response:
    return await who.post(f"/disputes/{matter}/actions", json={"kind": kind, **more}, headers=key(name))


async def test_it_acts_for_an_officer_whom_it_names_and_the_record_says_so(staff: Staff, matter: str) -> None:
    tax = await system(staff)
    at_hand = (await tax.get(f"/disputes/{matter}/offers")).json()
    assert at_hand[0]["kind"] == "sign_for"
    nameless = await do(tax, matter, "sign_for", "sign-0001", task="t2")
    assert (nameless.status_code, nameless.json()["field"]) == (422, "officer")
    done = await do(tax, matter, "sign_for", "sign-0001", task="t2", officer="郝建业")
    assert done.status_code == 200, done.text
    event = next(e for e in reversed(staff.ledger.events(matter)) if e.fact.type == "acted")
    assert (event.unit, event.officer) == (TAX, "郝建业")
    assert event.by
    assert event.by.client == SYSTEM
    told = (await tax.get(f"/disputes/{matter}/timeline")).json()["events"]
    assert {e["account"]["client"] for e in told if e["account"]} == {SYSTEM}


async def test_the_same_key_is_taken_once_whichever_token_sends_it(staff: Staff, matter: str) -> None:
    old, new = await system(staff), await system(staff)
    for tax in (old, new, old):
        done = await do(tax, matter, "sign_for", "sign-0001", task="t2", officer="郝建业")
        assert done.status_code == 200, done.text
    assert (await new.get(f"/disputes/{matter}/actions/test-sign-0001")).json()["taken"] is True


async def test_a_person_names_no_officer(staff: Staff, matter: str) -> None:
    officer = await staff.at(TAX)
    forged = await do(officer, matter, "sign_for", "sign-0001", task="t2", officer="别人")
    assert (forged.status_code, forged.json()["field"]) == (422, "officer")


@pytest.mark.parametrize("kind", sorted(BY_PERSONS_ALONE))
async def test_it_approves_nothing(staff: Staff, matter: str, kind: str) -> None:
    hub = await system(staff, CENTER)
    form = await hub.get(f"/disputes/{matter}/form", params={"kind": kind})
    assert (form.status_code, form.json()["code"]) == (403, "not_for_machines")


async def test_it_sees_no_identity_and_what_is_not_its_unit_s_not_at_all(staff: Staff, matter: str) -> None:
    tax, water = await system(staff), await system(staff, "县水务局")
    body = {"whose": "parties", "reason": "电话核实欠费月份"}
    refused = await tax.post(f"/disputes/{matter}/looks", json=body, headers=key("look-0001"))
    assert (refused.status_code, refused.json()["code"]) == (403, "not_for_machines")
    assert "测试甲" not in (await tax.get(f"/disputes/{matter}")).text
    assert (await water.get(f"/disputes/{matter}")).status_code == 404
    whole = (await system(staff, CENTER)).get("/tasks", params={"whose": "all"})
    assert {row["unit"] for row in (await whole).json()["tasks"]} <= {CENTER}


async def test_it_registers_as_its_own_unit(staff: Staff, intake: Make) -> None:
    hub = await system(staff, CENTER, [Scope.REGISTER])
    given = intake().model_dump(mode="json", by_alias=True, exclude_none=True)
    done = await hub.post("/registrations", json=given)
    assert done.status_code == 201, done.text
    tax = await system(staff, TAX, [Scope.REGISTER])
    assert (await tax.post("/registrations", json=given)).json()["code"] == "not_your_unit"


async def test_a_bad_token_opens_nothing_even_beside_a_session(readers: Staff) -> None:
    officer = await readers.at(TAX)
    assert (await officer.get("/tasks")).status_code == 200
    answer = await officer.get("/tasks", headers={"Authorization": "Bearer fq_0123456789abcdef_none"})
    assert (answer.status_code, answer.json()["code"]) == (401, "no_client")
    assert answer.headers["www-authenticate"] == "Bearer"
    proxied = {"Authorization": "Basic Zm9vOmJhcg=="}
    assert (await officer.get("/tasks", headers=proxied)).status_code == 200, "that is the gateway's"


async def test_an_administrator_makes_shows_and_takes_back(readers: Staff) -> None:
    admin = await readers.at("系统", Role.ADMINISTRATOR, login="second-admin")
    wanted = {"unit": TAX, "client": SYSTEM, "scopes": ["read:own"], "days": 30}
    unknown = await admin.post("/clients", json=wanted | {"unit": "没有的局"})
    assert (unknown.status_code, unknown.json()["field"]) == (422, "unit")
    for wrong in ({"days": 366}, {"scopes": []}, {"scopes": ["export"]}, {"client": "两 词"}):
        assert (await admin.post("/clients", json=wanted | wrong)).status_code == 422
    made = await admin.post("/clients", json=wanted)
    assert made.status_code == 201
    token = made.json()["token"]
    tax = await readers.browser()
    tax.headers["Authorization"] = f"Bearer {token}"
    assert (await tax.get("/tasks")).status_code == 200
    (shown,) = (await admin.get("/clients")).json()
    assert shown["stands"]
    assert shown["used_at"]
    assert token not in str(shown)
    assert (await admin.delete(f"/clients/{shown['id']}")).status_code == 204
    assert (await tax.get("/tasks")).status_code == 401
    kept = entries(readers.ledger, verb="收回接口令牌")
    assert kept[0].entry.object == f"{TAX} {SYSTEM} {shown['id']}"
