"""Matters of the shapes that production has and no sample: real time, the ledger away, signals, runs that go on anew."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from temporalio.client import Client, WorkflowHistory
from temporalio.testing import WorkflowEnvironment

from activities.names import workflow_id
from domain.actions import ACTION, Act
from domain.business_clock import BusinessClock
from domain.events import Declined as DeclinedFact
from domain.intake import Intake
from domain.policy import Policy
from domain.words import SHANGHAI
from ledger.store import Committed, Ledger, LedgerUnavailable
from starter.office import Office
from tests.support.keys import KEYS
from tests.support.timeskip import start_time_skipping
from worker import running_workers
from workflows.display import SEARCH_ATTRIBUTES
from workflows.plugin import FengqiaoPlugin

CENTER, TAX, HRSS, MEDICAL = "县综治中心", "县税务局", "县人社局", "县医保局"
MORNING = datetime(2026, 9, 3, 9, 0, tzinfo=SHANGHAI)
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
    """One matter, acted upon in a line per action."""

    def __init__(self, office: Office, matter: str) -> None:
        self.office, self.id = office, matter
        self._count = 0

    def act(self, unit: str, kind: str, officer: str = "经办人", **body: Any) -> Act:
        self._count += 1
        form = ACTION.validate_python({"kind": kind, **body})
        return Act(id=f"{kind}-{self._count}", unit=unit, officer=officer, body=form)

    async def do(self, unit: str, kind: str, officer: str = "经办人", **body: Any) -> None:
        await self.office.act(self.id, self.act(unit, kind, officer, **body))

    async def signal(self, unit: str, kind: str, **body: Any) -> None:
        await self.office.signal(self.id, self.act(unit, kind, **body))

    async def consulted(self) -> None:
        """Accepted, its consultation opened, three units asked."""
        await self.do(CENTER, "triage_confirm", level="中", path="会商", lead=TAX, co=[HRSS, MEDICAL])

    async def close(self) -> None:
        await self.do(CENTER, "callback_answer", "回访员", satisfaction="满意", method="电话")
        await self.do(CENTER, "close_case", archive=True)


async def registered(office: Office, ticket: Intake, **more: Any) -> Matter:
    return Matter(office, (await office.register(ticket, **more)).dispute_id)


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
        m = await registered(t.office, intake("consult"), clock=t.clock)
        await t.sleep(hours=26)  # 初审催办
        await m.consulted()
        for unit in (TAX, HRSS):
            await m.do(unit, "claim")
        await t.sleep(days=2)
        await m.do(HRSS, "submit_opinion", role="协办", content="同意")
        await t.sleep(days=14)  # 会商意见、签收：红牌，督办，提请联席会议
        await m.do(MEDICAL, "submit_opinion", role="协办", content="同意")
        await m.do(TAX, "submit_opinion", conclusion="支持", recognised_amount="1200")
        await t.sleep(days=6)  # 结果告知红牌
        await m.do(CENTER, "notify_party", result="应缴")
        await t.sleep(days=8)  # 首次回访催办
        await m.do(CENTER, "callback_call", "回访员", attempt=1, result="无人接听")
        await t.sleep(days=2)
        await m.do("被反映单位", "payment_received", principal="1200")
        await m.close()
        return {"real_consultation": await history(t.env.client, m.id)}


async def real_meeting(place: Place) -> Histories:
    """Raised to the highest level: the joint meeting, the city, a proceeding elsewhere, another start."""
    async with town(place) as t:
        m = await registered(t.office, intake("meeting"), clock=t.clock)
        await m.consulted()
        await t.sleep(days=1)
        await m.do(CENTER, "override_risk", old="中", new="高", reason="舆情")
        await t.sleep(days=9)  # 联席会议红牌
        await m.do("联席会议办公室", "convene_meeting", form="联席会议", units=[TAX, HRSS])
        await t.sleep(days=1)
        await m.do("联席会议办公室", "minutes", opinion="一致", to_city=True)
        await t.sleep(hours=30)
        await m.do("联席会议办公室", "escalate_city", to="市税务局")
        await t.sleep(days=3)
        await m.do("申请人", "legal_document", document="受理通知书", pauses_internal_clock=True)
        await t.sleep(days=40)
        await m.do("申请人", "legal_document", document="判决书", result="确认", effective=True)
        await m.do("联席会议办公室", "city_reply", decision="由县里办理")
        await m.do("调解组织", "mediation_start", voluntary_statement=True)
        await t.sleep(days=3)
        await m.do("调解组织", "mediate_failed", reason="不同意")
        await t.sleep(days=3)
        await m.do(TAX, "investigate_report", officers=["甲", "乙"], finding="属实")
        await m.do(CENTER, "guide_to_arbitration", paths=["申请仲裁"], not_a_decision=True)
        await t.sleep(days=4)
        await m.do(TAX, "submit_opinion", conclusion="支持", recognised_amount="1200")
        await m.do(CENTER, "notify_party", result="应缴")
        await t.sleep(days=40)  # 后续执行红牌
        return {"real_meeting": await history(t.env.client, m.id)}


async def real_mediation(place: Place) -> Histories:
    """Everybody in time: consulted in a meeting, mediated in vain, investigated, guided, decided."""
    async with town(place) as t:
        m = await registered(t.office, intake("mediation"), clock=t.clock)
        await m.consulted()
        for unit in (TAX, HRSS, MEDICAL):
            await m.do(unit, "claim")
        await m.do(CENTER, "convene_meeting", form="会商", units=[TAX, HRSS, MEDICAL])
        await m.do(CENTER, "minutes", opinion="一致")
        await m.do("调解组织", "mediation_start", voluntary_statement=True)
        await t.sleep(days=2)
        await m.do("调解组织", "mediate_failed", reason="不同意")
        await t.sleep(days=1)
        await m.do(TAX, "investigate_report", officers=["甲", "乙"], finding="属实")
        await m.do(CENTER, "guide_to_arbitration", paths=["申请仲裁"], not_a_decision=True)
        await t.sleep(days=1)
        await m.do("申请人", "legal_document", document="裁决书", result="应缴", effective=True)
        await t.sleep(hours=5)
        await m.do(TAX, "submit_opinion", conclusion="支持", recognised_amount="1200")
        return {"real_mediation": await history(t.env.client, m.id)}


async def real_lead(place: Place) -> Histories:
    """A lead checked by two units, one of them late; a matter that is never accepted."""
    async with town(place) as t:
        lead = intake("lead", kind="线索", applicant={"anonymous": True})
        m = await registered(t.office, lead, clock=t.clock, to=[TAX, HRSS])
        refused = await registered(t.office, intake("refused"), clock=t.clock)
        await refused.do(CENTER, "request_supplement", missing=["工资条"])
        await t.sleep(days=9)
        await m.do(TAX, "investigate_report", officers=["甲", "乙"], finding="属实")
        await refused.do(
            CENTER, "decide_not_accept", items=[{"claim": 1, "code": "N1", "redirect": "劳动监察"}]
        )
        await t.sleep(days=30)
        await m.do(HRSS, "investigate_report", officers=["丙", "丁"], finding="属实")
        await t.sleep(days=3)
        await m.do(CENTER, "close_case", archive=True)
        await refused.do(CENTER, "notify_party", transferred_to=[HRSS])
        return {
            "real_lead": await history(t.env.client, m.id),
            "real_refusal": await history(t.env.client, refused.id),
        }


# --- the ledger away, signals -----------------------------------------------------------------------------------


async def ledger_away(place: Place) -> Histories:
    """Commits that fell back to ordinary activities: an action's, an opening's, a refusal's."""
    ledger, office = office_of(place, Away)
    async with running_workers(place.client, ledger, place.policy):
        m = await registered(office, intake("away"), clock=still())
        for away in ("", "open-"):
            ledger.away, ledger.refusals = away, 0
            begun = m.consulted() if away else m.do("申请人", "supplement_material", items=["工资条"])
            waiting = asyncio.create_task(begun)
            await until(lambda: ledger.refusals > 3)
            ledger.away = None
            await waiting
        await m.do(HRSS, "submit_opinion", role="协办", content="同意")
        return {"ledger_away": await history(place.client, m.id)}


