"""台账视图: each account has its own, so many and no more, none twice by one name."""

import pytest

from ledger import book_views
from ledger.book_views import LONGEST, MOST, NotKept
from ledger.store import Ledger
from tests.access.test_accounts import County

OPEN = {"is_over": "no"}


@pytest.fixture
def two(ledger: Ledger) -> tuple[str, str]:
    """Two accounts."""
    county = County(ledger)
    return county.person("shi"), county.person("wen")


def names(ledger: Ledger, person: str) -> list[str]:
    return [view.name for view in book_views.views(ledger.engine, person)]


def test_a_view_is_its_persons_own(ledger: Ledger, two: tuple[str, str]) -> None:
    shi, wen = two
    made = book_views.save(ledger.engine, shi, "  在办 的 ", OPEN, ["主办"])
    assert book_views.views(ledger.engine, shi) == [book_views.View(made, "在办 的", OPEN, ["主办"])]
    assert names(ledger, wen) == []
    book_views.rename(ledger.engine, wen, made, "别人的")
    book_views.change(ledger.engine, wen, made, asked={}, columns=[])
    book_views.drop(ledger.engine, wen, made)
    assert book_views.views(ledger.engine, shi) == [book_views.View(made, "在办 的", OPEN, ["主办"])]
    book_views.save(ledger.engine, wen, "在办 的", {}, [])
    book_views.drop(ledger.engine, shi, made)
    assert names(ledger, shi) == []
    assert names(ledger, wen) == ["在办 的"]


def test_the_same_sent_twice_is_kept_once_and_another_of_that_name_is_refused(
    ledger: Ledger, two: tuple[str, str]
) -> None:
    shi, _ = two
    first = book_views.save(ledger.engine, shi, "在办", OPEN, ["主办"])
    assert book_views.save(ledger.engine, shi, "在办", OPEN, ["主办"]) == first
    for asked, columns in (({}, ["主办"]), (OPEN, [])):
        with pytest.raises(NotKept, match="已有叫“在办”的视图"):
            book_views.save(ledger.engine, shi, "在办", asked, columns)
    other = book_views.save(ledger.engine, shi, "已办", {}, [])
    with pytest.raises(NotKept, match="已有叫"):
        book_views.rename(ledger.engine, shi, other, "在办")
    book_views.rename(ledger.engine, shi, other, "已办")
    book_views.change(ledger.engine, shi, other, asked={"level": "高"})
    book_views.change(ledger.engine, shi, other, columns=["协办"])
    assert book_views.views(ledger.engine, shi)[1] == book_views.View(
        other, "已办", {"level": "高"}, ["协办"]
    )


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("　", "请写一个名称"),
        ("长" * (LONGEST + 1), f"至多 {LONGEST} 个字"),
        ("看\x00不见", "控制字符"),
        ("142234197801018817", "证件号、电话"),
        ("来电199 0000 1234", "证件号、电话"),
    ],
)
def test_a_name_that_cannot_be_kept_is_refused_in_words(
    ledger: Ledger, two: tuple[str, str], name: str, said: str
) -> None:
    with pytest.raises(NotKept, match=said):
        book_views.save(ledger.engine, two[0], name, OPEN, [])
    assert names(ledger, two[0]) == []


def test_there_is_an_end_to_views(ledger: Ledger, two: tuple[str, str]) -> None:
    for n in range(MOST):
        book_views.save(ledger.engine, two[0], f"第 {n} 个", OPEN, [])
    with pytest.raises(NotKept, match=f"最多存 {MOST} 个"):
        book_views.save(ledger.engine, two[0], "再一个", OPEN, [])
    book_views.drop(ledger.engine, two[0], book_views.views(ledger.engine, two[0])[0].id)
    book_views.save(ledger.engine, two[0], "再一个", OPEN, [])


def test_columns_are_chosen_once_for_all_and_taken_back(ledger: Ledger, two: tuple[str, str]) -> None:
    assert book_views.columns_of(ledger.engine, two[0]) == []
    book_views.choose(ledger.engine, two[0], ["主办"])
    book_views.choose(ledger.engine, two[0], ["主办", "协办"])
    assert book_views.columns_of(ledger.engine, two[0]) == ["主办", "协办"]
    assert book_views.columns_of(ledger.engine, two[1]) == []
    book_views.choose(ledger.engine, two[0], [])
    assert book_views.columns_of(ledger.engine, two[0]) == []
