"""登记 by the page: faults at their fields, likenesses asked about, a receipt with one code."""

import html
import re
import uuid
from datetime import datetime, timedelta

import httpx
import pytest

from console.forms import registration
from domain.access import Role
from domain.policy import Policy
from domain.words import SHANGHAI, Channel
from ledger.codes import Found, found_by
from tests.access.test_accounts import TAX
from tests.api.conftest import CENTER
from tests.console.conftest import Officers, form_at

TODAY = datetime.now(SHANGHAI)


GRID = "天峰坪镇网格员"
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
    sent = await operator.post("/register", data=alike)
    assert sent.status_code == 303, "a page of its own is there again after the browser's Back"
    asked = await operator.get(sent.headers["location"])
    assert asked.status_code == 200
    assert "可能与" in asked.text
    assert 'value="LF-2026-0002"' in asked.text
    assert "可能与" not in (await operator.get("/register")).text
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
        "/register", data={**form, **WHOLE, "source_no": "LF-2026-0041"}, follow_redirects=True
    )
    assert "登记回执" in first.text
    second = {**form, **WHOLE, **other, "source_no": "LF-2026-0042"}
    asked = await operator.post("/register", data=second, follow_redirects=True)
    assert "可能与" in asked.text
    assert re.search(r'value="other" checked', asked.text), "not all agrees"
    done = await operator.post("/register", data={**second, "_alike": "other"}, follow_redirects=True)
    assert "登记回执" in done.text
    third = {**form, **WHOLE, "source_no": "LF-2026-0043"}
    page = (await operator.post("/register", data=third, follow_redirects=True)).text
    shown = page[page.index("可能与") : page.index("怎么处理")]
    for said in ("2026-03 至 2026-05", "2026-06 至 2026-08", "偏关县望梅建材有限公司", ">望梅<", "待初审"):
        assert said in shown
    assert re.findall(r'name="_alike" value="([^"]+)"( checked)?', page) == [
        ("来访-LF-2026-0041", " checked"),
        ("来访-LF-2026-0042", ""),
        ("other", ""),
    ]
    assert "温玉强" in shown.partition("LF-")[0]
    assert shown.count("温玉强") == 1, "of those known only the masked name"


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
    asked = await operator.post("/register", data=given, follow_redirects=True)
    assert asked.status_code == 200
    assert "请再核对 2 处" in asked.text
    assert "距今已" in asked.text
    assert not officers.ledger.state("来访-LF-2026-0009").version
    seen = re.findall(r'name="_odd" value="([^"]+)"', asked.text)[0]
    changed = {**given, "applicant.headcount": "700", "_odd": seen}
    other = await operator.post("/register", data=changed, follow_redirects=True)
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


BARE = {
    name: value for name, value in WHOLE.items() if name not in ("applicant.id_number", "applicant.phone")
}
"""Somebody who left nothing but his name."""


async def registering(
    officers: Officers, unit: str, role: Role, source_no: str, **more: str
) -> httpx.Response:
    who = await officers.at(unit, role, login=f"at-{source_no}")
    form = {**await form_at(who, "/register"), **BARE, "source_no": source_no, **more}
    return await who.post("/register", data=form, follow_redirects=True)


async def test_who_registers_is_told_of_what_is_alike_as_far_as_he_may_know_of_it(officers: Officers) -> None:
    grid, same = "楼沟乡铺沟村网格员", {"_alike": "unseen"}
    first = await registering(officers, CENTER, Role.OPERATOR, "A-1")
    assert "登记回执" in first.text
    unseen = await registering(officers, grid, Role.GRID, "A-2")
    assert "像是已经登记过" in unseen.text
    assert ("〔2026〕0001" in unseen.text, "温**" in unseen.text) == (False, False)
    assert "登记回执" in (await registering(officers, grid, Role.GRID, "A-2b", **same)).text
    own = await registering(officers, grid, Role.GRID, "A-3")
    assert "〔2026〕0002" in own.text, "he registered that one himself"
    assert "温**" in own.text
    assert "已登记的还有 1 件" in own.text
    assert re.findall(r'name="_alike" value="([^"]+)"( checked)?', own.text) == [
        ("来访-A-2b", ""), ("unseen", ""), ("other", " checked"),
    ]  # fmt: skip
    d = officers.ledger.state("来访-A-2b")
    assert d.facts.proposal == "疑似与先前登记的一件（见“有关联的争议”）为同一件，建议并案"
    center = await officers.at(CENTER, Role.OPERATOR, login="reviewer")
    page = (await center.get("/matters/来访-A-2b")).text
    assert "可能已经登记过" in page
    assert f"登记时注明：</strong>{d.facts.proposal}" in page
    assert "姓名一致，没有证件号、电话可比" in page


