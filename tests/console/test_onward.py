"""What the receipt says comes next is said by the stage at which the matter stands when it is printed."""

from collections.abc import Iterator

import httpx

from console.showing.onward import NEXT, comes_next
from domain.access import Role
from domain.dispute import Dispute
from domain.fold import replay
from domain.words import Stage
from tests.access.test_accounts import TAX
from tests.api.conftest import CENTER
from tests.console.conftest import Officers, form_at
from tests.ledger.support import Books, an_intake
from tests.support import golden

REVIEWED = "登记后先初审"


def moments() -> Iterator[Dispute]:
    """Every matter of the stored lives after each of its acts."""
    for story in golden.STORIES:
        for matter, events in golden.stored(story).lives.items():
            ends = [
                n for n, e in enumerate(events, 1) if n == len(events) or events[n].action_id != e.action_id
            ]
            yield from (replay(matter, events[:n]) for n in ends)


def test_every_stage_has_what_comes_next() -> None:
    assert set(NEXT) == set(Stage)


def test_what_comes_next_is_of_the_stage_and_never_what_is_over() -> None:
    met: set[Stage] = set()
    for d in moments():
        said, unit = comes_next(d), d.lead or d.center
        met.add(d.stage or Stage.REVIEW)
        assert "{" not in said
        assert "None" not in said
        assert (REVIEWED in said) is (d.stage in (None, Stage.REVIEW)), (d.stage, said)
        assert ("办结" in said) <= (d.closed_at is not None), (d.stage, said)
        if d.accepted_at and not d.informed_at and not d.closed_at and d.stage is not Stage.SUPPLEMENT:
            assert unit in said, (d.stage, said)
        if d.closed_at and not d.merged_into:
            assert unit in said, said
            assert "告诉您结果" not in said
        if d.merged_into or d.refused_at or d.withdrawn_at:
            assert "办结" not in said
    assert met >= {
        Stage.REVIEW,
        Stage.SUPPLEMENT,
        Stage.DIRECT,
        Stage.EXECUTION,
        Stage.CALLBACK,
        Stage.ARCHIVED,
    }


async def test_the_receipt_printed_again_says_what_comes_next_now(readers: Officers, books: Books) -> None:
    matter = books.register(an_intake())
    operator = await readers.at(CENTER, Role.OPERATOR)
    assert REVIEWED in await printed(operator, matter)
    books.accept(matter)
    again = await printed(operator, matter)
    assert REVIEWED not in again
    assert f"已经受理，现在由{TAX}办理" in again
    assert "办理不收费" in again
    books.live_on(matter)
    assert readers.ledger.state(matter).closed_at
    assert "这一件已经办结" in await printed(operator, matter)


async def printed(operator: httpx.AsyncClient, matter: str) -> str:
    """The receipt, once more."""
    form = await form_at(operator, f"/matters/{matter}")
    answer = await operator.post(f"/matters/{matter}/receipt", data=form, follow_redirects=True)
    assert "登记回执" in answer.text
    return answer.text
