"""待审签文书: each paper that waits is on the list of whoever may see to it, and on no other."""

from domain.access import Role
from domain.paper_waiting import OF_ISSUERS, OF_REVIEWERS
from ledger.paper_desk import number_waiting, waiting
from ledger.verify import verify
from tests.access.test_accounts import TAX, unit_of
from tests.api.conftest import CENTER, Staff
from tests.ledger.support import Books, an_intake
from tests.ledger.test_papers import issue
from tests.support.forms import decided

DISPOSITION = "处置意见书"


def disposed(books: Books) -> str:
    """A matter whose disposition the tax bureau has drawn up, which is reviewed before it is issued."""
    matter = books.register(an_intake())
    books.accept(matter)
    books.act(matter, "issue_disposition", f"{TAX}/郝勤", after=3, **decided(principal="2400.00"))
    return matter


async def test_reviewer_and_issuer_each_see_their_own(readers: Staff, books: Books) -> None:
    matter = disposed(books)
    head, officer = await readers.at(TAX, Role.HEAD, login="reviewer"), await readers.at(TAX)
    operator, grid = await readers.at(CENTER, Role.OPERATOR), await readers.at(unit_of(Role.GRID), Role.GRID)

    async def names(who: object) -> list[tuple[str, str]]:
        found = await who.get("/papers/waiting")  # type: ignore[attr-defined]
        assert found.status_code == 200
        return [(p["name"], p["state"]) for p in found.json()]

    assert (DISPOSITION, "待审核") in await names(head)
    assert DISPOSITION not in [name for name, _ in await names(officer)]
    assert ("受理通知书", "待制发") in await names(operator)
    assert DISPOSITION not in [name for name, _ in await names(operator)]
    assert await names(grid) == []
    no = next(n for n, p in enumerate(books.ledger.state(matter).documents, 1) if p.name == DISPOSITION)
    books.act(matter, "review_paper", f"{TAX}/殷正", after=3, paper=no, decision="同意")
    assert DISPOSITION not in [name for name, state in await names(head) if state == "待审核"]
    assert (DISPOSITION, "待制发") in await names(officer)
    assert verify(books.ledger) == []


def test_what_is_issued_or_archived_waits_no_more(books: Books) -> None:
    matter = books.register(an_intake())
    books.accept(matter)
    engine = books.ledger.engine
    before = number_waiting(engine, (CENTER,), OF_ISSUERS).number
    assert before == len(waiting(engine, (CENTER,), OF_ISSUERS)) > 0
    issue(books, matter)
    assert number_waiting(engine, (CENTER,), OF_ISSUERS).number == before - 1
    assert verify(books.ledger) == []
    books.live_on(matter)
    assert waiting(engine, (CENTER,), (*OF_ISSUERS, *OF_REVIEWERS)) == []
    assert verify(books.ledger) == []
