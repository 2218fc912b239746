"""账号 by the pages: accounts and posts by the administrator, leavers by the head, refusals at the fields."""

import re

import pytest

from domain.access import Role
from domain.machines import Scope
from domain.posts import roles_in
from domain.webhooks import Happening
from ledger import accounts, clients, webhooks
from tests.access.test_accounts import DAY, HRSS, POLICY, TAX
from tests.console.conftest import Officers, form_at, hidden_fields


async def test_an_account_is_made_opened_given_a_post_and_closed(readers: Officers) -> None:
    admin = await readers.at("系统", Role.ADMINISTRATOR, "second")
    head = readers.head(TAX)
    form = await form_at(admin, "/accounts")
    empty = await admin.post("/accounts", data={**form, "login": "a b", "name": ""})
    assert empty.status_code == 422
    assert 'href="#login"' in empty.text
    assert 'id="name-e"' in empty.text
    made = await admin.post("/accounts", data={**form, "login": "shi", "name": "石磊"})
    assert made.status_code == 303
    slip = await admin.get(made.headers["location"])
    assert (await admin.get(made.headers["location"])).text == slip.text
    found = re.search(r"号码</th><td><strong>([^<]+)</strong>", slip.text)
    assert found
    assert found[1] not in (await admin.get("/accounts")).text
    again = await admin.post("/accounts", data={**form, "login": "shi", "name": "石磊"})
    assert again.status_code == 422
    assert "已有人用过" in again.text
    assert 'id="login-e"' in again.text
    person = accounts.use_slip(readers.ledger, found[1], "hash", "10.0.0.3").id
    place = f"/accounts/{person}"
    post = {"unit": TAX, "role": "officer", "starts": DAY.isoformat(), "basis": "税办〔2026〕3号"}
    form = await form_at(admin, place)
    for wrong, at in (
        ({}, "proposed_by"),
        ({"starts": "昨天", "proposed_by": head}, "starts"),
        ({"ends": "2020-01-01", "proposed_by": head}, "ends"),
        ({"role": "government", "proposed_by": head}, "role"),
    ):
        refused = await admin.post(f"{place}/posts", data={**form, **post, **wrong})
        assert refused.status_code == 422
        assert f'id="{at}-e"' in refused.text
        assert "税办〔2026〕3号" in refused.text
    done = await admin.post(f"{place}/posts", data={**form, **post, "proposed_by": head})
    assert done.status_code == 303, done.text
    assert "已授予县税务局部门经办人岗位" in (await admin.get(done.headers["location"])).text
    twice = await admin.post(f"{place}/posts", data={**form, **post, "proposed_by": head})
    assert 'id="role-e"' in twice.text
    assert "不必再授予" in twice.text


def options(page: str, name: str) -> list[str]:
    """What a field offers, whether by circles or by a list."""
    listed = re.search(rf'<select id="{name}".*?</select>', page, re.DOTALL)
    if listed:
        return re.findall(r'<option value="([^"]+)"', listed[0])
    return re.findall(rf'type="radio" name="{name}" value="([^"]+)"', page)


@pytest.mark.parametrize("unit", [TAX, "县综治中心", "天峰坪镇网格员", "系统"])
async def test_a_unit_s_roles_and_open_heads_are_all_that_is_offered(readers: Officers, unit: str) -> None:
    admin = await readers.at("系统", Role.ADMINISTRATOR, "second")
    person = readers.county.person("shi")
    page = await admin.get(f"/accounts/{person}")
    assert options(page.text, "role") == [], "the unit is asked for first"
    heads: list[str] = []
    if unit != "系统":
        invited, _ = accounts.create(readers.ledger, readers.county.admin, "to-come", "应到任", hours=1)
        readers.county.grant(invited, Role.HEAD, unit)
        page = await admin.get(f"/accounts/{person}", params={"unit": unit})
        assert options(page.text, "role") == ["head"], "nobody can propose anybody else yet"
        assert "还没有账号已开通的负责人" in page.text
        heads = [readers.head(unit)]
    page = await admin.get(f"/accounts/{person}", params={"unit": unit})
    assert options(page.text, "role") == [role.value for role in roles_in(unit, POLICY)]
    assert options(page.text, "proposed_by") == heads
    given = {**hidden_fields(page.text), "starts": DAY.isoformat(), "basis": "任命〔2026〕1号"}
    for role in roles_in(unit, POLICY):
        proposed = {"proposed_by": heads[0]} if heads else {}
        somebody = readers.county.person(f"one-{role}")
        done = await admin.post(f"/accounts/{somebody}/posts", data={**given, "role": role.value, **proposed})
        assert done.status_code == 303, done.text


@pytest.mark.parametrize("unit", ["县卫建局", "申请人", "没有的局", ""])
async def test_a_unit_in_which_nobody_serves_is_refused_at_its_field(readers: Officers, unit: str) -> None:
    admin = await readers.at("系统", Role.ADMINISTRATOR, "second")
    place = f"/accounts/{readers.county.person('shi')}"
    form = await form_at(admin, place)
    given = {**form, "unit": unit, "role": "head", "starts": DAY.isoformat(), "basis": "任命〔2026〕1号"}
    answers = [await admin.post(f"{place}/posts", data=given)]
    answers += [await admin.get(place, params={"unit": unit})] if unit else []
    for refused in answers:
        assert refused.status_code == 422
        assert 'id="unit-e"' in refused.text
        assert f'value="{unit}"' in refused.text
    for where in ("/webhooks", "/keys"):
        assert unit not in options((await admin.get(where)).text, "unit")


