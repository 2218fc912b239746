"""One transaction for a command, exactly once, whoever calls and however often."""

import ctypes
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import make_url, text

from domain import flow
from domain.declined import Declined
from domain.dispute import Dispute
from domain.events import Event, StepOpened
from domain.fold import replay
from domain.words import Stage, Step
from ledger.locks import hold
from ledger.store import Committed, Ledger, LedgerBroken, LedgerUnavailable, Lookup
from ledger.verify import verify
from tests.ledger.support import HRSS, MONDAY, TAX, Books, an_intake
from tests.support.keys import KEYS

CALLERS = 100


def never(dispute: Dispute, lookup: Lookup) -> list[Event]:
    raise AssertionError("an action already taken must not be decided again")


def at_once(call: Callable[[int], Committed]) -> list[Committed]:
    """The answers of many callers, each trying again while the ledger is too busy."""

    def until_answered(number: int) -> Committed:
        while True:
            try:
                return call(number)
            except LedgerUnavailable:
                continue

    with ThreadPoolExecutor(CALLERS) as callers:
        return list(callers.map(until_answered, range(CALLERS)))


def rows(ledger: Ledger, table: str) -> int:
    with ledger.engine.connect() as connection:
        return connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0


def test_of_many_identical_registrations_one_is_made(books: Books) -> None:
    intake = an_intake()
    answers = at_once(lambda _: books.ledger.commit("m", "register", 0, books.registration(intake, "m")))
    assert sum(not a.repeated for a in answers) == 1
    assert len({(a.version, tuple(e.model_dump_json() for e in a.events)) for a in answers}) == 1
    assert answers[0].version == len(answers[0].events) == rows(books.ledger, "events")
    assert books.ledger.state("m").case_no == "偏社争〔2026〕0001号"


def test_racing_actions_on_one_matter_are_all_taken_one_after_the_other(books: Books) -> None:
    matter = books.register(an_intake())
    before = books.ledger.state(matter).version
    at_once(
        lambda n: books.hand_in(matter, f"材料{n % 20}", action_id=f"material-{n % 20}", known_version=before)
    )
    events = books.ledger.events(matter, after=before)
    assert [e.seq for e in events] == list(range(before + 1, before + 21))
    assert {e.action_id for e in events} == {f"material-{n}" for n in range(20)}


def test_a_repetition_brings_the_same_events_and_decides_nothing(books: Books) -> None:
    matter = books.register(an_intake())
    known = books.ledger.state(matter).version
    first = books.act(matter, "accept_case")
    again = books.ledger.commit(matter, f"accept_case-{known}", known, never)
    assert again == Committed(first.events, first.version, repeated=True)
    assert books.ledger.commit(matter, f"accept_case-{known}", first.version, never).events == []


def test_a_step_that_is_owed_is_opened_once_by_a_commit_of_its_own(books: Books) -> None:
    matter = books.register(an_intake())
    done = books.act(
        matter, "accept_case", level="中", level_reason="情况复杂", path="会商", lead=HRSS, co=[TAX]
    )
    assert flow.owed(replay(matter, books.ledger.events(matter)[: done.version])) == Step.CONSULT
    opened = books.ledger.events(matter, after=done.version)
    assert {e.action_id for e in opened} == {f"open-{Step.CONSULT}-{done.version}"}
    assert opened[-1].fact == StepOpened(step=Step.CONSULT)
    state = books.ledger.state(matter)
    assert (state.stage, state.step, flow.owed(state)) == (Stage.CONSULT, Step.CONSULT, None)
    assert books.open(matter, Step.CONSULT, MONDAY) == Committed([], state.version, repeated=False)
    assert verify(books.ledger) == []


def test_a_caller_that_is_behind_gets_the_tail_it_does_not_know(books: Books) -> None:
    matter = books.register(an_intake())
    known = books.ledger.state(matter).version
    unknown = books.hand_in(matter).events
    done = books.act(matter, "accept_case", known_version=known)
    assert done.events[: len(unknown)] == unknown
    assert [e.seq for e in done.events] == list(range(known + 1, done.version + 1))
    assert done.events == books.ledger.events(matter, after=known)


def test_a_caller_that_knows_more_than_the_ledger_is_told_so(books: Books) -> None:
    matter = books.register(an_intake())
    with pytest.raises(LedgerBroken, match="台账曾丢失数据"):
        books.ledger.commit(matter, "x", 99, never)


