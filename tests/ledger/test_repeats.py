"""重复投诉率: the same person, the same unit, the same matter, soon after it was closed."""

from collections.abc import Callable
from datetime import date

import pytest

from domain.intake import Applicant
from domain.words import Channel
from ledger.figures import Rate, Scope
from ledger.periods import Period
from ledger.report import report
from ledger.store import Ledger
from tests.ledger.lives import keep_case, of_month, on
from tests.support.case import Case, case

PERSON = {"name": "某甲", "phone": "19911110000", "id_number": "142234196702100001"}
FIRM = {"name": "偏关县某厂", "uscc": "91140932MA0000074B"}


def first() -> Case:
    """Closed on 2026-03-20 at ten o'clock; 180 days later is 2026-09-16."""
    c = (
        case(source_no="A", applicant=PERSON, respondents=[FIRM])
        .accepted()
        .disposed()
        .paid()
        .informed()
        .called()
    )
    return c.on("2026-03-20").do("close_case", archive=True)


def again(received: str = "2026-06-01T09:00:00+08:00", **changes: object) -> Case:
    given = {"applicant": PERSON, "respondents": [FIRM], "received_at": received, **changes}
    return case(source_no="B", **given)


def claimed(insurance: str, type_: str) -> list[dict[str, object]]:
    return [{"no": 1, "insurance": insurance, "regime": "职工", "type": type_, "amount": 1}]


def without_id(**changes: object) -> dict[str, object]:
    return {"name": "某甲", "phone": "19911110000", **changes}


@pytest.mark.parametrize(
    ("second", "repeats"),
    [
        (again, True),
        (lambda: again("2026-09-16T10:00:00+08:00"), True),
        (lambda: again("2026-09-16T10:00:01+08:00"), False),
        (lambda: again("2026-03-20T09:00:00+08:00"), False),
        (lambda: again(applicant=without_id()), True),
        (lambda: again(applicant=without_id(phone="19911110001")), False),
        (lambda: again(applicant={**PERSON, "id_number": "142234196702100028"}), False),
        (lambda: again(applicant={**PERSON, "name": "某某甲", "phone": None}), True),
        (lambda: again(respondents=[{**FIRM, "name": "改了名的厂"}]), True),
        (lambda: again(respondents=[{"name": "偏关县某厂"}]), True),
        (lambda: again(respondents=[{"name": "偏关县别厂"}]), False),
        (lambda: again(respondents=[]), False),
        (lambda: again(claims=claimed("医疗", "已申报未按时缴纳")), False),
        (lambda: again(claims=claimed("养老", "待遇享受")), False),
        (lambda: again(applicant=without_id(name="某乙", members=[{"line": 1, **PERSON}])), True),
    ],
    ids=[
        "again", "on the last day", "a second too late", "before it was closed", "by name and telephone",
        "another telephone", "another person of that name", "the same 证件号", "the same 信用代码", "the firm's name",
        "another firm", "no firm", "another insurance", "another kind", "in a group",
    ],
)  # fmt: skip
def test_who_complains_again(kept: Ledger, second: Callable[[], Case], repeats: bool) -> None:
    keep_case(kept, second())
    keep_case(kept, first())  # the order in which they are written down does not matter
    scope = Scope(Period.days(date(2026, 3, 10), date(2027, 1, 1)), on("2027-01-01"))
    found = report(kept.engine, scope)
    assert found.figures["重复投诉率"] == Rate(int(repeats), 1)


def test_a_matter_still_open_is_not_complained_of_again(kept: Ledger) -> None:
    keep_case(kept, case(source_no="A", applicant=PERSON, respondents=[FIRM]).accepted())
    keep_case(kept, again())
    assert of_month(kept, "2026-06").figures["重复投诉率"] == Rate(0, 1)


def test_a_merged_matter_ended_only_on_paper(kept: Ledger) -> None:
    child = case(source_no="A", applicant=PERSON, respondents=[FIRM])
    parent = child.state.facts.model_copy(
        update={"source_no": "P", "channel": Channel.VISIT, "applicant": Applicant(name="某乙")}
    )
    child.life.register(parent)
    keep_case(kept, child.do("merge_into", child="A", parent="P"))
    keep_case(kept, again())
    assert of_month(kept, "2026-06").figures["重复投诉率"] == Rate(0, 1)


def test_no_firm_on_either_side_is_the_same(kept: Ledger) -> None:
    resident = [{"no": 1, "insurance": "医疗", "regime": "居民", "type": "待遇享受"}]
    given = {"applicant": PERSON, "respondents": [], "claims": resident}
    c = case(source_no="A", **given).do("decide_not_accept", code="N4").do("notify_party", document="告知书")
    assert c.state.closed_at
    keep_case(kept, c)
    keep_case(kept, case(source_no="B", received_at="2026-06-01T09:00:00+08:00", **given))
    assert of_month(kept, "2026-06").figures["重复投诉率"] == Rate(1, 1)
