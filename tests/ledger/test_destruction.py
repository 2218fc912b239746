"""销毁: only what is due, only by leave of two others; nothing of a person is left, and all else goes on."""

from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from domain.declined import Declined
from domain.words import SHANGHAI
from ledger import checkup, destruction
from ledger.accounts import today
from ledger.audit import entries
from ledger.codes import found_by
from ledger.destroyed import Destroyed
from ledger.destruction import Carried
from ledger.export import export_xlsx
from ledger.figures import Scope
from ledger.people import search
from ledger.queries import list_disputes
from ledger.rebuild import rebuild, rebuild_matter
from ledger.report import report
from ledger.vault import keep_reporter, reporter_of
from ledger.verify import verify
from tests.ledger import support
from tests.ledger.archives import LONG_AGO, YEAR, Archive, archive, keys_of, old
from tests.ledger.support import Books, a_person, an_intake
from tests.ledger.test_materials import give, tamper

__all__ = ["archive", "old"]


# --- what is due -----------------------------------------------------------------------------------------------------


def test_only_what_was_archived_long_enough_ago_is_due(
    archive: Archive, old: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    books = archive.books
    group = a_person(headcount=6, members=[{"line": n, "name": f"员{n}"} for n in range(1, 7)])
    for_ever = books.register(an_intake("GROUP", applicant=group))
    books.register(an_intake("OPEN", applicant=a_person(name="席远", id_number=None, phone="19900005678")))
    monkeypatch.setattr(support, "MONDAY", datetime(2026, 9, 7, 9, 0, tzinfo=SHANGHAI))
    books.live_through(an_intake("NEW", applicant=a_person(name="石磊", id_number=None, phone="19900005679")))
    assert for_ever not in archive.due()
    (found,) = destruction.due(archive.ledger, books.policy.county.name, today())
    assert (found.dispute_id, f"{found.archived_on}", f"{found.due_on}") == (old, "2012-09-12", "2022-09-12")
    assert destruction.due(archive.ledger, "别的县", today()) == []


def test_a_merged_file_is_kept_as_long_as_the_one_it_was_merged_into(archive: Archive) -> None:
    books = archive.books
    parent = books.register(an_intake("PARENT"))
    books.accept(parent)
    child = books.register(an_intake("CHILD", channel="来访"))
    books.act(child, "merge_cases", after=2, into="PARENT")
    books.absorb(parent, child)
    assert books.ledger.state(child).is_over
    assert archive.due() == []
    books.live_on(parent)
    assert set(archive.due()) == {parent, child}


# --- lists and their approval ----------------------------------------------------------------------------------------


def test_a_list_needs_two_others_than_its_maker(archive: Archive, old: str) -> None:
    number = archive.propose(old, by=archive.head)
    assert number == f"偏社争销字〔{today().year}〕0001号"
    with pytest.raises(Declined, match="自己提出"):
        archive.vote(archive.head, number)
    archive.vote(archive.office, number)
    archive.vote(archive.office, number)
    with pytest.raises(Declined, match="待批准"):
        archive.carry_out(number)
    assert keys_of(archive, old) == 1


def test_who_has_no_part_in_it_neither_proposes_nor_approves_nor_destroys(archive: Archive, old: str) -> None:
    number = archive.approved(old)
    for refused in (
        lambda: archive.propose(old, by=archive.tax),
        lambda: archive.vote(archive.tax, number),
        lambda: archive.vote(archive.tax, number, agrees=False),
        lambda: archive.carry_out(number, by=archive.tax),
        lambda: archive.carry_out(number, by=archive.office),
    ):
        with pytest.raises(Declined) as caught:
            refused()
        assert caught.value.code == "no_archives"
    assert keys_of(archive, old) == 1


def test_nobodys_number_stands_on_a_list(archive: Archive, old: str) -> None:
    """A list is kept for good, in clear."""
    ledger, policy, who = archive.ledger, archive.books.policy, archive.head
    with pytest.raises(Declined, match="不要写证件号、电话"):
        destruction.propose(ledger, policy, who.post, who.by, [old], "应13812345678要求")
    number, office, opinion = archive.propose(old), archive.office, "与 14223419780101881X 核对"
    with pytest.raises(Declined, match="不要写证件号、电话"):
        destruction.vote(ledger, policy, office.post, office.by, number, agrees=True, opinion=opinion)


def test_what_stands_on_a_list_stands_on_no_other_until_that_is_stopped(archive: Archive, old: str) -> None:
    number = archive.propose(old)
    assert archive.due() == []
    with pytest.raises(Declined, match="已列入清册"):
        archive.propose(old)
    archive.vote(archive.office, number, agrees=False)
    with pytest.raises(Declined, match="已终止"):
        archive.vote(archive.head, number)
    assert archive.due() == [old]
    assert archive.propose(old).endswith("0002号")


def test_an_approved_list_may_still_be_stopped(archive: Archive, old: str) -> None:
    number = archive.approved(old)
    archive.vote(archive.office, number, agrees=False)
    with pytest.raises(Declined, match="已终止"):
        archive.carry_out(number)
    assert keys_of(archive, old) == 1
    assert verify(archive.ledger) == []


def test_an_open_matter_gets_on_no_list(archive: Archive) -> None:
    open_one = archive.books.register(an_intake("OPEN"))
    with pytest.raises(Declined, match="未到期"):
        archive.propose(open_one)


# --- what is left ----------------------------------------------------------------------------------------------------


def test_nothing_of_a_destroyed_file_opens_and_all_else_goes_on(
    archive: Archive, old: str, tmp_path: Path
) -> None:
    ledger = archive.ledger
    keep_reporter(ledger, old, an_intake("REPORTER"))
    young = archive.books.register(an_intake("YOUNG", applicant=a_person(name="席远", id_number=None)))
    case_no, code = "偏社争〔2012〕0001号", ledger.state(old).documents[0].issued
    assert code
    before = report(ledger.engine, Scope(YEAR, LONG_AGO))
    number = archive.destroyed(old)
    for look in (
        lambda: ledger.state(old),
        lambda: ledger.events(old),
        lambda: archive.books.hand_in(old),
        lambda: give(archive.books, old),
    ):
        with pytest.raises(Destroyed, match=f"{case_no} 的档案保管期满，已按规定销毁（清册 {number}"):
            look()
    assert reporter_of(ledger, old) is None
    assert ledger.find(case_no) == old
    assert [row["dispute_id"] for row in list_disputes(ledger.engine)] == [young]
    assert search(ledger, name="温玉强") == []
    assert list(ledger.states([old, young])) == [young]
    assert export_xlsx(ledger, tmp_path / "台账.xlsx") == 1
    found = found_by(ledger, code.code, "10.0.0.9")
    assert found
    assert found.matter == old
    assert report(ledger.engine, Scope(YEAR, LONG_AGO)) == before
    assert archive.due() == []
    assert verify(ledger) == []
    assert checkup.keyless(ledger.engine) == checkup.gaps(ledger.engine) == []
    told = [e.entry for e in entries(ledger) if e.entry.verb == "销毁档案"]
    assert [(e.object, e.result, e.person) for e in told] == [
        (case_no, f"成功，清册 {number}", archive.keeper.by.person)
    ]


def test_the_read_tables_are_rebuilt_with_it(archive: Archive, books: Books, old: str) -> None:
    archive.destroyed(old)
    before = _shown(archive, old)
    assert rebuild(books.ledger) == 1
    assert _shown(archive, old) == before
    assert verify(archive.ledger) == []
    rebuild_matter(archive.ledger, old)
    assert _shown(archive, old) == before
    assert verify(archive.ledger) == []


def test_nothing_that_names_a_person_stays_in_the_clear_or_as_a_hash(archive: Archive, old: str) -> None:
    archive.destroyed(old)
    with archive.ledger.engine.connect() as connection:
        for table in ("states", "parties", "tasks", "clocks", "actions"):
            found = text(f"SELECT count(*) FROM {table} WHERE dispute_id = :id")
            assert connection.scalar(found, {"id": old}) == 0, table
        papers = connection.execute(text("SELECT fields, recipient, numbers FROM documents")).all()
    assert {(bytes(p.fields), p.recipient) for p in papers} == {(b"", "")}
    assert any(p.numbers for p in papers)


def test_a_lead_that_became_a_dispute_keeps_both_its_numbers(archive: Archive) -> None:
    lead = archive.books.register(an_intake("LEAD", kind="线索", applicant={"anonymous": True}))
    archive.books.convert(lead, after=1, filed_on=LONG_AGO.date())
    archive.books.accept(lead)
    archive.books.live_on(lead)
    archive.destroyed(lead)
    assert verify(archive.ledger) == []


# --- carrying out ----------------------------------------------------------------------------------------------------


def test_broken_off_it_goes_on_and_again_it_does_nothing(
    archive: Archive, old: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = archive.books.live_through(an_intake("OLD-2", applicant=a_person(name="席远", id_number=None)))
    number = archive.approved(old, second)
    real, asked = destruction.empty, list[str]()

    def fails_at_the_second(connection: object, matter: str) -> str:
        asked.append(matter)
        made = real(connection, matter)  # type: ignore[arg-type]
        if len(asked) == 2:
            raise RuntimeError("the machine stops")
        return made

    monkeypatch.setattr(destruction, "empty", fails_at_the_second)
    with pytest.raises(RuntimeError):
        archive.carry_out(number)
    assert sorted([keys_of(archive, old), keys_of(archive, second)]) == [0, 1]
    assert verify(archive.ledger) == []
    monkeypatch.setattr(destruction, "empty", real)
    assert archive.carry_out(number) == Carried(1, 0, [])
    assert archive.carry_out(number) == Carried(0, 0, [])
    assert verify(archive.ledger) == []
    listed, items = destruction.one_list(archive.ledger, archive.books.policy, number)
    assert (listed.state, listed.left) == ("已执行", 0)
    assert all(item.destroyed_at for item in items)


def test_so_many_at_once(archive: Archive, old: str, monkeypatch: pytest.MonkeyPatch) -> None:
    second = archive.books.live_through(an_intake("OLD-2", applicant=a_person(name="席远", id_number=None)))
    number = archive.approved(old, second)
    monkeypatch.setattr(destruction, "AT_ONCE", 1)
    assert archive.carry_out(number) == Carried(1, 1, [])
    assert archive.carry_out(number) == Carried(1, 0, [])


def test_what_is_no_longer_due_when_it_comes_to_it_is_kept(archive: Archive, old: str) -> None:
    """The read table alone is not believed, nor the list: the matter is asked once more."""
    number = archive.approved(old)
    tamper(archive.owner, f"UPDATE disputes SET is_over = false WHERE dispute_id = '{old}'")
    done = archive.carry_out(number)
    assert (done.done, [case_no for case_no, _ in done.kept]) == (0, ["偏社争〔2012〕0001号"])
    assert "可销毁之列" in done.kept[0][1]
    assert keys_of(archive, old) == 1


def test_a_file_that_was_tampered_with_is_evidence_and_kept(archive: Archive, old: str) -> None:
    number = archive.approved(old)
    tamper(archive.owner, f"UPDATE events SET unit = '县信访局' WHERE dispute_id = '{old}' AND seq = 3")
    done = archive.carry_out(number)
    assert done.done == 0
    assert "核验不通过" in done.kept[0][1]
    assert keys_of(archive, old) == 1


def _shown(archive: Archive, matter: str) -> list[object]:
    with archive.ledger.engine.connect() as connection:
        return [
            connection.execute(
                text(f"SELECT * FROM {table} WHERE dispute_id = :id ORDER BY 1, 2, 3"), {"id": matter}
            ).all()
            for table in ("disputes", "sources", "documents", "measures", "measure_items")
        ]
