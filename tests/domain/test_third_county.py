"""A county that differs from the default one in every point: by one policy file, and in its own words."""

import json
from collections.abc import Iterator

import pytest

from domain.decide import Declined
from domain.offers import Field, form_of, offers, why_not
from domain.outcome import figures, handling
from domain.policy import Policy
from domain.tasks import TaskKind
from ledger.book import HEADERS, Entry, row
from policies import load
from starter.office.views import Veil, receipts, summary, told
from tests.support.county import (
    DONGSHAN,
    KNOWN,
    TALES,
    WORDS_OF_THE_DEFAULT_COUNTY,
    YUNXI,
    Tale,
    nothing_of_the_default_county,
)
from workflows.display import details

HUB, STUDIO, TAX, HRSS, GROUP = "云溪调解总室", "北塘镇调解工作室", "云溪税务局", "云溪人社局", "云溪督导组"
SMALL = [{"no": 1, "insurance": "养老", "regime": "职工", "type": "已申报未按时缴纳", "amount": 800}]
LARGE = [{"no": 1, "insurance": "养老", "regime": "职工", "type": "已申报未按时缴纳", "amount": 9000}]


@pytest.fixture(autouse=True)
def tales() -> Iterator[None]:
    """Whatever happens, nothing of the default county is said."""
    TALES.clear()
    yield
    nothing_of_the_default_county()


# --- how a tier ends ---------------------------------------------------------------------------------------------


def test_the_answer_closes_what_is_finished_on_the_spot() -> None:
    tale = Tale(YUNXI, received_by=STUDIO, claims=SMALL)
    tale.do(STUDIO, "triage_confirm", level="简", path="速办", lead=STUDIO)
    tale.do(STUDIO, "notify_party", result="单位已补缴到账")
    assert tale.d.closed_at == tale.d.informed_at
    assert tale.stages[-2:] == ["已告知", "办结"]
    assert not tale.d.open_tasks(TaskKind.CALLBACK, TaskKind.EXECUTE, TaskKind.CLOSE)
    assert (tale.owner("archive"), figures(tale.d)["on_time"]) == (STUDIO, True)


def test_the_answer_does_not_close_while_something_is_still_owed() -> None:
    tale = Tale(YUNXI, received_by=STUDIO, claims=SMALL)
    tale.do(STUDIO, "triage_confirm", level="简", path="速办", lead=STUDIO)
    tale.do(STUDIO, "withdraw", reason="不愿再说")
    tale.do(STUDIO, "notify_party", result="已缴")
    assert (tale.d.closed_at, tale.owner("close")) == (None, STUDIO)


def test_a_sum_recognised_and_only_promised_keeps_a_tier_without_execution_open() -> None:
    tale = Tale(YUNXI, received_by=STUDIO, claims=SMALL)
    tale.do(STUDIO, "triage_confirm", level="简", path="速办", lead=STUDIO)
    promised = {"claim": "1", "conclusion": "支持", "done": "答应补缴", "amount": "800"}
    tale.take(STUDIO, "finish_on_the_spot", results=[promised], answer="单位答应补缴", accepted="认可")
    assert (tale.d.closed_at, tale.owner("execute"), tale.due("execution")) == (None, STUDIO, "2026-11-05")
    tale.do(STUDIO, "payment_received", principal=800)
    assert (tale.d.closed_at, tale.owner("archive")) == (tale.now, STUDIO)


def test_the_chief_of_a_mediation_is_one_of_the_county_s() -> None:
    tale = Tale(YUNXI, received_by=STUDIO, claims=LARGE)
    tale.do(STUDIO, "triage_confirm", level="繁", path="协作", lead=TAX)
    agreed = [{"party": p, "way": "书面申请", "on": "2026-10-26"} for p in ("申请人", "被反映单位")]
    said = tale.not_taken(
        "unknown_chief", STUDIO, "start_mediation", consents=agreed, chief="某丙", room="一号室"
    )
    assert said.endswith("：首席调解员")
    tale.take(STUDIO, "start_mediation", consents=agreed, chief="首席调解员", room="一号室")
    assert tale.d.mediation
    assert tale.d.mediation.chief == "首席调解员"


