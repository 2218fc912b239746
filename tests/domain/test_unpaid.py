"""Reported is not performed; what others collected is not the county's; what is not known is not nought."""

from decimal import Decimal
from typing import Any

import pytest

from domain.actions import ACTION, Action
from domain.actions.execution import RecordPayment, ReportExecuted
from domain.intake import Intake
from domain.offers import form_of
from domain.outcome import agreed_unpaid, describe, figures, late_fees, outcome_kind, performed
from domain.tasks import TaskKind
from ledger.book import COLUMNS, Entry, elsewhere
from tests.support.case import HRSS, MEDIATOR, TAX, Case, case, consulted, county, told
from tests.support.forms import filled

GROUND = "法院终结本次执行"


def executed(**more: Any) -> Action:
    return ReportExecuted.model_validate({"claims": ["1"], **more})


def payment(principal: int, by: str, late_fee: int = 0, on: str = "2026-03-09") -> Action:
    return RecordPayment.model_validate(
        {
            "parts": [{"claim": "1", "principal": principal}],
            "paid_on": on,
            "late_fee": late_fee,
            "paid_to": "缴入社会保险基金",
            "collected_by": by,
        }
    )


def agreed(amount: int = 1000) -> Case:
    c = consulted().do("mediation_start", MEDIATOR, voluntary_statement="双方自愿")
    parts = [{"due": "2026-12-01", "amount": amount}]
    return c.do("mediate_agreed", MEDIATOR, clauses=["足额补缴养老保险费"], instalments=parts)


def test_a_sum_unpaid_asks_for_its_ground() -> None:
    assert told().declined(executed(), TAX) == "unpaid"
    c = told()
    (field,) = [
        f for f in form_of(c.state, TAX, county(), c.now, "report_executed") if f.name == "unpaid_ground"
    ]
    assert field.needed
    assert GROUND in [choice.value for choice in field.choices]


def test_on_its_ground_it_is_carried_out_but_not_paid() -> None:
    c = told().act(executed(unpaid_ground=GROUND), TAX)
    assert c.state.sub_items["1"].unpaid_ground == GROUND
    c.called().do("close_case")
    assert c.state.outcome == "支持未缴足"
    assert f"未到账 1,000.00 元（{GROUND}）" in (c.state.outcome_text or "")
    assert figures(c.state)["paid_amount"] == 0


def test_a_ground_is_kept_only_where_something_is_unpaid() -> None:
    c = told().act(payment(1000, "本县税务机关"), TAX)
    assert c.state.sub_items["1"].unpaid_ground is None
    assert outcome_kind(c.state) == "已缴纳"


def test_an_agreement_reported_as_carried_out_and_unpaid_was_not_performed() -> None:
    c = (
        agreed()
        .disposed(amount=1000)
        .informed()
        .act(executed(unpaid_ground="单位注销且无可供执行财产"), HRSS)
    )
    assert performed(c.state) is False
    c.called().do("close_case")
    assert c.state.outcome == "调解达成未履行"


def without_a_sum() -> Case:
    """Agreed on a sum, told by a disposition that leaves it to be assessed."""
    result = {"claim": "1", "conclusion": "支持", "measure": "补办参保登记并核定"}
    return agreed().act(filled("issue_disposition", results=[result], late_fee=None), HRSS).informed()


def test_the_sum_agreed_stands_where_none_was_recognised() -> None:
    c = without_a_sum()
    assert agreed_unpaid(c.state)
    assert c.declined(executed(), HRSS) == "unpaid"
    c.act(executed(unpaid_ground=GROUND), HRSS)
    assert performed(c.state) is False
    assert performed(without_a_sum().paid(1000).state) is True


def test_a_higher_sum_recognised_later_is_owed_anew() -> None:
    c = told().act(executed(unpaid_ground=GROUND), TAX).called("不满意", category="a")
    c.do("reopen", reason="未履行", to_officer="税务员乙")
    c.do("submit_opinion", TAX, "税务员乙", conclusion="支持", recognised_amount=2000, reason="查明新的月份")
    assert c.state.executed is False
    assert c.state.sub_items["1"].unpaid_ground is None
    c.informed().called()
    assert c.refused("close_case") == "not_yet"


def test_explained_to_the_dissatisfied_the_money_is_still_owed() -> None:
    c = told().called("不满意", category="b")
    explained = {
        "kind": "explain_again",
        "review": "原结论正确",
        "ground": "社会保险法第六十三条",
        "explained_on": c.now.date().isoformat(),
        "way": "电话",
        "reaction": "理解接受",
    }
    c.act(ACTION.validate_python(explained))
    assert not c.state.open_tasks(TaskKind.CLOSE)
    assert c.state.open_tasks(TaskKind.EXECUTE)
    assert c.refused("close_case") == "not_yet"


@pytest.mark.parametrize("by", ["本县税务机关", "法院执行", "银行划拨"])
def test_what_the_county_collects_is_its_own(by: str) -> None:
    c = told().act(payment(1000, by, late_fee=5), TAX)
    assert (c.state.paid, late_fees(c.state)) == (Decimal(1000), Decimal(5))
    assert elsewhere(c.state) == []


def test_what_the_city_collects_settles_the_debt_but_is_kept_apart() -> None:
    c = told().act(payment(600, "外地或上级税务机关", late_fee=7), TAX).act(payment(400, "本县税务机关"), TAX)
    d = c.state
    assert (d.paid, d.paid_in_all, d.sub_items["1"].paid) == (Decimal(400), Decimal(1000), Decimal(1000))
    assert d.unpaid == []
    assert late_fees(d) == 0
    assert elsewhere(d) == [Decimal(600), Decimal(7)]
    assert figures(d)["paid_elsewhere"] == Decimal(600)
    assert "实缴到账 400.00 元，上级或外地征收 600.00 元" in describe(d, "已缴纳")
    assert COLUMNS["实缴到账(滞纳金另列)"](Entry(d, {})) == Decimal(400)


def test_all_by_the_city_leaves_the_countys_cell_empty() -> None:
    c = told().act(payment(1000, "外地或上级税务机关"), TAX)
    assert COLUMNS["实缴到账(滞纳金另列)"](Entry(c.state, {})) is None
    assert outcome_kind(c.called().state) == "已缴纳"


def claim(amount: int | None, **more: Any) -> dict[str, Any]:
    return {"insurance": "养老", "regime": "职工", "type": "应参未参", "amount": amount, **more}


@pytest.mark.parametrize(
    ("claims", "shown"),
    [
        ([claim(None, no=1)], None),
        ([claim(0, no=1)], Decimal(0)),
        ([claim(None, no=1), claim(300, no=2)], Decimal(300)),
        ([claim(700, no=1, insurance=None)], None),
        ([], None),
    ],
)
def test_a_sum_not_known_is_an_empty_cell(claims: list[dict[str, Any]], shown: Decimal | None) -> None:
    c = case(claims=claims)
    assert COLUMNS["主张金额"](Entry(c.state, {})) == shown


@pytest.mark.parametrize("form", ["劳务派遣", "平台用工", None])
def test_the_form_of_employment_is_what_was_told(form: str | None) -> None:
    c = case(indicators={"labour_relation": "有争议", "employment": form})
    assert COLUMNS["用工形式"](Entry(c.state, {})) == form


def test_the_form_of_employment_is_one_of_a_list() -> None:
    facts = case().state.facts.model_dump(by_alias=True)
    facts["indicators"]["employment"] = "雇佣"
    with pytest.raises(ValueError, match="employment"):
        Intake.model_validate(facts)