async def test_a_unit_that_nobody_named_before_is_looked_at_twice(readers: Officers) -> None:
    admin = await readers.at("系统", Role.ADMINISTRATOR, "second")
    place = f"/accounts/{readers.county.person('shi')}"
    warned = await admin.get(place, params={"unit": "楼沟税务分局"})
    assert "还没有人在这里任职" in warned.text
    readers.head("楼沟税务分局")
    assert "还没有人在这里任职" not in (await admin.get(place, params={"unit": "楼沟税务分局"})).text


async def test_an_account_is_closed_by_a_second_press_and_opened_again_by_a_third(
    officers: Officers, matter: str
) -> None:
    holder, theirs = await officers.person(TAX, login="holder")
    other, _ = await officers.person(TAX, login="other")
    signed = await theirs.post(
        "/desk", data={**await form_at(theirs, "/"), "t": f"{matter}|t2", "do": "sign"}
    )
    assert signed.status_code == 303
    admin = await officers.at("系统", Role.ADMINISTRATOR, "second")
    for person, said in ((holder, "名下未办结的任务：县税务局 1 项"), (other, "名下没有未办结的任务")):
        place = f"/accounts/{person}"
        page = (await admin.get(place)).text
        first = re.search(r"<summary>停用账号</summary>(.*?)</details>", page, re.DOTALL)
        assert first
        assert said in first[1]
        assert "确认停用" in first[1]
        assert page.count(f'action="{place}/suspension"') == 1
        form = hidden_fields(page)
        closed = await admin.post(f"{place}/suspension", data=form)
        page = (await admin.get(closed.headers["location"])).text
        assert f"账号已停用；{said}" in page
        assert "授予岗位" not in page
        opened = await admin.post(f"{place}/suspension/end", data=form)
        page = (await admin.get(opened.headers["location"])).text
        assert "账号已恢复" in page
        assert "确认停用" in page
        assert [p.unit for p in accounts.posts_of(officers.ledger, person, DAY)] == [TAX]


SERIOUS = re.compile(r"/(?:end|suspension)$")


async def test_nothing_is_taken_away_at_the_first_press(readers: Officers) -> None:
    """Every form by which an administrator takes something away lies behind a press that only tells what comes of it."""
    admin = await readers.at("系统", Role.ADMINISTRATOR, "second")
    person, _ = await readers.person(TAX, login="shi")
    client, _ = clients.make(
        readers.ledger, readers.county.admin, unit=TAX, client="征管系统", scopes=[Scope.ACT], days=1
    )
    hook, _ = webhooks.register(
        readers.ledger, readers.county.admin, unit=TAX, client="征管系统", address="https://tax.example.cn/x",
        happenings=[Happening.CLOSED],
    )  # fmt: skip
    found: set[str] = set()
    for place in (f"/accounts/{person}", "/keys", f"/webhooks/{hook.id}"):
        page = (await admin.get(place)).text
        behind = " ".join(re.findall(r"<details.*?</details>", page, re.DOTALL))
        for action in re.findall(r'<form action="([^"]+)" method="post"', page):
            if SERIOUS.search(action):
                found.add(action)
                assert f'action="{action}"' in behind, action
    assert {f"/accounts/{person}/suspension", f"/keys/{client.id}/end", f"/webhooks/{hook.id}/end"} <= found


async def test_a_post_is_lent_with_an_end_and_ended(readers: Officers) -> None:
    admin = await readers.at("系统", Role.ADMINISTRATOR, "second")
    first, _ = await readers.person(TAX, login="first")
    deputy, _ = await readers.person(HRSS, login="deputy")
    (lent,) = accounts.posts_of(readers.ledger, first, DAY)
    place = f"/accounts/{deputy}"
    post = {
        **await form_at(admin, place), "unit": TAX, "role": "officer", "starts": DAY.isoformat(), "basis": "休假替班",
        "proposed_by": readers.head(TAX), "deputy_for": lent.id,
    }  # fmt: skip
    endless = await admin.post(f"{place}/posts", data=post)
    assert 'id="ends-e"' in endless.text
    assert (await admin.post(f"{place}/posts", data={**post, "ends": DAY.isoformat()})).status_code == 303
    made = next(p for p in accounts.posts_of(readers.ledger, deputy, DAY) if p.deputy_for)
    ended = await admin.post(f"{place}/posts/{made.id}/end", data=post)
    assert "岗位已收回" in (await admin.get(ended.headers["location"])).text
    assert made.id not in [p.id for p in accounts.posts_of(readers.ledger, deputy, DAY)]


async def test_the_head_sees_his_own_and_hands_over_for_a_leaver(officers: Officers, matter: str) -> None:
    leaver, theirs = await officers.person(TAX, login="leaver")
    heir, _ = await officers.person(TAX, login="heir")
    stranger, _ = await officers.person(HRSS, login="stranger")
    signed = await theirs.post(
        "/desk", data={**await form_at(theirs, "/"), "t": f"{matter}|t2", "do": "sign"}
    )
    assert signed.status_code == 303
    head = await officers.at(TAX, Role.HEAD, "deputy-head")
    assert "stranger" not in (await head.get("/accounts")).text
    assert (await head.get(f"/accounts/{stranger}")).status_code == 404
    page = await head.get(f"/accounts/{leaver}")
    form = hidden_fields(page.text)
    nobody = await head.post(f"/accounts/{leaver}/leaving", data=form)
    assert nobody.status_code == 422
    assert 'href="#to' in nobody.text
    done = await head.post(f"/accounts/{leaver}/leaving", data={**form, "to": heir})
    assert "已移交 1 件，本单位岗位已收回" in (await head.get(done.headers["location"])).text
    assert officers.ledger.state(matter).tasks["t2"].officer == "heir某"
    assert (await head.post("/accounts", data={**form, "login": "x1", "name": "某"})).status_code == 403
