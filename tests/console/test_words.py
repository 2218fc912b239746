"""Numbers as the lists shorten them: each is one matter's alone, and is understood where it is typed."""

import pytest

from console.pages.search import meant_by
from console.words import short_no
from domain.policy_units import County
from ledger.names import case_number, written_number
from tests.domain.test_life_random import COUNTIES


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
