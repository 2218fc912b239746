"""What may be registered, and how it is said what may not."""

from typing import Any

import pytest
from pydantic import ValidationError

from domain.intake import Intake
from domain.wording import field_problems

GIVEN: dict[str, Any] = {
    "channel": "来访",
    "received_by": "县综治中心",
    "source_no": "LF-1",
    "received_at": "2026-09-03T09:00:00+08:00",
    "applicant": {"name": "测试甲"},
    "narrative": "反映情况",
}


@pytest.mark.parametrize("text", ["\x00", "换\x0b页", "\ud800"])
def test_control_characters_never_reach_the_ledger(text: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Intake.model_validate({**GIVEN, "applicant": {"name": f"甲{text}"}})
    assert "控制字符" in field_problems(refused.value)[0]["reason"]


def test_at_most_five_representatives() -> None:
    applicant = {"name": "甲", "is_group": True, "headcount": 9, "representatives": list("甲乙丙丁戊己")}
    with pytest.raises(ValidationError) as refused:
        Intake.model_validate({**GIVEN, "applicant": applicant})
    assert "代表人不得超过 5 名" in field_problems(refused.value)[0]["reason"]


def test_every_wrong_field_is_named_in_chinese_without_its_value() -> None:
    wrong = {**GIVEN, "channel": "142234198406124788", "received_at": "昨天", "narrative": "", "多余": 1}
    with pytest.raises(ValidationError) as refused:
        Intake.model_validate(wrong)
    problems = {p["field"]: p["reason"] for p in field_problems(refused.value)}
    assert set(problems) == {"channel", "received_at", "narrative", "多余"}
    assert "12345热线" in problems["channel"]
    assert not any("142234198406124788" in reason for reason in problems.values())
    assert problems["narrative"] == "不能为空，请填写"