def test_one_callback_by_the_lead_which_closes_too() -> None:
    tale = Tale(YUNXI, received_by=STUDIO, claims=LARGE)
    tale.do(STUDIO, "triage_confirm", level="繁", path="协作", lead=TAX)
    tale.do(TAX, "submit_opinion", conclusion="支持", recognised_amount=9000)
    tale.do(STUDIO, "notify_party", result="应缴")
    assert (tale.owner("callback"), tale.due("visit")) == (TAX, "2026-11-02")
    tale.refused("wrong_unit", STUDIO, "callback_answer", officer="回访员", satisfaction="满意")
    tale.do(TAX, "callback_answer", officer="回访员", satisfaction="满意")
    tale.do(TAX, "payment_received", principal=9000)
    assert not tale.d.open_tasks(TaskKind.CALLBACK)
    assert tale.owner("close") == TAX
    tale.refused("wrong_unit", STUDIO, "close_case", archive=True)
    tale.do(TAX, "close_case", archive=True)
    assert tale.d.is_over


def test_the_total_counts_from_receipt_or_from_the_change_of_tier() -> None:
    tale = Tale(YUNXI, received_by=STUDIO, claims=SMALL)
    tale.wait(days=1).do(STUDIO, "triage_confirm", level="简", path="速办", lead=STUDIO)
    assert tale.due("one_day") == "2026-10-27"  # received on the 26th
    tale.wait(days=1).do(STUDIO, "override_risk", old="简", new="繁", reason="另有隐情").wait(days=1)
    assert tale.due("one_week") == "2026-11-04"  # the tier changed on the 28th
    tale.do(STUDIO, "override_risk", old="繁", new="难", reason="网上热议")
    assert tale.due("twenty_days") == "2026-11-16"  # from receipt again; the 15th is a Sunday
    assert tale.clock("one_week").result == "lapsed"


def test_a_total_from_receipt_that_has_run_out_before_acceptance_counts_from_there() -> None:
    tale = Tale(YUNXI, received_by=STUDIO, claims=SMALL)
    tale.wait(days=2).do(STUDIO, "triage_confirm", level="简", path="速办", lead=STUDIO)
    assert tale.due("one_day") == "2026-10-29"  # accepted on the 28th: nobody is late with what begins now


# --- who receives, who takes over, where else it goes ------------------------------------------------------------

BOOTH = "北塘镇便民站"
FIRM = [{"name": "某厂", "town": "北塘镇"}]


def test_whoever_is_asked_first_finishes_it() -> None:
    tale = Tale(YUNXI, received_by=BOOTH, claims=SMALL, respondents=FIRM)
    assert (tale.d.center, tale.owner("first_answer"), tale.clock("first_answer").length) == (BOOTH, BOOTH, 4)
    tale.do(BOOTH, "triage_confirm", level="简", path="速办", lead=BOOTH)
    tale.do(BOOTH, "notify_party", result="单位已补缴到账")
    assert (tale.d.closed_at, tale.owner("archive")) == (tale.d.informed_at, BOOTH)


def test_the_receiver_gives_its_opinion_and_hands_the_matter_to_the_studio_of_the_place() -> None:
    tale = Tale(YUNXI, received_by=TAX, claims=LARGE, respondents=FIRM)
    opinion = {"opinion": "本单位办不成", "reason": "已核对缴费记录，单位不认"}
    assert "北塘镇调解工作室" in tale.not_taken("no_hub", TAX, "hand_over", to=HRSS, **opinion)
    tale.not_taken("wrong_unit", HRSS, "hand_over", to=STUDIO, **opinion)
    tale.take(TAX, "hand_over", to=STUDIO, **opinion)
    assert (tale.d.center, tale.d.hubs, tale.d.hub_failed) == (STUDIO, [TAX], False)
    assert tale.owner("triage") == STUDIO
    assert not tale.d.open_tasks(TaskKind.FIRST_ANSWER)
    tale.refused("wrong_unit", TAX, "triage_confirm", level="繁", path="协作", lead=TAX)
    tale.do(STUDIO, "triage_confirm", level="繁", path="协作", lead=TAX)


def test_a_studio_hands_on_what_it_cannot_settle() -> None:
    tale = Tale(YUNXI, received_by=STUDIO, claims=LARGE, respondents=FIRM)
    tale.do(STUDIO, "triage_confirm", level="繁", path="协作", lead=TAX)
    tale.do(TAX, "submit_opinion", conclusion="支持", recognised_amount=9000)
    due = tale.due("result_notice")
    tale.take(STUDIO, "hand_over", to=HUB, opinion="难以判断", reason="双方不接受")
    assert (tale.d.center, tale.d.hub_failed, tale.owner("inform")) == (HUB, True, HUB)
    assert (tale.clock("result_notice").owner, tale.due("result_notice")) == (HUB, due)
    tale.refused("wrong_unit", STUDIO, "notify_party", result="应缴")
    tale.do(HUB, "notify_party", result="应缴")


