"""What a unit may do now: by whom, for which task, in which order, with which choices and suggestions."""

from typing import Any

import pytest

from domain.actions import ACTION, FORMS, Action
from domain.decide.registry import RULES
from domain.offers import Field, Offer, form_of, offers, why_not
from domain.tasks import ON_ANY_TASK, TASKS, TaskKind
from tests.support.case import (
    APPLICANT,
    CENTER,
    COMPLEX,
    HRSS,
    JUSTICE,
    MEDIATOR,
    MEDICAL,
    OFFICE,
    TAX,
    Case,
    case,
    consulted,
    county,
    told,
)


def at_hand(c: Case, unit: str) -> list[Offer]:
    return offers(c.state, unit, county(), c.now)


def filled(kind: str, **answers: Any) -> Action:
    return ACTION.validate_python({"kind": kind, **answers})


def kinds(c: Case, unit: str) -> list[str]:
    return [o.kind for o in at_hand(c, unit)]


def asked(c: Case, unit: str, kind: str, task: str | None = None) -> dict[str, Field]:
    return {f.name: f for f in form_of(c.state, unit, county(), c.now, kind, task)}


def test_every_form_has_its_rule_and_every_task_its_verbs() -> None:
    assert set(RULES) == set(FORMS)
    assert set(TASKS) == set(TaskKind)
    for kind, rule in TASKS.items():
        assert rule.done_by, kind
        assert set(rule.done_by) <= set(FORMS), kind
        assert set(rule.clocks) <= set(county().clocks), kind
    assert set(ON_ANY_TASK) <= set(FORMS)


def test_the_most_natural_verb_comes_first() -> None:
    c = case()
    assert kinds(c, CENTER)[0] == "accept_case"
    c.accepted("中", HRSS, (TAX,))
    assert kinds(c, CENTER)[0] == "convene_consultation"
    fresh = case().do("triage_confirm", decision="受理", level="低", path="直办", lead=TAX)
    assert kinds(fresh, TAX)[:2] == ["sign_for", "issue_disposition"]
    assert [o.task for o in at_hand(fresh, TAX)][:2] == ["t2", "t2"]
    assert kinds(told(), TAX)[0] == "record_payment"


def test_the_most_urgent_task_comes_first() -> None:
    c = case().accepted().disposed()
    dues = [o.due for o in at_hand(c, TAX) if o.due]
    assert dues == sorted(dues)


def test_a_unit_without_a_part_is_offered_no_handling() -> None:
    c = case().accepted()
    assert not {"issue_disposition", "notify_result", "sign_for", "record_payment"} & set(
        kinds(c, "县商务局")
    )
    assert "issue_disposition" not in kinds(c, MEDICAL)
    assert set(kinds(c, APPLICANT)) == {
        "receive_material", "record_proceeding", "record_ruling", "record_withdrawal", "record_party_objection",
    }  # fmt: skip


def test_a_right_that_lapses_is_offered_while_it_lasts() -> None:
    c = case().do("triage_confirm", decision="受理", level="低", path="直办", lead=TAX)
    assert "send_back" in kinds(c, TAX)
    c.on("2026-03-20")
    assert "send_back" not in kinds(c, TAX)
    assert "退单期限" in (why_not(c.state, TAX, county(), c.now, "send_back") or "")


def test_nothing_is_offered_when_it_is_over() -> None:
    c = told().paid().called().do("close_case", archive=True)
    assert c.state.is_over
    assert at_hand(c, CENTER) == []


def test_what_is_not_at_hand_says_why() -> None:
    c = case()
    assert why_not(c.state, TAX, county(), c.now, "accept_case") == f"{TAX}不能办理此事项，应由{CENTER}办理"
    assert why_not(c.state, CENTER, county(), c.now, "accept_case") is None


