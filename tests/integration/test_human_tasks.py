"""Officers act: by update or by signal, twice, at once, on closed tasks, from the wrong unit."""

import asyncio
import gc
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from activities.names import workflow_id
from domain.actions import VERBS
from domain.business_clock import BusinessClock
from domain.events import AlarmFired
from domain.events import Declined as DeclinedFact
from domain.intake import Intake
from domain.tasks import TaskKind
from domain.words import SHANGHAI
from ledger.store import Ledger
from starter.office import Declined

from .conftest import Desk, accepted, act

Make = Callable[..., Intake]


async def declined_facts(ledger: Ledger, matter: str, count: int) -> list[DeclinedFact]:
    """The events of declined signals, once there are so many."""
    async with asyncio.timeout(20):
        while True:
            found = [e.fact for e in ledger.events(matter) if isinstance(e.fact, DeclinedFact)]
            if len(found) >= count:
                return found
            await asyncio.sleep(0.05)


async def test_the_same_ticket_is_one_matter(desk: Desk, intake: Make, still: BusinessClock) -> None:
    ticket = intake()
    receipts = await asyncio.gather(*(desk.office.register(ticket, clock=still) for _ in range(20)))
    assert len({(r.dispute_id, r.case_no) for r in receipts}) == 1
    assert [e.fact.type for e in desk.ledger.events(receipts[0].dispute_id)].count("registered") == 1


async def test_a_number_that_stands_for_something_else_is_not_answered_as_if_it_were_registered(
    desk: Desk, intake: Make, still: BusinessClock
) -> None:
    ticket = intake()
    first = await desk.office.register(ticket, clock=still)
    for other in ({"applicant": {"name": "测试乙"}}, {"narrative": "另一件事：医保断缴半年。"}):
        with pytest.raises(Declined, match=f"已登记为 {first.case_no}.*没有登记") as declined:
            await desk.office.register(intake(source_no=ticket.source_no, **other), clock=still)
        assert declined.value.field == "source_no"
        assert f"“{VERBS['receive_material']}”" in str(declined.value), (
            "by the name an officer finds it under"
        )
    assert desk.ledger.state(first.dispute_id).facts == ticket


async def test_what_cannot_be_right_is_asked_back_before_it_is_registered(desk: Desk, intake: Make) -> None:
    now = datetime.now(SHANGHAI)
    backwards = {"no": 1, "insurance": "养老", "period": {"from": "2026-08", "to": "2026-07"}}
    for changes, field in (
        ({"received_at": now + timedelta(days=150)}, "received_at"),
        ({"received_at": now, "claims": [backwards]}, "claims.0.period"),
    ):
        ticket = intake(**changes)
        for attempt in (desk.office.register, desk.office.begin):
            with pytest.raises(Declined, match="请核对") as declined:
                await attempt(ticket)
            assert declined.value.field == field
        assert desk.ledger.find(ticket.source_no) is None


async def test_the_same_action_is_taken_once(desk: Desk, intake: Make, still: BusinessClock) -> None:
    matter = await accepted(desk, intake(), still)
    sign = act("县税务局", "甲", "sign_for")
    await asyncio.gather(*(desk.office.act(matter, sign) for _ in range(5)))
    assert [e.action_id for e in desk.ledger.events(matter)].count(sign.id) == 2  # the action and its clock


async def test_two_officers_race_for_one_task(desk: Desk, intake: Make, still: BusinessClock) -> None:
    matter = await accepted(desk, intake(), still)
    answers = await asyncio.gather(
        *(desk.office.act(matter, act("县税务局", name, "sign_for")) for name in ("甲", "乙")),
        return_exceptions=True,
    )
    declined = [a for a in answers if isinstance(a, Declined)]
    assert len(declined) == 1
    assert declined[0].code == "already_signed"


async def test_more_than_ten_updates_at_once_are_all_answered(
    desk: Desk, intake: Make, still: BusinessClock
) -> None:
    matter = await accepted(desk, intake(), still)
    material = [
        act("申请人", "测试甲", "receive_material", materials=[{"name": f"材料{n}"}]) for n in range(25)
    ]
    await asyncio.gather(*(desk.office.act(matter, a) for a in material))
    taken = {e.action_id for e in desk.ledger.events(matter) if e.fact.type == "acted"}
    assert {a.id for a in material} <= taken


