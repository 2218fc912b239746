"""What an administrator reads: every kind of action has its activity, every matter an id and a summary that name nobody."""

from typing import Any, get_args

import pytest

from activities.names import LONGEST_SUMMARY, dispute_id, summary_of
from activities.stages import OF_KIND, OPENINGS, RUNGS, STAGES, WORDS
from domain.actions import Action
from domain.clocks import AlarmKind
from domain.intake import Intake
from domain.telling import ACTIONS
from domain.words import Step
from tests.support.case import COMPLEX, INTAKE, case
from workflows.display import details

KINDS = {model.model_fields["kind"].default for model in get_args(get_args(Action)[0])}


def test_every_kind_of_action_has_its_activity_and_its_name() -> None:
    assert set(OF_KIND) == KINDS
    assert set(ACTIONS) == KINDS
    assert sum(len(kinds) for kinds in STAGES.values()) == len(OF_KIND)


def test_every_activity_has_words_and_none_is_called_commit() -> None:
    named = {*STAGES, *RUNGS.values(), *OPENINGS.values()}
    assert named <= set(WORDS)
    assert (set(RUNGS), set(OPENINGS)) == (set(AlarmKind), set(Step))
    assert "commit" not in WORDS
    assert not set(WORDS) & {"send_notice", "start_lead", "absorb"}


@pytest.mark.parametrize(
    ("source_no", "shown"),
    [
        ("RX-20260309-021", True),
        (" PG12345-2026090300118 ", True),
        ("3f2b1c9a-77aa-4f5e-9d5e-1c2d3e4f5a6b", True),
        ("142234198406124788", False),
        ("XF-19900000001", False),
        ("199-0000-0001", False),
        ("LX19900000001", False),
        ("6222 0212 3456 7890 123", False),
        ("张三来信1", False),
        ("上门", False),
        ("zhang", False),
        ("~0123", False),
        ("9" * 80, False),
    ],
)
def test_an_id_says_the_number_unless_it_is_somebodys(source_no: str, shown: bool) -> None:
    made = dispute_id("来访", source_no)
    assert made == dispute_id("来访", f"{source_no} ")
    assert made != dispute_id("网络", source_no)
    assert (made == f"来访-{source_no.strip()}") == shown
    assert shown or source_no not in made


def test_the_summary_says_channel_insurance_and_town() -> None:
    def summary(**changes: Any) -> str:
        return summary_of(Intake.model_validate({**INTAKE, **changes}))

    assert summary(respondents=[{"name": "某厂", "town": "新关镇"}]) == "争议 12345热线 · 养老 · 新关镇"
    assert summary(claims=[]) == "争议 12345热线"
    assert len(summary(respondents=[{"name": "某厂", "town": "镇" * 200}])) == LONGEST_SUMMARY


def test_the_details_are_markdown() -> None:
    c = case(indicators=COMPLEX).accepted("中", "县人社局", ("县税务局",))
    shown = details(c.state)
    blocks = shown.split("\n\n")
    assert blocks[0] == f"**{c.state.case_no}** 争议，会商，风险中"
    assert blocks[1] == "环节：联合调处，会商  \n主办：县人社局  \n协办：县税务局"
    table = blocks[2].splitlines()
    assert table[:2] == ["| 待办 | 单位 | 事项 | 期限 |", "| --- | --- | --- | --- |"]
    assert {line.count("|") for line in table} == {5}
    assert any("组织会商" in line for line in table)
    assert blocks[3].splitlines()[0].startswith("- 下一预警：")


def test_the_details_take_no_marks_from_what_was_written() -> None:
    c = case()
    c.do("register_lead", subject="线索")
    task = c.state.open_tasks()[0].model_copy(update={"title": "一|二\n# 三*"})
    shown = details(c.state.model_copy(update={"tasks": {task.id: task}}))
    assert "一\\|二 \\# 三\\*" in shown
