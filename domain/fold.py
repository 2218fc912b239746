"""The one pure fold: ``apply(dispute, event) -> dispute``. Workflow, ledger and any look into the past use this."""

from collections.abc import Callable, Iterable
from typing import Any

from domain import events as ev
from domain.deadlines import fire
from domain.dispute import Dispute
from domain.events import Event
from domain.fold_meanings import means
from domain.intake import Intake
from domain.materials import KeptFile
from domain.paper import Document
from domain.state import Card, DispatchRecord, Override, Source, Spawned, StageVisit, SubItem, Task
from domain.tasks import TaskKind
from domain.words import ABOVE, DECIDING, MatterKind, Stage

Changes = dict[str, Any]


def apply(dispute: Dispute, event: Event) -> Dispute:
    """The state after one more event.

    Raises ValueError when the event is not the next one: a gap or a repetition must never pass unseen.
    """
    if event.seq != dispute.version + 1:
        raise ValueError(f"event {event.seq} cannot follow version {dispute.version}")
    fold = _ON_FACT.get(event.fact.type)
    changes = fold(dispute, event, event.fact) if fold else {}
    if event.fact.type in _MOVING:
        changes = {**changes, "last_action": event.action_id}
    return dispute.model_copy(update={**changes, "version": event.seq})


def replay(dispute_id: str, events: Iterable[Event]) -> Dispute:
    """The state after all these events, from nothing."""
    return advance(Dispute(id=dispute_id), events)


def advance(dispute: Dispute, events: Iterable[Event]) -> Dispute:
    """The state after these further events."""
    for event in events:
        dispute = apply(dispute, event)
    return dispute


def _registered(d: Dispute, e: Event, f: ev.Registered) -> Changes:
    i = f.intake
    return {
        "intake": i,
        "case_no": f.case_no,
        "center": f.center,
        "county": f.county,
        "policy_version": f.policy_version,
        "group": f.group,
        "words": f.words,
        "confidential": i.confidential,
        "kind": i.kind,
        "duplicates": f.duplicates,
        "sources": [_source(i)],
    }


def _source(i: Intake) -> Source:
    return Source(
        channel=i.channel, source_no=i.source_no, received_at=i.received_at, handed_over_by=i.handed_over_by
    )


def _converted(d: Dispute, e: Event, f: ev.Converted) -> Changes:
    intake = d.facts.model_copy(update={"applicant": f.applicant})
    return {
        "kind": MatterKind.DISPUTE,
        "was_lead": True,
        "case_no": f.case_no,
        "intake": intake,
        "filed_at": f.filed_at,
    }


def _risk_suggested(d: Dispute, e: Event, f: ev.RiskSuggested) -> Changes:
    return {} if f.node else {"suggested": f.level, "triggers": f.triggers}


def _routed(d: Dispute, e: Event, f: ev.Routed) -> Changes:
    return {"routed": f.sub_items, "suggested_lead": f.lead, "suggested_co": f.co}


def _accepted(d: Dispute, e: Event, f: ev.Accepted) -> Changes:
    items = {
        r.no: SubItem(
            no=r.no,
            category=r.category,
            lead=f.sub_leads.get(r.no, f.lead),
            co=[u for u in r.co if u != f.sub_leads.get(r.no, f.lead)],
            premium=r.premium,
            needs_execution=r.needs_execution,
            refund=r.refund,
        )
        for r in d.routed
    }
    first = d.accepted_at is None
    return {
        "accepted_at": d.accepted_at or e.at,
        "accepted_by": d.accepted_by or e.action_id,
        "level": f.level,
        "confirmed": d.confirmed or f.level,
        "path": f.path,
        "notifier": f.notifier,
        "totals": [*(t for t in d.totals if t != f.total), *([f.total] if f.total else [])],
        "counted_from": f.counted_from or d.accepted_at or e.at,
        "counted_by": f.counted_by or d.accepted_by or e.action_id,
        "route": f.route,
        "required": f.required,
        "step_names": f.names,
        "step": d.step if _goes_on(d, f) else None,
        "lead": f.lead,
        "co": f.co,
        "told": f.told,
        **({"sub_items": items, "itemised": bool(f.sub_leads)} if first else {"sub_items": _moved(d, f)}),
    }


