"""The scenario format: what came in, what people then did, what must have come of it."""

import re
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from domain.calendar import WorkCalendar
from domain.dispute import Dispute
from domain.intake import Intake
from domain.persons import Officer
from domain.policy import Policy
from domain.wording import field_lines
from domain.words import SHANGHAI
from starter.scenario.shape import intake_of
from starter.scenario.step import Step
from starter.scenario.translate import ACTIONS, Context
from starter.scenario.translate.scene import SOMEBODY
from starter.yaml_file import load_yaml, unread

__all__ = ["Scenario", "ScenarioError", "Step", "made", "read"]


class ScenarioError(ValueError):
    """A scenario file that cannot be read; the message says where and what, in Chinese."""


Registration = Annotated[Intake, BeforeValidator(intake_of)]


class Scenario(BaseModel):
    """A whole story: one matter, sometimes more, with what must come of it."""

    model_config = ConfigDict(extra="ignore")

    id: str
    title: str = ""
    intake: Registration
    further_intakes: list[Registration] = []
    script: list[Step]
    expected: dict[str, Any] = {}

    def registrar(self, intake: Intake) -> Officer:
        """Who registers: whom the story first names in the unit that received it."""
        named = (step.officer for step in self.script if step.officer and step.unit == intake.received_by)
        return Officer(next(named, SOMEBODY))

    def context(self, step: Step, dispute: Dispute, policy: Policy) -> Context:
        """Where the story stands when a step is taken on a matter."""
        assert step.at
        place = next(n for n, one in enumerate(self.script) if one is step)
        return Context(dispute, policy, step.at, later=self.script[place + 1 :], earlier=self.script[:place])


def read(path: Path, calendar: WorkCalendar) -> Scenario:
    """Read one scenario file. Raises ScenarioError naming file and field."""
    try:
        return made(load_yaml(path), calendar)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ScenarioError(f"{path}：{unread(error)}") from error
    except ValidationError as error:
        raise ScenarioError(f"{path}：{field_lines(error)}") from error
    except ScenarioError as error:
        raise ScenarioError(f"{path}：{error}") from error


def made(data: Any, calendar: WorkCalendar) -> Scenario:
    """A scenario of what a file holds, each step with its moment. Raises ScenarioError, ValidationError."""
    scenario = Scenario.model_validate(data)
    script = _timed(scenario, calendar)
    for step in script:
        if step.happens:
            _require_action(step)
    return scenario.model_copy(update={"script": script})


def _require_action(step: Step) -> None:
    if step.action not in ACTIONS:
        raise ScenarioError(f"第 {step.step} 步：没有动作“{step.action}”")


def _timed(scenario: Scenario, calendar: WorkCalendar) -> list[Step]:
    """Give every step that happens its moment, from ``after`` where ``at`` is not written."""
    last = scenario.intake.received_at.astimezone(SHANGHAI)
    steps: list[Step] = []
    for step in scenario.script:
        at = step.at.astimezone(SHANGHAI) if step.at else _later(last, step.after, calendar)
        last = at or last
        steps.append(step.model_copy(update={"at": at}))
    return steps


def _later(last: datetime, after: str | None, calendar: WorkCalendar) -> datetime | None:
    if after is None or after == "never":
        return None
    if after == "same day":
        return last + timedelta(minutes=40)
    found = re.fullmatch(r"(\d+) (working day|day|hour|minute)s?", after)
    if found is None:
        raise ScenarioError(
            f"看不懂的间隔“{after}”，请写成“3 working days”“2 days”“4 hours”“same day”或“never”"
        )
    number, unit = int(found[1]), found[2]
    if unit == "working day":
        due = calendar.add_working_days(last.date(), number).due
        return datetime.combine(due, time(10), tzinfo=SHANGHAI)
    return last + timedelta(**{f"{unit}s": number})
