"""One matter on the pure domain, acted upon in a line per action, for tests that are about a single rule."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

from domain.actions import Act, Action
from domain.decide import Declined
from domain.dispute import Dispute
from domain.events import Event
from domain.intake import Intake
from domain.policy import Policy
from domain.words import SHANGHAI
from policies import load
from starter.scenario.shape import intake_of
from starter.scenario.step import Step
from starter.scenario.translate import Context, NotTranslatable, acts_of
from tests.support.life import Life

CENTER, TAX, HRSS, MEDICAL, JUSTICE = "县综治中心", "县税务局", "县人社局", "县医保局", "县司法局"
OFFICE, MEDIATOR, APPLICANT, RESPONDENT = "联席会议办公室", "调解组织", "申请人", "被反映单位"
GOVERNMENT, POLICE = "县政府", "县公安局"

_OFFICERS = {
    CENTER: "初审员", TAX: "税务员甲", HRSS: "人社员甲", MEDICAL: "医保员甲", JUSTICE: "司法员甲", OFFICE: "联席员",
    MEDIATOR: "调解员", APPLICANT: "申请人", RESPONDENT: "单位联系人",
}  # fmt: skip

INTAKE: dict[str, Any] = {
    "channel": "12345热线",
    "received_by": CENTER,
    "source_no": "T-0001",
    "received_at": "2026-03-09T09:00:00+08:00",
    "applicant": {"name": "某甲", "phone": "19911110000"},
    "respondents": [{"name": "某厂"}],
    "narrative": "两个月养老保险费报了没有缴",
    "claims": [
        {"no": 1, "insurance": "养老", "regime": "职工", "type": "已申报未按时缴纳", "amount": 1000},
    ],
    "indicators": {"labour_relation": "明确", "strong_proof": True, "respondent_cooperative": True},
}  # fmt: skip


@cache
def county() -> Policy:
    """The county's policy, read once."""
    return load("pianguan")


class Case:
    """One matter. Every action takes place an hour after the one before, unless the clock is moved."""

    def __init__(self, policy: Policy, **intake: Any) -> None:
        self.life = Life(policy)
        self.id = self.life.register(Intake.model_validate(intake_of({**INTAKE, **intake})))
        self.now = self.state.facts.received_at.astimezone(SHANGHAI)
        self.steps: list[Step] = []
        """What was done in the words of the scenario format."""
        self._count = 0

    @property
    def state(self) -> Dispute:
        return self.life.matters[self.id]

    @property
    def events(self) -> list[Event]:
        return self.life.events[self.id]

    def on(self, day: str, hour: int = 9) -> "Case":
        """Move the clock on; what falls due meanwhile fires."""
        self.now = datetime.combine(date.fromisoformat(day), time(hour), SHANGHAI)
        self.life.tick_until(self.now)
        return self

    def act(
        self, body: Action, unit: str = CENTER, officer: str | None = None, task: str | None = None
    ) -> "Case":
        """Act by a form. Raises Declined when the action is not taken."""
        self._next()
        act = Act(
            id=f"a#{self._count}",
            unit=unit,
            officer=officer or _OFFICERS.get(unit, "经办人"),
            task=task,
            body=body,
        )
        self.life.act(self.id, act, self.now)
        return self

    def do(
        self,
        action: str,
        unit: str = CENTER,
        officer: str | None = None,
        task: str | None = None,
        **data: Any,
    ) -> "Case":
        """Act in the words of the scenario format; everything that a step means, at one moment.

        Raises Declined, NotTranslatable or ValidationError when the action is not taken.
        """
        self._next()
        step = Step(
            step=self._count,
            unit=unit,
            officer=officer or _OFFICERS.get(unit, "经办人"),
            action=action,
            data=data,
            at=self.now,
        )
        self.life.tick_until(self.now)
        context = Context(self.state, self.life.policy, self.now, earlier=self.steps)
        for act in acts_of("a", step, context):
            own = act.id == f"a#{self._count}"
            self.life.act(self.id, act.model_copy(update={"task": task}) if own and task else act, self.now)
        self.steps.append(step)
        return self

    def _next(self) -> None:
        self.now += timedelta(hours=1)
        self._count += 1

    def refused(self, action: str, unit: str = CENTER, officer: str | None = None, **data: Any) -> str:
        """The code of the refusal of a step in the format's words; fails when it is taken."""
        return self._code(lambda: self.do(action, unit, officer, **data), f"{action} by {unit}")

    def declined(
        self, body: Action, unit: str = CENTER, officer: str | None = None, task: str | None = None
    ) -> str:
        """The code of the refusal of a form; fails when it is taken, or changes anything."""
        before = self.state
        code = self._code(lambda: self.act(body, unit, officer, task), f"{body.kind} by {unit}")
        assert not any(e.fact.type == "acted" for e in self.events[before.version :])
        return code

    def _code(self, attempt: Callable[[], "Case"], what: str) -> str:
        """The code of a refusal; nothing that went along with it stays."""
        matters, events = dict(self.life.matters), {m: list(e) for m, e in self.life.events.items()}
        try:
            attempt()
        except (Declined, NotTranslatable) as refusal:
            if any(e.fact.type == "acted" for e in self.events[len(events[self.id]) :]):
                self.life.matters, self.life.events = matters, events
            return refusal.code if isinstance(refusal, Declined) else "not_translatable"
        raise AssertionError(f"{what} was taken")

    # --- the usual way of a matter -----------------------------------------------------------------------------

    def accepted(self, level: str = "低", lead: str = TAX, co: tuple[str, ...] = (), **data: Any) -> "Case":
        path = {"低": "直办", "中": "会商", "高": "联席会议"}[level]
        self.do("triage_confirm", decision="受理", level=level, path=path, lead=lead, co=list(co), **data)
        for unit in (lead, *co):
            self.do("claim", unit)
        return self

    def disposed(self, conclusion: str = "支持", amount: float | None = 1000, **data: Any) -> "Case":
        lead = self.state.lead or TAX
        return self.do("submit_opinion", lead, conclusion=conclusion, recognised_amount=amount, **data)

    def informed(self) -> "Case":
        unit = self.state.lead if self.state.notifier == "lead" else CENTER
        return self.do("notify_party", unit or CENTER, result="已告知")

    def paid(self, amount: float = 1000, **data: Any) -> "Case":
        return self.do("payment_received", RESPONDENT, principal=amount, **data)

    def called(self, satisfaction: str = "满意", **data: Any) -> "Case":
        return self.do("callback_answer", officer="回访员", satisfaction=satisfaction, method="电话", **data)


COMPLEX = {"labour_relation": "明确", "strong_proof": True, "respondent_cooperative": False}
"""Indicators of a 中 matter."""
LOUD = {**COMPLEX, "public_opinion": {"present": True, "needs_response": True}}
"""Indicators of a 高 matter."""


def case(**intake: Any) -> Case:
    """A matter just registered, 低 unless told otherwise."""
    return Case(county(), **intake)


def consulted(**intake: Any) -> Case:
    """A 中 matter whose consultation has been held."""
    c = case(indicators=COMPLEX, **intake).accepted("中", HRSS, (TAX, JUSTICE))
    return c.do("convene_meeting", form="会商", units=[HRSS, TAX, JUSTICE]).do("minutes", opinion="一致")


def told(**intake: Any) -> Case:
    """A 低 matter whose party knows the result."""
    return case(**intake).accepted().disposed().informed()
