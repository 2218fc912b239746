"""The adapter: what a story leaves out is looked up, sums are split, and one step may become several acts."""

from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from starter.scenario.translate import NotTranslatable
from tests.support.adapter import Make, accepted, drafted, lead, mediating, own, sent, step, withdrawing
from tests.support.case import (
    CENTER,
    COMPLEX,
    HRSS,
    MEDIATOR,
    RESPONDENT,
    TAX,
    Case,
    case,
    consulted,
    told,
)


def says(body: Any, expected: dict[str, Any]) -> None:
    """The form has these answers, whatever else it has."""
    answers = body.model_dump(mode="json", by_alias=True)
    assert {key: answers.get(key) for key in expected} == expected


# --- dispositions and their sums ---------------------------------------------------------------------------------


def claims(*rows: tuple[str, str, float | None]) -> list[dict[str, Any]]:
    return [
        {"no": n, "insurance": i, "regime": "职工", "type": t, "amount": a}
        for n, (i, t, a) in enumerate(rows, start=1)
    ]


def several(*rows: tuple[str, str, float | None], **intake: Any) -> Case:
    return case(claims=claims(*rows), **intake).accepted("中", HRSS)


def results(c: Case, **data: Any) -> list[dict[str, Any]]:
    c = c if c.state.meetings else c.do("convene_meeting", form="会商").do("minutes", opinion="一致")
    body = own(c, "submit_opinion", HRSS, **{"conclusion": "支持", **data})
    return body.model_dump(mode="json", exclude_none=True)["results"]


