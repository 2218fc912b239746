"""三（三）调查核实: findings side by side, one report by all, and who found otherwise says so."""

from typing import Any

import pytest

from domain.events import DocumentRegistered
from domain.offers import form_of, offers
from domain.tasks import TaskKind
from domain.words import Stage
from tests.support.case import CENTER, HRSS, JUSTICE, MEDICAL, TAX, Case, case, consulted, county
from tests.support.forms import filled


def opened() -> Case:
    """A matter of 县人社局 that it and 县税务局 look into."""
    return consulted().act(filled("open_investigation"), HRSS)


def found(relation: str = "存在", **more: Any) -> Any:
    return filled("submit_findings", relation=relation, **more)


def sums(amount: str) -> list[dict[str, str]]:
    return [{"claim": "1", "due": amount}]


def report(**more: Any) -> Any:
    return filled("issue_investigation_report", **more)


def paper(c: Case) -> dict[str, Any]:
    return next(p.fields for p in reversed(c.state.documents) if p.name == "调查核实报告")


def signed(c: Case) -> list[str]:
    """Whose report it is."""
    facts = (e.fact for e in reversed(c.events) if isinstance(e.fact, DocumentRegistered))
    made = next(fact for fact in facts if fact.name == "调查核实报告")
    return [made.issuer, *made.together]


def test_each_unit_is_asked_with_a_clock_for_what_is_its_own() -> None:
    c = opened()
    assert c.state.stage == Stage.INVESTIGATION
    tasks = {t.unit: t for t in c.state.open_tasks(TaskKind.FINDINGS)}
    assert {u: t.title for u, t in tasks.items()} == {TAX: "核实申报和入库记录", HRSS: "核实劳动关系"}
    for task in tasks.values():
        assert [k.rule_id for k in c.state.open_clocks() if k.task_id == task.id] == ["investigation"]
        mine = [o.kind for o in offers(c.state, task.unit, county(), c.now) if o.task == task.id]
        assert mine[0] == "submit_findings"
    form = {f.name: f for f in form_of(consulted().state, HRSS, county(), c.now, "open_investigation")}
    rows = form["units"].suggested
    assert [row["unit"] for row in rows] == [HRSS, TAX, JUSTICE]
    assert rows[0]["points"] == ["劳动关系", "参保登记"]


def test_findings_come_side_by_side_and_no_report_before_all_of_them() -> None:
    c = opened()
    assert c.declined(report(), HRSS) == "no_findings"
    c.act(found(), TAX)
    assert c.declined(report(), HRSS) == "findings_missing"
    assert TAX not in {t.unit for t in c.state.open_tasks(TaskKind.FINDINGS)}
    c.act(found(), HRSS).act(report(), HRSS)
    assert signed(c) == [HRSS, TAX]
    assert "不同认定" not in paper(c)
    assert not c.state.open_tasks(TaskKind.INVESTIGATE, TaskKind.FINDINGS)
    assert [p.name for p in c.state.documents].count("调查笔录") == 2


def test_nobody_reports_what_nobody_found() -> None:
    c = consulted()
    assert c.declined(report(), HRSS) == "no_findings"
    assert c.declined(found(), TAX) == "no_task"
    c = opened()
    assert c.declined(found(), MEDICAL) == "no_task"
    assert c.declined(found(investigators=["甲"]), TAX) == "two_officers"


@pytest.mark.parametrize("unit", [TAX, CENTER, MEDICAL, "申请人"])
def test_the_lead_opens_and_reports(unit: str) -> None:
    assert consulted().declined(filled("open_investigation"), unit) == "wrong_unit"
    c = opened().act(found(), TAX).act(found(), HRSS)
    assert c.declined(report(), unit) == "wrong_unit"


def test_who_differs_says_so() -> None:
    c = opened().act(found("不存在"), TAX).act(found("存在"), HRSS)
    assert c.declined(report(), HRSS) == "incomplete"
    c.act(report(differences="已统一认定，不同意见载入报告"), HRSS)
    assert paper(c)["不同认定"] == {TAX: "劳动关系不存在"}
    assert c.state.investigation
    assert c.state.investigation.otherwise == [TAX]


