"""How forms are filled in, whatever they are made of."""

from typing import Any, cast

from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

_ENDS = ("。", "！", "？", "…", "：", "；", "。”", "！”", "？”")


class BadForm(ValueError):
    """A form that cannot be filled in; the message says why and what to do, in Chinese."""


def environment() -> SandboxedEnvironment:
    """How forms are filled in: nothing but what they are given, and a name that is unknown is an error."""
    made = SandboxedEnvironment(undefined=StrictUndefined, autoescape=True)
    filters: dict[str, Any] = cast("Any", made).filters
    filters["句"] = sentence
    return made


def sentence(text: str) -> str:
    """A line that stands alone, as a sentence: with a full stop unless it ends in a mark of its own (条|句 in a form)."""
    return text if text.endswith(_ENDS) else f"{text}。"
