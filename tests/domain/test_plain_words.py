"""What a user reads is Chinese: no key of a policy file, no word of the program."""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import get_type_hints

import pytest

from domain.actions import FORMS
from domain.actions.form import Asked, extra_of, options_of, rows_of
from domain.choices import choices
from domain.draft import Draft
from domain.tasks import TASKS
from tests.support.case import CENTER, case, county

LATIN, CHINESE = re.compile("[A-Za-z]+"), re.compile("[\u4e00-\u9fff]")
KNOWN = {"Excel", "Word", "WPS", "PDF", "MB", "AB", "N", "SHA"}
"""AB岗, N1 …, and what everybody calls so."""
ROOT = Path(__file__).parents[2] / "domain"
SAID = [
    *(ROOT / "decide").rglob("*.py"), *(ROOT / "actions").rglob("*.py"),
    *(ROOT / f"{name}.py" for name in (
        "agreement", "cautions", "choices", "deadlines", "due", "flow", "materials", "offers", "outcome", "owed", "plausible",
        "seats", "state", "suggest", "tasks", "telling")),
]  # fmt: skip
NOT_SAID = {"working days?"}
"""Parts of patterns by which something is read."""


def strange(text: str) -> list[str]:
    return [word for word in LATIN.findall(re.sub(r"\{[^}]*\}", "", text)) if word not in KNOWN]


def of_forms() -> Iterator[tuple[str, str]]:
    for kind, form in FORMS.items():
        yield kind, county().say(form.verb)
        yield f"{kind}: basis", county().basis_of(form.basis)
        yield from _fields(form, kind)


def _fields(model: type[Asked], place: str) -> Iterator[tuple[str, str]]:
    hints = get_type_hints(model, include_extras=True)
    for name, field in model.model_fields.items():
        if name == "kind":
            continue
        extra = extra_of(field)
        for text in (
            field.title,
            field.description,
            extra.get("needed"),
            extra.get("unit"),
            *options_of(hints[name]),
        ):
            yield f"{place}.{name}", text or ""
        if row := rows_of(hints[name]):
            yield from _fields(row, f"{place}.{name}")


def of_tasks() -> Iterator[tuple[str, str]]:
    for kind, rule in TASKS.items():
        yield from ((kind, text) for text in (rule.title, rule.owner, rule.opened_by))


def of_policy() -> Iterator[tuple[str, str]]:
    policy = county()
    for clock in policy.clocks.values():
        yield from ((f"clocks.{clock.id}", text) for text in (clock.name, clock.basis, clock.text))
    for name, paper in policy.documents.items():
        yield from (
            (f"documents.{name}", text) for text in (name, paper.name or "", paper.basis, *paper.fields)
        )
    for code, refusal in policy.refusals.items():
        yield from (
            (f"refusals.{code}", text) for text in (code, refusal.name, refusal.redirect, refusal.basis)
        )
    for tier in policy.tiers:
        yield from ((f"tiers.{tier.name}", text) for text in (tier.name, tier.path, tier.basis))
    for sign in policy.indicators:
        yield from ((f"indicators.{sign.code}", text) for text in (sign.text, sign.basis))
    for key, category in policy.callback.categories.items():
        yield f"callback.{key}", category.text
    for rule in (*policy.agreement.forbidden, *policy.guidance.forbidden):
        yield from ((f"forbidden.{rule.id}", text) for text in (rule.article, rule.explanation))
    for entry in policy.roster:
        yield from ((f"roster.{entry.unit}", text) for text in (*entry.duties, entry.basis))
    yield from ((f"facts.{name}", fact.ask) for name, fact in policy.facts.items())
    yield from (("special_groups", group) for group in policy.special_groups)


@pytest.mark.parametrize("told", [of_forms, of_tasks, of_policy])
def test_forms_tasks_clocks_and_bases_are_chinese(told: Callable[[], Iterator[tuple[str, str]]]) -> None:
    assert {place: words for place, text in told() if (words := strange(text))} == {}


def test_what_may_be_chosen_is_chinese() -> None:
    c = case().accepted()
    draft = Draft(c.state, c.life.policy, now=c.now, unit=CENTER, officer="甲", action_id="a")
    for source in (
        "claims",
        "levels",
        "paths",
        "refusal_codes",
        "review_codes",
        "clocks",
        "units",
        "categories",
    ):
        shown = [choice.label for choice in choices(source, draft)]
        assert [words for label in shown if (words := strange(label))] == []


@pytest.mark.parametrize("module", SAID, ids=lambda path: path.stem)
def test_what_the_domain_says_is_chinese(module: Path) -> None:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    said = (
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs
    )
    found = [text for text in said if CHINESE.search(text) and not any(part in text for part in NOT_SAID)]
    assert [text for text in found if strange(text)] == []
