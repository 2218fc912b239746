"""Matters of the shapes that production has and no sample: real time, the ledger away, signals, runs that go on anew."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, NamedTuple

from temporalio.client import Client, WorkflowHistory
from temporalio.testing import WorkflowEnvironment

from activities.names import workflow_id
from domain.actions import ACTION, Act
from domain.business_clock import BusinessClock
from domain.events import Declined as DeclinedFact
from domain.intake import Intake
from domain.offers import offers
from domain.policy import Policy
from domain.words import SHANGHAI
from ledger.store import Committed, Ledger, LedgerUnavailable
from starter.office import Office
from tests.support.filler import Filler
from tests.support.forms import PLAIN, dated
from tests.support.keys import KEYS
from tests.support.timeskip import start_time_skipping
from worker import running_workers
from workflows.display import SEARCH_ATTRIBUTES
from workflows.plugin import FengqiaoPlugin

CENTER, TAX, HRSS, MEDICAL = "县综治中心", "县税务局", "县人社局", "县医保局"
MORNING = datetime(2026, 9, 10, 9, 0, tzinfo=SHANGHAI)
Histories = dict[str, WorkflowHistory]


class Place(NamedTuple):
    """Servers to record on."""

    client: Client
    database: str
    policy: Policy


class Shape(NamedTuple):
    """How some histories are made. ``goes_on_anew``: on a server that soon asks for a new run."""

    names: set[str]
    record: Callable[[Place], Awaitable[Histories]]
    goes_on_anew: bool = False


class Away(Ledger):
    """The real ledger, out of reach for the ids that begin so."""

    away: str | None = None
    refusals = 0

    def commit(self, dispute_id: str, action_id: str, known_version: int, decide: Any) -> Committed:
        if self.away is not None and action_id.startswith(self.away):
            self.refusals += 1
            raise LedgerUnavailable("away")
        return super().commit(dispute_id, action_id, known_version, decide)


def office_of(place: Place, kind: type[Ledger] = Ledger) -> tuple[Any, Office]:
    ledger = kind.connect(place.database, KEYS)
    ledger.migrate()
    return ledger, Office(place.client, ledger)


def intake(number: str, **changes: Any) -> Intake:
    given: dict[str, Any] = {
        "channel": "12345热线",
        "received_by": CENTER,
        "source_no": f"R-{number}",
        "received_at": MORNING,
        "applicant": {"name": "测试甲", "phone": "19900000001"},
        "respondents": [{"name": "偏关县测试木器厂", "town": "新关镇"}],
        "narrative": "三个月养老保险费已申报未缴。",
        "claims": [
            {"no": 1, "insurance": "养老", "regime": "职工", "type": "已申报未按时缴纳", "amount": "1200"}
        ],
        "indicators": {"labour_relation": "明确", "strong_proof": True, "respondent_cooperative": True},
    }
    return Intake.model_validate({**given, **changes})


class Matter:
    """One matter, acted upon in a line per action; what a line does not say is filled in."""

    def __init__(self, office: Office, ledger: Ledger, policy: Policy, matter: str) -> None:
        self.office, self.ledger, self.policy, self.id = office, ledger, policy, matter
        self._filler = Filler(policy, Random(0))
        self._count = 0

    def act(self, unit: str, kind: str, officer: str = "经办人", **said: Any) -> Act:
        self._count += 1
        d = self.ledger.state(self.id)
        now = self.ledger.events(self.id)[-1].at
        offered = {o.kind: o.task for o in offers(d, unit, self.policy, now)}
        if kind == "convene_consultation":
            said = {"held_at": f"{self.today()}T18:00:00+08:00", **said}
        body = (
            dated(kind, self.today(), **said)
            if said or kind in PLAIN
            else self._filler.fill(d, unit, now, kind)
        )
        form = ACTION.validate_python(body)
        return Act(id=f"{kind}-{self._count}", unit=unit, officer=officer, task=offered.get(kind), body=form)

    async def do(self, unit: str, kind: str, officer: str = "经办人", **said: Any) -> None:
        await self.office.act(self.id, self.act(unit, kind, officer, **said))

    async def signal(self, unit: str, kind: str, **said: Any) -> None:
        await self.office.signal(self.id, self.act(unit, kind, **said))

    async def consulted(self) -> None:
        """Accepted, its consultation opened, three units asked."""
        await self.do(CENTER, "accept_case", **CONSULTED)

    async def investigated(self) -> None:
        """Found out by the lead and one unit more, in one report."""
        await self.do(TAX, "open_investigation")
        await self.do(TAX, "submit_findings", **FOUND)
        await self.do(HRSS, "submit_findings", **FOUND)
        await self.do(TAX, "issue_investigation_report", **INVESTIGATED)

    async def told(self, **said: Any) -> None:
        """The party told of the result today."""
        await self.do(CENTER, "notify_result", told_on=self.today(), **said)

    def today(self) -> date:
        """The day of what happened last."""
        return self.ledger.events(self.id)[-1].at.astimezone(SHANGHAI).date()

    async def finish(self) -> None:
        """Called back, closed, archived."""
        await self.do(CENTER, "record_callback", "回访员")
        await self.do(CENTER, "close_case")
        await self.do(CENTER, "archive_case")


CONSULTED = {"level": "中", "level_reason": "须三家会商", "path": "会商", "lead": TAX, "co": [HRSS, MEDICAL]}
CONFIRMED = {"outcome": "确认劳动关系", "effective": "已生效", "paper": {"name": "文书"}}
REPLIED = {"effect": "提出办理意见，本级办理", "content": "由县里办理"}
N1 = {"claim": "1", "code": "N1", "competent": "劳动监察", "ground": "属工资争议"}
CHECKED = {"result": "无法核实", "findings": "未见用工痕迹", "investigators": ["甲", "乙"]}
FOUND = {"investigators": ["甲", "乙"], "relation": "存在", "findings": "考勤可以证明"}
INVESTIGATED = {
    "relation": "存在",
    "relation_period": {"from": "2024-01", "to": "2024-12"},
    "summary": "查明属实",
    "proposal": "责令改正和补缴",
}


async def registered(place: Place, office: Office, ledger: Ledger, ticket: Intake, **more: Any) -> Matter:
    receipt = await office.register(ticket, **more)
    return Matter(office, ledger, place.policy, receipt.dispute_id)


async def history(client: Client, matter: str, run: str | None = None) -> WorkflowHistory:
    return await client.get_workflow_handle(workflow_id(matter), run_id=run).fetch_history()


async def runs(client: Client, matter: str) -> tuple[WorkflowHistory, WorkflowHistory]:
    """The first run, and the last."""
    last = await history(client, matter)
    first = last.events[0].workflow_execution_started_event_attributes.first_execution_run_id
    assert last.run_id != first
    return await history(client, matter, first), last


async def until(reached: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not reached():
            await asyncio.sleep(0.05)


# --- real time ------------------------------------------------------------------------------------------------


class Town(NamedTuple):
    """An office on the time-skipping server, its clock that of the county."""

    office: Office
    ledger: Ledger
    env: WorkflowEnvironment
    clock: BusinessClock

    async def sleep(self, **span: float) -> None:
        await self.env.sleep(timedelta(**span))


@asynccontextmanager
async def town(place: Place) -> AsyncGenerator[Town]:
    async with await start_time_skipping(
        print, search_attributes=SEARCH_ATTRIBUTES, plugins=[FengqiaoPlugin(KEYS)]
    ) as env:
        ledger, office = office_of(place._replace(client=env.client))
        offset = (MORNING + timedelta(hours=1) - await env.get_current_time()).total_seconds()
        async with running_workers(env.client, ledger, place.policy):
            yield Town(office, ledger, env, BusinessClock(offset_seconds=offset))


async def real_consultation(place: Place) -> Histories:
    """Three units side by side: one in time, one late by its red card, one that climbs the whole ladder."""
    async with town(place) as t:
        m = await registered(place, t.office, t.ledger, intake("consult"), clock=t.clock)
        await t.sleep(hours=26)  # 初审催办
        await m.consulted()
        for unit in (TAX, HRSS):
            await m.do(unit, "sign_for")
        await t.sleep(days=2)
        await m.do(HRSS, "give_opinion")
        await t.sleep(days=14)  # 会商意见、签收：红牌，督办，提请联席会议
        await m.do(MEDICAL, "give_opinion")
        await m.do(TAX, "issue_disposition")
        await t.sleep(days=6)  # 结果告知红牌
        await m.told()
        await t.sleep(days=8)  # 首次回访催办
        await m.do(CENTER, "log_call_attempt", "回访员")
        await t.sleep(days=2)
        await m.do(TAX, "record_payment")
        await m.finish()
        return {"real_consultation": await history(t.env.client, m.id)}


async def real_meeting(place: Place) -> Histories:
    """Raised to the highest level: the joint meeting, the city, a proceeding elsewhere, another start."""
    async with town(place) as t:
        m = await registered(place, t.office, t.ledger, intake("meeting"), clock=t.clock)
        await m.consulted()
        await t.sleep(days=1)
        await m.do(CENTER, "change_level", to="高", reason_code="舆情变化")
        await t.sleep(days=9)  # 联席会议红牌
        held_at = f"{m.today() + timedelta(days=4)}T18:00:00+08:00"
        await m.do("联席会议办公室", "propose_joint_meeting", held_at=held_at)
        await t.sleep(days=1)
        await m.do("县政府", "answer_joint_proposal", held_at=held_at)
        await m.do("联席会议办公室", "convene_joint_meeting", units=[TAX, HRSS], held_at=held_at)
        await t.sleep(days=1)
        await m.do("联席会议办公室", "issue_joint_minutes", to_city=True, dropped_reason="已另行安排")
        await t.sleep(hours=30)
        await m.do("联席会议办公室", "report_up")
        await t.sleep(days=3)
        await m.do(TAX, "record_proceeding")
        await t.sleep(days=40)
        await m.do(
            TAX,
            "record_ruling",
            ruling="民事判决书",
            effective_on=m.today(),
            **CONFIRMED,
        )
        await m.do(
            "联席会议办公室",
            "reply_from_above",
            replied_on=m.today(),
            **REPLIED,
        )
        await m.do("调解组织", "start_mediation")
        await t.sleep(days=3)
        await m.do("调解组织", "end_mediation", reason_code="分歧较大无法达成", told_ways=["调查核实处理"])
        await t.sleep(days=3)
        await m.investigated()
        await m.do(CENTER, "guide_to_law", ways=["劳动仲裁确认劳动关系"], told_how="当面")
        await t.sleep(days=4)
        await m.do(TAX, "issue_disposition")
        await m.told()
        await t.sleep(days=40)  # 后续执行红牌
        return {"real_meeting": await history(t.env.client, m.id)}


async def real_mediation(place: Place) -> Histories:
    """Everybody in time: consulted in a meeting, mediated in vain, investigated, guided, decided."""
    async with town(place) as t:
        m = await registered(place, t.office, t.ledger, intake("mediation"), clock=t.clock)
        await m.consulted()
        for unit in (TAX, HRSS, MEDICAL):
            await m.do(unit, "sign_for")
        await m.do(CENTER, "convene_consultation", units=[TAX, HRSS, MEDICAL])
        await m.do(CENTER, "issue_consultation_minutes")
        await m.do("调解组织", "start_mediation")
        await t.sleep(days=2)
        await m.do("调解组织", "end_mediation", reason_code="分歧较大无法达成", told_ways=["调查核实处理"])
        await t.sleep(days=1)
        await m.investigated()
        await m.do(CENTER, "guide_to_law", ways=["劳动仲裁确认劳动关系"], told_how="当面")
        await t.sleep(days=1)
        await m.do(
            TAX,
            "record_ruling",
            ruling="仲裁裁决书",
            effective_on=m.today(),
            **CONFIRMED,
        )
        await t.sleep(hours=5)
        await m.do(TAX, "issue_disposition")
        return {"real_mediation": await history(t.env.client, m.id)}


async def real_lead(place: Place) -> Histories:
    """A lead checked by two units, one of them late; a matter that is never accepted."""
    async with town(place) as t:
        lead = intake("lead", kind="线索", applicant={"anonymous": True})
        m = await registered(place, t.office, t.ledger, lead, clock=t.clock, to=[TAX, HRSS])
        refused = await registered(place, t.office, t.ledger, intake("refused"), clock=t.clock)
        await refused.do(CENTER, "request_supplement")
        await t.sleep(days=9)
        await m.do(TAX, "report_lead", **CHECKED)
        await refused.do(
            CENTER,
            "refuse_claims",
            items=[{"claim": "1", "code": "N1", "competent": "劳动监察", "ground": "属工资争议"}],
        )
        await t.sleep(days=30)
        await m.do(HRSS, "report_lead", **CHECKED)
        await t.sleep(days=3)
        await m.do(CENTER, "close_lead", ground="无法核实，留存备查")
        await refused.do(CENTER, "notify_refusal", told_on=m.today())
        return {
            "real_lead": await history(t.env.client, m.id),
            "real_refusal": await history(t.env.client, refused.id),
        }


# --- the ledger away, signals -----------------------------------------------------------------------------------


async def ledger_away(place: Place) -> Histories:
    """Commits that fell back to ordinary activities: an action's, an opening's, a refusal's."""
    ledger, office = office_of(place, Away)
    async with running_workers(place.client, ledger, place.policy):
        m = await registered(place, office, ledger, intake("away"), clock=still())
        for away in ("", "open-"):
            ledger.away, ledger.refusals = away, 0
            begun = m.consulted() if away else m.do(CENTER, "receive_material")
            waiting = asyncio.create_task(begun)
            await until(lambda: ledger.refusals > 3)
            ledger.away = None
            await waiting
        await m.do(HRSS, "give_opinion")
        return {"ledger_away": await history(place.client, m.id)}


