"""黄牌、红牌: appealed by the unit, decided on by another, withdrawn with a reason; a withdrawn one counts nowhere."""

from typing import Any

import pytest

from domain.actions import ACTION
from domain.actions.cards import AppealCard, DecideCardAppeal, WithdrawCard
from domain.dispute import Dispute
from domain.offers import form_of, offers
from domain.outcome import figures
from domain.policy import Policy
from domain.policy_check import check
from domain.tasks import TaskKind
from ledger.measured import measured
from ledger.projection import shown
from ledger.read_tables import measure_items
from tests.support.case import CENTER, HRSS, OFFICE, TAX, Case, case, county
from workflows.display import CARD, Display

SENT_WRONGLY = "误发：当时依法或依流程无法办理"
PARTY_LAW = "县委政法委"


def carded() -> Case:
    """The lead never signs: yellow, then red."""
    c = case().do("triage_confirm", decision="受理", level="低", path="直办", lead=TAX, co=[])
    return c.on("2026-03-11", 8)


def no_of(d: Dispute, word: str, unit: str = TAX) -> int:
    return next(c.no for c in d.cards if c.card == word and c.unit == unit)


def appeal(c: Case, no: int, unit: str = TAX) -> Case:
    body = {"card": no, "ground": SENT_WRONGLY, "explanation": "当日系统停用，无法签收"}
    return c.act(AppealCard.model_validate(body), unit)


def decided(decision: str, **more: Any) -> DecideCardAppeal:
    more = {"ground": SENT_WRONGLY, **more} if decision == "撤销" else more
    return DecideCardAppeal.model_validate({"decision": decision, "explanation": "经核实", **more})


def withdrawal(no: int) -> WithdrawCard:
    return WithdrawCard.model_validate(
        {"card": no, "ground": "时限计算有误", "explanation": "当日为调休休息日"}
    )


def shown_card(d: Dispute) -> Any:
    return dict(Display()._values(d))[CARD]  # pyright: ignore[reportPrivateUsage]


def counted(d: Dispute) -> list[tuple[str, str | None]]:
    rows = measured(d, Dispute(id=d.id), lambda version: county())[measure_items]
    return [(r["kind"], r["result"]) for r in rows if r["kind"] in ("黄牌", "红牌")]


def test_a_card_says_whose_for_what_and_when() -> None:
    d = carded().state
    cards = [(c.no, c.card, c.unit, c.name) for c in d.cards]
    assert (no_of(d, "红牌"), "红牌", TAX, "签收") in cards
    assert [c.no for c in d.cards] == list(range(1, len(d.cards) + 1))
    assert d.card == "红牌"
    assert shown_card(d) == "红牌"


def test_an_appeal_is_a_task_with_a_clock_and_the_card_stands_meanwhile() -> None:
    c = carded()
    no = no_of(c.state, "红牌")
    appeal(c, no)
    (task,) = c.state.open_tasks(TaskKind.CARD_APPEAL)
    assert (task.unit, task.ref) == (OFFICE, str(no))
    (clock,) = [k for k in c.state.open_clocks() if k.task_id == task.id]
    assert (clock.rule_id, clock.name) == ("card_decision", "黄红牌申诉决定")
    assert c.state.card == "红牌"
    assert [o.kind for o in offers(c.state, OFFICE, county(), c.now) if o.task == task.id] == [
        "decide_card_appeal"
    ]


def test_withdrawn_on_appeal_it_counts_nowhere() -> None:
    c = carded()
    before = figures(c.state)
    appeal(c, no_of(c.state, "红牌")).act(decided("撤销"), OFFICE)
    d = c.state
    assert d.card == "黄牌"
    assert shown(d)["card"] == "黄牌"
    assert shown_card(d) == "黄牌"
    assert (before["red_cards"], figures(d)["red_cards"]) == (1, 0)
    assert (before["sign_overdue"], figures(d)["sign_overdue"]) == (1, 0)
    assert ("红牌", "撤销") in counted(d)
    assert ("红牌", None) not in counted(d)
    c.act(withdrawal(no_of(d, "黄牌")), OFFICE)
    assert c.state.card is None
    assert shown(c.state)["card"] is None
    assert figures(c.state)["yellow_cards"] == 0
    (red,) = [x for x in c.state.cards if x.card == "红牌"]
    assert red.withdrawn_ground == SENT_WRONGLY


def test_upheld_it_stands_and_cannot_be_appealed_again() -> None:
    c = carded()
    no = no_of(c.state, "红牌")
    appeal(c, no).act(decided("维持"), OFFICE)
    assert c.state.card == "红牌"
    assert not c.state.open_tasks(TaskKind.CARD_APPEAL)
    again = AppealCard.model_validate({"card": no, "ground": "其他", "explanation": "再次申诉"})
    assert c.declined(again, TAX) in ("appealed", "unknown_card")


