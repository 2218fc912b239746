"""The desk over HTTP."""

from collections.abc import Callable

from domain.access import Role
from domain.business_clock import BusinessClock
from domain.intake import Intake
from tests.access.test_accounts import TAX
from tests.api.conftest import CENTER, Staff, key
from tests.integration.conftest import Desk, accepted
from tests.ledger.support import Books, an_intake

Make = Callable[..., Intake]


async def test_mine_my_units_and_all(readers: Staff, books: Books) -> None:
    matter = books.register(an_intake())
    books.register(an_intake("PG-2"))
    books.act(matter, "accept_case", after=1)
    books.act(matter, "sign_for", f"{TAX}/shi某", after=2)
    mine, other = await readers.at(TAX, login="shi"), await readers.at(TAX, login="wen")
    stranger, overseer = await readers.at("县水务局"), await readers.at("县委政法委", Role.SUPERVISOR)

    async def kinds(who: object, **asked: str) -> list[str]:
        page = (await who.get("/tasks", params=asked)).json()  # type: ignore[attr-defined]
        return [task["kind"] for task in page["tasks"]]

    assert await kinds(mine, whose="mine") == ["handle"]
    assert await kinds(other, whose="mine") == []
    assert await kinds(other, whose="unit") == await kinds(other, whose="all", tab="办理中") == ["handle"]
    assert await kinds(stranger, whose="all") == []
    assert sorted(await kinds(overseer, whose="all")) == ["handle", "triage"]
    counted = (await mine.get("/tasks/counts", params={"whose": "mine"})).json()
    assert counted["办理中"] == {"number": 1, "more": False}
    assert (await mine.get("/tasks", params={"tab": "没有"})).status_code == 422


async def test_what_is_given_to_all_of_one_name_is_on_the_desk_of_each(readers: Staff, books: Books) -> None:
    lead = books.register(an_intake(kind="线索"))
    books.act(lead, "assign_lead", units=["网格员"])
    here, tax = await readers.at("天峰坪镇网格员", Role.GRID), await readers.at(TAX)
    for whose in ("mine", "unit", "all"):
        page = (await here.get("/tasks", params={"whose": whose})).json()
        assert [task["kind"] for task in page["tasks"]] == ["lead_check"], whose
        assert (await tax.get("/tasks", params={"whose": whose})).json()["tasks"] == []


async def test_somebody_of_the_unit_has_looked(readers: Staff, books: Books) -> None:
    matter = books.register(an_intake())
    center = await readers.at(CENTER, Role.OPERATOR)
    overseer = await readers.at("县委政法委", Role.SUPERVISOR)
    assert [t["seen"] for t in (await center.get("/tasks")).json()["tasks"]] == [False]
    assert (await overseer.post(f"/disputes/{matter}/tasks/t1/seen")).status_code == 404
    assert (await center.post(f"/disputes/{matter}/tasks/t9/seen")).status_code == 404
    for _ in range(2):
        assert (await center.post(f"/disputes/{matter}/tasks/t1/seen")).status_code == 204
    assert [t["seen"] for t in (await center.get("/tasks")).json()["tasks"]] == [True]


async def test_several_are_signed_for_at_once_and_handed_over(
    staff: Staff, desk: Desk, intake: Make, still: BusinessClock
) -> None:
    matters = [await accepted(desk, intake(), still) for _ in range(2)]
    officer, head = await staff.at(TAX, login="shi"), await staff.at(TAX, Role.HEAD, login="head")
    named = [{"dispute": matter, "task": "t2"} for matter in matters]
    wrong = {"dispute": matters[0], "task": "t9"}
    for _ in range(2):
        done = await officer.post("/tasks/sign", json={"tasks": [*named, wrong]}, headers=key("several"))
        assert [t["taken"] for t in done.json()] == [True, True, False]
        assert done.json()[2]["said"]
    person, _ = await staff.person(TAX, login="wen")
    listed = (await head.get("/me/colleagues")).json()
    assert {"id": person, "name": "wen某", "role": "部门经办人"} in listed
    over = {"tasks": named, "to": person}
    assert [
        t["code"] for t in (await officer.post("/tasks/hand-over", json=over, headers=key("over"))).json()
    ] == ["not_your_role"] * 2
    done = await head.post("/tasks/hand-over", json=over, headers=key("over-by-head"))
    assert [t["taken"] for t in done.json()] == [True, True], done.text
    assert [staff.ledger.state(m).tasks["t2"].officer for m in matters] == ["wen某"] * 2
    nobody = await head.post("/tasks/hand-over", json={**over, "to": "p"}, headers=key("over-to-nobody"))
    assert (nobody.status_code, nobody.json()["field"]) == (422, "to")