@pytest.mark.parametrize(
    ("unit", "kind", "body", "code"),
    [
        ("县医保局", "sign_for", {}, "no_task"),
        ("县医保局", "notify_result", {}, "wrong_unit"),
        ("火星局", "sign_for", {}, "unknown_unit"),
        ("县税务局", "notify_result", {}, "no_disposition"),
        ("县综治中心", "close_case", {}, "not_yet"),
        ("县综治中心", "accept_case", {}, "already_reviewed"),
    ],
)
async def test_what_may_not_be_done_is_declined_and_changes_nothing(
    desk: Desk, intake: Make, still: BusinessClock, unit: str, kind: str, body: dict[str, Any], code: str
) -> None:
    matter = await accepted(desk, intake(), still)
    before = desk.ledger.state(matter).version
    with pytest.raises(Declined) as declined:
        await desk.office.act(matter, act(unit, "某人", kind, **body))
    assert declined.value.code == code
    assert desk.ledger.state(matter).version == before


async def test_a_closed_task_cannot_be_worked_on(desk: Desk, intake: Make, still: BusinessClock) -> None:
    matter = await accepted(desk, intake(), still)
    with pytest.raises(Declined) as declined:
        await desk.office.act(matter, act("县综治中心", "甲", "sign_for", task="t1"))
    assert declined.value.code == "task_closed"


async def test_a_signal_does_what_an_update_does(desk: Desk, intake: Make, still: BusinessClock) -> None:
    matter = await accepted(desk, intake(), still)
    await desk.office.signal(matter, act("县税务局", "甲", "sign_for"))
    with pytest.raises(Declined) as declined:
        await desk.office.act(matter, act("县税务局", "乙", "sign_for"))
    assert declined.value.code == "already_signed"


async def test_a_declined_signal_is_kept_as_an_event(desk: Desk, intake: Make, still: BusinessClock) -> None:
    matter = await accepted(desk, intake(), still)
    await desk.office.signal(matter, act("县医保局", "某人", "sign_for"))
    fact = (await declined_facts(desk.ledger, matter, 1))[0]
    assert (fact.action, fact.code) == ("sign_for", "no_task")


async def test_malformed_and_unknown_signals_are_kept_and_show_no_content(
    desk: Desk, intake: Make, still: BusinessClock
) -> None:
    matter = await accepted(desk, intake(), still)
    handle = desk.client.get_workflow_handle(workflow_id(matter))
    secret = "142234198406124788"
    await handle.signal(
        "sign_for",
        {"unit": "县税务局", "officer": "甲", "id": "x", "body": {"kind": "sign_for", "身份证": secret}},
    )
    await handle.signal("sign_for", "不是动作")
    await handle.signal("sign_for", b"\x00\x01")
    await handle.signal("no_such_signal", secret)
    kept = await declined_facts(desk.ledger, matter, 4)
    assert sorted(f.code for f in kept) == ["malformed", "malformed", "malformed", "unknown_signal"]
    assert not any(secret in f.reason for f in kept)
    await desk.office.act(matter, act("县税务局", "甲", "sign_for"))  # the matter lives on


async def test_an_archived_matter_is_declined(desk: Desk, intake: Make, still: BusinessClock) -> None:
    receipt = await desk.office.register(intake(), clock=still)
    matter = receipt.dispute_id
    await desk.office.act(matter, act("县综治中心", "甲", "refuse_claims"))
    await desk.office.act(matter, act("县综治中心", "甲", "notify_refusal"))
    with pytest.raises(Declined) as declined:
        await desk.office.act(matter, act("县税务局", "甲", "sign_for"))
    assert declined.value.code == "archived"
    complaints: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, about: complaints.append(about))
    again = await desk.office.register(desk.ledger.state(matter).facts, clock=still)
    gc.collect()  # what asyncio says of an error that nobody fetched, it says when that is thrown away
    asyncio.get_running_loop().set_exception_handler(None)
    assert (again.case_no, again.known_before) == (receipt.case_no, True)
    assert complaints == []


async def test_a_registration_sent_again_is_told_apart_from_a_new_one(
    desk: Desk, intake: Make, still: BusinessClock
) -> None:
    ticket = intake()
    first = await desk.office.register(ticket, clock=still)
    again = await desk.office.register(ticket, clock=still)
    assert (first.known_before, again.known_before) == (False, True)
    assert (first.case_no, first.stage) == (again.case_no, again.stage)


