"""Signing in by the province's platform, against a real provider: who is let in, and everything that is not believed."""

import html
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from joserfc.jwk import RSAKey
from pyotp.totp import TOTP

from api.access import by_platform, second_factor
from api.access.platform import Platform
from console.site import create_app
from domain.access import Role
from domain.policy import Policy
from ledger import accounts, identities, sessions
from ledger.audit import entries
from ledger.store import Ledger
from tests.access.test_accounts import HRSS, TAX
from tests.api.conftest import HOST, site_over
from tests.console.conftest import Officers, hidden_fields
from tests.support.openid import CLIENT, SECRET, Provider, provider

NAME = "省统一身份认证平台"


@pytest.fixture
async def there() -> AsyncIterator[Provider]:
    """The province's platform."""
    async with provider() as one:
        yield one


@pytest.fixture
async def here(kept: Ledger, policy: Policy, there: Provider) -> AsyncIterator[Officers]:
    """The office that knows it."""
    site = site_over(kept, policy)._replace(platform=Platform(there.issuer, CLIENT, SECRET, NAME))
    async with AsyncExitStack() as stack:
        yield Officers(create_app(site), kept, stack)


async def an_officer(here: Officers, there: Provider, unit: str = TAX) -> str:
    """Somebody with a post whose account the administrator has linked."""
    person, _ = await here.person(unit, login="shi")
    subject = identities.subject_hash(there.issuer, there.subject)
    identities.link(here.ledger, here.county.admin, person, subject)
    return person


async def gone(browser: httpx.AsyncClient, then: str = "/") -> str:
    """Off to the platform and signed in there; where it sends the browser back to."""
    left = await browser.get("/sign-in/oidc", params={"then": then})
    assert left.status_code == 303, left.text
    async with httpx.AsyncClient(timeout=60) as outside:
        asked = await outside.get(left.headers["location"])
    assert asked.status_code == 302, asked.text
    back = asked.headers["location"]
    assert back.startswith(f"{HOST}/sign-in/oidc/back?")
    return back


async def tried(here: Officers, then: str = "/") -> tuple[httpx.AsyncClient, httpx.Response]:
    browser = await here.browser()
    return browser, await browser.get(await gone(browser, then))


def newest(here: Officers) -> str:
    """What the audit's last refusal says."""
    return next(k.entry.result for k in entries(here.ledger, verb=by_platform.VERB))


async def test_a_linked_person_is_signed_in_and_goes_where_he_wanted(here: Officers, there: Provider) -> None:
    person = await an_officer(here, there)
    browser, done = await tried(here, "/matters")
    assert (done.status_code, done.headers["location"]) == (303, "/matters")
    assert "shi某" in (await browser.get("/")).text
    assert sessions.of_person(here.ledger, person)[0].factors == 1
    assert [k.entry.object for k in entries(here.ledger, verb=by_platform.VERB)] == ["shi"]
    assert "fengqiao-oidc" not in browser.cookies, "the sign-in's own cookie is gone"


async def test_the_button_is_there_with_a_platform(here: Officers) -> None:
    assert f"用{NAME}登录" in (await (await here.browser()).get("/sign-in")).text


async def test_without_a_platform_there_is_nothing_of_it(readers: Officers) -> None:
    without = await readers.browser()
    assert "/sign-in/oidc" not in (await without.get("/sign-in")).text
    for path in ("/sign-in/oidc", "/sign-in/oidc/back?code=1&state=2"):
        assert (await without.get(path)).status_code == 404
    person, _ = await readers.person(TAX, login="shi")
    admin = await readers.at("系统", Role.ADMINISTRATOR, "second")
    refused = await admin.put(f"{HOST}/api/v1/accounts/{person}/identity", json={"subject": "other"})
    assert (refused.status_code, refused.json()["detail"]) == (403, by_platform.NO_PLATFORM)


async def test_an_unlinked_account_makes_nobody_and_is_told_what_to_do(
    here: Officers, there: Provider
) -> None:
    await here.person(TAX, login="shi")
    before = len(accounts.everybody(here.ledger))
    browser, refused = await tried(here)
    assert refused.status_code == 401
    assert by_platform.UNLINKED in refused.text
    assert len(accounts.everybody(here.ledger)) == before
    assert newest(here) == "平台账号没有绑定"
    assert there.subject not in str(entries(here.ledger))
    assert (await browser.get("/")).status_code == 303


async def test_local_suspension_wins(here: Officers, there: Provider) -> None:
    person = await an_officer(here, there)
    accounts.suspend(here.ledger, here.county.admin, person)
    _, refused = await tried(here)
    assert (refused.status_code, by_platform.CLOSED in refused.text) == (401, True)
    assert newest(here) == "账号停用"


