"""登记 by the page: faults at their fields, likenesses asked about, a receipt with one code."""

import re

from domain.access import Role
from domain.policy import Policy
from ledger.codes import Found, found_by
from tests.api.conftest import CENTER
from tests.console.conftest import Officers, form_at

WHOLE = {
    "kind": "争议",
    "channel": "来访",
    "source_no": "LF-2026-0001",
    "received_at": "2026年9月3日 9:00",
    "applicant.name": "温玉强",
    "applicant.id_number": "142234197801018817",
    "applicant.phone": "19900001234",
    "applicant.headcount": "1",
    "respondents.0.name": "偏关县望梅建材有限公司",
    "claims.0.insurance": "养老",
    "claims.0.regime": "职工",
    "claims.0.type": "已申报未按时缴纳",
    "claims.0.period.from": "202603",
    "claims.0.period.to": "2026年5月",
    "claims.0.amount": "2,400",
    "narrative": "单位三个月养老保险费报了没缴。",
    "indicators.labour_relation": "明确",
    "_do": "",
}


async def test_a_dispute_is_registered_and_its_receipt_has_one_code(
    officers: Officers, policy: Policy
) -> None:
    operator = await officers.at(CENTER, Role.OPERATOR)
    form = await form_at(operator, "/register")
    done = await operator.post("/register", data={**form, **WHOLE})
    assert done.status_code == 200, done.text
    assert done.text.count("<svg") == 1
    assert "温**" in done.text
    assert "温玉强" not in done.text
    code = re.findall(r"查询码 ([0-9A-Z-]{19})。", done.text)
    assert found_by(officers.ledger, code[0], "10.0.0.9") == Found("来访-LF-2026-0001")
    facts = officers.ledger.state("来访-LF-2026-0001").facts
    assert (facts.received_by, facts.claims[0].period.from_, facts.claims[0].amount) == (
        CENTER,
        "2026-03",
        2400,
    )

    alike = {**form, **WHOLE, "source_no": "LF-2026-0002"}
    asked = await operator.post("/register", data=alike)
    assert asked.status_code == 200
    assert "可能与" in asked.text
    again = await operator.post("/register", data={**alike, "_alike": "same"})
    assert "登记回执" in again.text
    hub = policy.units.contacts["center"]
    assert hub.phone in again.text
    assert hub.address in again.text
    assert "建议并案" in (officers.ledger.state("来访-LF-2026-0002").facts.proposal or "")


async def test_faults_stand_at_their_fields_and_nothing_is_registered(officers: Officers) -> None:
    operator = await officers.at(CENTER, Role.OPERATOR)
    wrong = WHOLE | {
        "narrative": "",
        "received_at": "前天",
        "claims.0.period.from": "2027-01",
        "claims.0.amount": "很多",
    }
    page = await operator.post("/register", data={**await form_at(operator, "/register"), **wrong})
    assert page.status_code == 422
    assert "有错误：登记争议" in page.text
    assert 'href="#narrative"' in page.text
    assert 'value="前天"' in page.text
    assert 'value="很多"' in page.text
    assert not officers.ledger.state("来访-LF-2026-0001").version


async def test_only_those_who_register_have_the_page(officers: Officers) -> None:
    supervisor = await officers.at("县委政法委", Role.SUPERVISOR)
    assert (await supervisor.get("/register")).status_code == 403
