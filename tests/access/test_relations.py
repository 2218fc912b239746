"""Role × unit's relation to the matter × route, chosen at random: over HTTP everybody gets what the table says, and no more."""

import asyncio
from typing import Any, NamedTuple

import httpx
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from api.known import policy_of
from api.limits import Limits, Meter
from domain.access import Post, Role
from domain.actions import FORMS
from domain.dispute import Dispute
from domain.policy import Policy
from domain.posts import roles_in
from domain.rights import Sight, offers_to, view, why_not
from ledger import accounts
from starter.office.views import business_now
from tests.access.test_accounts import DAY, HRSS, POLICY, TAX
from tests.api.conftest import CENTER, Staff, books, kept, ledger, ledger_url, policy, readers
from tests.ledger.support import Books, an_intake

__all__ = ["books", "kept", "ledger", "ledger_url", "policy", "readers"]

UNITS = (
    TAX,
    CENTER,
    HRSS,
    "县水务局",
    "县委政法委",
    "联席会议办公室",
    "县政府",
    "调解组织",
    "天峰坪镇网格员",
)
LOOKS = ("", "/timeline", "/receipts", "/offers", "/at?moment=2030-01-01T00:00:00%2B08:00")
EXAMPLES = 300


class Somebody(NamedTuple):
    """A person in one post, at his browser."""

    post: Post
    browser: httpx.AsyncClient


class Asked(NamedTuple):
    """Who asks what of which matter."""

    who: tuple[Role, str]
    matter: str
    route: str


async def everybody(readers: Staff) -> dict[tuple[Role, str], Somebody]:
    found: dict[tuple[Role, str], Somebody] = {}
    for unit in UNITS:
        for role in (role for role in roles_in(unit, POLICY) if role.handles_disputes):
            person, browser = await readers.person(unit, role, f"{role.value}-in-{unit}")
            (post,) = accounts.posts_of(readers.ledger, person, DAY)
            found[role, unit] = Somebody(post, browser)
    return found


def check(asked: Asked, post: Post, d: Dispute, its: Policy, answer: httpx.Response) -> None:
    """Whether an answer is what the table says."""
    seen = view(d, post, its).sight
    if seen is Sight.NOTHING:
        assert (answer.status_code, answer.json()["code"]) == (404, "nothing"), asked
        return
    if asked.route.startswith("/form"):
        kind = asked.route.rpartition("=")[2]
        if FORMS[kind].internal:
            assert answer.status_code == 422, asked
        else:
            at_hand = why_not(d, post, its, business_now(d), kind, None) is None
            assert (answer.status_code == 200) is at_hand, (asked, answer.text)
            assert at_hand or answer.status_code in (403, 409), asked
        return
    assert answer.status_code == 200, (asked, answer.text)
    told: Any = answer.json()
    if asked.route == "/offers":
        assert [o["kind"] for o in told] == [o.kind for o in offers_to(d, post, its, business_now(d))], asked
    elif not asked.route or asked.route.startswith("/at"):
        assert told["sight"] == seen.name.lower(), asked
        assert ("about" in told) is (seen >= Sight.MASKED), asked


async def test_everybody_gets_what_the_table_says(readers: Staff, books: Books) -> None:
    site = readers.app.state.site
    readers.app.state.meter = Meter(readers.ledger, Limits(*[10**6] * len(Limits._fields)))
    people = await everybody(readers)
    accepted = books.register(an_intake("PG-2"))
    books.act(accepted, "accept_case", after=1)
    states = {m: readers.ledger.state(m) for m in (books.register(an_intake("PG-1")), accepted)}
    loop = asyncio.get_running_loop()
    seen: set[Sight] = set()

    @given(
        st.builds(
            Asked,
            st.sampled_from(sorted(people)),
            st.sampled_from(sorted(states)),
            st.one_of(
                st.sampled_from(LOOKS), st.sampled_from([f"/form?kind={kind}" for kind in sorted(FORMS)])
            ),
        )
    )
    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=[HealthCheck.too_slow],
    )
    def any_of_it(asked: Asked) -> None:
        who, d = people[asked.who], states[asked.matter]
        asking = who.browser.get(f"/disputes/{asked.matter}{asked.route}")
        answer = asyncio.run_coroutine_threadsafe(asking, loop).result(60)
        check(asked, who.post, d, policy_of(site, d), answer)
        seen.add(view(d, who.post, policy_of(site, d)).sight)

    await asyncio.to_thread(any_of_it)
    assert Sight.NOTHING in seen
    assert Sight.WHOLE in seen
