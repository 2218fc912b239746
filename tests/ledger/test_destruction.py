"""销毁: only what is due, only by leave of two others, told apart from a key that was lost; all else goes on."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import make_url, select, text
from sqlalchemy.exc import DBAPIError

from domain.access import Post, Role
from domain.draft import Declined
from domain.words import SHANGHAI
from ledger import accounts, checkup, destruction
from ledger.accounts import Acting, today
from ledger.audit import entries
from ledger.codes import found_by
from ledger.connection import LedgerBroken
from ledger.destroyed import Destroyed
from ledger.destruction import Carried
from ledger.destruction_tables import DESTROY
from ledger.export import export_xlsx
from ledger.people import search
from ledger.periods import Period
from ledger.queries import list_disputes
from ledger.rebuild import rebuild, rebuild_matter
from ledger.report import report
from ledger.rights import APP
from ledger.store import Ledger
from ledger.tables import metadata
from ledger.vault import keep_reporter, reporter_of
from ledger.verify import verify
from tests.access.test_accounts import County
from tests.ledger import support
from tests.ledger.support import CENTER, Books, a_person, an_intake
from tests.ledger.test_materials import give, tamper
from tests.ledger.test_papers import issue
from tests.support.keys import KEYS

LONG_AGO = datetime(2012, 9, 3, 9, 0, tzinfo=SHANGHAI)
"""A Monday; a file of 低 archived then has been due for years, whatever day it is today."""


YEAR = Period.days(date(2012, 1, 1), date(2013, 1, 1))


class Who(NamedTuple):
    """Somebody in a post."""

    post: Post
    by: Acting


class Archive(NamedTuple):
    """A county with old files, and the people who may have to do with them."""

    books: Books
    owner: Ledger
    keeper: Who
    head: Who
    office: Who
    tax: Who

    @property
    def ledger(self) -> Ledger:
        return self.books.ledger

    def due(self) -> list[str]:
        return [d.dispute_id for d in destruction.due(self.ledger, self.books.policy.county.name, today())]

    def propose(self, *matters: str, by: Who | None = None) -> str:
        who = by or self.keeper
        return destruction.propose(
            self.ledger, self.books.policy, who.post, who.by, matters, "鉴定意见〔2026〕1号"
        )

    def vote(self, who: Who, number: str, *, agrees: bool = True) -> None:
        said = "" if agrees else "尚有诉讼"
        destruction.vote(
            self.ledger, self.books.policy, who.post, who.by, number, agrees=agrees, opinion=said
        )

    def carry_out(self, number: str, by: Who | None = None) -> Carried:
        who = by or self.keeper
        return destruction.carry_out(self.ledger, self.books.policy, who.post, who.by, number)

    def approved(self, *matters: str) -> str:
        number = self.propose(*matters)
        self.vote(self.head, number)
        self.vote(self.office, number)
        return number

    def destroyed(self, matter: str) -> str:
        number = self.approved(matter)
        assert self.carry_out(number) == Carried(1, 0, [])
        return number


@pytest.fixture
def archive(books: Books, ledger_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Archive]:
    """Reached as the office's own processes reach it, under the role that can change none of the record."""
    monkeypatch.setattr(support, "MONDAY", LONG_AGO)
    county = County(books.ledger)
    url = make_url(ledger_url).set(username=APP).render_as_string(hide_password=False)
    ledger = Ledger.connect(url, KEYS)

    def who(login: str, role: Role, unit: str) -> Who:
        person = county.head(unit) if role is Role.HEAD else county.person(login)
        if role is not Role.HEAD:
            proposed = county.person(f"head-of-{login}")
            county.grant(proposed, Role.HEAD, unit)
            county.grant(person, role, unit, proposed_by=proposed)
        (post,) = accounts.posts_of(books.ledger, person, today())
        return Who(post, Acting(person, post.id, "10.0.0.3"))

    yield Archive(
        Books(ledger, books.policy),
        books.ledger,
        who("keeper", Role.OPERATOR, CENTER),
        who("head", Role.HEAD, CENTER),
        who("office", Role.OFFICE, "联席会议办公室"),
        who("tax", Role.HEAD, "县税务局"),
    )
    ledger.close()


@pytest.fixture
def old(archive: Archive) -> str:
    """An old file with a paper and a material in it."""
    books = archive.books
    matter = books.register(an_intake("OLD-1"))
    books.accept(matter)
    issue(books, matter)
    give(books, matter)
    books.live_on(matter)
    return matter