def test_the_triage_form_suggests_level_and_units_and_says_why() -> None:
    form = asked(case(indicators=COMPLEX), CENTER, "accept_case")
    assert (form["level"].suggested, form["path"].suggested, form["lead"].suggested) == ("中", "会商", TAX)
    assert "相对方不配合或不明" in (form["level"].why or "")
    assert [c.value for c in form["level"].choices] == ["中", "高"]
    assert form["co"].suggested == [HRSS]
    assert asked(case(), CENTER, "accept_case")["co"].suggested == []


def test_choices_come_from_the_case() -> None:
    c = consulted()
    results = asked(c, HRSS, "issue_disposition")["results"]
    assert [x.value for x in results.rows[0].choices] == ["1"]
    assert results.suggested == [{"claim": "1", "principal": c.state.facts.claims[0].amount}]
    clocks = asked(c, HRSS, "request_extension")["clock"]
    assert {x.label.split("，")[0] for x in clocks.choices} >= {"中风险办理总时限"}
    assert clocks.suggested in {x.value for x in clocks.choices}


def test_own_resolution_items_are_the_choice() -> None:
    c = consulted_with_items()
    assert [x.value for x in asked(c, TAX, "complete_resolution")["item"].choices] == [1]
    assert [x.value for x in asked(c, JUSTICE, "complete_resolution")["item"].choices] == [2]
    assert len(asked(c, OFFICE, "complete_resolution")["item"].choices) == 2


def consulted_with_items() -> Case:
    c = case(indicators=COMPLEX).accepted("中", HRSS, (TAX, JUSTICE))
    c.do("convene_meeting", form="会商", units=[HRSS, TAX, JUSTICE])
    items = [{"no": 1, "unit": TAX, "text": "核费", "due": "2026-04-01"},
             {"no": 2, "unit": JUSTICE, "text": "释法", "due": "2026-04-01"}]  # fmt: skip
    return c.do("minutes", opinion="一致", resolutions=items)


def test_what_is_owed_is_suggested_for_payment_and_order() -> None:
    c = told()
    assert [row["principal"] for row in asked(c, TAX, "record_payment")["parts"].suggested] == [1000]
    c.paid(400)
    assert [row["principal"] for row in asked(c, TAX, "record_payment")["parts"].suggested] == [600]


def test_a_day_that_happened_is_suggested_as_today() -> None:
    c = case().accepted().disposed()
    assert asked(c, TAX, "notify_result")["told_on"].suggested == c.now.date()


def test_an_approval_is_never_suggested() -> None:
    c = case().accepted()
    clock = next(k.id for k in c.state.open_clocks() if k.rule_id == "low_total")
    asking = {"clock": clock, "span": "2工作日", "reason_code": "案情复杂", "explanation": "再查"}
    c.act(filled("request_extension", **asking), TAX)
    form = asked(c, CENTER, "decide_extension")
    assert form["decision"].suggested is None
    assert str(form["span"].suggested) == "2工作日"


@pytest.mark.parametrize(
    ("kind", "answers"),
    [
        ("close_case", {"opinion": "同意"}),
        ("request_supplement", {"items": ["联系方式"], "due": "5工作日", "way": "电话"}),
    ],
)
def test_a_form_for_another_task_is_refused(kind: str, answers: dict[str, Any]) -> None:
    c = case().accepted()
    (task,) = c.state.open_tasks(TaskKind.HANDLE)
    assert c.declined(filled(kind, **answers), TAX, task=task.id) == "other_task"


def test_mediation_is_offered_step_by_step() -> None:
    c = case(indicators=COMPLEX).accepted("中", HRSS, (TAX,))
    assert "start_mediation" in kinds(c, MEDIATOR)
    assert "draft_agreement" not in kinds(c, MEDIATOR)
    c.do("mediation_start", MEDIATOR, voluntary_statement=True)
    assert kinds(c, MEDIATOR)[0] == "draft_agreement"
    assert "conclude_agreement" not in kinds(c, MEDIATOR)
    c.do("agreement_draft", MEDIATOR, version=1, clauses=["足额补缴养老保险费本金"])
    assert "conclude_agreement" in kinds(c, MEDIATOR)
    assert "review_agreement" in kinds(c, JUSTICE)
