"""Registering over HTTP: a form, a ticket, an export; the receipt's code; what looks alike."""

import json
import tempfile
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx

from api.app import create_app
from domain.access import Role
from domain.intake import Intake
from domain.machines import Scope
from domain.masking import names_somebody
from domain.persons import By
from domain.policy import Policy
from ledger import accounts, clients
from ledger.access_tables import lookup_tries
from ledger.codes import WRONG_BY_ADDRESS
from ledger.store import Ledger
from tests.access.test_accounts import DAY, TAX
from tests.api.conftest import CENTER, Staff, site_over
from tests.ledger.support import Books, an_intake

Make = Callable[..., Intake]


def body(intake: Intake) -> dict[str, Any]:
    return intake.model_dump(mode="json", by_alias=True)


async def test_a_matter_is_registered_once_and_its_code_looks_it_up(staff: Staff, intake: Make) -> None:
    operator, citizen = await staff.at(CENTER, Role.OPERATOR), await staff.browser()
    given = intake()
    made = await operator.post("/registrations", json=body(given))
    assert made.status_code == 201, made.text
    receipt = made.json()
    assert (receipt["registered"], receipt["known_before"], receipt["stage"]) == (True, False, "待初审")
    again = await operator.post("/registrations", json=body(given))
    assert (again.status_code, again.json()["case_no"]) == (200, receipt["case_no"])
    other = await operator.post(
        "/registrations", json=body(intake(source_no=given.source_no, narrative="另一件"))
    )
    assert (other.status_code, other.json()["code"], other.json()["field"]) == (
        422,
        "number_taken",
        "source_no",
    )
    for code in (receipt["query_code"], receipt["query_code"].lower().replace("-", " ")):
        seen = await citizen.post("/lookup", json={"code": code})
        assert seen.json()["stage"] == "待初审"
        assert (seen.json()["with"], seen.json()["registered_on"]) == (CENTER, "2026-09-03")
        assert "测试甲" not in seen.text
        assert given.source_no not in seen.text


def registered_by(staff: Staff, matter: str) -> tuple[str, str, By | None]:
    """Unit, officer and account of a matter's first event."""
    first = staff.ledger.events(matter)[0]
    assert first.fact.type == "registered"
    return first.unit, first.officer, first.by


async def test_the_record_says_who_registered_and_that_is_no_handling(staff: Staff, intake: Make) -> None:
    person, operator = await staff.person(CENTER, Role.OPERATOR)
    (post,) = accounts.posts_of(staff.ledger, person, DAY)
    given = intake()
    made = (await operator.post("/registrations", json=body(given))).json()
    whole = (CENTER, f"operator-{CENTER}某", By(person=person, post=post.id))
    assert registered_by(staff, made["id"]) == whole
    assert staff.ledger.state(made["id"]).handlers == []
    again = await staff.at(CENTER, Role.OPERATOR, "second")
    assert (await again.post("/registrations", json=body(given))).status_code == 200
    assert registered_by(staff, made["id"]) == whole
    (line, *_) = (await operator.get(f"/disputes/{made['id']}/timeline")).json()["events"]
    assert (line["unit"], line["officer"], line["account"]["person"]) == (whole[0], whole[1], person)
    columns = {**COLUMNS, "工单编号": "PG202609030021"}
    ticket = (await operator.post("/registrations/tickets", json={"columns": columns})).json()
    assert registered_by(staff, ticket["id"]) == whole


async def test_a_units_system_is_named_as_who_registered(staff: Staff, intake: Make) -> None:
    admin = staff.county.admin
    scopes = [Scope.REGISTER]
    _, token = clients.make(staff.ledger, admin, unit=TAX, client="税务征管系统", scopes=scopes, days=1)
    system = await staff.browser()
    del system.headers["Origin"]
    system.headers["Authorization"] = f"Bearer {token}"
    given = intake(received_by=TAX, channel="成员单位移送")
    made = await system.post("/registrations", json=body(given))
    assert made.status_code == 201, made.text
    unit, officer, by = registered_by(staff, made.json()["id"])
    assert (unit, officer, by and by.client) == (TAX, "税务征管系统", "税务征管系统")


