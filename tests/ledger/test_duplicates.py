"""疑似重复: what is suggested, with which words, and what never is."""

from datetime import timedelta
from typing import Any

import pytest

from domain.dispute import Dispute
from domain.events import Event
from domain.intake import DuplicateHint
from ledger.duplicates import BY_NAME, likeness
from ledger.names import fold_company, fold_name, fold_number
from ledger.store import Lookup
from tests.ledger.support import MONDAY, Books, a_claim, a_firm, a_person, an_intake

LATER = {"from": "2026-06", "to": "2026-08"}
ANOTHER = a_firm(name="偏关县画饼食品有限公司", uscc="91140932MA0OTHER0X")
EVERYTHING = ["证件号一致", "单位一致", "险种一致、所属期重叠"]


def test_another_spelling_through_another_channel_is_suggested(books: Books) -> None:
    first = books.register(an_intake("PG-1"))
    second = books.register(
        an_intake(
            "LX-1",
            channel="书信传真",
            applicant=a_person(name="温玉強"),
            respondents=[a_firm(name="偏关县望梅建材公司", uscc=None)],
            claims=[a_claim(amount=None)],
        )
    )
    (hint,) = books.ledger.state(second).duplicates
    assert (hint.dispute_id, hint.source_no, hint.case_no) == (first, "PG-1", "偏社争〔2026〕0001号")
    assert hint.basis == [*EVERYTHING, "姓名异体字"]
    assert books.ledger.state(first).duplicates == []


def hints(books: Books, **changes: Any) -> list[list[str]]:
    books.register(an_intake("PG-1"))
    second = books.register(an_intake("LX-1", channel="书信传真", **changes))
    return [hint.basis for hint in books.ledger.state(second).duplicates]


@pytest.mark.parametrize(
    "changes",
    [
        {"applicant": a_person(id_number="142234199102034526")},
        {"applicant": a_person(id_number=None, phone="19900009999")},
        {"applicant": {"anonymous": True}},
        {"applicant": a_person(id_number=None), "respondents": [ANOTHER]},
        {"applicant": a_person(id_number=None), "respondents": []},
        {"applicant": a_person(id_number=None), "claims": [a_claim(period=LATER)]},
        {"claims": [a_claim(insurance="医疗")]},
        {"claims": [a_claim(insurance=None)]},
        {"claims": [a_claim(period=LATER, type="缴费基数不实")]},
        {"respondents": [ANOTHER], "claims": [a_claim(type="缴费基数不实")]},
        {"claims": []},
    ],
    ids=[
        "same name, another person",
        "same name, another phone",
        "nobody named",
        "by phone, another employer",
        "by phone, no employer",
        "by phone, another period",
        "another insurance",
        "insurance not known",
        "another period and kind",
        "another employer and kind",
        "no claim",
    ],
)
def test_what_is_not_the_same_matter_is_not_suggested(books: Books, changes: dict[str, Any]) -> None:
    assert hints(books, **changes) == []


@pytest.mark.parametrize(
    ("changes", "basis"),
    [
        ({}, EVERYTHING),
        ({"applicant": a_person(name="温某")}, EVERYTHING),
        ({"applicant": a_person(id_number="142234197801018817 ")}, EVERYTHING),
        ({"applicant": a_person(id_number=None)}, ["姓名与电话一致", *EVERYTHING[1:]]),
        ({"applicant": a_person(name="温玉強", id_number=None, phone="199-0000 1234")},
         ["姓名与电话一致", *EVERYTHING[1:], "姓名异体字"]),
        ({"respondents": [a_firm(name="别的写法")]}, EVERYTHING),
        ({"respondents": [a_firm(name="望梅建材", uscc=None)]}, EVERYTHING),
        ({"claims": [a_claim(period={"from": "2026-05"})]}, EVERYTHING),
        ({"claims": [a_claim(period={})]}, EVERYTHING),
        ({"claims": [a_claim(period=LATER)]}, ["证件号一致", "单位一致", "险种与类型一致"]),
        ({"claims": [a_claim(period=LATER, type=None)]}, ["证件号一致", "单位一致", "险种与类型一致"]),
        ({"respondents": [ANOTHER]}, ["证件号一致", "险种一致、所属期重叠"]),
        ({"respondents": [a_firm(name="望梅", uscc=None)], "claims": [a_claim(period=LATER)]},
         ["证件号一致", "险种与类型一致"]),
        ({"respondents": []}, ["证件号一致", "险种一致、所属期重叠"]),
    ],
    ids=["all", "id decides", "id with a blank", "by phone", "by phone, variant", "by uscc", "short name",
         "touching period", "unknown period", "another period", "another period, type unknown", "another employer",
         "a name of its own and another period", "no employer"],
)  # fmt: skip
def test_what_looks_the_same_is_suggested(books: Books, changes: dict[str, Any], basis: list[str]) -> None:
    assert hints(books, **changes) == [basis]


