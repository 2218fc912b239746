"""Reading scenario files and comparing what came of them: loose where the format is loose, strict where it counts."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from policies import load
from starter.scenario.compare import compare
from starter.scenario.receipts import step_number
from starter.scenario.script import ScenarioError, read

CALENDAR = load("pianguan").calendar

HEAD = """
id: x
intake:
  channel: 12345热线
  received_by: 县综治中心
  source_no: X-1
  received_at: '2026-09-30T15:00:00+08:00'
  applicant: {name: 某甲, headcount: null, agent: 某乙}
  narrative: 欠费
  claims: [{no: 1, insurance: 养老, amount: 100, currency: 元}]
  indicators: {respondent_cooperative: 不适用, petition: null}
script:
"""


def scenario(tmp_path: Path, script: str = "[]", head: str = HEAD) -> Any:
    file = tmp_path / "x.yaml"
    file.write_text(head.rstrip() + " " + script, encoding="utf-8")
    return read(file, CALENDAR)


def test_what_the_form_has_no_place_for_is_kept_as_a_remark(tmp_path: Path) -> None:
    intake = scenario(tmp_path).intake
    assert intake.remarks == {
        "applicant.agent": "某乙",
        "claims.1.currency": "元",
        "indicators.respondent_cooperative": "不适用",
    }
    assert intake.applicant.headcount == 1


@pytest.mark.parametrize(
    ("after", "moment"),
    [
        ("same day", "2026-09-30T15:40"),
        ("2 hours", "2026-09-30T17:00"),
        ("3 days", "2026-10-03T15:00"),
        ("1 working days", "2026-10-08T10:00"),
    ],
)
def test_a_step_s_moment_is_counted_from_the_one_before(tmp_path: Path, after: str, moment: str) -> None:
    step = scenario(tmp_path, f"[{{step: 1, unit: 县综治中心, action: claim, after: {after}}}]").script[0]
    assert step.at.isoformat().startswith(moment)
    assert step.happens


def test_what_never_happens_and_what_the_system_does_are_not_acted(tmp_path: Path) -> None:
    steps = scenario(
        tmp_path,
        "[{step: 1, unit: 县医保局, action: claim, after: never},"
        " {step: 2, unit: 系统, action: risk_recheck, at: '2026-10-01T08:30:00+08:00'}]",
    ).script
    assert [s.happens for s in steps] == [False, False]


def test_a_broken_file_says_where_and_what(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="intake·channel"):
        scenario(tmp_path, head=HEAD.replace("12345热线", "口头"))
    with pytest.raises(ScenarioError, match="间隔"):
        scenario(tmp_path, "[{step: 1, unit: 县综治中心, action: claim, after: 一会儿}]")


def test_an_action_that_the_format_does_not_have_is_named_with_its_step(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="第 7 步：没有动作“absorb_source”"):
        scenario(tmp_path, "[{step: 7, unit: 县综治中心, action: absorb_source, after: 2 days}]")


@pytest.mark.parametrize(
    ("action_id", "step"),
    [("c01#7", 7), ("c01#7.2", 7), ("register", None), ("open-consult", None), (None, None)],
)
def test_an_act_is_traced_to_its_step(action_id: str | None, step: int | None) -> None:
    assert step_number(action_id) == step


@pytest.mark.parametrize(
    ("wanted", "got"),
    [
        ({"acceptance": {"code": "N5"}}, {"acceptance": {"code": ["N5"]}}),
        ({"ledger": {"paid_amount": 12.5}}, {"ledger": {"paid_amount": "12.50"}}),
        ({"outcome": {"kind": "新件已缴纳"}}, {"outcome": {"kind": "已缴纳"}}),
        ({"route": ["待初审", "办结"]}, {"route": ["待初审", "补正", "办结"]}),
        (
            {"sub_items": [{"no": "2", "status": "办结"}]},
            {"sub_items": [{"no": "1"}, {"no": "2", "status": "办结"}]},
        ),
        ({"ledger": {"late_fee_paid": True}}, {"ledger": {"late_fee_paid": Decimal("0.01")}}),
        ({"ledger": {"late_fee_paid": 12.3}}, {"ledger": {"late_fee_paid": Decimal("12.30")}}),
        ({"events": ["二次不满意→督办"]}, {"events": ["回访", "二次不满意→联席会议办公室督办"]}),
        ({"must_not": ["什么也不比"]}, {}),
    ],
)
def test_the_same_said_otherwise_is_no_difference(wanted: dict[str, Any], got: dict[str, Any]) -> None:
    assert compare(wanted, got) == []


@pytest.mark.parametrize(
    ("wanted", "got", "key"),
    [
        ({"route": ["办结", "待初审"]}, {"route": ["待初审", "办结"]}, "route"),
        ({"co_units": ["甲"]}, {"co_units": ["甲", "乙"]}, "co_units"),
        ({"ledger": {"on_time": True}}, {"ledger": {"on_time": None}}, "ledger.on_time"),
        ({"ledger": {"paid_amount": 1}}, {"ledger": {"paid_amount": True}}, "ledger.paid_amount"),
        (
            {"ledger": {"late_fee_paid": True}},
            {"ledger": {"late_fee_paid": Decimal(0)}},
            "ledger.late_fee_paid",
        ),
        ({"outcome": {"kind": "已缴纳"}}, {"outcome": {"kind": "支持"}}, "outcome.kind"),
        (
            {"callback": {"history": ["满意", "不满意"]}},
            {"callback": {"history": ["满意"]}},
            "callback.history",
        ),
        ({"events": ["签收超期"]}, {"events": ["回访"]}, "events"),
        (
            {"documents": [{"name": "交办单"}, {"name": "交办单"}]},
            {"documents": [{"name": "交办单", "issuer": "甲"}]},
            "documents.交办单",
        ),
        ({"unknown_key": 1}, {"unknown_key": None}, "unknown_key"),
    ],
)
def test_a_difference_is_named_by_its_field(wanted: dict[str, Any], got: dict[str, Any], key: str) -> None:
    assert [d.key for d in compare(wanted, got)] == [key]
