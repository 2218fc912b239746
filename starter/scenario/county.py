"""A county in the middle of its work: stories told from today backwards, so that some are due today whatever day it is.

``D`` is today, on a day off the next working day; ``D-3`` the third working day before it, ``D-3 09:30`` a moment of that
day, ``D+5`` the fifth working day after it. ``单号1`` and ``单号2`` are the numbers of a story's own registrations.
"""

import re
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, cast

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from domain.calendar import WorkCalendar
from domain.wording import field_lines
from domain.words import SHANGHAI, Channel
from starter.scenario.script import Scenario, ScenarioError, made
from starter.yaml_file import load_yaml, unread

Data = dict[str, Any]

_DAY = re.compile(r"D(?:([+-])(\d+))?(?: (\d\d):(\d\d))?")
_NUMBER = re.compile(r"单号(\d)")
CLEAR: Data = {
    "labour_relation": "明确",
    "strong_proof": True,
    "respondent_cooperative": True,
    "respondent_status": "正常",
}
"""What the risk rules look at, where a story says nothing else."""


class Ticket(BaseModel):
    """One registration. ``against``: employers by their key; ``others``: employers of another county."""

    model_config = ConfigDict(extra="forbid")

    kind: str = "争议"
    channel: Channel
    received: str
    received_by: str = "县综治中心"
    applicant: Data = {}
    against: list[str] = []
    others: list[Data] = []
    narrative: str
    claims: list[Data] = []
    indicators: Data = {}
    evidence: list[Data] = []
    confidential: bool = False


class Story(Ticket):
    """A matter and what people did in it so far. ``stage``: where it then stands; ``further``: later registrations."""

    id: str
    stage: str
    further: list[Data] = []
    script: list[tuple[str, str, str, str, Data]] = []
    """When, unit, officer, action, data."""


class County(BaseModel):
    """The file."""

    model_config = ConfigDict(extra="forbid")

    employers: dict[str, Data]
    stories: list[Story]


class Days:
    """The days around today, by the county's calendar."""

    def __init__(self, today: date, calendar: WorkCalendar) -> None:
        self._today = calendar.roll(today)
        self._calendar = calendar

    def day(self, count: int) -> date:
        """The working day so many after today; before it for a negative count."""
        if count >= 0:
            return self._calendar.add_working_days(self._today, count).due
        day = self._today
        for _ in range(-count):
            day = self._calendar.roll_back(day - timedelta(days=1))
        return day

    def read(self, value: Any) -> Any:
        """A value with every day and moment in it as the scenario format writes them."""
        if isinstance(value, dict):
            return {k: self.read(v) for k, v in cast("Data", value).items()}
        if isinstance(value, list):
            return [self.read(v) for v in cast("list[Any]", value)]
        found = _DAY.fullmatch(value) if isinstance(value, str) else None
        if found is None:
            return value
        sign, count, hour, minute = found.groups()
        day = self.day(int(f"{sign or ''}{count or 0}"))
        if hour is None:
            return day.isoformat()
        return datetime.combine(day, time(int(hour), int(minute)), SHANGHAI).isoformat()


def read_county(path: Path, today: date, calendar: WorkCalendar) -> list[Scenario]:
    """The county's stories as of a day. Raises ScenarioError naming file and field."""
    try:
        county = County.model_validate(load_yaml(path))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ScenarioError(f"{path}：{unread(error)}") from error
    except ValidationError as error:
        raise ScenarioError(f"{path}：{field_lines(error)}") from error
    days = Days(today, calendar)
    return [
        _scenario(path, county, story, number, days, calendar)
        for number, story in enumerate(county.stories, 1)
    ]


def _scenario(
    path: Path, county: County, story: Story, number: int, days: Days, calendar: WorkCalendar
) -> Scenario:
    own = story.model_dump(include=set(Ticket.model_fields), exclude_unset=True)
    try:
        tickets = [story, *(Ticket.model_validate({**own, **more}) for more in story.further)]
        intakes = [_intake(county, ticket, 10 * number + n, days) for n, ticket in enumerate(tickets)]
        script = [
            {"step": n, "unit": unit, "officer": officer, "action": action, "data": data, "at": days.read(at)}
            for n, (at, unit, officer, action, data) in enumerate(story.script, 1)
        ]
        for step in script:
            step["data"] = _numbered(days.read(step["data"]), [i["source_no"] for i in intakes])
        return made(
            {
                "id": story.id,
                "intake": intakes[0],
                "further_intakes": intakes[1:],
                "script": script,
                "expected": {"stage": story.stage},
            },
            calendar,
        )
    except (ScenarioError, ValidationError, KeyError) as error:
        said = field_lines(error) if isinstance(error, ValidationError) else error
        raise ScenarioError(f"{path}：{story.id}：{said}") from error


def _intake(county: County, ticket: Ticket, number: int, days: Days) -> Data:
    received = datetime.fromisoformat(days.read(ticket.received))
    return {
        "kind": ticket.kind,
        "channel": ticket.channel,
        "received_by": ticket.received_by,
        "source_no": f"{ticket.channel.mark}-{received:%Y%m%d}-{number:03}",
        "received_at": received.isoformat(),
        "applicant": ticket.applicant,
        "respondents": [*(county.employers[key] for key in ticket.against), *ticket.others],
        "narrative": ticket.narrative,
        "claims": [_claim(claim, n, received.date()) for n, claim in enumerate(ticket.claims, 1)],
        "evidence": ticket.evidence,
        "indicators": CLEAR | ticket.indicators,
        "confidential": ticket.confidential,
    }


def _claim(claim: Data, number: int, received: date) -> Data:
    """A claim of the ``months`` before the one it was received in."""
    said: Data = {"no": number, "regime": "职工", **claim}
    if months := said.pop("months", None):
        said["period"] = {"from": _month(received, -months), "to": _month(received, -1)}
    return said


def _month(day: date, count: int) -> str:
    months = day.year * 12 + day.month - 1 + count
    return f"{months // 12}-{months % 12 + 1:02}"


def _numbered(value: Any, numbers: list[str]) -> Any:
    if isinstance(value, dict):
        return {k: _numbered(v, numbers) for k, v in cast("Data", value).items()}
    if isinstance(value, list):
        return [_numbered(v, numbers) for v in cast("list[Any]", value)]
    found = _NUMBER.fullmatch(value) if isinstance(value, str) else None
    return numbers[int(found[1]) - 1] if found else value
