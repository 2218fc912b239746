"""Acting over HTTP: in one's own post alone, once for each key, with what changed when it came too late."""

import asyncio
from collections.abc import Callable

import httpx
import pytest

from api import actions
from domain.access import Role
from domain.actions import FORMS
from domain.business_clock import BusinessClock
from domain.intake import Intake
from ledger.audit import entries
from tests.access.test_accounts import TAX
from tests.api.conftest import CENTER, Staff, key
from tests.integration.conftest import Desk, accepted
from tests.support.forms import filled

Make = Callable[..., Intake]


@pytest.fixture
async def matter(desk: Desk, intake: Make, still: BusinessClock) -> str:
    """A matter that waits for the tax bureau to sign for it."""
    return await accepted(desk, intake(), still)


async def do(who: httpx.AsyncClient, matter: str, kind: str, name: str, **more: object) -> httpx.Response:
    body = {"kind": kind, **more}
    return await who.post(f"/disputes/{matter}/actions", json=body, headers=key(name))


async def test_an_officer_sees_what_is_at_hand_and_does_it_in_his_own_name(staff: Staff, matter: str) -> None:
    officer = await staff.at(TAX, login="郝勤")
    at_hand = (await officer.get(f"/disputes/{matter}/offers")).json()
    assert (at_hand[0]["kind"], at_hand[0]["task"]) == ("sign_for", "t2")
    done = await do(officer, matter, "sign_for", "sign-0001", task="t2")
    assert (done.status_code, done.json()["taken"]) == (200, True)
    task = staff.ledger.state(matter).tasks["t2"]
    assert (task.unit, task.signed_by) == (TAX, "郝勤某")
    look = await officer.get(f"/disputes/{matter}/actions/test-sign-0001")
    assert look.json()["taken"] is True
    form = (
        await officer.get(f"/disputes/{matter}/form", params={"kind": "issue_disposition", "task": "t2"})
    ).json()
    assert all(field["title"] for field in form["fields"])


async def test_what_names_a_unit_or_officer_is_refused(staff: Staff, matter: str) -> None:
    officer = await staff.at(TAX)
    forged = await do(officer, matter, "sign_for", "sign-0001", unit=CENTER, officer="别人")
    assert forged.status_code == 422
    assert staff.ledger.state(matter).tasks["t2"].signed_at is None


async def test_the_same_key_is_taken_once_and_stands_for_one_action(staff: Staff, matter: str) -> None:
    officer, other = await staff.at(TAX), await staff.at(TAX, login="other")
    answers = await asyncio.gather(*(do(officer, matter, "sign_for", "sign-0001") for _ in range(5)))
    assert {a.status_code for a in answers} == {200}
    again = await do(officer, matter, "sign_for", "sign-0001")
    assert again.json()["version"] == staff.ledger.state(matter).version
    assert [e.fact.type for e in staff.ledger.events(matter)].count("acted") == 2
    passed = {"to_officer": "温静"}
    otherwise = await do(officer, matter, "reassign_officer", "sign-0001", fields=passed)
    assert (otherwise.status_code, otherwise.json()["code"]) in {(422, "key_used"), (403, "not_your_role")}
    late = await do(other, matter, "sign_for", "sign-0001")
    assert late.status_code == 409, "another's key is another key"


async def test_a_late_form_is_told_what_changed_since(staff: Staff, matter: str) -> None:
    first, second = await staff.at(TAX, login="first"), await staff.at(TAX, login="second")
    version = (await second.get(f"/disputes/{matter}")).json()["version"]
    await do(first, matter, "sign_for", "sign-0001", task="t2")
    late = await do(second, matter, "sign_for", "sign-0002", task="t2", version=version)
    assert late.status_code == 409
    problem = late.json()
    assert problem["detail"]
    assert [e["officer"] for e in problem["changed"] if e["type"] == "acted"] == ["first某"]


async def test_a_form_that_is_old_but_not_late_is_taken(staff: Staff, matter: str) -> None:
    officer = await staff.at(TAX)
    version = (await officer.get(f"/disputes/{matter}")).json()["version"]
    await do(officer, matter, "sign_for", "sign-0001", task="t2")
    material = {"materials": [{"name": "工资流水"}], "given_by": "申请人"}
    fields = filled("receive_material", **material).model_dump(
        mode="json", exclude={"kind"}, exclude_none=True
    )
    done = await do(officer, matter, "receive_material", "material-1", fields=fields, version=version)
    assert done.status_code == 200, done.text


