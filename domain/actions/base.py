"""What every action's model is made of: spans of time, texts that say something, lists of names."""

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer

from domain.words import Model

LONGEST_SPAN = 100_000
"""Hours of eleven years: what is longer is a slip of the hand, and no calendar reaches so far."""


class Span(Model):
    """A length of time: working days (wd), natural days (d) or hours (h)."""

    length: int = Field(ge=0, le=LONGEST_SPAN)
    unit: Literal["wd", "d", "h"]

    def __str__(self) -> str:
        return f"{self.length} {({'wd': 'working days', 'd': 'days', 'h': 'hours'})[self.unit]}"


def _parse_span(value: object) -> object:
    if isinstance(value, int):
        return Span(length=value, unit="wd")
    if not isinstance(value, str):
        return value
    found = re.fullmatch(
        r"(\d+)\s*(working days?|wd|工作日|个工作日|days?|d|日|天|hours?|h|小时)", value.strip()
    )
    if not found:
        raise ValueError("时限须写成“10 working days”“15 days”或“24 hours”")
    word = found[2]
    unit = "wd" if "w" in word or "工作" in word else "h" if word[0] == "h" or word == "小时" else "d"
    return Span(length=int(found[1]), unit=unit)


Days = Annotated[Span, BeforeValidator(_parse_span), PlainSerializer(str, when_used="json")]


def _said(text: str) -> str:
    if not text.strip():
        raise ValueError("须填写内容，不能为空")
    return text.strip()


Text = Annotated[str, AfterValidator(_said)]


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


Names = Annotated[list[str], BeforeValidator(_listed)]


class Body(Model):
    """The common part of every action. ``remarks`` keeps whatever else was noted, as it was noted."""

    remarks: dict[str, Any] = {}
