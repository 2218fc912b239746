"""账号 by the pages: accounts and posts by the administrator, leavers by the head, refusals at the fields."""

import re

from domain.access import Role
from ledger import accounts
from tests.access.test_accounts import DAY, HRSS, TAX
from tests.console.conftest import Officers, form_at, hidden_fields


async def test_an_account_is_made_opened_given_a_post_and_closed(readers: Officers) -> None:
    admin = await readers.at("系统", Role.ADMINISTRATOR, "second")
    head = readers.head(TAX)
    form = await form_at(admin, "/accounts")
    empty = await admin.post("/accounts", data={**form, "login": "a b", "name": ""})
    assert empty.status_code == 422
    assert 'href="#login"' in empty.text
    assert 'id="name-e"' in empty.text
    slip = await admin.post("/accounts", data={**form, "login": "shi", "name": "石磊"})
    assert slip.status_code == 200
    found = re.search(r"凭条</th><td><strong>([^<]+)</strong>", slip.text)
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
        ({"unit": "没有的局", "proposed_by": head}, "unit"),
        ({}, "proposed_by"),
        ({"starts": "昨天", "proposed_by": head}, "starts"),
    ):
        refused = await admin.post(f"{place}/posts", data={**form, **post, **wrong})
        assert refused.status_code == 422
        assert f'id="{at}-e"' in refused.text
        assert "税办〔2026〕3号" in refused.text
    done = await admin.post(f"{place}/posts", data={**form, **post, "proposed_by": head})
    assert done.status_code == 303, done.text
    assert "已授予县税务局部门经办人岗位" in (await admin.get(done.headers["location"])).text
    closed = await admin.post(f"{place}/suspension", data=form)
    assert "账号已停用；名下没有未办结的事" in (await admin.get(closed.headers["location"])).text


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
