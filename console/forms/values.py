"""One answer as it stands in a control, and back: what people type is taken as people write it."""

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from domain.actions.form import SPAN_UNITS
from domain.chinese import figures
from domain.words import SHANGHAI

YES, NO = "yes", "no"

_DAY = re.compile(r"(\d{4})\s*[-/.年]?\s*(\d{1,2})\s*[-/.月]?\s*(\d{1,2})\s*日?")
_MONTH = re.compile(r"(\d{4})\s*[-/.年]?\s*(\d{1,2})\s*月?")
_MOMENT = re.compile(_DAY.pattern + r"[\sT]*(\d{1,2})[:时](\d{1,2})?分?(?::(\d{1,2}(?:\.\d{1,6})?))?")
_SPAN = re.compile(r"(\d+)\s*(\S*)")


def shown(widget: str, value: Any) -> str:
    """A single answer as it stands in its control; nothing for no answer."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return YES if value else NO
    if widget == "money":
        return _sum(value)
    if widget == "datetime":
        return _moment(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def taken(widget: str, text: str) -> Any:
    """What was meant by what was typed; what cannot be read stays as it is and is refused by the form."""
    if widget in ("yesno", "confirm"):
        return {YES: True, NO: False}.get(text)
    if widget == "longtext":
        return text.replace("\r\n", "\n")
    if widget in ("text", "officer", "person", "unit", "choice"):
        return text
    return _READ[widget](unicodedata.normalize("NFKC", text).strip())


def span_parts(value: Any) -> tuple[str, str]:
    """A length of time as number and unit."""
    found = _SPAN.fullmatch(str(value)) if value else None
    if found and found[2] in SPAN_UNITS.values():
        return found[1], found[2]
    return (str(value), SPAN_UNITS["wd"]) if value else ("", SPAN_UNITS["wd"])


def span(number: str, unit: str) -> str:
    """Number and unit as one length; whoever typed the unit with the number is taken at his word."""
    number = unicodedata.normalize("NFKC", number).strip()
    return f"{number}{unit}" if number.isdecimal() else number


def _sum(value: Any) -> str:
    try:
        amount = Decimal(str(value))
    except ArithmeticError:
        return str(value)
    return figures(amount) if amount == round(amount, 2) else f"{amount:f}"


def _moment(value: Any) -> str:
    try:
        at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        return str(value)
    at = at.astimezone(SHANGHAI) if at.tzinfo else at
    exact = at.second or at.microsecond
    return at.replace(tzinfo=None).isoformat(" ") if exact else f"{at:%Y-%m-%d %H:%M}"


def _read_sum(text: str) -> str:
    return re.sub(r"[,\s元]", "", text)


def _read_day(text: str) -> str:
    found = _DAY.fullmatch(text)
    return f"{found[1]}-{int(found[2]):02d}-{int(found[3]):02d}" if found else text


def _read_month(text: str) -> str:
    found = _MONTH.fullmatch(text)
    return f"{found[1]}-{int(found[2]):02d}" if found else text


def _read_moment(text: str) -> str:
    found = _MOMENT.fullmatch(text)
    if not found:
        return text
    seconds = found[6] or "0"
    whole, _, rest = seconds.partition(".")
    day = f"{found[1]}-{int(found[2]):02d}-{int(found[3]):02d}"
    return f"{day}T{int(found[4]):02d}:{int(found[5] or 0):02d}:{int(whole):02d}{'.' + rest.ljust(6, '0') if rest else ''}+08:00"


def _read_plain(text: str) -> str:
    return text


_READ = {
    "money": _read_sum, "int": _read_sum, "date": _read_day, "month": _read_month, "datetime": _read_moment, "span": _read_plain,
}  # fmt: skip