async def by_signals(place: Place) -> Histories:
    """Departments that send signals only, some of them badly; a cancel request from Temporal's UI."""
    ledger, office = office_of(place)
    async with running_workers(place.client, ledger, place.policy):
        m = await registered(office, intake("signals"), clock=still())
        handle = place.client.get_workflow_handle(workflow_id(m.id))
        await m.signal(CENTER, "triage_confirm", level="中", path="会商", lead=TAX, co=[HRSS, MEDICAL])
        for unit in (TAX, HRSS, MEDICAL):
            await m.signal(unit, "claim")
        await handle.signal("claim", "不是动作")
        await handle.signal("claim", args=[1, 2])
        await handle.signal("claim")
        await handle.signal("no_such_signal", 1)
        await handle.cancel()
        await m.signal(MEDICAL, "close_case", archive=True)
        await office.catch_up(m.id, 1)
        for unit in (HRSS, MEDICAL):
            await m.signal(unit, "submit_opinion", role="协办", content="同意")
        await m.signal(TAX, "submit_opinion", conclusion="支持", recognised_amount="1200")
        await until(lambda: ledger.state(m.id).disposed_at is not None)
        await until(lambda: sum(isinstance(e.fact, DeclinedFact) for e in ledger.events(m.id)) == 5)
        return {"by_signals": await history(place.client, m.id)}


