"""A command loads what it needs and no more: a person waits for every second of it."""

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from cli.app import COMMANDS, app


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_where_the_list_says(name: str) -> None:
    shown = CliRunner().invoke(app, [name, "--help"])
    assert shown.exit_code == 0, shown.exception
    assert COMMANDS[name][1] in shown.output.replace("\n  ", "")


@pytest.mark.parametrize(
    ("loaded", "spared"),
    [
        ("cli", ["temporalio", "sqlalchemy", "psycopg", "openpyxl"]),
        ("cli.listing", ["temporalio", "alembic", "openpyxl"]),
        ("cli.matters", ["temporalio", "alembic", "openpyxl"]),
        ("cli.desk", ["temporalio", "alembic", "openpyxl"]),
    ],
)
def test_who_only_looks_does_not_wait_for_temporal(loaded: str, spared: list[str]) -> None:
    asked = f"import sys, {loaded}; print(*set({spared!r}).intersection(sys.modules))"
    done = subprocess.run([sys.executable, "-c", asked], check=True, capture_output=True, text=True)
    assert done.stdout.split() == []