def test_a_refusal_stores_nothing_and_gives_the_number_back(books: Books) -> None:
    def refused(dispute: Dispute, lookup: Lookup) -> list[Event]:
        assert lookup.case_number("偏关县", "偏社争", 2026) == "偏社争〔2026〕0001号"
        raise Declined("no", "不能登记")

    with pytest.raises(Declined, match="不能登记"):
        books.ledger.commit("m", "register", 0, refused)
    assert [rows(books.ledger, t) for t in ("events", "actions", "disputes", "counters")] == [0, 0, 0, 0]
    books.register(an_intake())
    assert books.ledger.find("偏社争〔2026〕0001号")


def test_an_action_without_events_is_not_remembered(books: Books) -> None:
    def nothing(dispute: Dispute, lookup: Lookup) -> list[Event]:
        lookup.case_number("偏关县", "偏社争", 2026)
        return []

    matter = books.register(an_intake())
    version = books.ledger.state(matter).version
    assert books.ledger.commit(matter, "later", version, nothing) == Committed([], version, repeated=False)
    assert rows(books.ledger, "actions") == 1
    done = books.hand_in(matter, action_id="later")
    assert not done.repeated
    assert len(done.events) == 1
    other = books.register(an_intake("PG12345-0002"))
    assert books.ledger.state(other).case_no == "偏社争〔2026〕0002号"


def test_events_of_another_action_cannot_be_slipped_in(books: Books) -> None:
    with pytest.raises(ValueError, match="another action"):
        books.ledger.commit("m", "not-register", 0, books.registration(an_intake(), "m"))
    assert rows(books.ledger, "events") == 0


def test_a_connection_that_breaks_leaves_nothing_and_the_next_try_succeeds(
    books: Books, ledger_url: str
) -> None:
    intake = an_intake()
    register = books.registration(intake, "m")

    def breaks(dispute: Dispute, lookup: Lookup) -> list[Event]:
        made = register(dispute, lookup)
        cut_all_others(ledger_url)
        return made

    with pytest.raises(LedgerUnavailable):
        books.ledger.commit("m", "register", 0, breaks)
    assert rows(books.ledger, "events") == 0
    done = books.ledger.commit("m", "register", 0, register)
    assert not done.repeated
    assert done.version == len(done.events)


def cut_all_others(url: str) -> None:
    """What a restart of PostgreSQL does to its clients."""
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as link:
        link.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_a_ledger_that_is_away_says_so(postgres_url: str) -> None:
    nowhere = make_url(postgres_url).update_query_dict({"host": "/nonexistent"})
    ledger = Ledger.connect(nowhere.render_as_string(hide_password=False), KEYS)
    for call in (lambda: ledger.state("m"), lambda: ledger.commit("m", "register", 0, never)):
        with pytest.raises(LedgerUnavailable, match="请稍后重试"):
            call()


def test_a_row_that_postgresql_refuses_is_not_quoted_in_the_error(books: Books) -> None:
    matter = books.register(an_intake())
    dispute_id = matter if isinstance(matter, str) else matter.dispute_id

    def unstorable(dispute: Dispute, lookup: Lookup) -> list[Event]:
        last = books.ledger.events(dispute_id)[-1]
        return [last.model_copy(update={"seq": dispute.version + 1, "action_id": "x", "unit": "温玉\x00强"})]

    with pytest.raises(LedgerBroken) as refused:
        books.ledger.commit(dispute_id, "x", 0, unstorable)
    shown = f"{refused.value!r} {refused.value.__cause__!r}"
    assert "温玉" not in shown
    assert refused.value.__suppress_context__


@pytest.mark.parametrize("address", ["not an address", "mysql://root@host/db", "sqlite:///ledger.db"])
def test_only_a_postgresql_address_is_taken(address: str) -> None:
    with pytest.raises(ValueError, match=r"PostgreSQL|数据库地址写法有误"):
        Ledger.connect(address, KEYS)


def test_what_was_committed_is_what_is_read(books: Books) -> None:
    matter = books.live_through(an_intake())
    state = books.ledger.state(matter)
    events = books.ledger.events(matter)
    assert state.is_over
    assert state.outcome == "已缴纳"
    assert [e.seq for e in events] == list(range(1, state.version + 1))
    assert books.ledger.events(matter, after=state.version - 1) == events[-1:]


