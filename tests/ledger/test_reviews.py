"""The lists that are gone through regularly: what stands on them, and that nothing else does."""

from datetime import timedelta

from domain.policy_life import ReviewRule
from ledger.reviews import review_list
from tests.ledger.support import MONDAY, Books, an_intake


def test_what_is_open_of_the_tiers_and_old_enough_is_listed(books: Books) -> None:
    books.live_through(an_intake("PG-1"))
    old = books.register(an_intake("PG-2"))
    books.act(old, "accept_case", after=1)
    new = books.register(an_intake("PG-3", received_at=MONDAY + timedelta(days=20)))
    books.act(new, "accept_case", after=1)
    said = {"name": "会审", "every": "week", "day": 1, "unit": "center", "basis": "县办法", "tag": "S"}

    def listed(**more: object) -> set[str]:
        rule = ReviewRule.model_validate({**said, **more})
        day = (MONDAY + timedelta(days=21)).date()
        return {row["dispute_id"] for row in review_list(books.ledger.engine, rule, day)}

    assert listed() == {old, new}
    assert listed(older_than_days=10) == {old}
    assert listed(tiers=["低"]) == {old, new}
    assert listed(tiers=["高"]) == set()