@pytest.mark.parametrize(("unit", "let_in"), [(TAX, True), (HRSS, False), ("没有的局", False)])
async def test_the_unit_that_the_platform_names_is_checked_and_gives_nothing(
    here: Officers, there: Provider, unit: str, let_in: bool
) -> None:
    person = await an_officer(here, there)
    there.claims["unit"] = unit
    _, done = await tried(here)
    assert done.status_code == (303 if let_in else 401)
    if not let_in:
        assert by_platform.OTHER_UNIT in done.text
        assert newest(here) == "单位不符"
    assert {p.unit for p in accounts.posts_of(here.ledger, person, accounts.today())} == {TAX}


LIES = {
    "wrong nonce": {"nonce": "another"},
    "no nonce": {"nonce": None},
    "wrong issuer": {"iss": "http://127.0.0.1:1"},
    "issuer with a stroke": {"iss": "{issuer}/"},
    "for somebody else": {"aud": "another-client"},
    "for several, another's": {"aud": ["another-client", "third"]},
    "expired": {"exp": int(datetime.now(UTC).timestamp()) - 3600},
    "of the future": {"iat": int(datetime.now(UTC).timestamp()) + 3600},
    "nobody": {"sub": ""},
    "no subject": {"sub": None},
    "a number for a subject": {"sub": 7},
}


@pytest.mark.parametrize("lie", LIES)
async def test_what_an_id_token_may_not_say(here: Officers, there: Provider, lie: str) -> None:
    await an_officer(here, there)
    there.claims = {
        name: value.format(issuer=there.issuer) if isinstance(value, str) else value
        for name, value in LIES[lie].items()
    }
    await not_believed(here)


async def not_believed(here: Officers) -> None:
    browser, refused = await tried(here)
    assert refused.status_code == 401, refused.headers
    assert by_platform.NOT_BELIEVED in refused.text
    assert "fengqiao" not in browser.cookies
    assert newest(here) not in ("成功", "")


@pytest.mark.parametrize(
    "how", ["none", "HMAC with the public key", "another key", "an algorithm that it never named"]
)
async def test_how_an_id_token_may_not_be_signed(here: Officers, there: Provider, how: str) -> None:
    await an_officer(here, there)
    match how:
        case "none":
            there.algorithm = "none"
        case "HMAC with the public key":
            there.algorithm = "HS256"
        case "another key":
            there.signs_with = RSAKey.generate_key(2048, {"kid": "one"})
        case _:
            there.algorithm = "RS512"
    await not_believed(here)


async def test_a_platform_that_calls_itself_otherwise_is_none(here: Officers, there: Provider) -> None:
    await an_officer(here, there)
    there.metadata["issuer"] = there.issuer + "/"
    refused = await (await here.browser()).get("/sign-in/oidc")
    assert (refused.status_code, by_platform.NOT_BELIEVED in refused.text) == (401, True)
    there.metadata.clear()
    _, done = await tried(here)
    assert done.status_code == 303, "once it is mended"


async def test_a_way_back_is_taken_once_and_by_the_browser_that_left(here: Officers, there: Provider) -> None:
    await an_officer(here, there)
    browser, stranger = await here.browser(), await here.browser()
    back = await gone(browser)
    kept = browser.cookies["fengqiao-oidc"]
    stolen = await stranger.get(back)
    assert (stolen.status_code, "fengqiao" in stranger.cookies) == (401, False)
    assert (await browser.get(back)).status_code == 303
    browser.cookies.clear()
    browser.cookies.set("fengqiao-oidc", kept, domain="desk.example", path="/sign-in/oidc")
    replayed = await browser.get(back)
    assert (replayed.status_code, by_platform.NOT_BELIEVED in replayed.text) == (401, True)


@pytest.mark.parametrize("what", ["code", "state"])
async def test_a_code_or_state_of_another_sign_in_is_refused(
    here: Officers, there: Provider, what: str
) -> None:
    await an_officer(here, there)
    mine, attacker = await here.browser(), await here.browser()
    own, other = httpx.URL(await gone(mine)), httpx.URL(await gone(attacker))
    mixed = own.copy_set_param(what, other.params[what])
    refused = await mine.get(str(mixed))
    assert (refused.status_code, "fengqiao" in mine.cookies) == (401, False)
    spent = httpx.URL(await gone(mine))
    await mine.get(str(spent))
    again = httpx.URL(await gone(mine)).copy_set_param("code", spent.params["code"])
    assert (await mine.get(str(again))).status_code == 401, "a code is good once"


async def test_a_session_given_beforehand_is_not_the_one_after(here: Officers, there: Provider) -> None:
    await an_officer(here, there)
    browser = await here.browser()
    browser.cookies.set("fengqiao", "chosen-by-somebody-else", domain="desk.example", path="/")
    done = await browser.get(await gone(browser))
    assert "chosen-by-somebody-else" not in done.headers["set-cookie"]
    assert "HttpOnly" in done.headers["set-cookie"]
    fixed = await here.browser()
    fixed.cookies.set("fengqiao", "chosen-by-somebody-else", domain="desk.example")
    assert (await fixed.get("/")).status_code == 303


async def test_the_sign_in_leads_to_none_but_our_own_pages(here: Officers, there: Provider) -> None:
    await an_officer(here, there)
    _, done = await tried(here, "https://elsewhere.example/")
    assert done.headers["location"] == "/"