def proposed_hub(tale: Tale, unit: str) -> str | None:
    fields = form_of(tale.d, unit, tale.life.policy, tale.now, "hand_over")
    return next(f.suggested for f in fields if f.name == "to")


def test_nothing_is_proposed_to_a_hub_that_has_the_matter_of_its_place() -> None:
    there = Tale(YUNXI, received_by=STUDIO, claims=LARGE, respondents=FIRM)
    assert proposed_hub(there, STUDIO) is None
    elsewhere = Tale(YUNXI, received_by=HUB, claims=LARGE, respondents=FIRM)
    assert proposed_hub(elsewhere, HUB) == STUDIO


def test_a_unit_that_nobody_knows_receives_nothing() -> None:
    with pytest.raises(Declined, match="收件单位") as caught:
        Tale(YUNXI, received_by="河东工作室", claims=LARGE)
    assert (caught.value.code, caught.value.field) == ("unknown_unit", "received_by")


def test_what_comes_in_elsewhere_goes_to_the_hub_of_its_place() -> None:
    tale = Tale(
        YUNXI, received_by="云溪县督查室", claims=LARGE, respondents=[{"name": "某厂", "town": "石桥镇"}]
    )
    assert (tale.d.center, tale.owner("triage")) == ("石桥镇调解工作室", "石桥镇调解工作室")
    elsewhere = Tale(YUNXI, received_by="云溪县督查室", claims=LARGE)
    assert elsewhere.d.center == HUB


def test_another_area_is_no_refusal() -> None:
    tale = Tale(YUNXI, received_by=TAX, claims=SMALL, respondents=FIRM)
    tale.take(
        TAX, "transfer_out", area="外省某县", to="外省税务局", ground="参保地在外地", reason="在某县参保"
    )
    assert (tale.stages[-1], tale.owner("transfer_notice"), tale.due("hand_on")) == (
        "移送",
        TAX,
        "2026-10-28",
    )
    tale.refused("already_reviewed", TAX, "triage_confirm", level="简", path="速办", lead=TAX)
    today = "2026-10-26"
    tale.take(TAX, "notify_transfer", told_on=today, way="电话", handed_on=today)
    assert (tale.d.outcome, tale.d.is_over, tale.d.refused_at, tale.d.refusals) == (
        "移送外地",
        True,
        None,
        [],
    )
    assert handling(tale.d) == "移送外地"
    assert tale.papers()["转外地告知单"] == (TAX, "申请人")


def test_where_the_policy_has_no_such_rules_nobody_hands_on_or_transfers() -> None:
    tale = Tale(DONGSHAN, claims=SMALL)
    way = {"area": "某县", "to": "某局", "ground": "参保地在外地", "reason": "查明"}
    tale.not_taken("not_in_policy", "东山枫桥工作室", "transfer_out", **way)
    opinion = {"opinion": "可以受理", "reason": "查明"}
    tale.not_taken("not_in_policy", "东山枫桥工作室", "hand_over", to="东山税务局", **opinion)


# --- reported up, and further up; a special case -----------------------------------------------------------------

LOUD = {"public_opinion": {"present": True}, "answers": {"账上有据": True}}
DISTRICT, PREFECTURE, GOV = "区调解指导中心", "州调解指导处", "云溪县人民政府"
QUESTION = {"reason_code": "权限在上级", "question": "如何认定", "position": "拟支持"}


def the_hard_one() -> Tale:
    """A matter whose investigation is done, so that its turn to be reported up has come."""
    tale = Tale(YUNXI, received_by=STUDIO, claims=LARGE, indicators=LOUD)
    tale.do(STUDIO, "triage_confirm", level="难", path="专案", lead=TAX)
    return tale.do(TAX, "investigate_report", officers=["甲", "乙"], finding="属实")


