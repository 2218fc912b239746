"""A policy asks for nothing that no rule reads."""

import re
from functools import cache
from pathlib import Path
from typing import get_args

import pytest

from domain.policy import Policy
from domain.tasks import TASKS
from domain.words import Model
from policies import load

ROOT = Path(__file__).parents[2]
READERS = ("activities", "api", "cli", "domain", "hosting", "importing", "ledger", "starter", "workflows")


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


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load("pianguan")


def test_every_clock_runs_on_something(policy: Policy) -> None:
    tiers = {t.total for t in policy.tiers} | {s.clock for t in policy.tiers for s in t.route}
    tasks = {clock for rule in TASKS.values() for clock in rule.clocks}
    law = policy.legal_rules() | set(policy.ruling_clocks.values())
    assert policy.joint_approval
    assert policy.invitations
    law |= {policy.joint_approval.clock, policy.invitations.clock}
    law |= {clock.id for clock in policy.clocks.values() if clock.instead_of in tasks | law}
    idle = set(policy.clocks) - tiers - tasks - law
    assert {clock for clock in idle if f'"{clock}"' not in source()} == set()


def test_every_ladder_is_climbed(policy: Policy) -> None:
    assert set(policy.ladders) - {rule.ladder for rule in policy.clocks.values()} == set()


def test_every_paper_is_drawn_up(policy: Policy) -> None:
    for_closing = {name for tier in policy.tiers for name in tier.documents}
    assert {n for n in policy.documents if f'"{n}"' not in source() and n not in for_closing} == set()


@pytest.mark.parametrize("section", ["agreement", "guidance"])
def test_every_list_of_words_stands_in_a_pattern(policy: Policy, section: str) -> None:
    rules = getattr(policy, section)
    patterns = [
        *rules.negation,
        *(p for f in rules.forbidden for p in (*f.patterns, *f.sentences, *f.unless)),
    ]
    assert {name for name in rules.words if not any(f"〈{name}〉" in p for p in patterns)} == set()