def test_the_decision_is_said_outright_and_a_withdrawal_has_its_ground() -> None:
    with pytest.raises(ValueError, match="decision"):
        DecideCardAppeal.model_validate({"explanation": "经核实"})
    with pytest.raises(ValueError, match="ground"):
        DecideCardAppeal.model_validate({"decision": "撤销", "explanation": "经核实"})


def test_only_its_own_unit_appeals_and_another_decides() -> None:
    c = carded()
    no = no_of(c.state, "红牌")
    body = AppealCard.model_validate({"card": no, "ground": "其他", "explanation": "不是本单位的"})
    assert c.declined(body, HRSS) == "wrong_unit"
    appeal(c, no)
    assert c.declined(decided("撤销"), TAX) == "no_task"
    assert c.declined(decided("撤销"), CENTER) == "no_task"
    assert c.declined(withdrawal(no), TAX) == "wrong_unit"
    assert c.declined(withdrawal(no), OFFICE) in ("pending", "unknown_card"), "the appeal is to be decided"


def test_an_appeal_is_in_time_to_the_last_day() -> None:
    c = carded()
    no = no_of(c.state, "红牌")
    issued = next(x.at for x in c.state.cards if x.no == no)
    last = county().calendar.add_working_days(issued.date(), 5).due
    body = AppealCard.model_validate({"card": no, "ground": "其他", "explanation": "迟了"})
    late = county().calendar.add_working_days(last, 1).due
    assert carded().on(last.isoformat(), 16).act(body, TAX).state.open_tasks(TaskKind.CARD_APPEAL)
    assert carded().on(late.isoformat(), 9).declined(body, TAX) in ("too_late", "unknown_card")


def test_the_office_does_not_decide_on_its_own_card() -> None:
    c = carded().on("2026-03-25")
    own = [x for x in c.state.cards if x.unit == OFFICE]
    if not own:
        pytest.fail("the office was expected to be late with its supervision")
    appeal(c, own[-1].no, OFFICE)
    (task,) = c.state.open_tasks(TaskKind.CARD_APPEAL)
    assert task.unit == PARTY_LAW
    assert c.declined(decided("撤销"), OFFICE) == "no_task"
    c.act(decided("撤销"), PARTY_LAW)
    assert c.state.card == "红牌" or c.state.card is None


def test_who_decides_is_policy() -> None:
    rules = county().cards.model_copy(update={"decided_by": ("politics_law", "joint_office")})
    c = carded()
    c.life.policy = county().model_copy(update={"cards": rules})
    appeal(c, no_of(c.state, "红牌"))
    (task,) = c.state.open_tasks(TaskKind.CARD_APPEAL)
    assert task.unit == PARTY_LAW


def test_two_appeals_are_decided_each_on_its_task() -> None:
    c = carded()
    appeal(c, no_of(c.state, "红牌"))
    appeal(c, no_of(c.state, "黄牌"))
    assert c.declined(decided("撤销"), OFFICE) == "which"
    red = next(t for t in c.state.open_tasks(TaskKind.CARD_APPEAL) if t.ref == str(no_of(c.state, "红牌")))
    c.act(decided("撤销"), OFFICE, task=red.id)
    assert [x.card for x in c.state.standing_cards if x.unit == TAX] == ["黄牌"]


def test_the_choices_name_the_cards() -> None:
    c = carded()
    (field,) = [f for f in form_of(c.state, TAX, county(), c.now, "appeal_card") if f.name == "card"]
    assert {choice.value for choice in field.choices} == {x.no for x in c.state.cards if x.unit == TAX}
    assert all("签收" in choice.label for choice in field.choices)


def test_an_appeal_goes_on_when_the_matter_ends_and_is_decided_before_it_is_archived() -> None:
    c = carded()
    no = no_of(c.state, "红牌")
    c.do("claim", TAX)
    appeal(c, no)
    c.disposed().informed().paid().called().do("close_case")
    assert c.state.open_tasks(TaskKind.CARD_APPEAL)
    archive = {"kind": "archive_case", "secrecy": "内部"}

    assert c.declined(ACTION.validate_python(archive)) == "appeal_pending"
    c.act(decided("维持"), OFFICE).act(ACTION.validate_python(archive))
    assert c.state.archived_at


def broken(policy: Policy, **changes: Any) -> list[str]:
    rules = policy.cards.model_copy(update=changes)
    return [p.path for p in check(policy.model_copy(update={"cards": rules}))]


def test_the_check_wants_two_deciders_and_a_window() -> None:
    assert broken(county()) == []
    assert broken(county(), decided_by=("joint_office",)) == ["units.roles"]
    assert broken(county(), decided_by=("joint_office", "politics_law", "nobody")) == ["cards.decided_by"]
    assert broken(county(), appeal="close") == ["cards.appeal"]
