"""办理结果告知书: of each claim the conclusion and the sum, what is to be done until when, to whom it was told."""

from typing import Any

from domain.decide.result import GUIDED, NOTHING_LEFT
from tests.domain.test_papers import ARREARS, newest, said_in
from tests.papers.test_to_whom import PEOPLE, agreed
from tests.support.case import CENTER, HRSS, TAX, Case, case, consulted
from tests.support.forms import filled

NOTICE = "办理结果告知书"
CLAIM: dict[str, Any] = {"regime": "职工", "type": "已申报未按时缴纳", "amount": 3000}
CLAIMS = [{**CLAIM, "no": 1, "insurance": "养老"}, {**CLAIM, "no": 2, "insurance": "失业"}]
BOTH = ["申请人", "被反映单位"]


def decided(*results: dict[str, Any]) -> Case:
    """A matter of two claims decided by one unit."""
    c = case(claims=CLAIMS).accepted()
    levied = any(r["conclusion"] != "不支持" for r in results)
    late = {} if levied else {"late_fee": None}
    return c.act(
        filled("issue_disposition", results=list(results), **late, facts="查明属实", ground="社会保险法"), TAX
    )


ORDERED = {"claim": "1", "conclusion": "支持", "measure": "责令限期缴纳", "principal": "2730.50"}
REJECTED = {"claim": "2", "conclusion": "不支持", "reason": "已经缴清"}


def told(c: Case, *to: str, by: str = TAX) -> Case:
    return c.act(filled("notify_result", to=list(to), told_on=c.now.date(), message=None), by)


def test_each_claim_has_its_conclusion_its_sum_and_why_not() -> None:
    said = said_in(told(decided(ORDERED, REJECTED), "申请人"), NOTICE)
    assert (
        "第1项（养老保险已申报未按时缴纳）：支持，责令限期缴纳，认定本金2,730.50元（大写：贰仟柒佰叁拾元零伍角整）。"
        in said
    )
    assert "第2项（失业保险已申报未按时缴纳）：不支持，理由：已经缴清。" in said
    assert "由主办单位按处置意见执行，并接受回访。" in said


def test_whoever_is_told_is_written_to() -> None:
    c = told(decided(ORDERED, REJECTED), *reversed(BOTH))
    assert newest(c, NOTICE).to == "申请人、被反映单位"
    said = said_in(c, NOTICE)
    assert "某甲、某厂：" in said
    assert "受送达人\n某甲、某厂" in said
    assert "你（你们）" not in said
    assert newest(told(decided(ORDERED, REJECTED), "申请人"), NOTICE).to == "申请人"


def test_what_is_ordered_is_told_with_its_term() -> None:
    c = decided(ORDERED, {**ORDERED, "claim": "2"})
    c.act(filled("order_payment", pay_by="15工作日", arrears=ARREARS, served=False), TAX)
    said = said_in(told(c, "申请人"), NOTICE)
    assert (
        "《限期缴纳通知书》责令被反映单位自收到之日起15个工作日内缴纳本金1,000.00元（大写：壹仟元整）。"
        in said
    )


def test_where_nothing_is_left_to_do_it_says_so() -> None:
    c = told(decided({**REJECTED, "claim": "1"}, REJECTED), "申请人")
    assert newest(c, NOTICE).fields["执行安排"] == [NOTHING_LEFT]


def test_instalments_stand_in_the_agreement_without_being_asked_for_and_in_the_result() -> None:
    parts = [{"due": "2026-12-31", "amount": "600"}, {"due": "2027-03-31", "amount": "400"}]
    c = agreed(PEOPLE, amount="1000", instalments=parts)
    said = said_in(c, "调解协议书")
    assert "第1期：2026年12月31日缴纳600.00元（大写：陆佰元整）。" in said
    assert "第2期：2027年3月31日缴纳400.00元（大写：肆佰元整）。" in said
    assert "履行方式期限的第一行" not in said
    assert "第1期" not in said_in(agreed(PEOPLE, amount="1000", instalments=[]), "调解协议书")
    once = said_in(
        agreed(PEOPLE, amount="1000", instalments=[{"due": "2026-12-31", "amount": "1000"}]), "调解协议书"
    )
    assert "\n2026年12月31日缴纳1,000.00元（大写：壹仟元整）。" in once
    c.act(
        filled(
            "issue_disposition", results=[{**ORDERED, "principal": "1000"}], facts="查明", ground="社会保险法"
        ),
        HRSS,
    )
    said = said_in(told(c, *BOTH, by=CENTER), NOTICE)
    assert "按调解协议，2026年12月31日缴纳600.00元（大写：陆佰元整）。" in said


def test_a_party_that_was_only_guided_is_told_where_to_turn() -> None:
    c = consulted().act(
        filled("guide_to_law", ways=["劳动仲裁确认劳动关系"], explanation=None, told_how="当面")
    )
    said = said_in(told(c, "申请人", by=CENTER), NOTICE)
    assert f"{GUIDED}。" in said
    assert "处置意见" not in said.partition("救济途径")[0]
