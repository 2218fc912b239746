"""What officers look up."""

from datetime import timedelta

from domain import decide
from domain.dispute import Dispute
from domain.events import Declined, Event
from ledger import queries
from ledger.queries import Filters
from ledger.store import Lookup
from tests.ledger.support import CENTER, MONDAY, TAX, Books, an_intake


def test_matters_are_listed_by_what_is_asked(books: Books) -> None:
    over = books.live_through(an_intake("PG-1"))
    lead = books.register(an_intake("PG-2", kind="线索", received_at=MONDAY + timedelta(days=1)))
    new = books.register(an_intake("PG-3", received_at=MONDAY + timedelta(days=2)))

    def listed(**filters: object) -> list[str]:
        found = queries.list_disputes(books.ledger.engine, Filters.model_validate(filters))
        return [row["dispute_id"] for row in found]

    assert listed() == [new, lead, over]
    assert listed(kind="线索") == [lead]
    assert listed(stage="归档") == listed(is_over=True) == listed(lead=TAX) == [over]
    assert listed(opened_from=MONDAY + timedelta(days=1)) == [new, lead]
    assert listed(opened_until=MONDAY + timedelta(days=1)) == [over]
    page = queries.list_disputes(books.ledger.engine, limit=1, offset=1)
    assert [row["dispute_id"] for row in page] == [lead]
    assert "温玉强" not in str(queries.list_disputes(books.ledger.engine))


def test_documents_are_listed_with_their_fields(books: Books) -> None:
    matter = books.register(an_intake())
    books.act(matter, "request_supplement", items=["申请人身份", "工资或缴费凭证"])
    (paper,) = queries.list_documents(books.ledger, matter)
    assert (paper["name"], paper["issuer"], paper["recipient"]) == ("补正通知书", CENTER, "申请人")
    assert paper["number"] == "偏社争〔2026〕0001号文01"
    assert paper["fields"]["一次性清单"] == ["申请人身份", "工资或缴费凭证"]


def test_a_declined_action_is_shown_to_its_unit_and_the_administrator(books: Books) -> None:
    matter = books.register(an_intake())

    def keep(dispute: Dispute, lookup: Lookup) -> list[Event]:
        fact = Declined(action="sign_for", code="no_task", reason="没有待签收的任务\x00")
        return decide.keep(dispute, books.policy, MONDAY, action_id="r1", unit=TAX, officer="郝勤", fact=fact)

    books.ledger.commit(matter, "r1", 0, keep)
    (row,) = queries.declined(books.ledger, TAX)
    assert (row["case_no"], row["officer"], row["action"]) == ("偏社争〔2026〕0001号", "郝勤", "sign_for")
    assert (row["code"], row["reason"]) == ("no_task", "没有待签收的任务\x00")
    assert queries.declined(books.ledger, CENTER) == []
    assert queries.declined(books.ledger) == [row]


def test_matters_are_counted_by_stage(books: Books) -> None:
    books.live_through(an_intake("PG-1"))
    books.register(an_intake("PG-2"))
    books.register(an_intake("PG-3", kind="线索"))
    assert queries.counts(books.ledger.engine) == {"争议": {"归档": 1, "待初审": 1}, "线索": {"线索": 1}}
