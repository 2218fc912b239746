"""Any route a county may write is walked in its order, and leads to an end."""

from collections.abc import Iterator
from itertools import permutations
from typing import Any

import pytest

from domain.policy import Policy
from domain.policy_check import check
from domain.policy_routes import RouteStep
from domain.tasks import TaskKind
from domain.words import Step
from tests.support.county import DONGSHAN, TALES, Tale, nothing_of_the_default_county

WORKSHOP, TAX, BUREAU, ABOVE = "东山枫桥工作室", "东山税务局", "东山人社局", "盟社保费专班"
CLAIMS = [{"no": 1, "insurance": "养老", "regime": "职工", "type": "已申报未按时缴纳", "amount": 9000}]


@pytest.fixture(autouse=True)
def tales() -> Iterator[None]:
    """Whatever happens, nothing of the default county is said."""
    TALES.clear()
    yield
    nothing_of_the_default_county()


BETWEEN = ("handle_directly", "consult", "joint_meeting", "city_coordination", "mediate", "investigate")
WAYS_OUT = (("dispose",), ("dispose", "guide"), ("guide",), ("handle_directly",))
OWNERS = {
    "consult": ("organiser", "discuss"),
    "joint_meeting": ("joint_office", "monthly_review"),
    "city_coordination": ("city", "answer_from_above"),
    "mediate": ("hrss", "answer_from_above"),
    "guide": ("center", "answer_from_above"),
}
ROUTES = [
    [*steps, *way]
    for length in range(3)
    for steps in permutations(BETWEEN, length)
    for way in WAYS_OUT
    if not {*steps} & {*way}
]

ANSWERS: dict[str, tuple[str, dict[str, Any]]] = {
    "assist": ("submit_opinion", {"role": "协办", "content": "同意"}),
    "convene": ("convene_meeting", {"form": "会商"}),
    "convene_joint": ("convene_meeting", {"form": "联席会议"}),
    "minutes": ("minutes", {"opinion": "同意"}),
    "report_up": ("escalate_city", {"to": ABOVE}),
    "reply_from_above": ("city_reply", {"decision": "同意"}),
    "mediate": ("mediate_failed", {"reason": "一方不愿"}),
    "investigate": ("investigate_report", {"officers": ["甲", "乙"], "finding": "属实"}),
    "guide": ("guide_to_arbitration", {"paths": ["申请仲裁"], "not_a_decision": True}),
    "inform": ("notify_party", {"result": "应缴"}),
    "dispose": ("submit_opinion", {"conclusion": "支持", "recognised_amount": 9000}),
    "handle": ("submit_opinion", {"conclusion": "支持", "recognised_amount": 9000}),
    "execute": ("payment_received", {"principal": 9000}),
    "callback": ("callback_answer", {"officer": "回访员", "satisfaction": "满意"}),
    "close": ("close_case", {"archive": True}),
}
"""How a unit answers each task, the likeliest to be next first."""


def with_route(steps: list[str], owner: str = "lead") -> Policy:
    """The county with another route for its ordinary matters, checked like any."""
    tier = DONGSHAN.tiers[1]
    route = [
        RouteStep(
            step=Step(step), owner=OWNERS.get(step, (owner, ""))[0], clock=OWNERS.get(step, ("", "decide"))[1]
        )
        for step in steps
    ]
    tiers = (DONGSHAN.tiers[0], tier.model_copy(update={"route": tuple(route)}), DONGSHAN.tiers[2])
    policy = DONGSHAN.model_copy(update={"tiers": tiers})
    assert check(policy) == []
    return policy


def walk(policy: Policy) -> list[str]:
    """A life in which everybody does what lies on the desk; the kinds of tasks in the order they were done."""
    tale, done = Tale(policy, claims=CLAIMS), list[str]()
    tale.do(WORKSHOP, "triage_confirm", level="普通", path="会商会办", lead=TAX, co=[BUREAU])
    while not tale.d.is_over:
        task = next(t for kind in ANSWERS for t in tale.d.open_tasks(TaskKind(kind)))
        assert len(done) < 30, done
        assert any(c.task_id == task.id for c in tale.d.open_clocks()) or task.kind == "handle"
        action, data = ANSWERS[task.kind]
        tale.do(task.unit, action, **data)
        done.append(task.kind)
    return done


DONE_BY = {
    "consult": "convene", "joint_meeting": "convene_joint", "city_coordination": "report_up",
    "mediate": "mediate", "investigate": "investigate", "guide": "guide",
}  # fmt: skip


@pytest.mark.parametrize("steps", ROUTES, ids="-".join)
def test_every_route_leads_to_its_end(steps: list[str]) -> None:
    done = walk(with_route(steps))
    expected = [DONE_BY[s] for s in steps if s in DONE_BY]
    by_letter = {"convene"} if "consult" in steps and "convene" not in done else set[str]()
    assert [kind for kind in done if kind in DONE_BY.values()] == [k for k in expected if k not in by_letter]
    decided = "dispose" in steps or "handle_directly" in steps
    assert ("handle" in done) == decided


def test_another_than_the_lead_may_decide() -> None:
    done = walk(with_route(["consult", "dispose"], owner="watch"))
    assert "dispose" in done
    assert "handle" not in done
