"""登记 by the page: faults at their fields, likenesses asked about, a receipt with one code."""

import re
from datetime import datetime, timedelta

from domain.access import Role
from domain.policy import Policy
from domain.words import SHANGHAI
from ledger.codes import Found, found_by
from tests.api.conftest import CENTER
from tests.console.conftest import Officers, form_at

TODAY = datetime.now(SHANGHAI)

WHOLE = {
    "kind": "争议",
    "channel": "来访",
    "source_no": "LF-2026-0001",
    "received_at": f"{TODAY.year}年{TODAY.month}月{TODAY.day}日 0:00",
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
    sent = await operator.post("/register", data={**form, **WHOLE})
    assert sent.status_code == 303, sent.text
    done = await operator.get(sent.headers["location"])
    assert done.status_code == 200, done.text
    assert (await operator.get(sent.headers["location"])).text == done.text
    assert done.text.count("<svg") == 1
    assert "温**" in done.text
    assert "温玉强" not in done.text
    assert f"{CENTER}　operator-{CENTER}某" in done.text
    told = (await operator.get("/matters/来访-LF-2026-0001")).text
    registered = re.search(r"<b>登记（[^<]*</b><br><span class=\"by\">([^<]*)</span>", told)
    assert registered
    assert registered[1] == f"{CENTER}　operator-{CENTER}某"
    assert "<b>建议风险等级" in told
    suggested = re.search(r"<b>建议风险等级[^<]*</b><br><span class=\"by\">([^<]*)</span>", told)
    assert suggested
    assert suggested[1] == "系统", "the software suggests"
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
    known = await operator.post("/register", data={**alike, "_alike": "来访-LF-2026-0001"})
    again = await operator.get(known.headers["location"])
    assert "登记回执" in again.text
    hub = policy.units.contacts["center"]
    assert hub.phone in again.text
    assert hub.address in again.text
    assert "建议并案" in (officers.ledger.state("来访-LF-2026-0002").facts.proposal or "")


async def test_all_that_looks_alike_is_compared_with_firm_period_and_stage(officers: Officers) -> None:
    operator = await officers.at(CENTER, Role.OPERATOR)
    form = await form_at(operator, "/register")
    other = {"respondents.0.name": "望梅", "claims.0.period.from": "2026-06", "claims.0.period.to": "2026-08"}
    first = await operator.post(
        "/register", data={**form, **WHOLE, "source_no": "LF-2026-0011"}, follow_redirects=True
    )
    assert "登记回执" in first.text
    second = {**form, **WHOLE, **other, "source_no": "LF-2026-0012"}
    asked = await operator.post("/register", data=second)
    assert "可能与" in asked.text
    assert re.search(r'value="other" checked', asked.text), "not all agrees"
    assert (
        "登记回执"
        in (await operator.post("/register", data={**second, "_alike": "other"}, follow_redirects=True)).text
    )
    page = (await operator.post("/register", data={**form, **WHOLE, "source_no": "LF-2026-0013"})).text
    shown = page[page.index("可能与") : page.index("怎么处理")]
    for said in ("2026-03 至 2026-05", "2026-06 至 2026-08", "偏关县望梅建材有限公司", ">望梅<", "待初审"):
        assert said in shown
    assert re.findall(r'name="_alike" value="([^"]+)"( checked)?', page) == [
        ("来访-LF-2026-0011", " checked"),
        ("来访-LF-2026-0012", ""),
        ("other", ""),
    ]
    assert "温玉强" in shown.partition("LF-")[0]
    assert shown.count("温玉强") == 1, "of those known only the masked name"


async def test_what_looks_alike_is_told_only_as_far_as_one_may_see_it(officers: Officers) -> None:
    operator, elsewhere = (
        await officers.at(CENTER, Role.OPERATOR),
        await officers.at("县医保局", Role.OFFICER),
    )
    first = await operator.post(
        "/register",
        data={**await form_at(operator, "/register"), **WHOLE, "source_no": "LF-2026-0021"},
        follow_redirects=True,
    )
    assert "登记回执" in first.text
    form = await form_at(elsewhere, "/register")
    answer = await elsewhere.post(
        "/register", data={**form, **WHOLE, "source_no": "LF-2026-0022"}, follow_redirects=True
    )
    assert "可能与" not in answer.text
    assert "登记回执" in answer.text


async def test_independent_faults_are_told_in_one_round(officers: Officers) -> None:
    operator = await officers.at(CENTER, Role.OPERATOR)
    wrong = WHOLE | {
        "applicant.phone": "1990000123",
        "applicant.headcount": "几个",
        "claims.0.period.from": "2026-05",
        "claims.0.period.to": "2026-03",
        "claims.0.amount": "一万二",
        "narrative": "",
    }
    page = await operator.post("/register", data={**await form_at(operator, "/register"), **wrong})
    fields = ("applicant-phone", "applicant-headcount", "claims-0-period", "claims-0-amount", "narrative")
    assert [field for field in fields if f'href="#{field}"' in page.text] == list(fields)


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


async def test_what_is_unlikely_is_asked_back_once_and_what_cannot_be_is_refused(officers: Officers) -> None:
    operator = await officers.at(CENTER, Role.OPERATOR)
    long_ago = f"{TODAY - timedelta(days=40):%Y-%m-%d} 9:00"
    given = {**await form_at(operator, "/register"), **WHOLE}
    given |= {"source_no": "LF-2026-0009", "received_at": long_ago, "applicant.headcount": "600"}
    asked = await operator.post("/register", data=given)
    assert asked.status_code == 200
    assert "请再核对 2 处" in asked.text
    assert "距今已" in asked.text
    assert not officers.ledger.state("来访-LF-2026-0009").version
    seen = re.findall(r'name="_odd" value="([^"]+)"', asked.text)[0]
    other = await operator.post("/register", data={**given, "applicant.headcount": "700", "_odd": seen})
    assert "请再核对 2 处" in other.text, "other values are asked about again"
    too_many = await operator.post(
        "/register", data={**given, "applicant.headcount": "9999999999", "_odd": seen}
    )
    assert too_many.status_code == 422
    assert "数值过大" in too_many.text
    to_come = await operator.post("/register", data={**given, "claims.0.period.to": "2028-06", "_odd": seen})
    assert to_come.status_code == 422
    assert "晚于收件当月" in to_come.text
    done = await operator.post(
        "/register", data={**given, "_odd": seen, "_alike": "other"}, follow_redirects=True
    )
    assert "登记回执" in done.text
    assert officers.ledger.state("来访-LF-2026-0009").version


async def test_only_those_who_register_have_the_page(officers: Officers) -> None:
    supervisor = await officers.at("县委政法委", Role.SUPERVISOR)
    assert (await supervisor.get("/register")).status_code == 403
