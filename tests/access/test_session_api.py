"""Signing in over HTTP: cookies, posts, foreign pages, refusals as problems."""

from collections.abc import AsyncIterator

import httpx
import pytest

from api.access import passwords
from api.app import PREFIX, create_app
from api.site import Site
from domain.access import Role
from ledger import accounts
from ledger.store import Ledger
from policies import load
from starter.office import Office
from tests.access.test_accounts import HRSS, TAX, County
from tests.access.test_signing_in import PASSWORD, RULES

HOST = "http://desk.example"
OWN = {"Origin": HOST}


@pytest.fixture
def county(ledger: Ledger) -> County:
    return County(ledger)


@pytest.fixture
async def browser(ledger: Ledger) -> AsyncIterator[httpx.AsyncClient]:
    office = Office(None, ledger)  # type: ignore[arg-type]  # nobody registers or acts here
    app = create_app(Site(office, ledger, load("pianguan"), secure=False))
    transport = httpx.ASGITransport(app=app, client=("10.0.0.7", 50000))
    async with httpx.AsyncClient(transport=transport, base_url=HOST + PREFIX, headers=OWN) as client:
        yield client


async def officer(county: County, login: str = "shi") -> str:
    person, slip = accounts.create(county.ledger, county.admin, login, "石磊", hours=24)
    accounts.use_slip(county.ledger, slip, await passwords.hashed(PASSWORD), "10.0.0.2")
    return person


async def signed_in(browser: httpx.AsyncClient, login: str = "shi") -> httpx.Response:
    return await browser.post("/session", json={"login": login, "password": PASSWORD})


async def test_a_slip_opens_an_account_and_the_officer_signs_in_and_out(
    browser: httpx.AsyncClient, county: County
) -> None:
    head = county.head()
    person, slip = accounts.create(county.ledger, county.admin, "shi", "石磊", hours=24)
    weak = await browser.post("/slips", json={"slip": slip, "password": "short"})
    assert (weak.status_code, weak.json()["code"], weak.json()["field"]) == (422, "weak_password", "password")
    assert (await browser.post("/slips", json={"slip": slip, "password": PASSWORD})).json() == {
        "login": "shi",
        "name": "石磊",
    }
    county.grant(person, Role.OFFICER, proposed_by=head)

    assert (await browser.get("/me")).status_code == 401
    done = await signed_in(browser)
    assert done.status_code == 201
    cookie = done.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    me = (await browser.get("/me")).json()
    assert (me["login"], me["post"]["unit"], me["post"]["word"]) == ("shi", TAX, "部门经办人")
    assert [s["address"] for s in (await browser.get("/me/sessions")).json()] == ["10.0.0.7"]
    assert (await browser.delete("/session")).status_code == 204
    assert (await browser.get("/me")).status_code == 401


async def test_whoever_has_several_posts_chooses_one_of_his_own(
    browser: httpx.AsyncClient, county: County
) -> None:
    head, person = county.head(), await officer(county)
    first = county.grant(person, Role.OFFICER, proposed_by=head)
    county.grant(person, Role.HEAD, HRSS)
    others = county.grant(await officer(county, "fan"), Role.OFFICER, proposed_by=head)
    await signed_in(browser)
    assert (await browser.get("/me")).json()["post"] is None
    assert (await browser.put("/me/post", json={"post": others})).status_code == 403
    assert (await browser.put("/me/post", json={"post": first})).json()["post"]["id"] == first
    assert (await browser.get("/me")).json()["post"]["id"] == first


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://foreign.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": f"{HOST}.foreign.example"},
    ],
)
async def test_a_foreign_page_does_nothing_with_the_session(
    browser: httpx.AsyncClient, county: County, headers: dict[str, str]
) -> None:
    await officer(county)
    await signed_in(browser)
    refused = await browser.delete("/session", headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (403, "foreign_page")
    assert (await browser.get("/me")).status_code == 200


async def test_a_session_given_beforehand_is_not_the_one_after_signing_in(
    browser: httpx.AsyncClient, county: County
) -> None:
    await officer(county)
    browser.cookies.set("fengqiao", "chosen-by-somebody-else")
    done = await signed_in(browser)
    assert "chosen-by-somebody-else" not in done.headers["set-cookie"]
    stale = httpx.Cookies({"fengqiao": "chosen-by-somebody-else"})
    browser.cookies = stale
    assert (await browser.get("/me")).status_code == 401


async def test_signing_in_anew_gives_another_token(browser: httpx.AsyncClient, county: County) -> None:
    await officer(county)
    first = (await signed_in(browser)).headers["set-cookie"]
    assert (await signed_in(browser)).headers["set-cookie"] != first


async def test_guessing_is_told_to_wait(browser: httpx.AsyncClient, county: County) -> None:
    await officer(county)
    for _ in range(RULES.locks.free):
        wrong = await browser.post("/session", json={"login": "shi", "password": "wrong"})
        assert wrong.status_code == 401
    waits = await browser.post("/session", json={"login": "shi", "password": "wrong"})
    assert waits.status_code == 429
    assert int(waits.headers["retry-after"]) >= 1


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "login"),
        ({"login": "shi", "password": 7}, "应为文字"),
        ({"login": "shi", "password": "x" * 200}, "太长"),
        ({"login": "shi", "password": "x", "unit": "县税务局"}, "没有此项"),
    ],
)
async def test_what_is_wrong_is_a_problem_in_chinese_and_holds_no_value(
    browser: httpx.AsyncClient, body: dict[str, object], said: str
) -> None:
    answer = await browser.post("/session", json=body)
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["status"], problem["code"]) == (422, "unreadable")
    assert said in problem["detail"]
    assert "xxxx" not in answer.text


async def test_every_answer_is_closed(browser: httpx.AsyncClient) -> None:
    for path in ("/me", "/nothing", "/openapi.json"):
        headers = (await browser.get(path)).headers
        assert "default-src 'self'" in headers["content-security-policy"]
        assert headers["cache-control"] == "no-store"
        assert "access-control-allow-origin" not in headers


async def test_behind_tls_the_browser_is_held_to_it(ledger: Ledger, county: County) -> None:
    await officer(county)
    site = Site(Office(None, ledger), ledger, load("pianguan"))  # type: ignore[arg-type]
    transport = httpx.ASGITransport(app=create_app(site), client=("10.0.0.7", 50000))
    host = "https://desk.example"
    async with httpx.AsyncClient(
        transport=transport, base_url=host + PREFIX, headers={"Origin": host}
    ) as client:
        done = await signed_in(client)
        assert "max-age=31536000" in done.headers["strict-transport-security"]
        cookie = done.headers["set-cookie"]
        assert cookie.startswith("__Host-fengqiao=")
        assert "Secure" in cookie
        assert "Domain" not in cookie
        left = await client.delete("/session")
        assert left.headers["clear-site-data"] == '"cache", "storage"'


async def test_on_this_machine_alone_no_browser_is_held_to_tls(browser: httpx.AsyncClient) -> None:
    assert "strict-transport-security" not in (await browser.get("/me")).headers
