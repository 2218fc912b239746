"""What an event asks of the world outside its own matter, and the running of it."""

from collections.abc import Sequence

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.messages import AbsorbInto, DisputeStart, Notice, Said, StartLead
    from activities.names import digest, notices_queue
    from activities.notices import NoticeActivities
    from activities.relay import RelayActivities
    from domain.actions import Act
    from domain.actions.intake import AbsorbSource
    from domain.business_clock import BusinessClock
    from domain.dispute import Dispute
    from domain.events import Acted, AlarmFired, Event, LeadSpawned
    from domain.meanings.handling import Merged

from workflows import timing

Effect = Notice | StartLead | AbsorbInto


def joined(effects: Sequence[Effect]) -> list[Effect]:
    """The same effects; what one moment has to say to one unit is one notice.

    An old ticket that comes in late is behind every deadline at once.
    """
    notices = [e for e in effects if isinstance(e, Notice)]
    others: list[Effect] = [e for e in effects if not isinstance(e, Notice)]
    by_unit: dict[str, list[Notice]] = {}
    for notice in notices:
        by_unit.setdefault(notice.unit, []).append(notice)
    return [*others, *(_one(of_unit) for of_unit in by_unit.values())]


def _one(notices: list[Notice]) -> Notice:
    first, *further = notices
    return first.model_copy(update={"also": [Said(text=n.text, key=n.key) for n in further]})


def effects_of(dispute: Dispute, event: Event) -> list[Effect]:
    """The effects of one event: a lead to start, a parent to tell, a unit to remind."""
    fact = event.fact
    match fact:
        case LeadSpawned():
            clock = BusinessClock()
            return [
                StartLead(
                    start=DisputeStart(dispute_id=fact.lead_id, intake=fact.intake, to=fact.to, clock=clock)
                )
            ]
        case AlarmFired():
            name = dispute.clocks[fact.clock_id].name
            key = f"{dispute.id}-{event.seq}"
            return [
                Notice(
                    case_no=dispute.case_no,
                    unit=fact.unit,
                    text=dispute.say(f"{name}：{fact.alarm}"),
                    key=key,
                )
            ]
        case Acted():
            merged = (m.into for m in fact.means if isinstance(m, Merged))
            return [AbsorbInto(parent_source=into, act=_absorb(dispute, event)) for into in merged]
        case _:
            return []


def _absorb(child: Dispute, event: Event) -> Act:
    intake = child.facts
    return Act(
        id=f"absorb-{digest(child.id)}",
        unit="system",
        officer="系统",
        at=event.at,
        body=AbsorbSource(
            child_id=child.id,
            source_no=intake.source_no,
            channel=intake.channel,
            received_at=intake.received_at,
            handed_over_by=intake.handed_over_by,
        ),
    )


async def carry_out(effect: Effect, clock: BusinessClock) -> None:
    """Run one effect by an ordinary activity."""
    match effect:
        case StartLead():
            start = effect.start.model_copy(update={"clock": clock})
            await workflow.execute_activity_method(
                RelayActivities.start_lead,
                effect.model_copy(update={"start": start}),
                start_to_close_timeout=timing.RELAY,
                retry_policy=timing.UNTIL_THE_OTHER_MATTER_HEARS,
                summary="派生线索",
            )
        case AbsorbInto():
            await workflow.execute_activity_method(
                RelayActivities.absorb,
                effect,
                start_to_close_timeout=timing.RELAY,
                retry_policy=timing.UNTIL_THE_OTHER_MATTER_HEARS,
                summary="并案：告知母件",
            )
        case Notice():
            await workflow.execute_activity_method(
                NoticeActivities.send_notice,
                effect,
                task_queue=notices_queue(workflow.info().task_queue),
                start_to_close_timeout=timing.NOTICE,
                retry_policy=timing.NOTICE_GIVES_UP,
                summary=f"{len(effect.keys)} 项提醒" if effect.also else effect.text,
            )
