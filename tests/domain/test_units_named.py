"""Units named in a form: the county's, each refused at its own field; one that only looks like one is asked back."""

from typing import Any

import pytest

from domain.actions import ACTION
from domain.cautions import cautions
from domain.declined import Declined
from domain.offers import form_of
from tests.support.case import CENTER, HRSS, TAX, Case, case, county
from tests.support.forms import filled

SENT_BACK = {"reason_code": "应由其他单位主办", "explanation": "依职责应由人社办理"}


def refusals(c: Case, unit: str, kind: str, **said: Any) -> dict[str | None, str]:
    with pytest.raises(Declined) as refused:
        c.act(filled(kind, **said), unit)
    return {fault.field: fault.message for fault in refused.value.faults}


def test_every_unknown_unit_is_told_at_its_own_field_with_the_nearest() -> None:
    told = refusals(
        case(), CENTER, "accept_case", lead="县税务局长", co=["县人社局", "县医宝局"], told=["忻洲司法"]
    )
    assert set(told) == {"lead", "co.1", "told.0"}
    assert "是否为：县税务局" in told["lead"]
    assert "县医保局" in told["co.1"]
    row = {"unit": "某处", "officer": "甲", "stance": "支持诉求", "opinion": "补缴"}
    c = case().accepted("低", TAX, (HRSS,)).act(filled("convene_consultation"), CENTER)
    assert set(refusals(c, CENTER, "issue_consultation_minutes", attended=[row])) == {"attended.0.unit"}


@pytest.mark.parametrize(
    ("lead", "asked_back"),
    [("县税务局", False), ("老营镇人民政府", False), ("县交警大队", True), ("城区派出所", True)],
)
def test_a_unit_that_only_fits_a_pattern_is_asked_back(lead: str, asked_back: bool) -> None:
    c = case()
    found = cautions(c.state, filled("accept_case", lead=lead), county(), c.now)
    assert [caution.field for caution in found] == (["lead"] if asked_back else [])


def test_who_should_have_it_instead_is_chosen_from_the_policy_s_units() -> None:
    c = case().accepted()
    (field,) = [f for f in form_of(c.state, TAX, county(), c.now, "send_back") if f.name == "suggested_unit"]
    offered = [choice.value for choice in field.choices]
    assert HRSS in offered
    assert TAX not in offered
    told = refusals(c, TAX, "send_back", **SENT_BACK, suggested_unit="县卫键局")
    assert set(told) == {"suggested_unit"}
    assert "县卫健局" in told["suggested_unit"]
    c.act(filled("send_back", **SENT_BACK, suggested_unit=HRSS), TAX)
    case().accepted().act(filled("send_back", **SENT_BACK), TAX)


def test_more_time_is_asked_for_in_the_unit_of_its_clock() -> None:
    c = case().accepted()
    (total,) = [k for k in c.state.open_clocks() if k.rule_id == "low_total"]
    told = refusals(c, TAX, "request_extension", clock=total.id, span="2日")
    assert told == {"span": f"“{total.name}”时限以工作日计，延长的时间也须以工作日计"}
    (field,) = [f for f in form_of(c.state, TAX, county(), c.now, "request_extension") if f.name == "clock"]
    assert all("日计" in choice.label for choice in field.choices)
    c.act(ACTION.validate_python(filled("request_extension", clock=total.id, span="2工作日")), TAX)