async def test_an_action_after_its_deadline_finds_that_the_timers_acted_first(
    desk: Desk, intake: Make, still: BusinessClock
) -> None:
    matter = await accepted(desk, intake(), still)
    sign = next(c for c in desk.ledger.state(matter).clocks.values() if c.rule_id == "sign")
    late = sign.due_at + timedelta(hours=9)
    await desk.office.act(matter, act("县税务局", "甲", "sign_for", at=late))
    fired = [
        (e.fact.alarm, e.at)
        for e in desk.ledger.events(matter)
        if isinstance(e.fact, AlarmFired) and e.fact.clock_id == sign.id
    ]
    assert [kind for kind, _ in fired] == ["催办", "黄牌", "红牌"]
    assert fired[-1][1] == sign.due_at
    signed = desk.ledger.state(matter).clocks[sign.id]
    assert (signed.stopped_at, signed.result) == (late, "breached")


async def test_an_action_at_the_last_moment_is_in_time(
    desk: Desk, intake: Make, still: BusinessClock
) -> None:
    matter = await accepted(desk, intake(), still)
    sign = next(c for c in desk.ledger.state(matter).clocks.values() if c.rule_id == "sign")
    await desk.office.act(matter, act("县税务局", "甲", "sign_for", at=sign.due_at - timedelta(seconds=1)))
    assert desk.ledger.state(matter).clocks[sign.id].result == "met"


async def test_a_real_clock_cannot_be_moved_by_an_action(desk: Desk, intake: Make) -> None:
    receipt = await desk.office.register(intake(received_at=datetime.now(SHANGHAI)))
    future = datetime.now(SHANGHAI) + timedelta(days=40)
    triage = act("县综治中心", "初审员", "accept_case", at=future)
    await desk.office.act(receipt.dispute_id, triage)
    accepted_at = desk.ledger.state(receipt.dispute_id).accepted_at
    assert accepted_at is not None
    assert accepted_at < future - timedelta(days=39)


async def test_signals_with_no_or_two_payloads_leave_the_matter_alive(
    desk: Desk, intake: Make, still: BusinessClock
) -> None:
    matter = await accepted(desk, intake(), still)
    handle = desk.client.get_workflow_handle(workflow_id(matter))
    await handle.signal("sign_for")
    await handle.signal("sign_for", args=["一", "二"])
    await handle.signal(
        "sign_for", {"unit": "县\x00局", "officer": "甲\x01", "body": {"kind": "sign_for\x02"}}
    )
    kept = await declined_facts(desk.ledger, matter, 3)
    assert {f.code for f in kept} == {"malformed"}
    await desk.office.act(matter, act("县税务局", "甲", "sign_for"))


async def test_an_id_of_another_action_is_said_to_be_taken(
    desk: Desk, intake: Make, still: BusinessClock
) -> None:
    matter = await accepted(desk, intake(), still)
    await desk.office.act(matter, act("县税务局", "甲", "sign_for", id="0001"))
    with pytest.raises(Declined) as declined:
        await desk.office.act(matter, act("申请人", "测试甲", "receive_material", id="0001"))
    assert declined.value.code == "id_taken"


async def test_a_declined_signal_may_be_sent_again(desk: Desk, intake: Make, still: BusinessClock) -> None:
    receipt = await desk.office.register(intake(), clock=still)
    matter = receipt.dispute_id
    sign = act("县税务局", "甲", "sign_for")
    await desk.office.signal(matter, sign)
    await declined_facts(desk.ledger, matter, 1)
    await desk.office.act(matter, act("县综治中心", "初审员", "accept_case"))
    await desk.office.act(matter, sign)
    assert [t.signed_by for t in desk.ledger.state(matter).open_tasks(TaskKind.HANDLE)] == ["甲"]


async def test_a_registration_for_an_unknown_unit_is_declined_at_once(
    desk: Desk, intake: Make, still: BusinessClock
) -> None:
    lead = intake(kind="线索")
    with pytest.raises(Declined) as declined:
        await desk.office.register(lead, clock=still, to=["火星局"])
    assert declined.value.code == "unknown_unit"
    assert (await desk.office.register(lead, clock=still, to=["县人社局"])).case_no
