"""A step of a story before a matter that is thus far, for tests of the adapter."""

from collections.abc import Callable
from typing import Any

from domain.actions import Action
from starter.scenario.step import Step
from starter.scenario.translate import Context, Sent, forms_of
from tests.support.case import (
    APPLICANT,
    CENTER,
    HRSS,
    LOUD,
    MEDIATOR,
    OFFICE,
    TAX,
    Case,
    case,
    consulted,
    told,
)

Make = Callable[[], Case]


def sent(c: Case, action: str, unit: str = CENTER, later: tuple[Step, ...] = (), **data: Any) -> list[Sent]:
    """What a step would send."""
    step = Step(step=90, unit=unit, officer="某员", action=action, data=data, at=c.now)
    return forms_of(step, Context(c.state, c.life.policy, c.now, later=later, earlier=c.steps))


def own(c: Case, action: str, unit: str = CENTER, later: tuple[Step, ...] = (), **data: Any) -> Action:
    """The act that carries the step's number."""
    (only,) = [s.body for s in sent(c, action, unit, later, **data) if not s.aside]
    return only


def step(action: str, unit: str = CENTER, **data: Any) -> Step:
    return Step(step=95, unit=unit, officer="后来人", action=action, data=data, at=case().now)


def accepted() -> Case:
    return case().accepted()


def lead() -> Case:
    return case(kind="线索")


def returned() -> Case:
    return accepted().do("return", TAX, reason="应由人社主办", suggested_unit=HRSS)


def mediating() -> Case:
    return consulted().do("mediation_start", MEDIATOR, voluntary_statement=True)


def drafted() -> Case:
    return mediating().do("agreement_draft", MEDIATOR, version=1, clauses=["足额补缴"])


def explaining() -> Case:
    return told().paid().called("不满意", category="b")


def withdrawing() -> Case:
    return accepted().do("withdraw", APPLICANT)


def at_the_joint_meeting() -> Case:
    return case(indicators=LOUD).accepted("高", TAX, (HRSS,)).do("convene_meeting", OFFICE, form="联席会议")


MATTERS: dict[str, Make] = {
    make.__name__: make
    for make in (
        case, accepted, lead, returned, consulted, mediating, drafted, at_the_joint_meeting, withdrawing, told, explaining,
    )
}  # fmt: skip
"""How far a matter has come, by name."""
