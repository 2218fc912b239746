"""Looking at matters over HTTP: each sees what the table of rights says, and nobody learns more from a refusal."""

import pytest

from api.matters import listed
from domain.access import Post, Role
from domain.policy import Policy
from domain.rights import Sight, sight
from ledger.queries import EVERYTHING, list_disputes
from ledger.store import Ledger
from tests.access.test_accounts import DAY, TAX
from tests.api.conftest import CENTER, Staff, site_over
from tests.ledger.lives import keep_sample
from tests.ledger.support import Books, an_intake


@pytest.fixture
def matter(readers: Staff, books: Books) -> str:
    """A matter of the tax bureau's."""
    made = books.register(an_intake())
    books.accept(made)
    return made


async def test_who_may_not_know_of_a_matter_hears_the_same_as_of_none(readers: Staff, matter: str) -> None:
    stranger = await readers.at("县水务局")
    for path in ("", "/timeline", "/receipts", "/at?moment=2026-09-10T09:00:00%2B08:00", "/offers"):
        seen = await stranger.get(f"/disputes/{matter}{path}")
        none = await stranger.get(f"/disputes/12345热线-no-such{path}")
        assert (seen.status_code, seen.content) == (none.status_code, none.content)
        assert seen.json()["detail"] == "没有可看的内容。可能链接有误，或不在您的权限之内。"
    assert (await stranger.get("/disputes")).json() == {"disputes": [], "after": None}


async def test_a_matter_is_shown_by_role_and_relation_without_any_identity(
    readers: Staff, matter: str
) -> None:
    officer, center = await readers.at(TAX), await readers.at(CENTER, Role.OPERATOR)
    supervisor = await readers.at("县委政法委", Role.SUPERVISOR)
    whole = (await officer.get(f"/disputes/{matter}")).json()
    assert (whole["sight"], whole["stage"], whole["lead"]) == ("whole", "直办", TAX)
    assert (await center.get(f"/disputes/{matter}")).json()["sight"] == "whole"
    masked = (await supervisor.get(f"/disputes/{matter}")).json()
    assert masked["sight"] == "masked"
    for who in (officer, center, supervisor):
        for path in ("", "/timeline", "/receipts"):
            text = (await who.get(f"/disputes/{matter}{path}")).text
            assert "温玉强" not in text
            assert "19900001234" not in text
            assert "142234197801018817" not in text


async def test_the_stage_alone_tells_nothing_of_what_it_is_about(readers: Staff, books: Books) -> None:
    matter = books.register(an_intake(received_by="县信访局"))
    told = await readers.at("县信访局")
    seen = (await told.get(f"/disputes/{matter}")).json()
    assert seen["sight"] == "stage"
    assert "about" not in seen
    assert (await told.get(f"/disputes/{matter}/receipts")).json() == {}
    events = (await told.get(f"/disputes/{matter}/timeline")).json()["events"]
    assert {e["type"] for e in events} <= {"registered", "stage_entered"}


async def test_the_course_is_told_in_pages_and_by_unit(readers: Staff, matter: str) -> None:
    officer = await readers.at(TAX)
    whole = (await officer.get(f"/disputes/{matter}/timeline")).json()["events"]
    assert [e["seq"] for e in whole] == list(range(1, len(whole) + 1))
    rest = (await officer.get(f"/disputes/{matter}/timeline", params={"after": 3})).json()["events"]
    assert rest == whole[3:]
    own = (await officer.get(f"/disputes/{matter}/timeline", params={"unit": TAX, "type": "acted"})).json()
    assert [e["unit"] for e in own["events"]] == [TAX]


async def test_a_matter_is_shown_as_it_stood(readers: Staff, matter: str) -> None:
    officer = await readers.at(TAX)
    then = {"moment": "2026-09-07T12:00:00+08:00"}
    stood = (await officer.get(f"/disputes/{matter}/at", params=then)).json()
    assert (stood["stage"], stood["lead"]) == ("待初审", None)
    before = await officer.get(f"/disputes/{matter}/at", params={"moment": "2020-01-01T00:00:00+08:00"})
    assert before.status_code == 404


async def test_why_a_day_is_that_day(readers: Staff, matter: str) -> None:
    officer = await readers.at(TAX)
    receipts = (await officer.get(f"/disputes/{matter}/receipts")).json()
    assert any("2026-09" in line for lines in receipts.values() for line in lines)


async def test_the_list_is_paged_and_filtered(readers: Staff, books: Books) -> None:
    made = [books.register(an_intake(f"PG-{n}")) for n in range(5)]
    center = await readers.at(CENTER, Role.OPERATOR)
    paged: list[str] = []
    after: str | None = None
    while True:
        asked = {"most": 2} | ({"after": after} if after else {})
        page = (await center.get("/disputes", params=asked)).json()
        paged += [row["dispute_id"] for row in page["disputes"]]
        if (after := page["after"]) is None:
            break
    assert sorted(paged) == made
    assert (await center.get("/disputes", params={"kind": "线索"})).json()["disputes"] == []
    wrong = await center.get("/disputes", params={"after": "nonsense"})
    assert (wrong.status_code, wrong.json()["code"]) == (400, "no_such_page")
    wrong = await center.get("/disputes", params={"kind": "诉讼", "most": 5000, "elsewhere": 1})
    assert wrong.status_code == 422
    assert len(wrong.json()["problems"]) == 3


@pytest.mark.parametrize("name", ["05", "07", "10", "11", "14"])
async def test_a_unit_finds_in_its_list_what_it_may_see_and_nothing_else(
    readers: Staff, kept: Ledger, policy: Policy, name: str
) -> None:
    keep_sample(kept, policy, name)
    site = site_over(kept, policy)
    every = [kept.state(row["dispute_id"]) for row in list_disputes(kept.engine)]
    units = {t.unit for d in every for t in d.tasks.values()} | {"县水务局", "县委政法委", "县政府"}
    for unit in units:
        for role in (Role.OFFICER, Role.HEAD, Role.MEDIATOR):
            post = Post("p", "a", unit, role, DAY, None)
            may = {d.id for d in every if sight(d, post, policy) is not Sight.NOTHING}
            found = {row["dispute_id"] for row in listed(site, post, EVERYTHING, None, 100).rows}
            assert found == may, (unit, role)
