"""The bytes of files beside the record: sealed, whole or named by ``verify``, and gone with the matter's key."""

import hashlib
from collections.abc import Iterator

import pytest
from sqlalchemy import make_url, text

from domain.declined import Declined
from domain.dispute import Dispute
from domain.materials import File, KeptFile
from ledger import materials
from ledger.connection import LedgerBroken
from ledger.materials import PART, From
from ledger.rebuild import rebuild, rebuild_matter
from ledger.rights import APP
from ledger.store import Ledger
from ledger.verify import verify
from privacy.spool import Spool
from tests.ledger.support import CENTER, TAX, Books, an_intake
from tests.support.files import PDF
from tests.support.keys import KEYS

CONTENT = PDF + bytes(range(256)) * (5 * PART // 512)
"""Three parts."""


def a_file(content: bytes, **changes: object) -> File:
    given = {
        "id": materials.new_id(),
        "name": "劳动合同.pdf",
        "kind": "pdf",
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "given_by": "申请人",
        "scan": "未扫描",
    }
    return File.model_validate(given | changes)


def parts(content: bytes) -> Iterator[bytes]:
    return (content[n : n + PART] for n in range(0, len(content), PART))


def give(books: Books, matter: str, content: bytes = CONTENT, unit: str = CENTER) -> KeptFile:
    given = From(unit, "邢敏")
    return materials.keep(books.ledger, matter, a_file(content), parts(content), books.policy, given)


@pytest.fixture
def matter(books: Books) -> str:
    matter = books.register(an_intake())
    books.accept(matter)
    return matter


def count(ledger: Ledger) -> int:
    with ledger.engine.connect() as connection:
        return connection.scalar(text("SELECT count(*) FROM material_parts")) or 0


def tamper(ledger: Ledger, statement: str) -> None:
    with ledger.engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        assert connection.execute(text(statement)).rowcount, statement


def test_what_is_kept_comes_back_as_it_was_and_stands_nowhere_in_clear(books: Books, matter: str) -> None:
    kept = give(books, matter)
    assert b"".join(materials.content(books.ledger, matter, kept)) == CONTENT
    assert count(books.ledger) == 3
    with books.ledger.engine.connect() as connection:
        for table in ("material_parts", "events", "states", "disputes"):
            rows = connection.execute(text(f"SELECT {table}::text FROM {table}")).scalars().all()
            for clear in ("劳动合同", PDF.hex(), kept.sha256):
                assert not any(clear in row for row in rows), (table, clear)


def test_event_and_bytes_are_one_transaction(books: Books, matter: str) -> None:
    with pytest.raises(Declined, match="不办理本案"):
        give(books, matter, unit="县水务局")
    wrong = a_file(CONTENT, sha256="0" * 64)
    with pytest.raises(LedgerBroken, match="内容有变"):
        materials.keep(books.ledger, matter, wrong, parts(CONTENT), books.policy, From(CENTER, "邢敏"))
    again = give(books, matter)
    assert give(books, matter) == again, "the same bytes are the same file"
    assert count(books.ledger) == 3
    assert [e.fact.type for e in books.ledger.events(matter)].count("material_kept") == 1
    assert verify(books.ledger) == []


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (
            "UPDATE material_parts SET sealed = set_byte(sealed, 40, 255 - get_byte(sealed, 40)) WHERE n = 2",
            "材料的内容打不开，已损坏或被改动",
        ),
        ("UPDATE material_parts SET n = 4 WHERE n = 3", "材料的内容与收存时的指纹不符，缺失或被改动"),
        ("DELETE FROM material_parts WHERE n = 3", "材料的内容与收存时的指纹不符，缺失或被改动"),
        ("DELETE FROM material_parts", "材料的内容与收存时的指纹不符，缺失或被改动"),
        ("UPDATE material_parts SET file_id = repeat('x', 16)", "材料的内容与收存时的指纹不符，缺失或被改动"),
    ],
)
def test_verification_names_what_is_wrong_with_a_file(
    books: Books, matter: str, damage: str, problem: str
) -> None:
    kept = give(books, matter)
    tamper(books.ledger, damage)
    broken = verify(books.ledger)
    assert {b.dispute_id for b in broken} == {matter}
    assert problem in {b.problem for b in broken}
    assert broken[0].seq == books.ledger.state(matter).version
    with pytest.raises(LedgerBroken):
        list(materials.content(books.ledger, matter, kept))


def test_bytes_that_no_event_tells_of_are_found(books: Books, matter: str) -> None:
    give(books, matter)
    tamper(
        books.ledger,
        "INSERT INTO material_parts SELECT dispute_id, repeat('x', 16), n, sealed FROM material_parts",
    )
    assert [b.problem for b in verify(books.ledger)] == ["有材料的内容而没有收存的记录"]


def test_whoever_destroys_the_matters_key_has_destroyed_its_files(books: Books, matter: str) -> None:
    kept = give(books, matter)
    tamper(books.ledger, f"DELETE FROM data_keys WHERE dispute_id = '{matter}'")
    with pytest.raises(LedgerBroken, match="数据密钥"):
        materials.content(books.ledger, matter, kept)


def test_a_rebuild_leaves_the_bytes_and_makes_the_list_again(books: Books, matter: str) -> None:
    kept = give(books, matter)
    rebuild(books.ledger)
    rebuild_matter(books.ledger, matter)
    assert books.ledger.state(matter).files == [kept]
    assert b"".join(materials.content(books.ledger, matter, kept)) == CONTENT
    assert verify(books.ledger) == []


def test_the_offices_role_adds_and_reads_and_changes_nothing(
    books: Books, matter: str, ledger_url: str
) -> None:
    url = make_url(ledger_url).set(username=APP).render_as_string(hide_password=False)
    office = Books(Ledger.connect(url, KEYS), books.policy)
    kept = give(office, matter)
    assert b"".join(materials.content(office.ledger, matter, kept)) == CONTENT
    with pytest.raises(Exception, match="permission denied"), office.ledger.engine.begin() as connection:
        connection.execute(text("DELETE FROM material_parts"))
    office.ledger.close()


def test_an_act_names_only_files_that_are_there_for_its_unit(books: Books, matter: str) -> None:
    kept = give(books, matter)
    named = [{"name": "劳动合同", "file": kept.id}]
    books.act(matter, "receive_material", materials=named)
    with pytest.raises(Declined, match="不在本案收存的材料中"):
        books.act(matter, "receive_material", materials=[{"name": "合同", "file": "x" * 16}])
    other = books.register(an_intake("OTHER", applicant={"name": "某乙"}))
    with pytest.raises(Declined, match="不在本案收存的材料中"):
        books.act(other, "receive_material", materials=named)


def test_the_state_of_a_matter_carries_no_bytes(books: Books, matter: str) -> None:
    before = len(books.ledger.state(matter).model_dump_json())
    give(books, matter)
    state: Dispute = books.ledger.state(matter)
    assert len(state.model_dump_json()) - before < 1000
    assert state.files[0].unit == CENTER != TAX


def test_a_spool_is_unreadable_on_the_disk_and_read_anywhere() -> None:
    with Spool() as spool:
        for part in parts(CONTENT):
            spool.write(part[:100_001])
            spool.write(part[100_001:])
        assert b"".join(spool.parts(PART)) == CONTENT
        spool.seek(-7, 2)
        assert spool.read() == CONTENT[-7:]
        spool.seek(12_345)
        assert spool.read(99) == CONTENT[12_345 : 12_345 + 99]
        beneath = spool._file  # pyright: ignore[reportPrivateUsage]
        beneath.seek(0)
        assert PDF not in beneath.read()