def test_sums_may_differ_too() -> None:
    c = opened().act(found("不涉及", sums=sums("900")), TAX).act(found("存在", sums=sums("1200")), HRSS)
    assert c.declined(report(sums=sums("900")), HRSS) == "incomplete"
    c.act(report(sums=sums("900"), differences="已统一认定，不同意见载入报告"), HRSS)
    assert paper(c)["不同认定"] == {HRSS: "子项1应补 1,200.00 元"}


def test_what_is_not_settled_is_studied_before_the_party_is_told() -> None:
    c = opened().act(found("不存在"), TAX).act(found("存在"), HRSS)
    c.act(report(differences="提交会商研究"), HRSS)
    assert [t.title for t in c.state.open_tasks(TaskKind.OBJECTION)] == ["调查认定不一致，会商研究"]
    c.disposed()
    assert not c.state.open_tasks(TaskKind.INFORM)
    assert c.refused("notify_party", CENTER) == "objection"
    c.do("convene_meeting", form="会商", units=[HRSS, TAX]).do("minutes", opinion="一致")
    assert c.state.open_tasks(TaskKind.INFORM)
    assert c.informed().state.informed_at


def test_where_they_agree_nothing_is_asked_and_the_finding_is_suggested() -> None:
    c = opened().act(found("不涉及", sums=sums("900")), TAX).act(found("部分期间存在"), HRSS)
    form = {f.name: f for f in form_of(c.state, HRSS, county(), c.now, "issue_investigation_report")}
    assert form["relation"].suggested == "部分期间存在"
    assert [row["claim"] for row in form["sums"].suggested] == ["1"]
    no = report(relation="部分期间存在", differences="提交会商研究")
    assert c.declined(no, HRSS) == "not_asked"


def test_who_is_late_is_named_and_waited_for_no_longer() -> None:
    c = opened().act(found(), HRSS).on("2026-05-20")
    c.act(report(), HRSS)
    assert signed(c) == [HRSS]
    assert paper(c)["逾期未提交的单位"] == [TAX]
    assert not c.state.open_tasks(TaskKind.FINDINGS)


def test_a_unit_more_may_join_and_none_twice() -> None:
    c = opened()
    again = filled("open_investigation", units=[{"unit": TAX, "points": ["工资总额"]}])
    assert c.declined(again, HRSS) == "asked"
    c.act(filled("open_investigation", units=[{"unit": MEDICAL, "points": ["参保登记"]}]), HRSS)
    assert {t.unit for t in c.state.open_tasks(TaskKind.FINDINGS)} == {TAX, HRSS, MEDICAL}
    twice = [{"unit": JUSTICE, "points": ["待遇"]}, {"unit": JUSTICE, "points": ["劳动关系"]}]
    assert c.declined(filled("open_investigation", units=twice), HRSS) == "twice"


def test_who_has_no_part_and_no_such_duty_is_not_asked() -> None:
    c = consulted()
    court = filled("open_investigation", units=[{"unit": "县人民法院", "points": ["劳动关系"]}])
    assert c.declined(court, HRSS) == "no_part"
    c.act(filled("open_investigation", units=[{"unit": JUSTICE, "points": ["劳动关系"]}]), HRSS)


def test_a_unit_complained_of_takes_no_part() -> None:
    c = case(respondents=[{"name": TAX}]).accepted("低", HRSS)
    assert c.declined(filled("open_investigation"), HRSS) == "concerned"


def test_a_second_inquiry_begins_anew() -> None:
    c = opened().act(found(), TAX).act(found(), HRSS).act(report(), HRSS)
    assert c.declined(report(), HRSS) == "no_findings"
    c.act(filled("open_investigation"), HRSS)
    assert c.state.investigation
    assert (c.state.investigation.findings, c.state.investigation.reported_at) == ([], None)


def test_the_decision_ends_the_inquiry() -> None:
    c = opened().act(found(), TAX).disposed()
    assert not c.state.open_tasks(TaskKind.FINDINGS, TaskKind.INVESTIGATE)