@pytest.mark.parametrize(
    ("row", "data", "expected"),
    [
        (("养老", "已申报未按时缴纳", 1000), {"principal": 800}, {"measure": "责令限期缴纳", "principal": "800.00"}),
        (("养老", "应参未参", 1000), {"recognised_amount": 900}, {"measure": "补办参保登记并核定", "assessed": "900.00"}),
        (("养老", "缴费基数不实", 1000), {}, {"measure": "更正缴费基数并补差", "principal": "1000.00"}),
        (("养老", "缴费基数不实", None), {}, {"measure": "更正缴费基数并补差", "principal": "0.00"}),
        (("医疗", "待遇享受", 300), {"act": "补发津贴 1.2万元"}, {"measure": "补发待遇", "benefit": "12000.00"}),
        (("医疗", "待遇享受", 300), {}, {"measure": "补发待遇", "benefit": "300.00"}),
        (("医疗", "待遇享受", None), {"act": "重新审核"}, {"measure": "重新核定待遇"}),
        (("养老", "其他征缴", 260), {"act": "退还重复缴费 250.00 元"}, {"measure": "退费", "refund": "250.00"}),
    ],
)  # fmt: skip
def test_a_claim_is_set_right_by_its_kind(
    row: tuple[str, str, float | None], data: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert results(several(row), **data) == [{"claim": "1", "conclusion": "支持", **expected}]


THREE = (
    ("养老", "已申报未按时缴纳", 700.0),
    ("失业", "已申报未按时缴纳", 200.0),
    ("工伤", "已申报未按时缴纳", 100.0),
)


def test_one_sum_is_split_by_what_is_claimed_to_the_last_cent() -> None:
    sums = [r["principal"] for r in results(several(*THREE), recognised_amount=999.99)]
    assert sums == ["699.99", "200.00", "100.00"]


def test_what_was_paid_on_a_claim_is_known_of_it() -> None:
    c = several(*THREE).do("payment_received", RESPONDENT, principal=150, sub_item=2)
    assert [r["principal"] for r in results(c, recognised_amount=950)] == ["700.00", "150.00", "100.00"]


def test_without_a_sum_the_story_s_payments_say_it_then_the_claim() -> None:
    c = several(*THREE).do("convene_meeting", form="会商").do("minutes", opinion="一致")
    later = (
        step("payment_received", RESPONDENT, principal=650, sub_item=1),
        step("payment_received", RESPONDENT, principal=9, expect="refused"),
    )
    body: Any = own(c, "submit_opinion", HRSS, later, conclusion="支持")
    assert [r.principal for r in body.results] == [Decimal(650), Decimal(200), Decimal(100)]


def test_a_decided_claim_is_replaced_with_the_reason() -> None:
    c = accepted().disposed("不支持", None, reason="无欠费")
    again: Any = own(c, "submit_opinion", TAX, conclusion="支持", principal=10, reason="漏查一月")
    assert (again.change_reason, again.results[0].principal) == ("漏查一月", Decimal(10))


def test_only_the_claim_named_is_decided_and_only_by_its_unit() -> None:
    c = several(*THREE)
    body: Any = own(c, "submit_opinion", HRSS, conclusion="不支持", sub_item=2)
    assert [r.claim for r in body.results] == ["2"]
    assert own(c, "submit_opinion", TAX, conclusion="支持", sub_item=2).kind == "give_opinion"


ROLL = [{"line": n, "name": f"某{n}", "claims": {"养老": 100}} for n in range(1, 5)]


def test_the_last_lines_of_a_roll_are_those_not_supported() -> None:
    group = {"name": "某甲", "is_group": True, "headcount": 4, "members": ROLL}
    c = several(("养老", "应参未参", 400), applicant=group)
    c.do("convene_meeting", form="会商").do("minutes", opinion="一致")
    body: Any = own(c, "submit_opinion", HRSS, conclusion="部分支持", not_supported_lines=2)
    assert [m.member for m in body.excepted_members] == [3, 4]
    assert body.results[0].assessed == Decimal(200)
    named: Any = own(c, "submit_opinion", HRSS, conclusion="部分支持", not_supported_lines=[2])
    assert [m.member for m in named.excepted_members] == [2]


# --- orders and payments -----------------------------------------------------------------------------------------


def test_an_act_that_names_it_orders_the_payment_beside() -> None:
    first, order = sent(
        accepted(), "submit_opinion", TAX, conclusion="支持", principal=900, act="责令限期缴纳"
    )
    assert (first.aside, order.aside, order.unit, order.officer) == (False, True, TAX, "某员")
    says(order.body, {"arrears": [{"claim": "1", "principal": "900.00"}], "served_on": "2026-03-09"})


def test_what_is_told_unpaid_is_ordered_once_by_whoever_levies() -> None:
    c = consulted().disposed()
    told_, order = sent(c, "notify_party")
    assert (told_.body.kind, order.unit, order.officer) == ("notify_result", TAX, "税务员甲")
    assert len(sent(c.informed(), "notify_party")) == 1


def test_nothing_is_ordered_of_nobody_or_of_what_is_paid() -> None:
    alone = case(respondents=[]).accepted().disposed()
    fed_back = ["notify_result", "feed_back_result"]
    assert [s.body.kind for s in sent(alone, "notify_party", TAX)] == fed_back
    paid = accepted().paid().disposed()
    assert [s.body.kind for s in sent(paid, "notify_party", TAX)] == fed_back


def test_a_demand_presupposes_its_order() -> None:
    c = accepted().disposed()
    assert [s.body.kind for s in sent(c, "enforce_report", TAX, act="催告书送达，逾期申请强制执行")] == [
        "order_payment",
        "demand_performance",
    ]


def test_a_party_s_payment_is_recorded_by_whoever_levies() -> None:
    (only,) = sent(told(), "payment_received", RESPONDENT, principal=1)
    assert (only.unit, only.officer) == (TAX, "税务员甲")
    (branch,) = sent(case().accepted(lead="老营税务分局"), "payment_received", RESPONDENT, principal=1)
    assert branch.unit == "老营税务分局"


def test_a_payment_is_poured_over_what_is_owed_and_the_surplus_stays_on_the_last() -> None:
    c = several(*THREE)
    body: Any = own(c, "payment_received", TAX, principal=850)
    assert [(p.claim, p.principal) for p in body.parts] == [("1", Decimal(700)), ("2", Decimal(150))]
    more: Any = own(c, "payment_received", TAX, principal=1200)
    assert [p.principal for p in more.parts] == [Decimal(700), Decimal(200), Decimal(300)]
    all_: Any = own(c, "payment_received", TAX, late_fee_paid=False)
    assert sum(p.principal for p in all_.parts) == Decimal(1000)


def test_a_late_fee_that_was_paid_is_computed_and_never_nothing() -> None:
    unknown: Any = own(accepted(), "payment_received", TAX, principal=1000, late_fee_paid=True)
    assert unknown.late_fee == Decimal("0.01")
    old = {**claims(("养老", "已申报未按时缴纳", 1000))[0], "period": {"from": "2025-12", "to": "2025-12"}}
    known: Any = own(
        case(claims=[old]).accepted(), "payment_received", TAX, principal=1000, late_fee_paid=True
    )
    assert known.late_fee == Decimal("34.00"), "68 days at 0.5 yuan"


# --- what a story leaves out -------------------------------------------------------------------------------------


def test_a_mediation_that_nobody_began_begins_with_what_needs_it() -> None:
    c = consulted()
    assert [s.body.kind for s in sent(c, "agreement_draft", MEDIATOR, clauses=["足额补缴"])] == [
        "start_mediation", "draft_agreement",
    ]  # fmt: skip
    assert [s.aside for s in sent(c, "mediate_agreed", MEDIATOR)] == [True, True, False]
    assert [s.body.kind for s in sent(drafted(), "mediate_agreed", MEDIATOR, version=1)] == [
        "conclude_agreement"
    ]


def test_a_draft_takes_its_instalments_from_the_agreement_that_follows() -> None:
    parts = [{"due": "2026-04-01", "amount": 400}, {"due": "2026-05-01", "amount": 500}]
    later = (
        step("mediate_agreed", MEDIATOR, version=1, expect="refused"),
        step("mediate_agreed", MEDIATOR, version=2, instalments=parts),
    )
    first: Any = own(mediating(), "agreement_draft", MEDIATOR, later, version=1, clauses=["甲"])
    assert (first.instalments, first.amount) == ([], Decimal(1000))
    second: Any = own(mediating(), "agreement_draft", MEDIATOR, later, version=2, clauses=["甲"])
    assert (len(second.instalments), second.amount) == (2, Decimal(900))


def test_an_instalment_without_a_sum_is_as_agreed() -> None:
    parts = [{"due": "2026-04-01", "amount": 400}, {"due": "2026-05-01", "amount": 600}]
    c = consulted().do("mediate_agreed", MEDIATOR, instalments=parts)
    body: Any = own(c, "payment_received", TAX, instalment="2")
    assert (body.instalment, body.parts[0].principal) == (2, Decimal(600))


def test_who_signed_is_who_is_named() -> None:
    body: Any = own(mediating(), "mediate_agreed", MEDIATOR, parties=["某甲"])
    assert [s.party for s in body.signers] == ["申请人"]
    both: Any = own(mediating(), "mediate_agreed", MEDIATOR, parties=["某甲", "某厂"])
    assert [s.party for s in both.signers] == ["申请人", "被反映单位"]


def test_a_lead_handed_to_nobody_stays_as_it_is_and_ends_where_others_go_on() -> None:
    assert sent(lead(), "register_lead", "网格员", note="苗头") == []
    report, close = sent(lead(), "investigate_report", finding="属实", converted_to="日常监察")
    assert (report.body.kind, close.body.kind, close.unit) == ("report_lead", "close_lead", CENTER)
    goes_on = (step("investigate_report", HRSS, converted_to="日常监察"),)
    says(
        own(lead(), "investigate_report", CENTER, goes_on, finding="在岗三十人"),
        {"taken_over_by": "日常监察"},
    )


def test_what_is_closed_is_only_archived_and_a_confidential_file_is_marked() -> None:
    c = told().paid().called()
    assert [s.body.kind for s in sent(c, "close_case", archive=True)] == ["close_case", "archive_case"]
    assert own(c.do("close_case"), "close_case", archive=True).kind == "archive_case"
    secret = case(confidential=True, indicators=COMPLEX)
    says(sent(secret, "close_case", archive=True)[1].body, {"secrecy": "工作秘密"})


def test_a_signature_is_for_the_task_the_words_mean() -> None:
    c = case().do("triage_confirm", level="低", path="直办", lead=TAX)
    task = c.state.open_tasks()[0]
    assert [s.task for s in sent(c, "claim", TAX, task="主办")] == [task.id]
    assert [s.task for s in sent(c, "claim", TAX, task="线索核查")] == [None]


# --- what no form says -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("made", "action", "data"),
    [
        (case, "override_risk", {"old": "中", "new": "高", "reason": "升级"}),
        (case, "override_risk", {"old": "低", "new": "高"}),
        (case, "triage_confirm", {"decision": "不予受理"}),
        (case, "merge_into", {"child": "T-9", "parent": "T-2"}),
        (case, "decide_not_accept", {"redirect": "告知"}),
        (consulted, "guide_to_arbitration", {"paths": ["仲裁"], "not_a_decision": False}),
        (drafted, "agreement_review", {"version": 2, "result": "通过"}),
        (withdrawing, "withdraw_confirm", {"result": "准予撤回"}),
        (lambda: case(kind="线索", applicant={"anonymous": True}), "convert_lead", {}),
        (accepted, "absorb_source", {}),
        (accepted, "minutes", {"resolutions": ["查清"]}),
        (accepted, "triage_confirm", {"sub_items": ["1"]}),
    ],
)
def test_what_no_form_says_is_turned_down_in_words(made: Make, action: str, data: dict[str, Any]) -> None:
    with pytest.raises(NotTranslatable):
        sent(made(), action, **data)


@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("return", {"reason": "  "}),
        ("override_risk", {"old": "低", "new": "高", "reason": " "}),
        ("submit_opinion", {"conclusion": "或许"}),
        ("enforce_report", {"executed": True, "sub_item": "1", "enrolled_from": "去年"}),
        ("supplement_material", {"items": [" "]}),
    ],
)
def test_a_text_that_says_nothing_is_no_answer(action: str, data: dict[str, Any]) -> None:
    with pytest.raises((ValidationError, ValueError)):
        sent(accepted(), action, TAX, **data)
