"""Parties' data by the pages: wrong numbers at their fields, and a form of correction that shows nothing."""

from domain.access import Role
from domain.business_clock import BusinessClock
from tests.api.conftest import CENTER
from tests.console.conftest import Make, Officers, form_at
from tests.console.test_registering import WHOLE
from tests.integration.conftest import Desk

NUMBER = "142234197801018817"


async def test_every_wrong_number_is_told_at_its_field_at_once(officers: Officers) -> None:
    operator = await officers.at(CENTER, Role.OPERATOR)
    wrong = WHOLE | {
        "applicant.id_number": NUMBER[:-1] + "8",
        "applicant.phone": "1990000123",
        "respondents.0.uscc": "91140932MA0000074A",
        "respondents.0.contact_phone": "7650000",
        "narrative": "",
    }
    page = await operator.post("/register", data={**await form_at(operator, "/register"), **wrong})
    assert page.status_code == 422
    for field in (
        "applicant-id_number",
        "applicant-phone",
        "respondents-0-uscc",
        "respondents-0-contact_phone",
        "narrative",
    ):
        assert f'href="#{field}"' in page.text
    assert "末位校验不符" in page.text
    assert 'value="1990000123"' in page.text
    assert not officers.ledger.state("来访-LF-2026-0001").version


async def test_a_number_kept_as_it_was_written_is_shown_to_be_confirmed_and_put_right(
    officers: Officers, desk: Desk, intake: Make, still: BusinessClock
) -> None:
    given = intake(
        applicant={"name": "温玉强", "phone": "1990000", "id_number": NUMBER, "address": "新关镇某村 3 号"},
        unconfirmed=["applicant.phone"],
    )
    matter = (await desk.office.register(given, clock=still)).dispute_id
    operator = await officers.at(CENTER, Role.OPERATOR)
    assert "待核实：申请人电话校验不符" in (await operator.get(f"/matters/{matter}")).text
    place = f"/matters/{matter}/do/correct_party"
    form = await form_at(operator, place)
    shown = (await operator.get(place)).text
    for hidden in ("温玉强", "1990000", NUMBER, "某村 3 号"):
        assert hidden not in shown
    answers = {"whose": "申请人", "reason": "联系方式变更", "phone": "19900001234", "told_by": "短信"}
    asked = await operator.post(place, data={**form, **answers}, follow_redirects=True)
    assert asked.status_code == 200
    assert "更正当事人信息" in asked.text
    done = await operator.post(place, data={**form, **answers, "_do": "send"})
    assert done.status_code == 303, done.text
    facts = desk.ledger.state(matter).facts
    assert (facts.applicant.name, facts.applicant.phone) == ("温玉强", "19900001234")
    page = (await operator.get(done.headers["location"])).text
    assert "待核实" not in page
    assert "申请人的电话、同意怎样通知进度，联系方式变更" in page
    assert "19900001234" not in page
