"""What the documents show is what there is: commands, messages, files."""

import json
import re
from pathlib import Path

import pytest

from cli.app import COMMANDS
from domain.actions import FORMS, VERBS, Act

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted(
    [ROOT / "README.md", ROOT / "samples" / "README.md", *(ROOT / "docs").rglob("*.md")],
    key=lambda file: file.relative_to(ROOT),
)
NAMES = [str(file.relative_to(ROOT)) for file in DOCUMENTS]
FOLDERS = (
    "activities", "bench", "cli", "docker", "docs", "domain", "hosting", "importing", "ledger", "papers", "policies", "privacy",
    "samples", "scripts", "starter", "tests", "workflows",
)  # fmt: skip


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_every_command_shown_exists(name: str) -> None:
    shown = re.findall(r"(?:\.venv/bin/|^ {4}|`)fengqiao ([a-z]+)", text(name), re.MULTILINE)
    assert [word for word in shown if word not in COMMANDS] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_file_named_is_there(name: str) -> None:
    paths = re.findall(rf"`((?:{'|'.join(FOLDERS)})/[\w./-]+)`", text(name))
    assert [path for path in paths if not _is_there(path)] == []


def _is_there(path: str) -> bool:
    return (ROOT / path).exists() or (ROOT / f"{path}.py").exists()


@pytest.mark.parametrize("name", NAMES)
def test_every_link_leads_somewhere(name: str) -> None:
    links = re.findall(r"\]\(((?!https?:)[^)#]+)", text(name))
    assert [link for link in links if not ((ROOT / name).parent / link).exists()] == []


def test_the_command_table_has_every_command() -> None:
    rows = re.findall(r"^\| (.*?) \|", text("docs/cli.md"), re.MULTILINE)
    told = {word for row in rows for code in re.findall(r"`([a-z]+)", row) for word in [code]}
    assert [command for command in COMMANDS if command not in told] == []


def test_the_messages_shown_are_actions() -> None:
    shown = re.findall(r"--name (\w+) \\\n\s+--input '(\{.*?\})'", text("docs/signals.md"), re.DOTALL)
    assert [kind for kind, _ in shown] == ["sign_for", "give_opinion"]
    for kind, given in shown:
        message = json.loads(given)
        assert Act.model_validate({**message, "body": {**message["body"], "kind": kind}}).body.kind == kind


def test_a_low_risk_dispute_is_told_as_the_test_plays_it() -> None:
    from tests.cli.test_office import LOW_RISK

    told = re.sub(r"\s*\\\n\s*", " ", text("docs/cli.md"))
    for line, _ in LOW_RISK:
        assert f"fengqiao {line.format('0001')}" in told


def test_the_samples_guide_names_actions_that_are() -> None:
    rows = re.findall(r"^\| [^|]+ \| [^|]+ \| ([^|]+) \|$", text("samples/README.md"), re.MULTILINE)
    named = {word for row in rows for word in re.findall(r"`([a-z_]{4,})`", row)} - {"form"}
    assert {word for word in named if word not in VERBS} == set()
    assert len(named) > len(FORMS) // 2
