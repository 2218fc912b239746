"""What an office has of its own: accounts, leavers, audit, statistics, the book, finding a person's matters."""

from collections.abc import Callable
from io import BytesIO

from openpyxl import load_workbook

from domain.access import Role
from domain.business_clock import BusinessClock
from domain.intake import Intake
from ledger.audit import audit_faults, entries
from ledger.connection import reading
from tests.access.test_accounts import DAY, TAX
from tests.api.conftest import CENTER, Staff, key
from tests.integration.conftest import Desk, accepted
from tests.ledger.support import Books, an_intake

Make = Callable[..., Intake]


async def test_an_account_is_made_given_a_post_and_taken_away(readers: Staff) -> None:
    admin = await readers.at("系统", Role.ADMINISTRATOR, login="second")
    head_id, head = await readers.person(TAX, Role.HEAD, login="head")
    made = (await admin.post("/accounts", json={"login": "shi", "name": "石磊"})).json()
    assert (await admin.post("/accounts", json={"login": "SHI", "name": "石磊"})).status_code == 422
    wanted = {
        "person": made["id"],
        "unit": TAX,
        "role": "officer",
        "starts": DAY.isoformat(),
        "basis": "指派单",
        "proposed_by": head_id,
    }
    assert (await admin.post("/posts", json={**wanted, "unit": "县税务句"})).json()["field"] == "unit"
    assert (await admin.post("/posts", json={**wanted, "proposed_by": None})).status_code == 422
    assert (await head.post("/posts", json=wanted)).json()["code"] == "not_your_role"
    post = (await admin.post("/posts", json=wanted)).json()
    assert (post["unit"], post["word"]) == (TAX, "部门经办人")
    lent = {**wanted, "deputy_for": post["id"], "person": head_id, "proposed_by": None}
    assert (await admin.post("/posts", json=lent)).status_code == 422, "a deputy's time has an end"
    assert "shi" in {a["login"] for a in (await head.get("/accounts")).json()}
    assert "second" not in {a["login"] for a in (await head.get("/accounts")).json()}
    assert "second" in {a["login"] for a in (await admin.get("/accounts")).json()}
    assert (await head.post(f"/accounts/{made['id']}/slips")).json()["slip"]
    assert (await head.delete(f"/posts/{post['id']}")).status_code == 204
    assert (await head.delete(f"/posts/{post['id']}")).status_code in (204, 403)
    assert (await admin.post(f"/accounts/{made['id']}/suspension")).json() == {"open": {}}
    assert (await admin.delete(f"/accounts/{made['id']}/suspension")).status_code == 200
    assert (await admin.post(f"/accounts/{made['id']}/suspension")).json() == {"open": {}}
    assert (await head.delete(f"/accounts/{made['id']}/suspension")).status_code == 403
    assert (await admin.post("/accounts/nobody/suspension")).status_code == 404


async def test_a_leavers_tasks_all_go_to_another_in_one_act(
    staff: Staff, desk: Desk, intake: Make, still: BusinessClock
) -> None:
    leaver, officer = await staff.person(TAX, login="shi")
    heir, _ = await staff.person(TAX, login="wen")
    head, admin = (
        await staff.at(TAX, Role.HEAD, login="head"),
        await staff.at("系统", Role.ADMINISTRATOR, "adm"),
    )
    matters = [await accepted(desk, intake(), still) for _ in range(2)]
    named = [{"dispute": matter, "task": "t2"} for matter in matters]
    await officer.post("/tasks/sign", json={"tasks": named}, headers=key("sign-all"))
    assert (await admin.post(f"/accounts/{leaver}/suspension")).json() == {"open": {TAX: 2}}
    done = await head.post(f"/accounts/{leaver}/leaving", json={"to": heir}, headers=key("leaving"))
    assert [t["taken"] for t in done.json()] == [True, True], done.text
    assert {staff.ledger.state(m).tasks["t2"].officer for m in matters} == {"wen某"}


async def test_the_auditor_alone_reads_the_audit_and_that_is_in_it(readers: Staff) -> None:
    auditor, officer = await readers.at("系统", Role.AUDITOR), await readers.at(TAX)
    assert (await officer.get("/audit")).status_code == 403
    page = (await auditor.get("/audit", params={"verb": "访问"})).json()
    assert [(e["object"], e["name"]) for e in page["entries"]] == [("/audit", f"officer-{TAX}某")]
    assert (await auditor.get("/audit")).json()["entries"][0]["verb"] == "查阅审计"
    assert (await auditor.get("/disputes")).status_code == 403
    with reading(readers.ledger.engine) as connection:
        assert audit_faults(connection, readers.ledger.sealer) == []


async def test_the_book_holds_what_one_may_see_and_the_audit_who_took_it(
    readers: Staff, books: Books
) -> None:
    matter = books.register(an_intake())
    books.register(an_intake("PG-2"))
    books.accept(matter)
    head, officer = await readers.at(TAX, Role.HEAD, login="head"), await readers.at(TAX)
    assert (await officer.get("/book")).status_code == 403
    taken = await head.get("/book", params={"kind": "争议"})
    rows = list(load_workbook(BytesIO(taken.content))["台账"].values)
    assert len(rows) == 2
    assert "温玉强" not in str(rows)
    (kept,) = entries(readers.ledger, verb="导出台账")
    assert (kept.entry.object, kept.entry.result) == ("争议", "成功，1 件")


async def test_a_persons_matters_are_found_by_right_and_reason_without_naming_him(
    readers: Staff, books: Books
) -> None:
    books.register(an_intake())
    center, tax = await readers.at(CENTER, Role.OPERATOR), await readers.at(TAX)
    asked = {"name": "温玉强", "reason": "来电人询问自己的案件"}
    assert len((await center.post("/search", json=asked)).json()) == 1
    assert (await tax.post("/search", json=asked)).json() == []
    assert (await center.post("/search", json={"name": "温玉强"})).status_code == 422
    assert (await center.post("/search", json={"reason": "什么也没有问"})).json()["code"] == "nobody"
    kept = entries(readers.ledger, verb="按人查找")
    assert [e.entry.result.split("；")[0] for e in kept] == ["成功，0 件", "成功，1 件"]
    assert "温玉强" not in str(kept)


async def test_matters_are_found_by_words_of_what_was_told(readers: Staff, books: Books) -> None:
    matter = books.register(an_intake(narrative="社保断了八个月"))
    center = await readers.at(CENTER, Role.OPERATOR)
    found = await center.post("/search/text", json={"text": "断了八个月"})
    assert [row["dispute_id"] for row in found.json()] == [matter]
    short = await center.post("/search/text", json={"text": "社保 断"})
    assert (short.status_code, short.json()["field"]) == (422, "text")
    (kept,) = entries(readers.ledger, verb="按内容查找")
    assert kept.entry.result == "成功，1 件"


async def test_figures_calendar_and_policy_are_read(readers: Staff, books: Books) -> None:
    books.register(an_intake())
    officer = await readers.at(TAX)
    found = (await officer.get("/statistics", params={"month": "2026-09"})).json()
    assert found["figures"][0]["definition"]
    for wrong in (
        {},
        {"month": "2026-13"},
        {"month": "2026-09", "quarter": "2026Q3"},
        {"first": "2026-09-01"},
    ):
        assert (await officer.get("/statistics", params=wrong)).json()["code"] == "no_period"
    assert (await officer.get("/calendar")).json()["off"]
    assert (await officer.get("/policy")).json()["rights"]["roles"]["officer"]["basis"]