def _goes_on(d: Dispute, f: ev.Accepted) -> bool:
    """Whether the step under way stays on its desk: a new route has others, a new lead decides on a clock of its own."""
    return f.path == d.path and (f.lead == d.lead or d.step not in DECIDING)


def _moved(d: Dispute, f: ev.Accepted) -> dict[str, SubItem]:
    """Sub-items of the old lead follow the dispute to the new one."""
    return {
        no: item.model_copy(update={"lead": f.lead}) if item.lead == d.lead else item
        for no, item in d.sub_items.items()
    }


def _level_overridden(d: Dispute, e: Event, f: ev.LevelOverridden) -> Changes:
    override = Override(
        old=f.old,
        new=f.new,
        reason=f.reason,
        reason_code=f.reason_code,
        by=e.doer,
        at=e.at,
        needs_approval=f.needs_approval,
        approved=None if f.needs_approval else True,
    )
    return {"overrides": [*d.overrides, override]} | ({} if f.needs_approval else {"level": f.new})


def _override_decided(d: Dispute, e: Event, f: ev.OverrideDecided) -> Changes:
    last = d.overrides[-1].model_copy(update={"approved": f.approved})
    return {"overrides": [*d.overrides[:-1], last]} | ({"level": last.new} if f.approved else {})


def _sub_item_closed(d: Dispute, e: Event, f: ev.SubItemClosed) -> Changes:
    item = d.sub_items[f.no].model_copy(update={"closed_at": e.at, "closed_by": e.action_id})
    return {"sub_items": {**d.sub_items, f.no: item}}


def _acted(d: Dispute, e: Event, f: ev.Acted) -> Changes:
    return means(d, e, f.means)


def _step_opened(d: Dispute, e: Event, f: ev.StepOpened) -> Changes:
    return {"step": f.step}


_STAGE_MARKS = {
    Stage.REFUSED: "refused_at",
    Stage.DISPOSED: "disposed_at",
    Stage.WITHDRAWN: "withdrawn_at",
}


def _stage_entered(d: Dispute, e: Event, f: ev.StageEntered) -> Changes:
    visit = StageVisit(stage=f.stage, at=e.at, action_id=e.action_id)
    aside = (Stage.JOINT_MEETING, *ABOVE.values())
    detour = f.stage in (*aside, Stage.SUSPENDED)
    resume = d.stage if detour and d.stage not in aside else d.resume_stage
    mark = _STAGE_MARKS.get(f.stage)
    return {
        "stage": f.stage,
        "resume_stage": resume,
        "route_taken": [*d.route_taken, visit],
        **({mark: e.at} if mark else {}),
        **({"disposed_by": e.action_id} if f.stage == Stage.DISPOSED else {}),
        **({"step": None} if f.stage == Stage.SUSPENDED else {}),
    }


def _task_opened(d: Dispute, e: Event, f: ev.TaskOpened) -> Changes:
    task = Task(
        id=f.task_id,
        kind=f.kind,
        title=f.title,
        unit=f.unit,
        officer=f.officer,
        not_officer=f.not_officer,
        role=f.role,
        ref=f.ref,
        returnable=f.returnable,
        opened_at=e.at,
        opened_by=e.action_id,
    )
    changes: Changes = {"tasks": {**d.tasks, f.task_id: task}}
    if f.role:
        record = DispatchRecord(unit=f.unit, role=f.role, at=e.at, task_id=f.task_id)
        changes["dispatches"] = [*d.dispatches, record]
    return changes


def _task_changed(d: Dispute, e: Event, f: ev.TaskChanged) -> Changes:
    given = {k: v for k in ("unit", "role", "officer", "returnable") if (v := getattr(f, k)) is not None}
    changes: Changes = {"tasks": {**d.tasks, f.task_id: d.tasks[f.task_id].model_copy(update=given)}}
    if f.role:
        changes["dispatches"] = [
            r.model_copy(update={"role": f.role}) if r.task_id == f.task_id else r for r in d.dispatches
        ]
        if f.role == "主办":
            changes["lead"] = d.tasks[f.task_id].unit
    return changes