def keys_of(archive: Archive, matter: str) -> int:
    with archive.ledger.engine.connect() as connection:
        found = text("SELECT count(*) FROM data_keys WHERE dispute_id = :id")
        return connection.scalar(found, {"id": matter}) or 0


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
    before = report(ledger.engine, YEAR, LONG_AGO)
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
    assert report(ledger.engine, YEAR, LONG_AGO) == before
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


# --- the locks -------------------------------------------------------------------------------------------------------


def refused(archive: Archive, *statements: str) -> str:
    """What the database says to the office's own role."""
    with pytest.raises(DBAPIError) as caught, archive.ledger.engine.begin() as connection:
        connection.exec_driver_sql("; ".join(statements))
    return str(caught.value.orig)


def test_the_offices_role_destroys_nothing_without_two_approvals(archive: Archive, old: str) -> None:
    number = archive.propose(old)
    call = f"SELECT {DESTROY}('{old}', '{number}')"
    made = (
        "INSERT INTO destroyed (dispute_id, number, case_no, person_id, post_id, at, version, head_hash, numbers, kept, seal) "
        f"VALUES ('{old}', '{number}', 'x', 'x', 'x', now(), 1, 'x', '{{}}', '{{}}', 'x')"
    )
    assert "没有经两名" in refused(archive, made, call)
    archive.vote(archive.head, number)
    assert "没有经两名" in refused(archive, made, call)
    maker = archive.keeper
    own = (
        "INSERT INTO destruction_votes (number, person_id, agrees, post_id, opinion, at) "
        f"VALUES ('{number}', '{maker.by.person}', true, '{maker.post.id}', '', now())"
    )
    assert "没有经两名" in refused(archive, own, made, call)
    nobody = own.replace(str(maker.by.person), "nobody")
    assert "没有经两名" in refused(archive, nobody, made, call)
    archive.vote(archive.office, number)
    assert "没有销毁记录" in refused(archive, call)
    assert "不在清册" in refused(archive, made, f"SELECT {DESTROY}('{old}', 'another')")
    stop = own.replace("true", "false")
    assert "没有经两名" in refused(archive, stop, made, call)
    assert keys_of(archive, old) == 1


def test_tables_of_the_callers_own_do_not_deceive_it(archive: Archive, old: str) -> None:
    number = archive.propose(old)
    fakes = [
        f"CREATE TEMP TABLE {name} AS SELECT * FROM public.{name}"
        for name in ("destruction_votes", "destruction_lists", "persons", "posts", "destroyed")
    ]
    votes = [
        "INSERT INTO pg_temp.destruction_votes (number, person_id, agrees, post_id, opinion, at) "
        f"VALUES ('{number}', '{who.by.person}', true, '{who.post.id}', '', now())"
        for who in (archive.head, archive.office)
    ]
    made = f"INSERT INTO pg_temp.destroyed (dispute_id, number) VALUES ('{old}', '{number}')"
    call = f"SELECT public.{DESTROY}('{old}', '{number}')"
    assert "没有经两名" in refused(archive, *fakes, *votes, made, call)
    assert keys_of(archive, old) == 1


@pytest.mark.parametrize("lie", ["due_on = date '2999-01-01'", "archived_on = date '2012-01-01'"])
def test_it_looks_at_the_day_itself(archive: Archive, old: str, lie: str) -> None:
    number = archive.approved(old)
    tamper(archive.owner, f"UPDATE destruction_items SET {lie}")
    with pytest.raises(LedgerBroken, match="不能销毁"):
        archive.carry_out(number)
    assert keys_of(archive, old) == 1


@pytest.mark.parametrize(
    "table", ["destruction_lists", "destruction_items", "destruction_votes", "destroyed"]
)
def test_what_was_said_is_not_unsaid(archive: Archive, books: Books, old: str, table: str) -> None:
    archive.destroyed(old)
    for ledger in (archive.ledger, books.ledger):
        with pytest.raises(DBAPIError), ledger.engine.begin() as connection:
            connection.execute(text(f"DELETE FROM {table}"))


# --- told apart from tampering ---------------------------------------------------------------------------------------


def problems(archive: Archive) -> list[str]:
    return [broken.problem for broken in verify(archive.ledger)]


