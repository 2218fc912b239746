"""What the ledger says about itself: read tables against events, owners, timers, notices, leads, mergers."""

from datetime import UTC, datetime, timedelta

from domain.dispute import Dispute
from domain.fold import replay
from domain.words import SHANGHAI
from ledger import checkup
from ledger.checkup import Gap, Place
from ledger.notices import given_up
from ledger.store import Ledger
from ledger.webhooks import dead_letters
from starter.doctor.finding import About, Finding, found
from starter.doctor.limits import Limits

REAL_TIME = timedelta(hours=1)
"""A demonstration's matter lives at another time than the one at which its events are written."""


def examine_ledger(ledger: Ledger, limits: Limits, *, demo: bool) -> list[Finding]:
    """Every finding that needs PostgreSQL alone. ``demo``: matters may live by a paced clock."""
    engine, now = ledger.engine, datetime.now(UTC)
    findings = [_gap(gap) for gap in checkup.gaps(engine)]
    findings += [_at("key_missing", place) for place in checkup.keyless(engine)]
    left = checkup.half_destroyed(engine, now - limits.destruction_for)
    findings += [found("destruction_unfinished", list=of, number=n) for of, n in left.items()]
    findings += [_ownerless(ledger, place) for place in checkup.ownerless(engine)]
    findings += [found("nobody_there", unit=of, number=n) for of, n in checkup.unstaffed(engine).items()]
    for place in checkup.overdue(engine, now - limits.overdue_for):
        if not (demo and is_paced(ledger, place.dispute_id)):
            findings += _overdue(ledger.state(place.dispute_id), now - limits.overdue_for)
    unsent = checkup.unsent_notices(engine, now - limits.unsent_for)
    findings += [_at("notice_undelivered", place) for place in unsent]
    for place, lead in checkup.missing_leads(engine, now - limits.unheard_for):
        findings.append(found("lead_missing", About(place.dispute_id, place.case_no, lead_id=lead)))
    unheard = checkup.unheard_mergers(engine, now - limits.unheard_for)
    findings += [_at("merger_unheard", place) for place in unheard]
    findings += [_at("number_used_twice", place) for place in checkup.numbers_used_twice(engine)]
    findings += [found("webhook_dead", system=of, number=n) for of, n in dead_letters(ledger).items()]
    findings += [found("notices_given_up", channel=of, number=n) for of, n in given_up(engine).items()]
    return findings


def is_paced(ledger: Ledger, dispute_id: str) -> bool:
    """Whether a matter of a demonstration lives by another time than ours."""
    moments = checkup.last_moments(ledger.engine, dispute_id)
    return moments is not None and abs(moments.at - moments.recorded_at) > REAL_TIME


def _gap(gap: Gap) -> Finding:
    if gap.shown < gap.recorded:
        code = "projection_behind"
    elif gap.shown > gap.recorded:
        code = "events_missing"
    else:
        code = "head_hash_differs"
    about = About(gap.dispute_id, gap.case_no or None)
    return found(code, about, shown=gap.shown, recorded=gap.recorded)


def _ownerless(ledger: Ledger, place: Place) -> Finding:
    """By the events nobody's, or by the read tables alone."""
    if replay(place.dispute_id, ledger.events(place.dispute_id)).has_owner():
        return found("projection_differs", About(place.dispute_id, place.case_no), field="待办、期限")
    return _at("ownerless", place)


def _overdue(state: Dispute, before: datetime) -> list[Finding]:
    """The alarm that should have acted, if there is one."""
    due = state.next_alarm_at()
    if due is None or due >= before:
        return []
    late = (c.name for c in state.open_clocks() if (a := c.next_alarm()) and a.at == due)
    return [
        found(
            "alarm_overdue",
            About(state.id, state.case_no),
            clock=next(late, "风险复核"),
            due=f"{due.astimezone(SHANGHAI):%Y-%m-%d %H:%M}",
        )
    ]


def _at(code: str, place: Place) -> Finding:
    return found(code, About(place.dispute_id, place.case_no, place.seq or None))
