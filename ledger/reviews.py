"""The lists that a county goes through regularly: which matters stand on one."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import Engine

from domain.policy_life import ReviewRule
from domain.words import SHANGHAI
from ledger.queries import Filters, Found, list_disputes

MOST = 1000
"""Matters of one list."""


def review_list(engine: Engine, rule: ReviewRule, day: date) -> Found:
    """What is open now and will stand on the list of that day, the newest first."""
    before = datetime.combine(day - timedelta(days=rule.older_than_days), time(0), SHANGHAI)
    wanted = Filters(is_over=False, opened_until=before if rule.older_than_days else None)
    rows = list_disputes(engine, wanted, limit=MOST)
    return [row for row in rows if not rule.tiers or row["level"] in rule.tiers]