async def test_a_number_that_cannot_be_right_is_told_at_its_field_without_it(
    staff: Staff, intake: Make
) -> None:
    operator = await staff.at(CENTER, Role.OPERATOR)
    for field, changes in (
        ("applicant.id_number", {"applicant": {"name": "测试甲", "id_number": "142234197801018818"}}),
        ("applicant.phone", {"applicant": {"name": "测试甲", "phone": "142234197"}}),
        ("respondents.0.uscc", {"respondents": [{"name": "某厂", "uscc": "142234197MA0000074"}]}),
    ):
        refused = await operator.post("/registrations", json=body(intake(**changes)))
        said = refused.json()
        assert (refused.status_code, said["code"], said["field"]) == (422, "wrong_number", field)
        assert "142234197" not in refused.text
    excused = body(intake(applicant={"name": "测试甲", "phone": "1"})) | {"unconfirmed": ["applicant.phone"]}
    refused = (await operator.post("/registrations", json=excused)).json()
    assert (refused["code"], refused["field"]) == ("not_asked", "unconfirmed")
    kept = body(intake(applicant={"anonymous": True, "withheld": True}))
    refused = (await operator.post("/registrations", json=kept)).json()
    assert (refused["code"], refused["field"]) == ("not_asked", "applicant.withheld")


async def test_what_is_unlikely_is_named_in_the_answer_and_what_cannot_be_is_refused(
    staff: Staff, intake: Make
) -> None:
    operator = await staff.at(CENTER, Role.OPERATOR)
    many = intake(applicant={"name": "测试甲", "headcount": 600})
    made = (await operator.post("/registrations", json=body(many))).json()
    assert "applicant.headcount" in [caution["field"] for caution in made["cautions"]]
    later = intake(claims=[{"no": 1, "insurance": "养老", "period": {"to": "2130-01"}}])
    refused = await operator.post("/registrations", json=body(later))
    assert (refused.status_code, refused.json()["field"]) == (422, "claims.0.period")
    too_many = body(intake()) | {"applicant": {"name": "测试甲", "headcount": 9_999_999_999}}
    assert (await operator.post("/registrations", json=too_many)).status_code == 422


async def test_a_matter_is_received_by_the_unit_that_signed_in(staff: Staff, intake: Make) -> None:
    officer, supervisor = await staff.at(TAX), await staff.at("县委政法委", Role.SUPERVISOR)
    assert (await supervisor.post("/registrations", json=body(intake()))).status_code == 403
    forged = await officer.post("/registrations", json=body(intake(received_by=CENTER)))
    assert (forged.status_code, forged.json()["field"]) == (422, "received_by")
    own = await officer.post("/registrations", json=body(intake(received_by=TAX, channel="来访")))
    assert own.status_code == 201, own.text


COLUMNS = {
    "工单编号": "PG202609030001",
    "来电时间": "2026-09-03 08:30:00",
    "来电人": "测试丙",
    "来电号码": "19900000003",
    "诉求内容": "偏关县测试木器厂三个月养老保险报了没有缴，请催缴。",
}


async def test_a_ticket_of_the_hotline_is_read_as_its_export_is(staff: Staff) -> None:
    operator = await staff.at(CENTER, Role.OPERATOR)
    for status in (201, 200):
        made = await operator.post("/registrations/tickets", json={"columns": COLUMNS})
        assert made.status_code == status, made.text
    d = staff.ledger.state(made.json()["id"])
    assert (d.facts.channel, d.facts.applicant.name) == ("12345热线", "测试丙")
    wrong = await operator.post("/registrations/tickets", json={"columns": {**COLUMNS, "工单编号": ""}})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "unreadable_ticket")
    wrong = await operator.post("/registrations/tickets", json={"columns": {"甲": "乙"}})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "unreadable_file")
    assert tempfile.gettempdir() not in wrong.text


def an_export() -> bytes:
    first = {**COLUMNS, "工单编号": "PG202609030011"}
    rows = [first, {**COLUMNS, "工单编号": "PG202609030012", "来电人": "测试丁", "来电号码": "19900000004"}]
    rows.append({**COLUMNS, "工单编号": ""})
    lines = [",".join(COLUMNS), *(",".join(row.values()) for row in rows)]
    return "\n".join(lines).encode()


