"""文书 issued: numbers without a gap, bytes that are what the chain says, found by the code printed on them."""

from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256

import pytest
from sqlalchemy import text

from domain.declined import Declined
from domain.dispute import Dispute
from domain.events import Event
from ledger.codes import LOOKS_BY_CODE, Found, TooOften, found_by
from ledger.connection import LedgerBroken
from ledger.papers import paper_bytes
from ledger.rebuild import rebuild
from ledger.store import LedgerUnavailable, Lookup
from ledger.verify import verify
from papers.reading import blocks
from tests.ledger.support import TAX, Books, an_intake

NOTICE, ASSESSMENT = 1, 2


def accepted(books: Books, source_no: str = "PG-1") -> str:
    matter = books.register(an_intake(source_no))
    books.accept(matter)
    return matter


def issue(books: Books, matter: str, paper: int = NOTICE, action_id: str | None = None) -> None:
    books.act(matter, "issue_paper", after=3, action_id=action_id, paper=paper, signed_by="邢敏", gaps=[])


def test_what_is_kept_is_what_the_chain_says(books: Books) -> None:
    matter = accepted(books)
    issue(books, matter)
    paper = books.ledger.state(matter).documents[NOTICE - 1]
    assert paper.issued
    assert paper.issued.number == "偏社争受字〔2026〕0001号"
    made = paper_bytes(books.ledger, matter, paper.issued.number, paper.issued.sha256)
    assert sha256(made).hexdigest() == paper.issued.sha256
    said = "\n".join(block.text for block in blocks(made))
    for word in ("温玉强", paper.issued.number, paper.issued.code, "偏关县望梅建材有限公司", "2026年"):
        assert word in said
    assert verify(books.ledger) == []
    rebuild(books.ledger)
    assert verify(books.ledger) == []


def test_sent_twice_it_is_one_paper(books: Books) -> None:
    matter = accepted(books)
    issue(books, matter, action_id="once")
    first = books.ledger.state(matter).documents[NOTICE - 1]
    issue(books, matter, action_id="once")
    assert books.ledger.state(matter).documents[NOTICE - 1] == first
    with books.ledger.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM papers")) == 1


def test_numbers_have_no_gap_though_transactions_fail(books: Books) -> None:
    matters = [accepted(books, f"PG-{n}") for n in range(12)]

    def issued(n: int) -> None:
        while True:
            try:
                if n % 3 == 0:  # whatever comes after the paper is made, and fails, takes it back
                    _fails_at_the_end(books, matters[n])
                else:
                    issue(books, matters[n])
            except LedgerUnavailable:
                continue
            return

    with ThreadPoolExecutor(6) as clerks:
        list(clerks.map(issued, range(12)))
    papers = [books.ledger.state(m).documents[NOTICE - 1].issued for m in matters]
    given = sorted(p.number for p in papers if p)
    assert given == [f"偏社争受字〔2026〕{n:04d}号" for n in range(1, 9)]
    assert verify(books.ledger) == []


def _fails_at_the_end(books: Books, matter: str) -> None:
    def decided(dispute: Dispute, lookup: Lookup) -> list[Event]:
        number = lookup.case_number(dispute.county, "偏社争受字", 2026)
        lookup.keep_paper(matter, number, "0000-0000-0000-0000", b"half a paper")
        raise Declined("crash", "中断")

    with pytest.raises(Declined):
        books.ledger.commit(matter, "crash", books.ledger.state(matter).version, decided)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("DELETE FROM papers", "原件缺失"),
        ("UPDATE papers SET sealed = decode('00', 'hex')", "打不开"),
        ("UPDATE papers SET number = '偏社争受字〔2026〕0009号'", "原件缺失"),
    ],
)
def test_a_paper_that_was_changed_is_found(books: Books, change: str, said: str) -> None:
    matter = accepted(books)
    issue(books, matter)
    issued = books.ledger.state(matter).documents[NOTICE - 1].issued
    assert issued
    with books.ledger.engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text(change))
    assert any(said in broken.problem for broken in verify(books.ledger))
    with pytest.raises(LedgerBroken):
        paper_bytes(books.ledger, matter, issued.number, issued.sha256)


def test_nobody_changes_a_paper_by_the_ordinary_way(books: Books) -> None:
    issue(books, accepted(books))
    for change in ("DELETE FROM papers", "UPDATE papers SET sha256 = 'x'"):
        with pytest.raises(Exception, match="只能追加"), books.ledger.engine.begin() as connection:
            connection.execute(text(change))


def test_the_code_on_it_finds_it_and_no_other_does(books: Books) -> None:
    matter = accepted(books)
    issue(books, matter)
    issued = books.ledger.state(matter).documents[NOTICE - 1].issued
    assert issued
    for typed in (issued.code, issued.code.lower(), issued.code.replace("-", " ")):
        assert found_by(books.ledger, typed, "10.0.0.1") == Found(matter, issued.number)
    assert found_by(books.ledger, "0000-0000-0000-0000", "10.0.0.1") is None
    for _ in range(LOOKS_BY_CODE - 3):
        found_by(books.ledger, issued.code, "10.0.0.1")
    with pytest.raises(TooOften):
        found_by(books.ledger, issued.code, "10.0.0.1")


def test_a_revoked_one_keeps_its_number_and_another_takes_the_next(books: Books) -> None:
    matter = accepted(books)
    issue(books, matter)
    books.act(
        matter,
        "revoke_paper",
        after=4,
        paper=NOTICE,
        reason="内容有误",
        explanation="期限写错",
        then="更正后重新制发",
    )
    issue(books, matter)
    paper = books.ledger.state(matter).documents[NOTICE - 1]
    assert [i.number for i in paper.issues] == ["偏社争受字〔2026〕0001号", "偏社争受字〔2026〕0002号"]
    assert verify(books.ledger) == []


def test_other_units_paper_is_not_issued(books: Books) -> None:
    matter = accepted(books)
    with pytest.raises(Declined, match="不能办理"):
        books.act(matter, "issue_paper", f"{TAX}/郝勤", after=3, paper=NOTICE, signed_by="郝勤", gaps=[])