def test_a_matter_as_it_stood_then(books: Books) -> None:
    matter = books.live_through(an_intake())
    assert books.ledger.state(matter, at=MONDAY - timedelta(seconds=1)).version == 0
    assert books.ledger.state(matter, at=MONDAY).stage == "待初审"
    assert books.ledger.state(matter, at=MONDAY + timedelta(days=2)).stage == "直办"
    assert books.ledger.state(matter, at=MONDAY + timedelta(days=90)) == books.ledger.state(matter)
    until = books.ledger.events(matter, until=MONDAY + timedelta(days=2))
    assert until == books.ledger.events(matter)[: len(until)]
    assert all(e.at <= MONDAY + timedelta(days=2) for e in until)


def test_an_unknown_matter_has_no_state(ledger: Ledger) -> None:
    assert ledger.state("nobody") == Dispute(id="nobody")
    assert ledger.events("nobody") == []
    assert ledger.find("nobody") is None


def test_a_matter_is_found_by_id_case_number_and_source_number(books: Books) -> None:
    parent = books.register(an_intake("PG-1"))
    child = books.register(an_intake("LX-1", channel="书信传真"))
    books.act(child, "merge_cases", into="PG-1")
    books.absorb(parent, child)
    assert books.ledger.find(parent) == parent
    assert books.ledger.find("偏社争〔2026〕0001号") == parent
    assert books.ledger.find(" PG-1 ") == parent
    assert books.ledger.find("LX-1") == child, "its own record says where it went"


def test_a_policy_version_is_kept_as_it_was(books: Books) -> None:
    books.ledger.save_policy(books.policy)
    fresh = Ledger(books.ledger.engine, KEYS)
    assert fresh.policy(books.policy.version) == books.policy
    with pytest.raises(LookupError, match="没有政策版本"):
        fresh.policy("0" * 16)


@pytest.mark.parametrize("table", ["events", "policies"])
@pytest.mark.parametrize(
    "change",
    ["UPDATE {} SET hash = ''", "DELETE FROM {}", "TRUNCATE {}"],
    ids=["update", "delete", "truncate"],
)
def test_the_record_only_grows(books: Books, table: str, change: str) -> None:
    books.register(an_intake())
    statement = change.format(table) if table == "events" else change.format(table).replace("hash", "county")
    before = rows(books.ledger, table)
    with pytest.raises(Exception, match="只能追加"), books.ledger.engine.begin() as connection:
        connection.execute(text(statement))
    assert rows(books.ledger, table) == before


def test_a_state_remembered_is_not_used_when_another_process_or_a_repair_wrote_since(books: Books) -> None:
    matter = books.register(an_intake())
    other = Books(
        Ledger.connect(books.ledger.engine.url.render_as_string(hide_password=False), KEYS), books.policy
    )
    other.hand_in(matter, "劳动合同", action_id="theirs")
    mine = books.hand_in(matter, "工资条", action_id="mine")
    assert {e.action_id for e in mine.events} <= {"theirs", "mine"}
    assert books.ledger.state(matter) == replay(matter, books.ledger.events(matter))
    with books.ledger.engine.begin() as connection:
        connection.execute(text("UPDATE states SET sealed = 'not sealed by anybody'::bytea"))
        connection.execute(text("UPDATE disputes SET version = version"))
    with pytest.raises(LedgerBroken, match="打不开"):
        books.hand_in(matter, "考勤", action_id="later")
    other.ledger.close()


class Interrupted(Exception):
    """What a time limit throws into an activity's thread."""


def test_a_commit_interrupted_while_it_waits_says_so_and_harms_no_later_one(books: Books) -> None:
    matter = books.register(an_intake())
    heard: list[BaseException] = []

    def act() -> None:
        try:
            books.hand_in(matter, "工资条", action_id="slow")
        except BaseException as error:
            heard.append(error)

    with books.ledger.engine.begin() as other:
        hold(other, matter)
        thread = threading.Thread(target=act)
        thread.start()
        waiting = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        while not other.scalar(waiting):
            continue
        ctypes.pythonapi.PyThreadState_SetAsyncExc(
            ctypes.c_ulong(thread.ident or 0), ctypes.py_object(Interrupted)
        )
        thread.join()
    assert [type(error) for error in heard] == [Interrupted]
    assert not books.hand_in(matter, "工资条", action_id="slow").repeated


def test_a_remembered_state_that_the_row_contradicts_is_forgotten(books: Books) -> None:
    """As after a restore under a running process: another row, by chance of the same transaction number."""
    matter = books.register(an_intake())
    memory = books.ledger._memory
    known = memory.get(matter)
    assert known
    memory.keep(known._replace(head_hash="another", dispute=Dispute(id=matter, case_no="another")))
    books.accept(matter)
    assert books.ledger.state(matter).stage == "直办"
