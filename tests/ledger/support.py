"""Matters for the ledger's tests: real decisions under the real policy, committed to real PostgreSQL."""

from datetime import datetime, timedelta
from typing import Any

from activities.names import dispute_id
from domain import decide
from domain.actions import ACTION, Act
from domain.dispute import Dispute
from domain.events import Event
from domain.intake import Intake
from domain.policy import Policy
from domain.words import SHANGHAI, MatterKind
from ledger.store import Committed, Decide, Ledger, Lookup

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
    return {"name": "偏关县望梅建材有限公司", "uscc": "91140932MA0TEST00X", "town": "新关镇"} | changes


def a_claim(**changes: Any) -> dict[str, Any]:
    return {
        "no": "1",
        "insurance": "养老",
        "regime": "职工",
        "type": "已申报未按时缴纳",
        "period": {"from": "2026-03", "to": "2026-05"},
        "amount": "2400.00",
    } | changes


class Books:
    """A ledger with a policy: registers and acts as the commit activity does."""

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
        self.ledger.commit(matter, "register", known_version, self.registration(intake, matter))
        return matter

    def decision(self, act: Act, now: datetime) -> Decide:
        def decided(dispute: Dispute, lookup: Lookup) -> list[Event]:
            related = lookup.related([act.body.parent]) if act.body.kind == "merge_into" else {}
            return decide.decide(
                dispute,
                act,
                self.policy,
                now,
                related,
                lambda prefix: lookup.case_number(dispute.county, prefix, now.year),
            )

        return decided

    def act(
        self,
        matter: str,
        kind: str,
        by: str = f"{CENTER}/邢敏",
        *,
        after: int = 0,
        action_id: str | None = None,
        known_version: int | None = None,
        **body: Any,
    ) -> Committed:
        """One action, ``after`` days after :data:`MONDAY`."""
        known = self.ledger.state(matter).version if known_version is None else known_version
        unit, officer = by.split("/")
        act = Act(
            id=action_id or f"{kind}-{known}",
            unit=unit,
            officer=officer,
            body=ACTION.validate_python({"kind": kind} | body),
        )
        now = MONDAY + timedelta(days=after, hours=1)
        return self.ledger.commit(matter, act.id, known, self.decision(act, now))

    def tick(self, matter: str) -> Committed:
        """Let the next timer act."""
        state = self.ledger.state(matter)
        due = state.next_alarm_at()
        assert due

        def ticked(dispute: Dispute, lookup: Lookup) -> list[Event]:
            return decide.tick(dispute, self.policy, due, f"tick-{state.version}")

        return self.ledger.commit(matter, f"tick-{state.version}", state.version, ticked)

    def accept(self, matter: str) -> None:
        self.act(matter, "triage_confirm", after=1, level="低", path="直办", lead=TAX)
        self.act(matter, "claim", f"{TAX}/郝勤", after=2)

    def live_through(self, intake: Intake) -> str:
        """A whole low-risk life, from registration to the archive."""
        matter = self.register(intake)
        self.accept(matter)
        tax = f"{TAX}/郝勤"
        self.act(
            matter, "submit_opinion", tax, after=3, conclusion="支持", principal="2400.00", act="责令限期缴纳"
        )
        self.act(
            matter,
            "payment_received",
            "被反映单位/空会计",
            after=4,
            principal="2400.00",
            late_fee_paid="13.20",
        )
        self.act(matter, "notify_party", tax, after=4, result="已缴清")
        self.act(matter, "callback_answer", f"{CENTER}/田禾", after=8, satisfaction="满意")
        self.act(matter, "close_case", f"{CENTER}/杜远", after=9, archive=True)
        return matter

    def populate(self) -> None:
        """Matters that between them touch every read table in many ways."""
        self.live_through(an_intake("A-1"))
        paused = self.register(
            an_intake("A-2", applicant=a_person(name="席远", id_number=None, phone="19900005678"))
        )
        self.act(paused, "request_supplement", after=1, missing=["身份证明"])
        self.tick(paused)
        lead = self.register(an_intake("A-3", kind="线索", applicant={"anonymous": True}))
        self.act(lead, "convert_lead", after=1, filed_by=["温玉强"])
        extended = self.register(an_intake("A-4", channel="来访", claims=[a_claim(insurance="失业")]))
        self.accept(extended)
        self.act(
            extended, "request_extension", f"{TAX}/郝勤", after=3, days="5 working days", reason="等资料"
        )
        merged = self.register(an_intake("A-5", channel="书信传真", claims=[a_claim(insurance="失业")]))
        self.act(merged, "merge_into", after=2, child="A-5", parent="A-4")
        self.absorb(extended, merged)

    def absorb(self, parent: str, child: str) -> None:
        """What the parent of a merger takes over."""
        own = self.ledger.state(child).facts
        self.act(
            parent,
            "absorb",
            "系统/系统",
            after=2,
            child_id=child,
            source_no=own.source_no,
            channel=own.channel,
            received_at=own.received_at,
        )
