"""Fields of forms that are no verb's: a registration, an account."""

from collections.abc import Iterable
from typing import Any

from domain.choices import Choice
from domain.offers import Field


def choices(values: Iterable[str]) -> list[Choice]:
    """Choices that are sent as they read."""
    return [Choice(value=v, label=v) for v in values]


def ask(name: str, title: str, widget: str = "text", **more: Any) -> Field:
    """A field, not required unless said so."""
    told: dict[str, Any] = {"required": False, **more}
    return Field(name=name, title=title, widget=widget, **told)
