"""docs/glossary.md is what the code says, whole."""

import re

import pytest

from activities import stages
from activities.names import ADVANCE, CATCH_UP, LET_GO, REGISTERED, STANDING
from domain.actions import FORMS
from domain.clocks import AlarmKind
from domain.flow import Phase
from domain.tasks import TaskKind
from domain.words import Stage, Step
from scripts.glossary import FACTS, FILE, MEANINGS, glossary
from workflows import steps
from workflows.display import SEARCH_ATTRIBUTES

TEXT = FILE.read_text(encoding="utf-8")


def test_the_file_is_what_the_command_writes() -> None:
    assert glossary(TEXT) == TEXT, "run python -m scripts.glossary"


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("操作", list(FORMS)),
        ("任务", list(TaskKind)),
        ("环节", [p.name for p in Phase]),
        ("步骤", list(Step)),
        ("阶段", [s.name for s in Stage]),
        ("活动", [*stages.WORDS, "send_notice", "start_lead", "absorb"]),
        ("预警阶梯", [a.name for a in AlarmKind]),
        ("检索属性", [key.name for key in SEARCH_ATTRIBUTES]),
        ("系统的更新、信号和查询", [REGISTERED, STANDING, LET_GO, ADVANCE, CATCH_UP]),
        ("台账事件", list(FACTS)),
        ("操作的含义", list(MEANINGS)),
    ],
)
def test_everything_has_its_row(title: str, names: list[str]) -> None:
    (part,) = re.findall(rf"^## {title}\n(.*?)(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL)
    assert re.findall(r"^\| `(\w+)`", part, re.MULTILINE) == [str(name) for name in names]


def test_each_part_of_the_annex_is_a_step_of_the_flow() -> None:
    (part,) = re.findall(r"^## 环节\n(.*?)(?=^## )", TEXT, re.MULTILINE | re.DOTALL)
    assert sorted(re.findall(r"`(\w+)` \|$", part, re.MULTILINE)) == sorted(steps.__all__)


def test_no_cell_breaks_its_table() -> None:
    rows = [line for line in TEXT.splitlines() if line.startswith("|")]
    assert [row for row in rows if not row.endswith(" |") or "\\" in row] == []


def test_the_administrators_guide_knows_every_activity_and_column() -> None:
    guide = (FILE.parent / "temporal.md").read_text(encoding="utf-8")
    part = guide[guide.index("### 活动（Activity）") : guide.index("### 定时器（Timer）")]
    said = dict(re.findall(r"^\| `(\w+)` \| (\S+) \|", part, re.MULTILINE))
    assert {name: said.get(name) for name in stages.WORDS} == stages.WORDS
    assert {"send_notice", "start_lead", "absorb"} <= said.keys()
    assert all(f"| `{key.name}` |" in guide for key in SEARCH_ATTRIBUTES)
