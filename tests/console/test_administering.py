"""政策、日历、检查、密钥、单位: for the administrator alone, of the office and nobody's matter."""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import date, timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from api.site import Histories
from console.pages import checkup
from console.site import create_app
from domain.access import Role
from domain.intake import Intake
from domain.machines import Scope
from domain.policy import Policy, content_version
from ledger import accounts, clients
from ledger.audit import entries
from ledger.key_checks import check_keys
from privacy.ciphers import Algorithm
from tests.access.test_accounts import TAX, unit_of
from tests.api.conftest import CENTER, site_over
from tests.console.browsers import Place, opens_and_fits, place
from tests.console.conftest import Make, Officers, form_at, hidden_fields
from tests.integration.conftest import Desk
from tests.ledger.support import Books, an_intake
from tests.support.keys import KEYS
from tests.support.signing import System, enrol

__all__ = ["place"]

PAGES = ("/units", "/policies", "/calendar", "/checkup", "/keys")


async def administrator(readers: Officers) -> httpx.AsyncClient:
    return await readers.at("系统", Role.ADMINISTRATOR)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
async def test_nobody_else_opens_them(readers: Officers, role: Role) -> None:
    who = await readers.at(unit_of(role), role, login="tried")
    token = hidden_fields((await who.get("/password")).text)
    for address in PAGES:
        assert (await who.get(address)).status_code == 403, address
    for address in ("/checkup", "/keys", "/keys/some/end"):
        assert (await who.post(address, data=token)).status_code == 403, address
    assert (await who.get("/checkup/history", params={"case": "0001"})).status_code == 403
    rail = (await who.get("/guide")).text
    assert not [address for address in PAGES if f'href="{address}"' in rail]


async def test_the_versions_of_the_policy_and_what_changed_between_them(
    readers: Officers, books: Books, policy: Policy
) -> None:
    books.register(an_intake())
    clocks = policy.clocks | {"triage": policy.clocks["triage"].model_copy(update={"length": 5})}
    older = policy.model_copy(update={"clocks": clocks, "version": ""})
    older = Policy.model_validate_json(older.stored())
    older = older.model_copy(update={"version": content_version(older.stored())})
    readers.ledger.save_policy(older)
    with readers.ledger.engine.begin() as connection:
        moved = text("UPDATE policies SET first_seen = now() - interval '30 days' WHERE version = :v")
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(moved, {"v": older.version})
    admin = await administrator(readers)
    page = (await admin.get("/policies")).text
    row = re.search(rf"<tr><th[^>]*><code>{policy.version}</code>.*?</tr>", page, re.DOTALL)
    assert row
    assert "现行" in row[0]
    assert '<td class="num" data-l="未归档的案件">1</td>' in row[0]
    assert "<li>时限“初审”的长度由 5个工作日 改为 3个工作日</li>" in page
    back = (await admin.get("/policies", params={"before": policy.version, "after": older.version})).text
    assert "<li>时限“初审”的长度由 3个工作日 改为 5个工作日</li>" in back
    assert "两版一样" in (await admin.get("/policies", params={"before": policy.version})).text
    assert (await admin.get("/policies", params={"before": "nothing"})).status_code == 404


async def test_the_calendar_tells_holidays_shifted_days_and_the_years_that_are_missing(
    readers: Officers, policy: Policy
) -> None:
    admin = await administrator(readers)
    page = (await admin.get("/calendar", params={"year": 2026})).text
    assert "02-15 至 02-23（春节，9 日）" in page
    assert "02-14 周六" in page
    assert '<td class="hol">1<small>休</small></td>' in page
    assert '<td class="wrk">14<small>班</small></td>' in page
    assert "与已公布的安排逐日一致" in page
    working = sum(policy.calendar.is_working(date(2026, 1, 1) + timedelta(days=n)) for n in range(365))
    assert f"{working} 日" in page
    assert "2027 年放假安排是推定的" in page
    beyond = (await admin.get("/calendar", params={"year": 2031})).text
    assert "2031 年不在日历之内" in beyond
    assert (await admin.get("/calendar", params={"year": 1})).status_code == 404


async def test_the_years_until_the_last_running_clock_are_asked_for(readers: Officers, books: Books) -> None:
    books.register(an_intake())
    with readers.ledger.engine.begin() as connection:
        connection.execute(text("UPDATE clocks SET due_at = '2029-05-01T00:00:00+08:00'"))
    page = (await (await administrator(readers)).get("/calendar")).text
    assert "2029 年没有放假安排" in page
    assert "在计的时限最晚到 2029-05-01" in page


