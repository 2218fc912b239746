"""Dates, sums and numbers as the pages write them: the one place for their form."""

from datetime import date, datetime
from decimal import Decimal

from domain.chinese import figures
from domain.policy_units import County
from domain.words import SHANGHAI

WEEKDAYS = "一二三四五六日"


def day(value: date | datetime | None) -> str:
    """2026-11-30 周一."""
    found = _date(value)
    return f"{found.isoformat()} 周{WEEKDAYS[found.weekday()]}" if found else "—"


def short_day(value: date | datetime | None) -> str:
    """11-30 周一."""
    found = _date(value)
    return f"{found:%m-%d} 周{WEEKDAYS[found.weekday()]}" if found else "—"


def plain_day(value: date | datetime | None) -> str:
    """2026-11-30."""
    found = _date(value)
    return found.isoformat() if found else "—"


def month_day(value: date | datetime | None, today: date | None = None) -> str:
    """11-30; of another year than that of ``today`` 2027-01-19."""
    found = _date(value)
    if found and today and found.year != today.year:
        return found.isoformat()
    return f"{found:%m-%d}" if found else "—"


def said_day(value: date | datetime | None) -> str:
    """2026 年 11 月 30 日, in print and for the party."""
    found = _date(value)
    return f"{found.year} 年 {found.month} 月 {found.day} 日" if found else "—"


def moment(value: datetime | None) -> str:
    """2026-11-30 09:20."""
    return f"{value.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if value else "—"


def short_moment(value: datetime | None) -> str:
    """11-30 09:20."""
    return f"{value.astimezone(SHANGHAI):%m-%d %H:%M}" if value else "—"


def hour(value: datetime) -> str:
    """18:00."""
    return f"{value.astimezone(SHANGHAI):%H:%M}"


def iso(value: date | datetime) -> str:
    """As ``<time datetime>`` wants it."""
    return value.astimezone(SHANGHAI).isoformat() if isinstance(value, datetime) else value.isoformat()


def money(value: Decimal | str | int | None, nothing: str = "待定") -> str:
    """24,420.00, in yuan; ``nothing``: what stands where there is no sum."""
    return nothing if value is None else figures(Decimal(value))


def short_no(case_no: str, county: County) -> str:
    """〔2026〕0118 of 偏社争〔2026〕0118号, 线〔2026〕0118 of a lead's 偏社线〔2026〕0118号: the two are numbered apart."""
    prefix, bracket, rest = case_no.partition("〔")
    mark = county.lead_mark if prefix == county.lead_prefix else ""
    return f"{mark}{bracket}{rest.removesuffix('号')}" if bracket else case_no


def size(count: int | None) -> str:
    """2.4 MB, of bytes."""
    if count is None:
        return "—"
    return f"{count / 1024 / 1024:.1f} MB" if count >= 1024 * 1024 else f"{max(round(count / 1024), 1)} KB"


def _date(value: date | datetime | None) -> date | None:
    return value.astimezone(SHANGHAI).date() if isinstance(value, datetime) else value