def test_a_key_that_is_gone_without_a_record_is_an_alarm(archive: Archive, old: str) -> None:
    archive.approved(old)
    tamper(archive.owner, f"DELETE FROM data_keys WHERE dispute_id = '{old}'")
    assert "数据密钥缺失或打不开，内容无法读取" in problems(archive)
    assert [place.dispute_id for place in checkup.keyless(archive.ledger.engine)] == [old]
    with pytest.raises(LedgerBroken, match="数据密钥丢失"):
        archive.ledger.state(old)


CHANGES = [
    ("destroyed", "UPDATE destroyed SET number = '偏社争销字〔2020〕0009号'", "销毁记录与其封存不符"),
    ("destroyed", "UPDATE destroyed SET seal = 'x'", "销毁记录与其封存不符"),
    ("destroyed", "UPDATE destroyed SET kept = '{}'", "销毁记录与其封存不符"),
    ("destroyed", "DELETE FROM destroyed", "数据密钥缺失"),
    ("destruction_items", "DELETE FROM destruction_items", "没有此案"),
    ("destruction_lists", "DELETE FROM destruction_lists", "编号已经给出"),
    ("events", "UPDATE events SET unit = '县信访局' WHERE seq = 2", "已被改动"),
    ("events", "DELETE FROM events WHERE seq = 3", "事件缺失"),
    ("disputes", "UPDATE disputes SET outcome = '别的'", "查询表 disputes 与销毁记录不符"),
    ("measures", "UPDATE measures SET paid = 1", "查询表 measures 与销毁记录不符"),
    ("papers", "UPDATE papers SET sha256 = 'x'", "文书的登记与销毁时所记的不符"),
]


def test_what_is_changed_afterwards_is_found(archive: Archive, old: str) -> None:
    archive.destroyed(old)
    for table, change, problem in CHANGES:
        assert problems(archive) == []
        with undone(archive.owner, table):
            tamper(archive.owner, change)
            assert any(problem in said for said in problems(archive)), change
    assert problems(archive) == []


@contextmanager
def undone(ledger: Ledger, name: str) -> Iterator[None]:
    """Whatever is done to a table, it is afterwards as it was."""
    table = metadata.tables[name]
    with ledger.engine.connect() as connection:
        rows = [dict(row._mapping) for row in connection.execute(select(table))]  # pyright: ignore[reportPrivateUsage]
    yield
    with ledger.engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(table.delete())
        connection.execute(table.insert(), rows)


def test_a_key_put_back_from_a_backup_is_found(archive: Archive, old: str) -> None:
    with archive.ledger.engine.connect() as connection:
        key = connection.execute(
            text("SELECT key_id, wrapped FROM data_keys WHERE dispute_id = :id"), {"id": old}
        ).one()
    archive.destroyed(old)
    with archive.owner.engine.begin() as connection:
        row = {"id": old, "key": key.key_id, "wrapped": key.wrapped}
        connection.execute(text("INSERT INTO data_keys VALUES (:id, :key, :wrapped)"), row)
    assert "已销毁，却又有数据密钥" in problems(archive)


def test_a_record_that_the_software_did_not_make_hides_no_lost_key(archive: Archive, old: str) -> None:
    """Whoever owns the tables can delete a key and write that it was destroyed, but cannot seal that."""
    number = archive.approved(old)
    with archive.ledger.engine.connect() as connection:
        head = connection.execute(text("SELECT version, head_hash FROM disputes")).one()
    tamper(archive.owner, f"DELETE FROM data_keys WHERE dispute_id = '{old}'")
    tamper(
        archive.owner,
        "INSERT INTO destroyed (dispute_id, number, case_no, person_id, post_id, at, version, head_hash, numbers, kept, seal) "
        f"VALUES ('{old}', '{number}', '偏社争〔2012〕0001号', 'x', 'x', now(), {head.version}, '{head.head_hash}', '{{}}', "
        "'{}', 'x')",
    )
    assert any("与其封存不符" in said for said in problems(archive))


def _shown(archive: Archive, matter: str) -> list[object]:
    with archive.ledger.engine.connect() as connection:
        return [
            connection.execute(
                text(f"SELECT * FROM {table} WHERE dispute_id = :id ORDER BY 1, 2, 3"), {"id": matter}
            ).all()
            for table in ("disputes", "sources", "documents", "measures", "measure_items")
        ]