def test_reported_up_and_further_up_under_the_county_s_own_names() -> None:
    tale = the_hard_one()
    assert (tale.owner("report_up"), tale.title("report_up")) == (STUDIO, "报区会诊")
    assert tale.stages[-1] == "报上级"
    assert "报区会诊尚未完成" in tale.refused("step_missing", TAX, "submit_opinion", conclusion="支持")
    tale.take(STUDIO, "report_up", to=DISTRICT, **QUESTION)
    assert (tale.owner("reply_from_above"), tale.due("district_reply")) == (DISTRICT, "2026-11-02")
    assert tale.papers()["疑难呈报表"] == (STUDIO, DISTRICT)
    today = {"content": "须由州里定", "replied_on": "2026-10-26"}
    tale.take(DISTRICT, "reply_from_above", effect="须再报更上一级", **today)
    assert (tale.title("report_up"), tale.d.answered_above) == ("报区会诊", [])
    tale.take(STUDIO, "report_up", to=PREFECTURE, **QUESTION)
    assert tale.owner("reply_from_above") == PREFECTURE
    tale.not_taken("no_higher", PREFECTURE, "reply_from_above", effect="须再报更上一级", **today)
    tale.take(PREFECTURE, "reply_from_above", effect="提出办理意见，本级办理", **today)
    tale.do(TAX, "submit_opinion", conclusion="支持", recognised_amount=9000)
    tale.do(STUDIO, "notify_party", result="应缴").do(TAX, "payment_received", principal=9000).close(STUDIO)
    assert tale.d.outcome == "报区会诊落实"


def test_a_special_case_beside_it_has_its_own_name_owner_and_paper() -> None:
    tale = the_hard_one()
    tale.take(STUDIO, "report_up", to=DISTRICT, **QUESTION)
    tale.take(
        DISTRICT, "reply_from_above", effect="退回本级依法办理", content="县里定", replied_on="2026-10-26"
    )
    tale.take(STUDIO, "report_up", to=GOV, **QUESTION)
    assert (tale.stages[-1], tale.owner("reply_from_above"), tale.due("special_reply")) == (
        "专案",
        GOV,
        "2026-10-29",
    )
    assert tale.papers()["专案建议书"] == (STUDIO, GOV)
    tale.take(GOV, "reply_from_above", effect="上级直接办理", content="同意", replied_on="2026-10-26")
    tale.do(TAX, "submit_opinion", conclusion="支持", recognised_amount=9000)
    assert tale.d.settled_above


# --- its own papers ----------------------------------------------------------------------------------------------


def test_papers_are_renamed_left_out_and_added() -> None:
    tale = Tale(YUNXI, received_by=TAX, claims=SMALL, respondents=FIRM)
    tale.take(TAX, "hand_over", to=STUDIO, opinion="可以受理", reason="已核对")
    tale.do(STUDIO, "triage_confirm", level="简", path="速办", lead=STUDIO)
    tale.do(STUDIO, "notify_party", result="单位已补缴到账")
    papers = tale.papers()
    assert list(papers) == ["接手回执", "收办回执", "派单", "答复单", "结案审批表", "满意度小卡"]
    assert papers["接手回执"] == (TAX, "申请人")
    assert "满意度小卡" not in the_hard_one().papers()


# --- its own words -----------------------------------------------------------------------------------------------


def of_the_default_county(text: str) -> list[str]:
    return [word for word in WORDS_OF_THE_DEFAULT_COUNTY if word in text]


def everything_told(tale: Tale) -> str:
    """What officers and administrators are shown of a matter: views, receipts, Temporal's details, verbs and forms, the book."""
    d, policy = tale.d, tale.life.policy
    veil = Veil(d, policy, [])
    events = tale.life.events[tale.id]
    said: list[object] = [summary(d, veil), receipts(d, events, tale.now), details(d)]
    said += [[told(e, veil)["text"], veil.tell(e)] for e in events]
    said += [policy.say(reason) for reason in tale.refusals]
    for unit in {t.unit for t in d.tasks.values()}:
        for offer in offers(d, unit, policy, tale.now):
            said += [offer.verb, offer.basis, offer.task_title]
            said += [asked(f) for f in form_of(d, unit, policy, tale.now, offer.kind, offer.task)]
            said.append(why_not(d, unit, policy, tale.now, "close_case"))
    said += [headers_of(policy), row(Entry(d, policy.masks))]
    return json.dumps(said, ensure_ascii=False, default=str)


def asked(field: Field) -> list[object]:
    labels = [choice.label for choice in field.choices]
    return [field.title, field.help, field.needed, field.why, labels, [asked(f) for f in field.rows]]


def headers_of(policy: Policy) -> list[str]:
    return [policy.say(header) for header in HEADERS]


