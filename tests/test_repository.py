"""House rules: what may not stand in this repository, and what belongs together in it."""

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

MACHINE_PATH = re.compile(r"(?<![\w.)}*-])/(?:work|root|home/\w+|Users/\w+|tmp/\w+)/|[A-Z]:\\Users\\")
REGISTRY = re.compile(
    r"\b(?:py" r"pi|pythonhosted|npm" r"js|crates|rubygems|docker" r"hub)\.(?:org|io|com|cn)\b"
    r"|//(?:index|registry|proxy|repo1?|mirrors?|files)\.[\w.-]+\.(?:org|io|com|net|cn)\b"
)  # fmt: skip
ADDRESS = re.compile(r"https?://|--(?:extra-)?index-url|--find-links")
LONGEST_LINE = 2000
"""Characters; what is longer was not written by a person."""
VENDORED = {"vendor", "third_party", "node_modules", "site-packages"}
LOCKS = ("requirements.lock", "requirements-dev.lock", "bench/requirements.lock")


def files() -> list[Path]:
    """Every file of the repository, also those not committed yet, but none that git ignores."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    return sorted({ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()})


def texts() -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for file in files():
        try:
            found.append((str(file.relative_to(ROOT)), file.read_text(encoding="utf-8")))
        except UnicodeDecodeError:
            continue
    return found


def hits(pattern: re.Pattern[str]) -> list[str]:
    """Where the pattern stands, as ``file:line: what``."""
    return [
        f"{name}:{number}: {match.group()}"
        for name, text in texts()
        for number, line in enumerate(text.splitlines(), 1)
        for match in pattern.finditer(line)
    ]


def test_no_path_of_a_machine() -> None:
    assert hits(MACHINE_PATH) == []


def test_no_registry_host() -> None:
    assert hits(REGISTRY) == []


@pytest.mark.parametrize(
    ("pattern", "bad", "good"),
    [
        (MACHINE_PATH, "open('/" "root/x')", "/var/lib/fengqiao and ../wor" "k/x and <home>/log/x"),
        (REGISTRY, "//registry." "example.com/simple", "github.com/temporalio/cli"),
    ],
)  # fmt: skip
def test_the_rules_catch_what_they_are_for(pattern: re.Pattern[str], bad: str, good: str) -> None:
    assert pattern.search(bad)
    assert not pattern.search(good)


def test_nothing_minified_and_nothing_of_somebody_elses() -> None:
    minified = [name for name, text in texts() if re.search(r"\.min\.\w+$", name) or _is_dense(text)]
    vendored = [str(f.relative_to(ROOT)) for f in files() if VENDORED & set(f.relative_to(ROOT).parts)]
    assert minified == []
    assert vendored == []


def _is_dense(text: str) -> bool:
    return any(len(line) > LONGEST_LINE for line in text.splitlines())


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_address_and_every_package_has_hashes(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert not ADDRESS.search(text)
    entries = re.split(r"\n(?=[a-z0-9])", text.strip())
    assert len(entries) > 20
    assert [e.splitlines()[0] for e in entries if "--hash=sha256:" not in e] == []


def test_the_locks_hold_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = {name: _names(asked) for name, asked in project["optional-dependencies"].items()}
    running, tools, bench = (_locked(name) for name in LOCKS)
    assert _names(project["dependencies"]) | extras["build"] <= running.keys()
    assert not extras["dev"] & running.keys()
    assert extras["dev"] <= tools.keys()
    assert extras["bench"] <= bench.keys()
    assert running.items() <= tools.items() <= bench.items()


def _names(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=]", r)[0].lower() for r in requirements}


def _locked(name: str) -> dict[str, str]:
    pins = re.findall(r"^([a-z0-9._-]+)==(\S+)", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE)
    return dict(pins)


def test_ci_does_what_make_test_does() -> None:
    run = ROOT / ".ci" / "run"
    assert run.stat().st_mode & 0o100
    assert run.read_text(encoding="utf-8").rstrip().endswith("make test")


def test_the_worker_knows_only_what_it_runs_and_what_it_is_handed_to() -> None:
    # A single module is beyond the import linter, which keeps everything below the command line from the worker.
    tree = ast.parse((ROOT / "worker.py").read_text(encoding="utf-8"))
    imported = {
        node.module.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module
    }
    ours = {name for name in imported if (ROOT / name).is_dir()}
    assert ours == {"activities", "domain", "hosting", "ledger", "workflows"}
