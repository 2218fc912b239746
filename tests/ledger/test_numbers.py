"""Case numbers: by county, prefix and year, without a gap, under any number of registrations at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from domain.declined import Declined
from domain.dispute import Dispute
from domain.events import Event
from domain.words import SHANGHAI
from ledger.lookup import case_number
from ledger.store import LedgerUnavailable, Lookup
from tests.ledger.support import Books, an_intake


def test_numbers_have_no_gap_though_every_third_registration_fails(books: Books) -> None:
    def register(n: int) -> None:
        made = books.registration(an_intake(f"PG-{n}"), f"m{n}")

        def sometimes(dispute: Dispute, lookup: Lookup) -> list[Event]:
            events = made(dispute, lookup)
            if n % 3 == 0:
                raise Declined("no", "不能登记")
            return events

        while True:
            try:
                books.ledger.commit(f"m{n}", "register", 0, sometimes)
            except LedgerUnavailable:
                continue
            except Declined:
                pass
            return

    with ThreadPoolExecutor(16) as clerks:
        list(clerks.map(register, range(60)))
    given = {books.ledger.state(f"m{n}").case_no for n in range(60) if n % 3}
    assert given == {case_number("偏社争", 2026, n) for n in range(1, 41)}


def test_disputes_and_leads_and_years_count_apart(books: Books) -> None:
    new_year = datetime(2027, 1, 4, 9, 0, tzinfo=SHANGHAI)
    matters = [
        books.register(an_intake("1")),
        books.register(an_intake("2", kind="线索")),
        books.register(an_intake("3", received_at=new_year)),
        books.register(an_intake("4")),
    ]
    assert [books.ledger.state(m).case_no for m in matters] == [
        "偏社争〔2026〕0001号",
        "偏社线〔2026〕0001号",
        "偏社争〔2027〕0001号",
        "偏社争〔2026〕0002号",
    ]


def test_a_lead_that_becomes_a_dispute_takes_the_next_number(books: Books) -> None:
    books.register(an_intake("1"))
    lead = books.register(an_intake("2", kind="线索"))
    books.convert(lead)
    assert books.ledger.state(lead).case_no == "偏社争〔2026〕0002号"
