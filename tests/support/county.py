"""Whole lives under counties that share nothing with the default one: an action a line."""

import json
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from domain.actions import ACTION, Act
from domain.deadlines import Deadline
from domain.decide import Declined
from domain.dispute import Dispute
from domain.intake import Intake
from domain.policy import Policy
from policies import load
from starter.scenario.shape import intake_of
from starter.scenario.step import Step
from starter.scenario.translate import Context, acts_of
from tests.support.life import Life

FILES = Path(__file__).parents[1] / "policies"
QINGSHUI = load(FILES / "qingshui.yaml")
DONGSHAN = load(FILES / "dongshan.yaml")
YUNXI = load(FILES / "yunxi.yaml")

MONDAY = datetime.fromisoformat("2026-10-26T09:00:00+08:00")


@cache
def names_of_the_default_county() -> frozenset[str]:
    """What only the default county calls anything: its units, its numbers' prefixes, its own name."""
    policy = load("pianguan")
    common = {"申请人", "被反映单位", "系统", "县政府", "市级部门"}  # the national layer's words
    units = {*policy.units.roles.values(), *policy.units.others} - common
    return frozenset(
        {*units, "综治中心", policy.county.name, policy.county.case_prefix, policy.county.lead_prefix}
    )


KNOWN: dict[str, Any] = {"labour_relation": "明确", "strong_proof": True, "respondent_cooperative": True}


class Tale:
    """One matter of a county; an action follows the one before by an hour unless told otherwise."""

    def __init__(self, policy: Policy, **intake: Any) -> None:
        self.life = Life(policy)
        self.now = MONDAY
        data: dict[str, Any] = {
            "channel": "12345热线",
            "received_by": policy.units.roles["center"],
            "source_no": "T-1",
            "received_at": MONDAY,
            "applicant": {"name": "某甲"},
            "respondents": [{"name": "某厂"}],
            "narrative": "社会保险费争议",
            "indicators": {**KNOWN, "answers": dict.fromkeys(policy.facts, True)},
        }
        self.id = self.life.register(Intake.model_validate(intake_of({**data, **intake})))
        self.refusals: list[str] = []
        self.steps: list[Step] = []
        TALES.append(self)

    @property
    def d(self) -> Dispute:
        return self.life.matters[self.id]

    def wait(self, **span: float) -> "Tale":
        self.now += timedelta(**span)
        self.life.tick_until(self.now)
        return self

    def do(self, unit: str, action: str, officer: str = "甲", **data: Any) -> "Tale":
        self.now += timedelta(hours=1)
        number = len(self.life.events[self.id])
        step = Step(step=number, unit=unit, officer=officer, action=action, data=data, at=self.now)
        self.life.tick_until(self.now)
        context = Context(self.d, self.life.policy, self.now, earlier=self.steps)
        for act in acts_of("", step, context):
            self.life.act(self.id, act, self.now)
        self.steps.append(step)
        return self

    def take(self, unit: str, kind: str, officer: str = "甲", **body: Any) -> "Tale":
        """A form as it is, for what the stories' own words have no word for."""
        self.now += timedelta(hours=1)
        self.life.tick_until(self.now)
        number = len(self.life.events[self.id])
        filled = ACTION.validate_python({"kind": kind, **body})
        self.life.act(self.id, Act(id=f"f{number}", unit=unit, officer=officer, body=filled), self.now)
        return self

    def not_taken(self, code: str, unit: str, kind: str, **body: Any) -> str:
        """The form refused, with this code and without a trace; what was said."""
        before = self.d.version
        with pytest.raises(Declined) as caught:
            self.take(unit, kind, **body)
        assert (caught.value.code, self.d.version) == (code, before)
        self.refusals.append(str(caught.value))
        return str(caught.value)

    def refused(self, code: str, unit: str, action: str, **data: Any) -> str:
        self.life.tick_until(self.now + timedelta(hours=1))
        before = self.d.version
        with pytest.raises(Declined) as caught:
            self.do(unit, action, **data)
        assert (caught.value.code, self.d.version) == (code, before)
        self.refusals.append(str(caught.value))
        return str(caught.value)

    @property
    def stages(self) -> list[str]:
        return [v.stage.value for v in self.d.route_taken]

    def clock(self, rule: str) -> Deadline:
        return next(c for c in reversed(self.d.clocks.values()) if c.rule_id == rule)

    def due(self, rule: str) -> str:
        return self.clock(rule).due_on.isoformat()

    def owner(self, kind: str) -> str:
        return next(t.unit for t in reversed(self.d.tasks.values()) if t.kind == kind)

    def title(self, kind: str) -> str:
        return next(t.title for t in reversed(self.d.tasks.values()) if t.kind == kind)

    def papers(self) -> dict[str, tuple[str, str]]:
        return {p.name: (p.issuer, p.to) for p in self.d.documents}

    def close(self, center: str) -> "Tale":
        self.do(center, "callback_answer", officer="回访员", satisfaction="满意")
        return self.do(center, "close_case", archive=True)


TALES: list[Tale] = []
"""The tales of the running test."""


WORDS_OF_THE_DEFAULT_COUNTY = (
    "综治中心", "联席", "会商", "直办", "市级", "风险", "县方案", "偏关", "回访", "督办", "台账", "受理", "初审", "处置意见",
    "分级分流",
)  # fmt: skip
"""What the software says by itself, for which the third county has words of its own."""


def nothing_of_the_default_county() -> None:
    """Nothing of the default county in any event, nor in anything an officer is told."""
    for tale in TALES:
        levels = {t.name for t in tale.life.policy.tiers}
        facts = [e.model_dump(mode="json") for e in tale.life.events[tale.id]]
        for fact in facts:
            fact["fact"].pop("words", None)  # which words the county's own stand for
        said = json.dumps(facts, ensure_ascii=False)
        said += "".join(tale.refusals)
        assert not [name for name in names_of_the_default_county() if name in said]
        assert {tale.d.suggested, tale.d.level} - {None} <= levels