async def by_signals(place: Place) -> Histories:
    """Departments that send signals only, some of them badly; a cancel request from Temporal's UI."""
    ledger, office = office_of(place)
    async with running_workers(place.client, ledger, place.policy):
        m = await registered(place, office, ledger, intake("signals"), clock=still())
        handle = place.client.get_workflow_handle(workflow_id(m.id))
        await m.signal(CENTER, "accept_case", **CONSULTED)
        for unit in (TAX, HRSS, MEDICAL):
            await m.signal(unit, "sign_for")
        await handle.signal("sign_for", "不是动作")
        await handle.signal("sign_for", args=[1, 2])
        await handle.signal("sign_for")
        await handle.signal("no_such_signal", 1)
        await handle.cancel()
        await m.signal(MEDICAL, "close_case")
        await office.catch_up(m.id, 1)
        for unit in (HRSS, MEDICAL):
            await m.signal(unit, "give_opinion")
        await m.signal(TAX, "issue_disposition")
        await until(lambda: ledger.state(m.id).disposed_at is not None)
        await until(lambda: sum(isinstance(e.fact, DeclinedFact) for e in ledger.events(m.id)) == 5)
        return {"by_signals": await history(place.client, m.id)}


async def merger(place: Place) -> Histories:
    """A merger's parent in the middle of its consultation, and the child."""
    ledger, office = office_of(place)
    async with running_workers(place.client, ledger, place.policy):
        m = await registered(place, office, ledger, intake("parent"), clock=still())
        child = await registered(place, office, ledger, intake("child", channel="来访"), clock=still())
        await m.consulted()
        await child.do(CENTER, "merge_cases", into="R-parent")
        await until(lambda: len(ledger.state(m.id).sources) == 2)
        await place.client.get_workflow_handle(workflow_id(child.id)).result()
        await m.do(HRSS, "give_opinion")
        return {
            "merger_parent": await history(place.client, m.id),
            "merger_child": await history(place.client, child.id),
        }