def _task_closed(d: Dispute, e: Event, f: ev.TaskClosed) -> Changes:
    task = d.tasks[f.task_id]
    done = {"closed_at": e.at, "closed_by": e.action_id, "outcome": f.outcome}
    changes: Changes = {"tasks": {**d.tasks, f.task_id: task.model_copy(update=done)}}
    if task.kind == TaskKind.EXTENSION and task.ref in d.extensions:
        changes["extensions"] = {no: x for no, x in d.extensions.items() if no != task.ref}
    return changes


def _clock(d: Dispute, e: Event, f: ev.ClockStarted | ev.ClockChanged) -> Changes:
    changes: Changes = {"clocks": {**d.clocks, f.deadline.id: f.deadline}}
    if not f.deadline.is_open and f.deadline.id in d.extensions:
        changes["extensions"] = {no: x for no, x in d.extensions.items() if no != f.deadline.id}
    return changes


def _alarm_fired(d: Dispute, e: Event, f: ev.AlarmFired) -> Changes:
    return {"clocks": {**d.clocks, f.clock_id: fire(d.clocks[f.clock_id], f.alarm, f.at)}}


def _card_issued(d: Dispute, e: Event, f: ev.CardIssued) -> Changes:
    card = Card(no=f.no, card=f.card, unit=f.unit, clock_id=f.clock_id, name=f.name, at=e.at, rule=f.rule)
    return {"cards": [*d.cards, card]}


def _document(d: Dispute, e: Event, f: ev.DocumentRegistered) -> Changes:
    paper = Document(
        number=f.number,
        name=f.name,
        issuer=f.issuer,
        together=f.together,
        to=f.to,
        fields=f.fields,
        drawn_by=e.doer,
        at=e.at,
        action_id=e.action_id,
    )
    return {"documents": [*d.documents, paper]}


def _material_kept(d: Dispute, e: Event, f: ev.MaterialKept) -> Changes:
    kept = KeptFile(**dict(f.file), at=e.at, unit=e.unit, by=e.doer)
    return {"files": [*d.files, kept]}


def _lead_spawned(d: Dispute, e: Event, f: ev.LeadSpawned) -> Changes:
    return {"spawned": [*d.spawned, Spawned(lead_id=f.lead_id, to=f.to)]}


def _defaulted(d: Dispute, e: Event, f: ev.Defaulted) -> Changes:
    return {"mediation": d.mediation and d.mediation.model_copy(update={"defaulted": True})}


def _recheck_scheduled(d: Dispute, e: Event, f: ev.RecheckScheduled) -> Changes:
    return {"recheck_node": f.node, "recheck_at": f.due}


def _ended(d: Dispute, e: Event, f: ev.Ended) -> Changes:
    return {"outcome": f.outcome, "outcome_text": f.text, "closed_at": e.at}


def _archived(d: Dispute, e: Event, f: ev.Archived) -> Changes:
    return {"archived_at": e.at, "archive_no": f.archive_no}


_MOVING = ("acted", "alarm_fired")

_ON_FACT: dict[str, Callable[[Dispute, Event, Any], Changes]] = {
    "registered": _registered,
    "converted": _converted,
    "risk_suggested": _risk_suggested,
    "routed": _routed,
    "accepted": _accepted,
    "level_overridden": _level_overridden,
    "override_decided": _override_decided,
    "sub_item_closed": _sub_item_closed,
    "acted": _acted,
    "step_opened": _step_opened,
    "stage_entered": _stage_entered,
    "task_opened": _task_opened,
    "task_changed": _task_changed,
    "task_closed": _task_closed,
    "clock_started": _clock,
    "clock_changed": _clock,
    "alarm_fired": _alarm_fired,
    "card_issued": _card_issued,
    "document_registered": _document,
    "material_kept": _material_kept,
    "lead_spawned": _lead_spawned,
    "defaulted": _defaulted,
    "recheck_scheduled": _recheck_scheduled,
    "ended": _ended,
    "archived": _archived,
}
