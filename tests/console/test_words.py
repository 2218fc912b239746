"""Numbers as the lists shorten them, each one matter's alone and understood where it is typed; the mechanism by one name."""

import re
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from console import site
from console.pages.search import meant_by
from console.words import short_no
from domain.access import Role
from domain.policy import Policy
from domain.policy_units import MECHANISM, County
from ledger.names import case_number, written_number
from ledger.store import Ledger
from tests.access.test_accounts import TAX
from tests.api.conftest import site_over
from tests.console.conftest import Officers
from tests.domain.test_life_random import COUNTIES
from tests.support.applications import serving

HERE = Path(__file__).parents[2]
NAMED = re.compile(r"社会保险费(?:征缴)?争议联合处")


@pytest.mark.parametrize("county", [policy.county for policy in COUNTIES.values()], ids=lambda c: c.name)
def test_a_short_number_is_one_matters_alone_and_is_understood(county: County) -> None:
    whole = [case_number(prefix, 2026, 1) for prefix in (county.case_prefix, county.lead_prefix)]
    short = [short_no(number, county) for number in whole]
    assert short == ["〔2026〕0001", "线〔2026〕0001"]
    for number, typed in zip(whole, short, strict=True):
        written = written_number(typed)
        assert written
        assert number in meant_by(written, county)
    assert short_no("RX-20260511-7", county) == "RX-20260511-7"


@pytest.mark.parametrize(
    ("case", "lead", "mark"), [("某社争", "某社线", "线"), ("某争", "某线索", "线索"), ("某", "某线", "线"), ("某争", "某", "")]
)  # fmt: skip
def test_a_leads_mark_is_what_its_prefix_has_of_its_own(case: str, lead: str, mark: str) -> None:
    assert County(name="某县", case_prefix=case, lead_prefix=lead).lead_mark == mark


def test_no_page_and_no_form_writes_the_mechanisms_name_by_itself() -> None:
    texts = [
        *(HERE / "console").rglob("*.html"),
        *(HERE / "console").rglob("*.py"),
        *(HERE / "api").rglob("*.py"),
    ]
    texts += [*(HERE / "policies" / "papers").glob("*.txt"), *(HERE / "activities").rglob("*.py")]
    assert len(texts) > 100
    assert [text.name for text in texts if NAMED.search(text.read_text(encoding="utf-8"))] == []


async def test_what_the_county_calls_the_mechanism_stands_over_every_page(
    kept: Ledger, policy: Policy
) -> None:
    assert policy.county.titled == f"偏关县{MECHANISM}"
    own = policy.county.model_copy(update={"mechanism": "社保费化解"})
    async with AsyncExitStack() as stack:
        app = serving(site, site_over(kept, policy.model_copy(update={"county": own})))
        readers = Officers(app, kept, stack)
        outside, inside = await readers.browser(), await readers.at(TAX, Role.OFFICER)
        for browser, place in (
            (outside, "/sign-in"),
            (outside, "/lookup"),
            (outside, "/callback"),
            (inside, "/"),
        ):
            page = (await browser.get(place)).text
            assert "偏关县社保费化解" in page, place
            assert MECHANISM not in page, place
        assert MECHANISM in (await outside.get("/no-such-page", follow_redirects=True)).text