async def test_keys_are_told_by_their_numbers_and_never_themselves(readers: Officers, tmp_path: Path) -> None:
    check_keys(readers.ledger)
    system = System(tmp_path)
    enrol(readers.ledger, readers.county.admin, system)
    admin = await administrator(readers)
    page = (await admin.get("/keys")).text
    for ring in KEYS.rings.values():
        for key in ring.keys:
            assert key.id in page
            assert key.line().split()[2] not in page
    assert "正在使用" in page
    assert system.kid in page
    with readers.ledger.engine.begin() as connection:
        lost = "INSERT INTO key_checks (purpose, key_id, mark) SELECT purpose, 'lost-key', mark FROM key_checks LIMIT 1"
        connection.execute(text(lost))
    lost_row = re.search(r"<tr>(?:(?!</tr>).)*lost-key.*?</tr>", (await admin.get("/keys")).text, re.DOTALL)
    assert lost_row
    assert "本机没有" in lost_row[0]


async def test_a_token_is_made_shown_once_and_taken_back(readers: Officers) -> None:
    admin = await administrator(readers)
    form = await form_at(admin, "/keys")
    for asked in ("/keys", "/webhooks"):
        page = (await admin.get(asked)).text
        box = re.search(r'<select id="unit".*?</select>', page, re.DOTALL)
        assert box, asked
        assert {TAX, CENTER, "县水务局"} <= set(re.findall(r'<option value="([^"]+)"', box[0]))
    wrong = await admin.post(
        "/keys", data={**form, "unit": "没有这个局", "client": "征管系统", "scopes": "act"}
    )
    assert wrong.status_code == 422
    assert "征管系统" in wrong.text
    given = {**form, "unit": TAX, "client": "征管系统", "scopes": "act", "days": "30"}
    made = await admin.post("/keys", data=given)
    first, again = [(await admin.get(made.headers["location"])).text for _ in range(2)]
    token = re.search(r"fq_[\w-]+", first)
    assert token
    assert token[0] in again
    assert clients.find(readers.ledger, token[0])
    page = (await admin.get("/keys")).text
    assert token[0] not in page
    (kept,) = clients.list_clients(readers.ledger)
    done = await admin.post(f"/keys/{kept.id}/end", data=form)
    assert done.status_code == 303
    assert clients.find(readers.ledger, token[0]) is None


async def test_a_unit_that_nobody_can_act_for_is_named(readers: Officers, books: Books) -> None:
    matter = books.register(an_intake())
    books.act(matter, "accept_case", after=1)
    admin = await administrator(readers)

    async def lacks(unit: str) -> str:
        page = (await admin.get("/units")).text
        row = re.search(rf'<tr><th scope="row">{unit}</th>.*?</tr>', page, re.DOTALL)
        assert row, unit
        cell = re.search(r'data-l="缺什么">(.*?)</td>', row[0], re.DOTALL)
        assert cell
        return re.sub("<[^>]+>", "", cell[1])

    assert await lacks(TAX) == "没有能登录的人，名下有 1 项未办"
    await readers.at(TAX, Role.HEAD, login="head")
    assert await lacks(TAX) == "不缺"
    await readers.at("县医保局", Role.OFFICER, login="someone")
    ended = text("UPDATE posts SET ended_at = now() WHERE unit = '县医保局' AND role = 'head'")
    with readers.ledger.engine.begin() as connection:
        connection.execute(ended)
    assert await lacks("县医保局") == "没有负责人"
    new, _ = accounts.create(readers.ledger, readers.county.admin, "to-come", "应到任", hours=1)
    readers.county.grant(new, Role.HEAD, "县医保局")
    assert await lacks("县医保局") == "负责人还不能登录：应到任的账号待开通"
    page = (await admin.get("/units")).text
    assert "0000-0000001" in page
    assert "国家税务总局偏关县税务局局长" in page


SAID = frozenset(
    {
        "AES",
        "SHA",
        "SM",
        "Temporal",
        "PostgreSQL",
        "https",
        "http",
        "Standard",
        "Webhooks",
        "Excel",
        "PDF",
        "N",
    }
)
"""Names that an administrator meets elsewhere too."""


def foreign(page: str) -> set[str]:
    """The words of no Chinese sentence that a page says: neither commands to run (``code``) nor numbers of things."""
    (main,) = re.findall(r"<main.*?</main>", page, re.DOTALL)
    said = re.sub(
        r"<code>.*?</code>|<(?:script|style).*?</(?:script|style)>|<[^>]+>", " ", main, flags=re.DOTALL
    )
    words = re.findall(r"[\w./+=-]*[A-Za-z][\w./+=-]*", said, re.ASCII)
    return {word for word in words if not re.search(r"\d", word) and word not in SAID}