def test_all_are_named_those_that_agree_in_everything_first(books: Books) -> None:
    books.register(an_intake("PG-1"))
    books.register(an_intake("PG-2", respondents=[ANOTHER]))
    books.register(an_intake("PG-3", claims=[a_claim(period=LATER)], received_at=MONDAY + timedelta(days=1)))
    new = an_intake("PG-4")
    found = books.ledger.alike(new, "PG-4")
    assert [(d.facts.source_no, like.whole) for d, like in found] == [
        ("PG-1", True),
        ("PG-3", False),
        ("PG-2", False),
    ]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({}, {}, [BY_NAME]),
        ({"phone": "19900001234"}, {}, [BY_NAME]),
        ({"phone": "19900001234"}, {"id_number": "142234197801018817"}, [BY_NAME]),
        ({"phone": "19900001234"}, {"phone": "19900009999"}, []),
        ({"id_number": "142234197801018817"}, {"id_number": "142234199102034526"}, []),
    ],
    ids=["neither left a number", "one did", "each another kind", "other phones", "other ids"],
)
def test_namesakes_are_suggested_unless_a_number_tells_them_apart(
    books: Books, one: dict[str, str], other: dict[str, str], expected: list[str]
) -> None:
    for source, numbers in (("PG-1", one), ("PG-2", other)):
        matter = books.register(an_intake(source, applicant={"name": "席远", **numbers}))
    assert [hint.basis[0] for hint in books.ledger.state(matter).duplicates] == expected


def test_a_namesake_comes_after_who_is_known_by_a_number(books: Books) -> None:
    known = books.register(an_intake("PG-1"))
    namesake = books.register(an_intake("PG-2", applicant={"name": "温玉强"}))
    again = books.register(an_intake("PG-3"))
    assert [h.dispute_id for h in books.ledger.state(again).duplicates] == [known, namesake]


def test_a_namesake_without_an_employer_in_common_is_nobody_known(books: Books) -> None:
    for source in ("PG-1", "PG-2"):
        resident = {"respondents": [], "applicant": {"name": "席远"}, "claims": [a_claim(regime="居民")]}
        matter = books.register(an_intake(source, **resident))
    assert books.ledger.state(matter).duplicates == []


def test_a_member_of_a_group_is_recognised(books: Books) -> None:
    group = an_intake(
        "G-1",
        applicant={
            "name": "席远等 2 人",
            "is_group": True,
            "headcount": 2,
            "members": [{"line": 1, "name": "席远"}, {"line": 2, **a_person()}],
        },
    )
    books.register(group)
    alone = books.register(an_intake("LX-1"))
    assert [h.source_no for h in books.ledger.state(alone).duplicates] == ["G-1"]


def test_residents_have_no_employer_to_agree_on(books: Books) -> None:
    resident = {"respondents": [], "claims": [a_claim(regime="居民")]}
    books.register(an_intake("PG-1", **resident))
    second = books.register(an_intake("PG-2", **resident))
    assert [h.basis for h in books.ledger.state(second).duplicates] == [
        ["证件号一致", "险种一致、所属期重叠"]
    ]


def test_a_merged_matter_is_named_only_through_its_parent(books: Books) -> None:
    parent = books.register(an_intake("PG-1"))
    child = books.register(an_intake("PG-2"))
    books.act(child, "merge_cases", into="PG-1")
    books.absorb(parent, child)
    third = books.register(an_intake("PG-3"))
    assert [h.source_no for h in books.ledger.state(third).duplicates] == ["PG-1"]


def test_a_matter_is_not_its_own_duplicate(books: Books) -> None:
    intake = an_intake()
    assert likeness(intake, intake), "they are alike, so only the id tells them apart"
    matter = books.register(intake)
    asked: list[list[DuplicateHint]] = []

    def ask(dispute: Dispute, lookup: Lookup) -> list[Event]:
        asked.append(lookup.duplicates(intake, matter))
        asked.append(lookup.duplicates(intake, "another"))
        return []

    books.ledger.commit(matter, "ask", 0, ask)
    assert [len(hints) for hints in asked] == [0, 1]


def test_related_matters_are_known_by_number_alone(books: Books) -> None:
    parent = books.register(an_intake("PG-1"))
    child = books.register(an_intake("PG-2"))
    books.act(child, "merge_cases", into="PG-1")
    books.absorb(parent, child)
    asked: dict[str, Any] = {}

    def ask(dispute: Dispute, lookup: Lookup) -> list[Event]:
        asked.update(lookup.related(["PG-1", "PG-2", "PG-9"]))
        return []

    books.ledger.commit("m", "ask", 0, ask)
    assert {no: (m.dispute_id, m.is_open) for no, m in asked.items()} == {
        "PG-1": (parent, True),
        "PG-2": (child, False),
    }


@pytest.mark.parametrize(
    ("written", "folded"),
    [("吕国強", "吕国强"), ("呂國强", "吕国强"), (" 王 小 明", "王小明"), ("阿依古丽·买买提", "阿依古丽买买提"),
     ("", None), (None, None)],
)  # fmt: skip
def test_names_are_compared_as_people_write_them(written: str | None, folded: str | None) -> None:
    assert fold_name(written) == folded


@pytest.mark.parametrize("form", ["有限公司", "有限责任公司", "股份有限公司", "公司", "", "（有限 公司）"])
def test_firms_are_compared_without_their_legal_form(form: str) -> None:
    assert fold_company(f"望梅建材{form}") == "望梅建材"


def test_a_firm_called_by_its_form_alone_keeps_it() -> None:
    assert fold_company("公司") == "公司"


@pytest.mark.parametrize(
    ("written", "folded"),
    [("14223419780101881x", "14223419780101881X"), ("１９９ 0000-1234", "19900001234"), (" ", None)],
)
def test_numbers_are_compared_without_separators(written: str, folded: str | None) -> None:
    assert fold_number(written) == folded