async def test_an_action_may_hold_for_one_version_alone(staff: Staff, matter: str) -> None:
    first, second = await staff.at(TAX, login="first"), await staff.at(TAX, login="second")
    seen = (await second.get(f"/disputes/{matter}")).headers["etag"]
    form = await second.get(f"/disputes/{matter}/form", params={"kind": "sign_for", "task": "t2"})
    assert form.headers["etag"] == (await second.get(f"/disputes/{matter}/offers")).headers["etag"] == seen

    async def signs(who: httpx.AsyncClient, name: str, tag: str) -> httpx.Response:
        body = {"kind": "sign_for", "task": "t2"}
        return await who.post(
            f"/disputes/{matter}/actions", json=body, headers={**key(name), "If-Match": tag}
        )

    for wrong in ('"99999"', f"W/{seen}", "nothing", '"1", "x"'):
        refused = await signs(first, "sign-0000", wrong)
        assert (refused.status_code, refused.json()["code"]) == (412, "changed")
        assert refused.headers["etag"] == seen
    assert staff.ledger.state(matter).tasks["t2"].signed_at is None
    done = await signs(first, "sign-0001", f'"1", {seen}')
    assert done.status_code == 200, done.text
    assert (await signs(first, "sign-0001", seen)).status_code == 200, "taken already, whatever came since"
    late = await signs(second, "sign-0002", seen)
    assert late.status_code == 412
    assert [e["officer"] for e in late.json()["changed"] if e["type"] == "acted"] == ["first某"]
    assert late.headers["etag"] == (await second.get(f"/disputes/{matter}")).headers["etag"]


async def test_a_faulty_form_names_each_field_with_what_is_wrong(staff: Staff, matter: str) -> None:
    officer = await staff.at(TAX)
    faulty = await do(
        officer, matter, "request_extension", "extend-01", fields={"span": "很久", "elsewhere": 1}
    )
    assert faulty.status_code == 422
    assert faulty.headers["content-type"] == "application/problem+json"
    problems = {p["name"]: p for p in faulty.json()["problems"]}
    assert problems["span"]["field"] == "延长时间"
    assert problems["clock"]["reason"] == "缺少此项，请补填"
    assert "没有此项" in problems["elsewhere"]["reason"]
    assert "很久" not in faulty.text


async def test_a_role_that_may_not_is_refused_and_a_stranger_learns_nothing(
    staff: Staff, matter: str
) -> None:
    head, stranger = await staff.at(TAX, Role.HEAD), await staff.at("县水务局")
    refused = await do(head, matter, "issue_disposition", "dispose-1", fields=_disposition())
    assert (refused.status_code, refused.json()["code"]) == (403, "not_your_role")
    for matter_ in (matter, "12345热线-none"):
        hidden = await do(stranger, matter_, "sign_for", "sign-0001")
        assert (hidden.status_code, hidden.json()["code"]) == (404, "nothing")
    admin = await staff.at("系统", Role.ADMINISTRATOR, login="second-admin")
    assert (await do(admin, matter, "sign_for", "sign-0001")).status_code == 403


def _disposition() -> dict[str, object]:
    return filled("issue_disposition").model_dump(mode="json", exclude={"kind"}, exclude_none=True)


@pytest.mark.parametrize("kind", ["absorb_source", "no_such"])
async def test_what_is_no_action_of_an_officers_is_none(staff: Staff, matter: str, kind: str) -> None:
    officer = await staff.at(TAX)
    assert (await do(officer, matter, kind, "nothing-1")).json()["code"] == "no_such_action"
    assert (await officer.get(f"/disputes/{matter}/form", params={"kind": kind})).status_code == 422
    assert FORMS["absorb_source"].internal


async def test_without_a_key_nothing_is_done(staff: Staff, matter: str) -> None:
    officer = await staff.at(TAX)
    refused = await officer.post(f"/disputes/{matter}/actions", json={"kind": "sign_for"})
    assert refused.status_code == 422
    assert "dempotency-" in refused.text


async def test_an_action_that_waits_for_the_database_is_received_and_not_lost(
    staff: Staff, matter: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = await staff.at(TAX)
    monkeypatch.setattr(actions, "ANSWERS_WITHIN", 0.0)
    received = await do(officer, matter, "sign_for", "sign-0001", task="t2")
    assert received.status_code == 202
    place = received.headers["location"]
    async with asyncio.timeout(30):
        while not (await officer.get(f"http://desk.example{place}")).json()["taken"]:
            await asyncio.sleep(0.05)
    assert staff.ledger.state(matter).tasks["t2"].signed_by


async def test_a_look_at_identities_needs_right_and_reason_and_is_kept_twice(
    staff: Staff, matter: str
) -> None:
    officer, supervisor = await staff.at(TAX), await staff.at("县委政法委", Role.SUPERVISOR)

    async def look(who: httpx.AsyncClient, name: str, reason: str) -> httpx.Response:
        body = {"whose": "parties", "reason": reason}
        return await who.post(f"/disputes/{matter}/looks", json=body, headers=key(name))

    seen = await look(officer, "look-0001", "电话核实欠费月份")
    assert seen.json()["applicant"]["name"] == "测试甲"
    assert (await look(officer, "look-0002", "看看")).status_code == 422
    named = await look(officer, "look-0004", "测试甲打电话 13812345678 问")
    assert (named.status_code, named.json()["field"]) == (422, "reason")
    assert (await look(supervisor, "look-0003", "督办需要了解")).status_code == 403
    told = [e.fact.type for e in staff.ledger.events(matter)]
    assert told.count("viewed") == 1
    kept = [k.entry for k in entries(staff.ledger, verb="查看身份信息")]
    assert [e.succeeded for e in kept] == [False, False, False, True]
    assert not any("测试甲" in e.result for e in kept)
    assert {e.object for e in kept} == {staff.ledger.state(matter).case_no}