async def lines(who: httpx.AsyncClient, **asked: str) -> list[dict[str, Any]]:
    answer = await who.post(
        "/registrations/batches", params={"name": "导出.csv", **asked}, content=an_export()
    )
    assert answer.status_code == 200, answer.text
    return [json.loads(line) for line in answer.text.splitlines()]


async def test_an_export_is_registered_row_by_row_and_once(staff: Staff, tmp_path: Path) -> None:
    operator = await staff.at(CENTER, Role.OPERATOR)
    first, *checked, last = await lines(operator, check="true")
    assert (first["rows"], len(checked), last["done"]["filed"]) == (3, 3, {})
    for filing in ("新登记", "此前已登记"):
        _, *rows, last = await lines(operator)
        assert "done" in last, last
        assert [row["filing"] for row in rows] == [filing, filing, "退回"]
        assert last["done"]["filed"][filing] == 2
        found = {staff.ledger.find(row["case_no"]) for row in rows if row["case_no"]}
        assert {registered_by(staff, matter)[1] for matter in found if matter} == {f"operator-{CENTER}某"}
        assert "测试丁" not in str(rows)
    back = await operator.post("/registrations/rejected", params={"name": "导出.csv"}, content=an_export())
    assert back.content.startswith(b"PK")
    long = {"name": "导出" * 50 + ".csv"}
    back = await operator.post("/registrations/rejected", params=long, content=an_export())
    assert back.content.startswith(b"PK"), "a name that is longer in bytes than a file system takes"
    officer = await staff.at(TAX)
    refused = await officer.post("/registrations/batches", params={"name": "导出.csv"}, content=b"x")
    assert refused.status_code == 403
    assert (
        await operator.post("/registrations/batches", params={"name": "../导出.csv"}, content=b"")
    ).status_code == 422


async def test_what_looks_alike_is_proposed_to_whoever_may_see_it(readers: Staff, books: Books) -> None:
    matter = books.register(an_intake())
    given = body(an_intake())
    typed = {
        "name": "温玉强",
        "phone": "19900001234",
        "respondents": given["respondents"],
        "claims": given["claims"],
    }
    operator, stranger = await readers.at(CENTER, Role.OPERATOR), await readers.at("县水务局")
    (hint,) = (await operator.post("/registrations/likely", json=typed)).json()
    assert (hint["case_no"], "单位一致" in hint["basis"]) == (readers.ledger.state(matter).case_no, True)
    assert (await stranger.post("/registrations/likely", json=typed)).json() == []
    assert (await operator.post("/registrations/likely", json={})).json() == []


async def test_a_wrong_code_is_answered_alike_and_not_for_long(readers: Staff) -> None:
    citizen = await readers.browser()
    answers = [
        await citizen.post("/lookup", json={"code": c}) for c in ("x", "0000-0000-0000-0000", "查询码")
    ]
    assert len({(a.status_code, a.content) for a in answers}) == 1
    for _ in range(WRONG_BY_ADDRESS):
        last = await citizen.post("/lookup", json={"code": "wrong"})
    assert last.status_code == 429
    assert int(last.headers["retry-after"]) > 0
    with readers.ledger.engine.begin() as connection:
        kept = connection.execute(lookup_tries.select()).all()
    assert [row.what for row in kept] == ["address 10.0.0.7"]
    assert not names_somebody(kept[0].what)


async def test_a_request_too_large_is_refused_as_a_problem(readers: Staff) -> None:
    citizen = await readers.browser()
    large = await citizen.post("/lookup", content=b'{"code":"' + b"x" * 2_000_000 + b'"}')
    assert large.status_code == 413
    assert large.json()["code"] == "too_large"
    assert large.headers["content-type"] == "application/problem+json"


async def test_a_county_without_rules_for_its_hotline_is_told_so(kept: Ledger, policy: Policy) -> None:
    async with AsyncExitStack() as stack:
        site = site_over(kept, policy)._replace(tickets=None)
        operator = await Staff(create_app(site), kept, stack).at(CENTER, Role.OPERATOR)
        refused = await operator.post("/registrations/tickets", json={"columns": {"工单编号": "1"}})
    assert (refused.status_code, refused.json()["code"]) == (501, "no_hotline_rules")
