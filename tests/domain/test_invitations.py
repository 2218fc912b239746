"""适时介入: a unit invited answers within its clock, and takes part only when it says so."""

from typing import Any

import pytest

from domain import decide
from domain.decide.parts import takes_part
from domain.declined import Declined
from domain.draft import Draft
from domain.offers import form_of, offers, why_not
from domain.policy_check import check
from domain.tasks import TaskKind
from tests.support.case import (
    APPLICANT,
    CENTER,
    COMPLEX,
    HRSS,
    JUSTICE,
    MEDIATOR,
    MEDICAL,
    OFFICE,
    POLICE,
    TAX,
    Case,
    case,
    county,
)
from tests.support.forms import filled

COURT, PETITION = "县人民法院", "县信访局"


def medium() -> Case:
    return case(indicators=COMPLEX).accepted("中", HRSS, (TAX,))


def invited(unit: str = POLICE) -> Case:
    return medium().act(filled("invite_unit", unit=unit), CENTER)


def answer(said: str, **more: Any) -> Any:
    given: dict[str, Any] = {
        "参加": {"officers": ["民警甲"]},
        "不参加": {"officers": None, "reason": "不属本单位职责"},
        "提交书面意见": {"officers": None, "opinion": "建议分批约谈"},
    }[said]
    return filled("answer_invitation", answer=said, **{**given, **more})


def part(c: Case, unit: str) -> bool:
    return takes_part(Draft(c.state, county(), now=c.now, unit=CENTER, officer="", action_id=""), unit)


def test_an_invitation_is_a_task_with_a_clock_and_a_paper() -> None:
    c = invited()
    (task,) = c.state.open_tasks(TaskKind.ANSWER_INVITATION)
    assert (task.unit, task.title) == (POLICE, "答复介入邀请：涉访群体教育疏导和稳控")
    (clock,) = [k for k in c.state.open_clocks() if k.task_id == task.id]
    assert (clock.rule_id, clock.owner) == ("invitation", POLICE)
    assert c.state.documents[-1].name == "介入邀请函"
    assert [o.kind for o in offers(c.state, POLICE, county(), c.now) if o.task == task.id] == [
        "answer_invitation"
    ]


@pytest.mark.parametrize("kind", ["give_opinion", "object_to_disposition", "guide_to_law", "start_mediation"])
def test_invited_is_not_yet_taking_part(kind: str) -> None:
    c = invited()
    assert not part(c, POLICE)
    assert why_not(c.state, POLICE, county(), c.now, kind) is not None
    with pytest.raises(Declined):
        decide.view(c.state, county(), c.now, "v", POLICE, "民警甲", "parties", "核对当事人电话")


def test_who_joins_takes_part_and_no_more() -> None:
    c = invited().act(answer("参加"), POLICE)
    assert part(c, POLICE)
    assert why_not(c.state, POLICE, county(), c.now, "give_opinion") is None
    assert decide.view(c.state, county(), c.now, "v", POLICE, "民警甲", "parties", "核对当事人电话")
    assert not [t for t in c.state.open_tasks() if t.unit == POLICE]
    assert (c.state.lead, c.state.co) == (HRSS, [TAX])
    for kind in ("issue_disposition", "change_units", "notify_result", "close_case", "accept_case"):
        assert why_not(c.state, POLICE, county(), c.now, kind) is not None


@pytest.mark.parametrize("said", ["不参加", "提交书面意见"])
def test_who_stays_away_has_no_part(said: str) -> None:
    c = invited().act(answer(said), POLICE)
    assert not part(c, POLICE)
    assert c.state.invitations[0].answer == said
    assert why_not(c.state, POLICE, county(), c.now, "give_opinion") is not None
    assert c.declined(answer("参加"), POLICE) == "no_task"
    c.act(filled("invite_unit"), CENTER)
    assert len(c.state.open_tasks(TaskKind.ANSWER_INVITATION)) == 1


@pytest.mark.parametrize("unit", [CENTER, HRSS, OFFICE, MEDIATOR])
def test_who_handles_the_matter_invites(unit: str) -> None:
    c = medium().act(filled("invite_unit"), unit)
    assert c.state.invitations[0].by == unit


@pytest.mark.parametrize("unit", [TAX, MEDICAL, APPLICANT, POLICE])
def test_nobody_else_does(unit: str) -> None:
    assert medium().declined(filled("invite_unit"), unit) == "wrong_unit"


def test_whom_the_policy_does_not_name_or_who_takes_part_is_not_invited() -> None:
    c = medium()
    assert c.declined(filled("invite_unit", unit=MEDICAL), CENTER) == "not_invitable"
    assert c.declined(filled("invite_unit", unit=TAX), CENTER) == "takes_part"
    c.act(filled("invite_unit", unit=JUSTICE), CENTER)
    assert c.declined(filled("invite_unit", unit=JUSTICE), CENTER) == "not_invitable"
    form = {f.name: f for f in form_of(c.state, CENTER, county(), c.now, "invite_unit")}
    assert [o.value for o in form["unit"].choices] == [POLICE, COURT, PETITION]


def test_a_unit_complained_of_is_not_invited() -> None:
    c = case(indicators=COMPLEX, respondents=[{"name": POLICE}]).accepted("中", HRSS)
    assert c.declined(filled("invite_unit"), CENTER) == "concerned"


def test_only_whoever_is_invited_answers() -> None:
    c = invited()
    assert c.declined(answer("参加"), JUSTICE) == "no_task"
    assert medium().declined(answer("参加"), POLICE) == "no_task"


def test_the_invitation_ends_with_what_it_was_for() -> None:
    c = (
        invited()
        .do("convene_meeting", form="会商", units=[HRSS, TAX])
        .do("minutes", opinion="一致")
        .disposed()
    )
    assert not c.state.open_tasks(TaskKind.ANSWER_INVITATION)
    assert not [k for k in c.state.open_clocks() if k.rule_id == "invitation"]


def test_a_county_without_the_rule_invites_nobody() -> None:
    c = Case(county().model_copy(update={"invitations": None}), indicators=COMPLEX).accepted("中", HRSS)
    assert c.declined(filled("invite_unit"), CENTER) == "no_invitations"


def test_the_policy_check_wants_units_that_can_answer() -> None:
    rule = county().invitations
    assert rule
    broken = rule.model_copy(update={"units": ("police", "县神秘事务管理所"), "clock": "soon"})
    paths = [p.path for p in check(county().model_copy(update={"invitations": broken}))]
    assert "invitations.units" in paths
    assert "clocks" in paths