async def merger(place: Place) -> Histories:
    """A merger's parent in the middle of its consultation, and the child."""
    ledger, office = office_of(place)
    async with running_workers(place.client, ledger, place.policy):
        m = await registered(office, intake("parent"), clock=still())
        child = await registered(office, intake("child", channel="来访"), clock=still())
        await m.consulted()
        await child.do(CENTER, "merge_into", child="R-child", parent="R-parent")
        await until(lambda: len(ledger.state(m.id).sources) == 2)
        await place.client.get_workflow_handle(workflow_id(child.id)).result()
        await m.do(HRSS, "submit_opinion", role="协办", content="同意")
        return {
            "merger_parent": await history(place.client, m.id),
            "merger_child": await history(place.client, child.id),
        }


# --- runs that go on anew ---------------------------------------------------------------------------------------


async def goes_on_small(place: Place) -> Histories:
    """A new run in the middle of a consultation, its state carried over."""
    ledger, office = office_of(place)
    async with running_workers(place.client, ledger, place.policy):
        m = await registered(office, intake("small"), clock=still())
        await m.consulted()
        await grown(place, m, size=1)
        for unit in (HRSS, MEDICAL):
            await m.do(unit, "submit_opinion", role="协办", content="同意")
        first, last = await runs(place.client, m.id)
        return {"goes_on_small_1": first, "goes_on_small_2": last}


async def goes_on_large(place: Place) -> Histories:
    """A state too large to be carried: the new run reads it from the ledger, in pages."""
    ledger, office = office_of(place)
    async with running_workers(place.client, ledger, place.policy):
        m = await registered(office, intake("large"), clock=still())
        await m.consulted()
        for _ in range(4):
            await m.do(TAX, "submit_opinion", role="协办", content="文" * 40_000)
        await grown(place, m, size=1)
        await m.do(HRSS, "submit_opinion", role="协办", content="同意")
        first, last = await runs(place.client, m.id)
        return {"goes_on_large_1": first, "goes_on_large_2": last}


async def grown(place: Place, m: Matter, *, size: int) -> None:
    """Let the history grow until the matter is in another run."""
    handle = place.client.get_workflow_handle(workflow_id(m.id))
    first = (await handle.describe()).run_id
    for _ in range(40):
        await m.do("申请人", "supplement_material", items=["材料" * size])
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