async def test_where_the_platform_proved_one_factor_ours_is_asked(here: Officers, there: Provider) -> None:
    person = await an_officer(here, there)
    seed = second_factor.new_seed()
    totp, now = TOTP(seed), datetime.now(UTC)
    assert second_factor.keep(here.ledger, person, seed, totp.at(now - timedelta(seconds=30)), "10.0.0.9")
    browser, asked = await tried(here)
    assert (asked.status_code, "fengqiao" in browser.cookies) == (200, False)
    assert "第二重验证" in asked.text
    good = totp.at(now)
    wrong = await browser.post(
        "/sign-in/oidc/code", data={"code": "000000" if good != "000000" else "111111"}
    )
    assert wrong.status_code == 401
    assert (await browser.post("/sign-in/oidc/code", data={"code": good})).status_code == 401, "begin anew"
    browser, _ = await tried(here)
    done = await browser.post("/sign-in/oidc/code", data={"code": good})
    assert done.status_code == 303
    assert sessions.of_person(here.ledger, person)[0].factors == 2


@pytest.mark.parametrize(
    ("amr", "factors"),
    [(["pwd"], 1), (["pwd", "otp"], 2), (["mfa"], 2), (["otp", "sms"], 1), (["new", 3], 1)],
)
async def test_what_the_platform_proved_counts(
    here: Officers, there: Provider, amr: list[object], factors: int
) -> None:
    person = await an_officer(here, there)
    there.claims["amr"] = amr
    await tried(here)
    assert sessions.of_person(here.ledger, person)[0].factors == factors


async def test_a_person_links_his_own_account_after_signing_in(here: Officers, there: Provider) -> None:
    person, browser = await here.person(TAX, login="shi")
    form = hidden_fields((await browser.get("/password")).text)
    assert (await browser.post("/sign-in/oidc/link", data={})).status_code == 403, "no foreign form"
    page = await browser.post("/sign-in/oidc/link", data=form)
    assert page.status_code == 200
    (where,) = re.findall(rf'href="({there.issuer}[^"]+)"', page.text)
    async with httpx.AsyncClient(timeout=60) as outside:
        back = (await outside.get(html.unescape(where))).headers["location"]
    done = await browser.get(back)
    assert "已绑定" in done.text
    assert identities.linked(here.ledger) == {person}
    _, later = await tried(here)
    assert later.status_code == 303
    again = await browser.post("/sign-in/oidc/link", data=form)
    assert again.status_code == 200
    assert [k.entry.object for k in entries(here.ledger, verb=identities.LINK)] == ["shi"]


async def test_the_administrator_links_and_unlinks(here: Officers, there: Provider) -> None:
    person, officer = await here.person(TAX, login="shi")
    admin = await here.at("系统", Role.ADMINISTRATOR, "second")
    form = hidden_fields((await admin.get(f"/accounts/{person}")).text)
    assert (await officer.post(f"/accounts/{person}/identity", data=form)).status_code == 403
    assert (
        await admin.post(f"/accounts/{person}/identity", data={**form, "subject": " "})
    ).status_code == 422
    done = await admin.post(f"/accounts/{person}/identity", data={**form, "subject": there.subject})
    assert done.status_code == 303
    assert (await tried(here))[1].status_code == 303
    twice = await admin.put(f"{HOST}/api/v1/accounts/{person}/identity", json={"subject": "other"})
    assert (twice.status_code, twice.json()["field"]) == (422, "subject")
    assert "解除统一身份绑定" in (await admin.get(f"/accounts/{person}")).text
    assert (await admin.delete(f"{HOST}/api/v1/accounts/{person}/identity")).status_code == 204
    _, refused = await tried(here)
    assert by_platform.UNLINKED in refused.text
    assert len(entries(here.ledger, verb=identities.UNLINK)) == 1


async def test_a_platform_that_is_away_says_so(kept: Ledger, policy: Policy) -> None:
    site = site_over(kept, policy)._replace(platform=Platform("http://127.0.0.1:1", CLIENT, SECRET, NAME))
    async with AsyncExitStack() as stack:
        browser = await Officers(create_app(site), kept, stack).browser()
        refused = await browser.get("/sign-in/oidc")
        assert by_platform.AWAY in refused.text


async def test_behind_tls_the_cookie_is_closed_to_all_else(
    kept: Ledger, policy: Policy, there: Provider
) -> None:
    platform = Platform(there.issuer, CLIENT, SECRET, NAME)
    app = create_app(site_over(kept, policy)._replace(platform=platform, secure=True))
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="https://desk.example") as browser:
        left = await browser.get("/sign-in/oidc")
        cookie = left.headers["set-cookie"]
        assert cookie.startswith("__Secure-fengqiao-oidc=")
        for said in ("HttpOnly", "Secure", "Path=/sign-in/oidc", "Max-Age=600", "SameSite=lax"):
            assert said in cookie
        assert "redirect_uri=https%3A%2F%2Fdesk.example%2Fsign-in%2Foidc%2Fback" in left.headers["location"]