# --- runs that go on anew ---------------------------------------------------------------------------------------


async def goes_on_small(place: Place) -> Histories:
    """A new run in the middle of a consultation, its state carried over."""
    ledger, office = office_of(place)
    async with running_workers(place.client, ledger, place.policy):
        m = await registered(place, office, ledger, intake("small"), clock=still())
        await m.consulted()
        await grown(place, m, size=1)
        for unit in (HRSS, MEDICAL):
            await m.do(unit, "give_opinion")
        first, last = await runs(place.client, m.id)
        return {"goes_on_small_1": first, "goes_on_small_2": last}


async def goes_on_large(place: Place) -> Histories:
    """A state too large to be carried: the new run reads it from the ledger, in pages."""
    ledger, office = office_of(place)
    async with running_workers(place.client, ledger, place.policy):
        m = await registered(place, office, ledger, intake("large", narrative="文" * 100_000), clock=still())
        await m.consulted()
        await grown(place, m, size=1)
        await m.do(HRSS, "give_opinion")
        first, last = await runs(place.client, m.id)
        return {"goes_on_large_1": first, "goes_on_large_2": last}


async def grown(place: Place, m: Matter, *, size: int) -> None:
    """Let the history grow until the matter is in another run."""
    handle = place.client.get_workflow_handle(workflow_id(m.id))
    first = (await handle.describe()).run_id
    for _ in range(40):
        await m.do(CENTER, "receive_material", materials=[{"name": "材料" * size}])
        if (await handle.describe()).run_id != first:
            return
    raise AssertionError("the matter stays in its first run")


def still() -> BusinessClock:
    """A clock that stands still unless an action moves it."""
    return BusinessClock(pace=86_400 * 60, begins=MORNING)


SHAPES = (
    Shape({"real_consultation"}, real_consultation),
    Shape({"real_meeting"}, real_meeting),
    Shape({"real_mediation"}, real_mediation),
    Shape({"real_lead", "real_refusal"}, real_lead),
    Shape({"ledger_away"}, ledger_away),
    Shape({"by_signals"}, by_signals),
    Shape({"merger_parent", "merger_child"}, merger),
    Shape({"goes_on_small_1", "goes_on_small_2"}, goes_on_small, goes_on_anew=True),
    Shape({"goes_on_large_1", "goes_on_large_2"}, goes_on_large, goes_on_anew=True),
)