def test_nothing_that_is_told_is_in_the_default_county_s_words() -> None:
    tale = the_hard_one()
    at_work = everything_told(tale)
    tale.take(STUDIO, "report_up", to=DISTRICT, **QUESTION)
    tale.take(
        DISTRICT, "reply_from_above", effect="退回本级依法办理", content="县里定", replied_on="2026-10-26"
    )
    tale.do(TAX, "submit_opinion", conclusion="支持", recognised_amount=9000).wait(days=30)
    tale.do(STUDIO, "notify_party", result="应缴").do(TAX, "payment_received", principal=9000).close(STUDIO)
    refused = Tale(YUNXI, received_by=TAX, claims=SMALL)
    refused.do(TAX, "decide_not_accept", items=[{"no": 1, "code": "N4", "reason": "在外地参保"}])
    for text in (at_work, everything_told(tale), everything_told(refused)):
        assert of_the_default_county(text) == []
    assert "碰头" in at_work
    assert "难易" in at_work


def test_the_default_county_s_own_words_stay_its_own() -> None:
    assert load("pianguan").say("风险等级：会商") == "风险等级：会商"
    assert (
        load("pianguan").basis_of("县方案三（六）；信访工作条例第二十五条")
        == "县方案三（六）；信访工作条例第二十五条"
    )
    assert YUNXI.basis_of("县方案三（六）；信访工作条例第二十五条") == "信访工作条例第二十五条"
    assert YUNXI.basis_of("县方案三（六）") == "县级政策"


def test_a_name_that_holds_a_word_stays_as_it_is() -> None:
    units = YUNXI.units.model_copy(update={"others": ("会商服务站",)})
    policy = YUNXI.model_copy(update={"units": units})
    assert policy.say("会商由会商服务站召集") == "碰头由会商服务站召集"


# --- what its rules ask ------------------------------------------------------------------------------------------


def suggested(
    claims: list[dict[str, object]], answers: dict[str, object], **more: object
) -> tuple[str | None, list[str]]:
    tale = Tale(YUNXI, received_by=STUDIO, claims=claims, indicators={**KNOWN, "answers": answers}, **more)
    return tale.d.suggested, [t.text for t in tale.d.triggers]


def test_the_county_asks_a_fact_of_its_own_and_says_what_follows_when_nobody_knows() -> None:
    assert suggested(SMALL, {"账上有据": True}) == ("简", [])
    assert suggested(SMALL, {"账上有据": False}) == ("繁", ["账上无据"])
    assert suggested(SMALL, {"账上有据": "不明"}) == ("繁", ["账上无据（不明）"])
    assert suggested(SMALL, {}) == ("繁", ["账上无据（不明）"])
    with pytest.raises(Declined, match="没有“天气好”这一问，可答：账上有据（凭一个单位的账册能否直接答复）"):
        suggested(SMALL, {"天气好": True})


def test_the_type_of_claim_and_nobody_to_talk_to_are_facts_too() -> None:
    benefit = [{**SMALL[0], "type": "待遇享受"}]
    assert suggested(benefit, {"账上有据": True}) == ("简", [])
    assert suggested(benefit, {"账上有据": True}, respondents=[]) == ("繁", ["待遇事项无人可谈"])


def test_what_a_hub_could_not_settle_is_looked_at_again() -> None:
    before = Tale(
        YUNXI, received_by=STUDIO, claims=SMALL, indicators={**KNOWN, "answers": {"账上有据": True}}
    )
    before.take(STUDIO, "hand_over", to=HUB, opinion="难以判断", reason="双方不接受")
    assert (before.d.suggested, [t.text for t in before.d.triggers]) == ("难", ["前手没办成"])
    after = Tale(
        YUNXI,
        received_by=STUDIO,
        claims=LARGE,
        source_no="T-2",
        indicators={**KNOWN, "answers": {"账上有据": True}},
    )
    after.do(STUDIO, "triage_confirm", level="繁", path="协作", lead=TAX)
    after.take(STUDIO, "hand_over", to=HUB, opinion="难以判断", reason="双方不接受")
    assert (after.d.level, after.owner("level_review")) == ("繁", HUB)
    after.take(HUB, "review_level", decision="调至建议等级")
    assert after.d.level == "难"


def test_every_receipt_names_the_policy_the_tier_and_the_step() -> None:
    tale = the_hard_one()
    lines = {
        rule[0].split("：")[0]: rule[-1]
        for rule in receipts(tale.d, tale.life.events[tale.id], tale.now).values()
    }
    version = f"政策：云溪县 {YUNXI.version}，等级 难（专案），环节"
    assert lines["专案"] == f"{version} 全程"
    assert lines["核查"] == f"{version} 调查核实"
    assert lines["呈报"] == f"{version} 报区会诊"
    assert lines["接单"] == f"{version} 主办"
