"""审计: who did what, told with the account; and that somebody asked for a matter that he may not know of."""

import pytest

from api.app import PREFIX
from domain.access import Role
from domain.machines import Scope
from ledger import clients
from ledger.audit import Kept, audit_faults, entries
from ledger.connection import reading
from tests.access.test_accounts import HRSS, TAX
from tests.access.test_routes import operations
from tests.api.conftest import CENTER, Staff, key
from tests.ledger.support import Books, an_intake

REFUSED = "无权查看"


def attempts(readers: Staff) -> list[Kept]:
    """What is in the audit of matters asked for in vain."""
    return [kept for kept in entries(readers.ledger, verb="访问") if kept.entry.result == REFUSED]


async def test_an_entry_says_who_it_was_and_one_reads_what_somebody_did(readers: Staff, books: Books) -> None:
    matter = books.register(an_intake())
    books.accept(matter)
    auditor, (person, officer) = await readers.at("系统", Role.AUDITOR), await readers.person(TAX)
    for n in range(3):
        look = {"whose": "parties", "reason": "电话核实欠费月份"}
        seen = await officer.post(f"/disputes/{matter}/looks", json=look, headers=key(f"look-{n}"))
        assert seen.status_code == 200, seen.text
    search = {"name": "温玉强", "reason": "核对是不是重复反映"}
    assert (await officer.post("/search", json=search)).status_code == 200
    assert (await officer.get("/audit")).status_code == 403
    asked = {"person": person, "verb": "查看身份信息"}
    found = (await auditor.get("/audit", params=asked)).json()["entries"]
    who = {(e["login"], e["name"], e["unit"], e["role"]) for e in found}
    assert (len(found), who) == (3, {(f"officer-{TAX}", f"officer-{TAX}某", TAX, "部门经办人")})
    every = (await auditor.get("/audit", params={"person": person})).json()["entries"]
    assert {e["verb"]: e["succeeded"] for e in every} == {
        "访问": False,
        "按人查找": True,
        "查看身份信息": True,
        "登录": True,
        "开通账号": True,
    }


async def test_a_units_system_is_told_as_what_it_is(readers: Staff, books: Books) -> None:
    matter = books.register(an_intake())
    admin = readers.county.admin
    _, token = clients.make(
        readers.ledger, admin, unit=HRSS, client="人社系统", scopes=[Scope.READ_OWN], days=1
    )
    system = await readers.browser()
    system.headers["Authorization"] = f"Bearer {token}"
    assert (await system.get(f"/disputes/{matter}")).status_code == 404
    (kept,) = attempts(readers)
    assert kept.who == (f"接口/{HRSS}/人社系统", "人社系统", HRSS, "接口")
    (first, *_) = entries(readers.ledger, verb="首次开通")
    assert first.who is None, "nobody had signed in"


async def test_whoever_asks_for_a_matter_that_he_may_not_know_of_is_in_the_audit_once(
    readers: Staff, books: Books
) -> None:
    matter = books.register(an_intake())
    case_no = readers.ledger.state(matter).case_no
    stranger, center = await readers.at(HRSS), await readers.at(CENTER, Role.OPERATOR)
    paths = [path for method, path in operations(readers) if method == "GET" and "/disputes/{matter}" in path]
    asked = 0
    for path in paths:
        if path.endswith("/pdf"):
            continue  # there is nothing here that makes one, which is said first
        rest = path.removeprefix(PREFIX).replace("{task}", "t1").replace("{key}", "test-none")
        rest = rest.replace("{no}", "1").replace("{sha256}", "0" * 64)
        more = {"kind": "accept_case", "moment": "2030-01-01T00:00:00+08:00"}
        missing = await stranger.get(rest.replace("{matter}", "no-such-matter"), params=more)
        assert len(attempts(readers)) == asked, f"{path}: what is not there is no attempt"
        for ref in (matter, case_no):
            hidden = await stranger.get(rest.replace("{matter}", ref), params=more)
            assert (hidden.status_code, hidden.text) == (404, missing.text), path
            asked += 1
            found = attempts(readers)
            assert len(found) == asked, path
            assert found[0].entry.object == case_no
            assert found[0].who
            assert found[0].who.unit == HRSS
    assert asked > 15
    assert (await center.get(f"/disputes/{matter}")).status_code == 200
    assert len(attempts(readers)) == asked, "whoever may see it makes no attempt"
    with reading(readers.ledger.engine) as connection:
        assert audit_faults(connection, readers.ledger.sealer) == []


@pytest.mark.parametrize("number", [1, 5])
async def test_several_asked_for_in_one_request_are_one_entry(
    readers: Staff, books: Books, number: int
) -> None:
    matters = [books.register(an_intake(f"PG-{n}")) for n in range(number)]
    stranger = await readers.at(HRSS)
    tasks = [{"dispute": matter, "task": "t1"} for matter in [*matters, "no-such-matter"]]
    said = await stranger.post("/tasks/sign", json={"tasks": tasks}, headers=key("several"))
    assert {(one["code"], one["said"]) for one in said.json()} == {
        ("nothing", "没有可看的内容。可能链接有误，或不在您的权限之内。")
    }
    (kept,) = attempts(readers)
    assert kept.entry.object.endswith(" 等 5 件") is (number == 5)