@pytest.mark.parametrize("kept", [{"kind": "线索"}, {"confidential": "yes"}])
async def test_of_whose_name_is_kept_apart_no_matter_like_it_is_named(
    officers: Officers, kept: dict[str, str]
) -> None:
    own = uuid.uuid4().hex[:6]
    first = await registering(officers, CENTER, Role.OPERATOR, f"C-{own}-1")
    assert "登记回执" in first.text
    asked = await registering(officers, CENTER, Role.OPERATOR, f"C-{own}-2", **kept)
    assert "可能与" in asked.text
    assert re.findall(r'name="_alike" value="([^"]+)"', asked.text) == ["other"]
    for n, answer, done in ((3, f"来访-C-{own}-1", False), (4, "other", True)):
        sent = await registering(officers, CENTER, Role.OPERATOR, f"C-{own}-{n}", _alike=answer, **kept)
        assert ("登记回执" in sent.text) is done
    d = officers.ledger.state(f"来访-C-{own}-4")
    assert (d.facts.proposal, d.duplicates) == (None, [])


def where_of(receipt: str) -> str:
    """Where the matter of a receipt is."""
    return html.unescape(re.findall(r'href="(/matters/[^"]+)"', receipt)[0])


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"kind": "线索"}, "反映人保密"),
        ({"confidential": "yes"}, "申请人保密"),
        ({"applicant.anonymous": "yes"}, "申请人保密"),
        ({"kind": "线索", "applicant.name": ""}, "匿名"),
        ({"applicant.anonymous": "yes", "applicant.name": ""}, "匿名"),
    ],
)
async def test_nobody_who_told_his_name_is_called_anonymous(
    officers: Officers, more: dict[str, str], said: str
) -> None:
    source_no = f"B-{uuid.uuid4().hex[:6]}"
    done = await registering(officers, CENTER, Role.OPERATOR, source_no, **more)
    assert said in done.text
    center = await officers.at(CENTER, Role.OPERATOR, login="looks")
    pages = [(await center.get(where)).text for where in (where_of(done.text), "/matters", "/")]
    for page in (done.text, *pages):
        assert said in page
        assert (said == "匿名") is ("匿名" in page)
        assert "温" not in page


async def test_the_form_says_beforehand_whose_name_is_kept_apart_and_who_may_learn_it(
    officers: Officers,
) -> None:
    page = (await (await officers.at(CENTER, Role.OPERATOR)).get("/register")).text
    assert "线索为反映人保密" in page
    assert "登记为线索、要求保密的另库保管，只有县综治中心能查看" in page
    assert "只有县综治中心写明事由才能查看" in page


def value_of(page: str, name: str) -> str:
    found = re.search(rf'<input [^>]*name="{name}"[^>]*value="([^"]*)"', page)
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("unit", "role", "usual"),
    [
        (CENTER, Role.OPERATOR, Channel.VISIT),
        (TAX, Role.OFFICER, Channel.VISIT),
        (GRID, Role.GRID, Channel.GRID),
    ],
)
async def test_what_is_usual_for_a_role_is_proposed(
    officers: Officers, unit: str, role: Role, usual: Channel
) -> None:
    page = (await (await officers.at(unit, role)).get("/register")).text
    assert f'<option value="{usual}" selected>' in page
    assert re.fullmatch(rf"{usual.mark}-\d{{8}}-\d{{6}}", value_of(page, "source_no"))


@pytest.mark.parametrize("channel", registration.OPEN)
def test_a_number_that_was_proposed_begins_as_its_channel_does(channel: Channel) -> None:
    for other in registration.OPEN:
        given = {"channel": channel.value, "source_no": f"{other.mark}-20260903-090000"}
        assert registration.intake_of(given, CENTER)["source_no"] == f"{channel.mark}-20260903-090000"
    for typed in ("LF-2026-0001", "LFX-20260903-090000", "LF-20260903-0900001", "GD20260903", ""):
        assert (
            registration.intake_of({"channel": channel.value, "source_no": typed}, CENTER)["source_no"]
            == typed
        )


def test_no_two_channels_number_alike() -> None:
    assert len({channel.mark for channel in Channel}) == len(Channel)