async def test_an_administrator_reads_chinese(readers: Officers, tmp_path: Path) -> None:
    check_keys(readers.ledger)
    enrol(readers.ledger, readers.county.admin, System(tmp_path))
    admin = await administrator(readers)
    form = await form_at(admin, "/keys")
    given = {**form, "unit": TAX, "client": "征管系统", "scopes": "act", "days": "30"}
    shown = {"token": await admin.post("/keys", data=given, follow_redirects=True)}
    hook = {**form, "unit": TAX, "client": "征管系统", "address": "https://10.0.0.1/", "happenings": "办结"}
    shown["refused"] = await admin.post("/webhooks", data=hook)
    shown["hook"] = await admin.post(
        "/webhooks", data={**hook, "address": "https://203.0.114.7/"}, follow_redirects=True
    )
    for address in (*PAGES, "/webhooks", "/accounts"):
        shown[address] = await admin.get(address)
    for name, page in shown.items():
        assert page.status_code in (200, 422), name
        secret = set(re.findall(r"<strong>((?:whsec_|fq_)[^<]+)</strong>", page.text))
        assert foreign(page.text) - secret - {"admin", "administrator-", "head-", "test"} == set(), name
        assert not [each.value for each in Algorithm if each.value in page.text], name


@pytest.fixture
async def linked(desk: Desk, policy: Policy) -> AsyncIterator[Officers]:
    """People of an office that knows where Temporal's pages are."""
    desk.ledger.save_policy(policy)
    site = site_over(desk.ledger, policy, desk.office)
    async with AsyncExitStack() as stack:
        app = create_app(site._replace(histories=Histories("https://temporal.example", "fengqiao")))
        yield Officers(app, desk.ledger, stack)


async def test_one_looks_only_when_asked_and_nobody_is_named(
    linked: Officers, desk: Desk, intake: Make
) -> None:
    given: Intake = intake()
    receipt = await desk.office.register(given)
    admin = await administrator(linked)
    asked = await admin.get("/checkup")
    assert "运行情况" not in asked.text
    form = hidden_fields(asked.text)
    looked = await admin.post("/checkup", data=form)
    assert looked.status_code == 200
    assert "工作进程" in looked.text
    assert re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d 查看，3 个部分、1 件案件的流程；没有要处理的。", looked.text)
    assert re.search(
        r"上次检查：\d{4}-\d\d-\d\d \d\d:\d\d，没有要处理的。", (await admin.get("/checkup")).text
    )
    with desk.ledger.engine.begin() as connection:
        connection.execute(text("UPDATE disputes SET stage = '已告知'"))
    found = (await admin.post("/checkup", data=form)).text
    assert receipt.case_no in found
    assert "查询表与事件重放的结果不符" in found
    assert "fengqiao doctor --repair" in found
    assert "https://temporal.example/namespaces/fengqiao/workflows/dispute%2F" in found
    for secret in filter(None, (given.applicant.name, given.applicant.phone, given.respondents[0].name)):
        assert secret not in found
    assert entries(desk.ledger, verb="检查运行情况")
    way = await admin.get("/checkup/history", params={"case": receipt.case_no})
    assert way.status_code == 303
    assert way.headers["location"].startswith("https://temporal.example/")
    assert (await admin.get("/checkup/history", params={"case": "0999"})).status_code == 404


async def test_whoever_handles_disputes_is_not_led_to_temporals_pages(
    linked: Officers, desk: Desk, intake: Make
) -> None:
    matter = (await desk.office.register(intake())).dispute_id
    operator = await linked.at(CENTER, Role.OPERATOR)
    page = await operator.get(f"/matters/{matter}")
    assert page.status_code == 200
    assert "temporal.example" not in page.text


async def test_a_look_without_temporal_says_what_is_away(readers: Officers) -> None:
    admin = await administrator(readers)
    form = await form_at(admin, "/checkup")
    page = (await admin.post("/checkup", data=form)).text
    assert "Temporal 服务连接不上" in page
    assert "启动 Temporal" in page
    assert "/checkup/history" not in page


async def test_a_look_that_takes_too_long_says_so(readers: Officers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkup, "LONGEST_S", 0.0)
    admin = await administrator(readers)
    late = await admin.post("/checkup", data=await form_at(admin, "/checkup"))
    assert late.status_code == 504
    assert "没有查完" in late.text


async def test_the_pages_fit_and_axe_finds_nothing(
    place: Place, desk: Desk, intake: Make, tmp_path: Path
) -> None:
    await desk.office.register(intake())
    check_keys(desk.ledger)
    enrol(desk.ledger, place.officers.county.admin, System(tmp_path))
    clients.make(
        desk.ledger, place.officers.county.admin, unit=TAX, client="征管系统", scopes=[Scope.ACT], days=30
    )
    with desk.ledger.engine.begin() as connection:
        connection.execute(text("UPDATE disputes SET stage = '已告知'"))
    for script in (True, False):
        page = await place.signed_in("系统", Role.ADMINISTRATOR, script=script)
        if script:
            for address in PAGES:
                await opens_and_fits(page, place.origin + address)
        await page.goto(f"{place.origin}/checkup")
        await page.click("form[action='/checkup'] button")
        await page.wait_for_selector("text=怎样处理")
