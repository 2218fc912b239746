"""A policy asks for nothing that no rule reads."""

import re
from functools import cache
from pathlib import Path
from typing import get_args

import pytest

from domain.policy import Policy
from domain.words import Model

ROOT = Path(__file__).parents[2]
READERS = ("activities", "cli", "domain", "hosting", "importing", "ledger", "starter", "workflows")


def models(model: type[Model]) -> set[type[Model]]:
    """The model and every model within."""
    found = {model}
    waiting = [model]
    while waiting:
        for field in waiting.pop().model_fields.values():
            new = set(_within(field.annotation)) - found
            found |= new
            waiting += new
    return found


def _within(annotation: object) -> list[type[Model]]:
    if isinstance(annotation, type) and issubclass(annotation, Model):
        return [annotation]
    return [model for part in get_args(annotation) for model in _within(part)]


@cache
def source() -> str:
    """All code, but the checks of the policy itself: what only they read changes nothing."""
    files = [f for folder in READERS for f in (ROOT / folder).rglob("*.py") if "policy_check" not in f.name]
    return "\n".join(f.read_text(encoding="utf-8") for f in files)


FIELDS = sorted(f"{m.__name__}.{name}" for m in models(Policy) for name in m.model_fields)


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_is_read(field: str) -> None:
    name = field.partition(".")[2]
    assert re.search(rf"\.{name}\b(?!\()", source()), f"{field} is read by nothing"
