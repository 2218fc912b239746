"""Matters for the ledger's tests: real decisions under the real policy, committed to real PostgreSQL."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from activities.names import dispute_id
from activities.pressing import press_into
from domain import decide, flow
from domain.actions import ACTION, Act
from domain.actions.intake import LinkCases, MergeCases
from domain.dispute import Dispute
from domain.events import Event
from domain.intake import Intake
from domain.policy import Policy
from domain.words import SHANGHAI, MatterKind, Step
from ledger.printed_codes import new_code
from ledger.store import Committed, Decide, Ledger, Lookup
from tests.support.forms import dated, decided

MONDAY = datetime(2026, 9, 7, 9, 0, tzinfo=SHANGHAI)

CENTER, TAX, HRSS = "县综治中心", "县税务局", "县人社局"


def an_intake(source_no: str = "PG12345-0001", **changes: Any) -> Intake:
    """A plain low-risk matter; ``changes`` replace its fields."""
    given: dict[str, Any] = {
        "channel": "12345热线",
        "received_by": CENTER,
        "source_no": source_no,
        "received_at": MONDAY,
        "applicant": a_person(),
        "respondents": [a_firm()],
        "narrative": "单位三个月养老保险报了没缴，请帮助催缴。",
        "claims": [a_claim()],
        "indicators": {"labour_relation": "明确", "strong_proof": True, "respondent_cooperative": True},
    }
    return Intake.model_validate(given | changes)


def a_person(**changes: Any) -> dict[str, Any]:
    return {"name": "温玉强", "id_number": "142234197801018817", "phone": "19900001234"} | changes


def a_firm(**changes: Any) -> dict[str, Any]:
    return {"name": "偏关县望梅建材有限公司", "uscc": "91140932MA0TEXT00C", "town": "新关镇"} | changes


def a_claim(**changes: Any) -> dict[str, Any]:
    return {
        "no": "1",
        "insurance": "养老",
        "regime": "职工",
        "type": "已申报未按时缴纳",
        "period": {"from": f"{MONDAY.year}-03", "to": f"{MONDAY.year}-05"},
        "amount": "2400.00",
    } | changes


class Books:
    """A ledger with a policy: registers and acts as the commit activity does, and opens the step that is then owed."""

    def __init__(self, ledger: Ledger, policy: Policy) -> None:
        self.ledger = ledger
        self.policy = policy

    def registration(self, intake: Intake, matter: str) -> Decide:
        county = self.policy.county
        lead = intake.kind == MatterKind.LEAD
        prefix = county.lead_prefix if lead else county.case_prefix

        def registered(dispute: Dispute, lookup: Lookup) -> list[Event]:
            return decide.register(
                matter,
                intake,
                self.policy,
                intake.received_at,
                case_no=lookup.case_number(county.name, prefix, intake.received_at.year),
                action_id="register",
                duplicates=lookup.duplicates(intake, matter),
            )

        return registered

    def register(self, intake: Intake, known_version: int = 0) -> str:
        matter = dispute_id(intake.channel, intake.source_no)
        made = self.registration(intake, matter)
        self._commit(matter, "register", known_version, made, intake.received_at)
        return matter

    def decision(self, act: Act, now: datetime) -> Decide:
        def decided(dispute: Dispute, lookup: Lookup) -> list[Event]:
            return decide.decide(
                dispute,
                act,
                self.policy,
                now,
                lookup.related(_others(act)),
                lambda prefix: lookup.case_number(dispute.county, prefix, now.year),
                press_into(self.policy, new_code, partial(lookup.keep_paper, dispute.id)),
                lambda intake: lookup.duplicates(intake, dispute.id),
            )

        return decided

    def _commit(
        self, matter: str, action_id: str, known_version: int, decision: Decide, now: datetime
    ) -> Committed:
        """Commit; then, as the workflow does, open the step that is owed by a commit of its own."""
        done = self.ledger.commit(matter, action_id, known_version, decision)
        while step := flow.owed(self.ledger.state(matter)):
            self.open(matter, step, now)
        return done

    def open(self, matter: str, step: Step, now: datetime) -> Committed:
        """The commit that puts a step on its owner's desk."""
        known = self.ledger.state(matter).version
        action_id = f"open-{step}-{known}"

        def opened(dispute: Dispute, lookup: Lookup) -> list[Event]:
            return decide.open_step(dispute, step, self.policy, now, action_id)

        return self.ledger.commit(matter, action_id, known, opened)

    def act(
        self,
        matter: str,
        kind: str,
        by: str = f"{CENTER}/邢敏",
        *,
        after: int = 0,
        action_id: str | None = None,
        known_version: int | None = None,
        **answers: Any,
    ) -> Committed:
        """One action, ``after`` days after :data:`MONDAY`: a form's lawful answers with these changes."""
        known = self.ledger.state(matter).version if known_version is None else known_version
        unit, officer = by.split("/")
        now = MONDAY + timedelta(days=after, hours=1)
        body = ACTION.validate_python(dated(kind, now.date(), **answers))
        act = Act(id=action_id or f"{kind}-{known}", unit=unit, officer=officer, body=body)
        return self._commit(matter, act.id, known, self.decision(act, now), now)

    def hand_in(self, matter: str, material: str = "工资流水", **how: Any) -> Committed:
        """The centre takes in a material: what any open matter takes, and an action of a single event."""
        return self.act(matter, "receive_material", materials=[{"name": material}], **how)

    def tick(self, matter: str) -> Committed:
        """Let the next timer act."""
        state = self.ledger.state(matter)
        due = state.next_alarm_at()
        assert due

        def ticked(dispute: Dispute, lookup: Lookup) -> list[Event]:
            return decide.tick(dispute, self.policy, due, f"tick-{state.version}")

        return self._commit(matter, f"tick-{state.version}", state.version, ticked, due)

    def accept(self, matter: str) -> None:
        self.act(matter, "accept_case", after=1)
        self.act(matter, "sign_for", f"{TAX}/郝勤", after=2)

    def live_through(self, intake: Intake) -> str:
        """A whole low-risk life, from registration to the archive."""
        matter = self.register(intake)
        self.accept(matter)
        self.live_on(matter)
        return matter

    def live_on(self, matter: str) -> None:
        """From the acceptance to the archive."""
        tax, paid = f"{TAX}/郝勤", [{"claim": "1", "principal": "2400.00"}]
        self.act(matter, "issue_disposition", tax, after=3, **decided(principal="2400.00"))
        before = (MONDAY - timedelta(days=4)).date()
        told = (MONDAY + timedelta(days=4)).date()
        self.act(matter, "record_payment", tax, after=4, parts=paid, paid_on=before, late_fee="13.20")
        numbers = [source.source_no for source in self.ledger.state(matter).sources]
        answered = numbers if len(numbers) > 1 else []
        self.act(matter, "notify_result", tax, after=4, told_on=told, sources=answered)
        self.act(matter, "feed_back_result", tax, after=4)
        self.act(matter, "record_callback", f"{CENTER}/田禾", after=8)
        self.act(matter, "close_case", f"{CENTER}/杜远", after=9)
        self.act(matter, "archive_case", f"{CENTER}/杜远", after=9)

    def populate(self) -> None:
        """Matters that between them touch every read table in many ways."""
        self.live_through(an_intake("A-1"))
        paused = self.register(
            an_intake("A-2", applicant=a_person(name="席远", id_number=None, phone="19900005678"))
        )
        self.act(paused, "request_supplement", after=1, items=["申请人身份"])
        self.tick(paused)
        lead = self.register(an_intake("A-3", kind="线索", applicant={"anonymous": True}))
        self.convert(lead, after=1)
        extended = self.register(an_intake("A-4", channel="来访", claims=[a_claim(insurance="失业")]))
        self.accept(extended)
        (total,) = [c.id for c in self.ledger.state(extended).open_clocks() if c.rule_id == "low_total"]
        self.act(extended, "request_extension", f"{TAX}/郝勤", after=3, clock=total)
        merged = self.register(an_intake("A-5", channel="书信传真", claims=[a_claim(insurance="失业")]))
        self.act(merged, "merge_cases", after=2, into="A-4")
        self.absorb(extended, merged)
        self.until_carded(extended)

    def until_carded(self, matter: str, card: str = "黄牌") -> None:
        """Let the timers act until there is such a card."""
        while not any(each.card == card for each in self.ledger.state(matter).cards):
            self.tick(matter)

    def convert(self, lead: str, *, after: int = 0, **how: Any) -> Committed:
        """温玉强 comes forward: the lead becomes a dispute."""
        filed = (MONDAY + timedelta(days=after)).date()
        told: dict[str, Any] = {"applicants": [{"name": "温玉强"}], "filed_on": filed, "way": "当面"} | how
        return self.act(lead, "convert_lead", after=after, **told)

    def absorb(self, parent: str, child: str) -> None:
        """What the parent of a merger takes over."""
        own = self.ledger.state(child).facts
        self.act(
            parent,
            "absorb_source",
            "系统/系统",
            after=2,
            child_id=child,
            source_no=own.source_no,
            channel=own.channel,
            received_at=own.received_at,
        )


def _others(act: Act) -> list[str]:
    """The matters that a form names besides its own."""
    match act.body:
        case MergeCases(into=other) | LinkCases(to=other):
            return [other]
        case _:
            return []
