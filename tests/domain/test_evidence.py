"""Evidence is a reference with size and hash; its bytes never come in."""

import base64
from typing import Any

import pytest
from pydantic import ValidationError

from domain.intake import Evidence
from domain.wording import field_lines

GOOD: dict[str, Any] = {
    "kind": "工资条",
    "description": "2026 年 3 月至 5 月，共三页",
    "location": "2026/0001/工资条.pdf",
    "size": 123_456,
    "sha256": "ab" * 32,
}


@pytest.mark.parametrize(
    "location", ["2026/0001/工资条.pdf", "https://archive.example/d/1?page=2", "urn:archive:1", None]
)
def test_a_reference_is_taken(location: str | None) -> None:
    evidence = Evidence.model_validate({**GOOD, "location": location})
    assert (evidence.size, evidence.sha256) == (123_456, "ab" * 32)


def test_what_was_registered_before_still_reads() -> None:
    assert Evidence.model_validate({"kind": "合同", "description": "复印件"}).location is None


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [
        ("sha256", "ab" * 31, "指纹"),
        ("sha256", "AB" * 32, "指纹"),
        ("size", -1, "数值过小"),
        ("description", "data:image/png;base64,iVBORw0KGgo=", "不能写入文件内容"),
        ("description", base64.b64encode(bytes(range(256))).decode(), "不能写入文件内容"),
        ("description", "长" * 501, "太长"),
        ("kind", base64.b64encode(bytes(range(256))).decode(), "太长"),
        ("location", "data:text/plain,x", "不能写入文件内容"),
        ("location", "https://user:pw@archive.example/d/1", "账号"),
        ("location", "https://archive.example/d/1?access_token=abc", "账号"),
        ("location", "/" "home/a/b.pdf", "相对路径"),
        ("location", "../b.pdf", "相对路径"),
        ("content", "AAAA", "没有此项"),
    ],
)  # fmt: skip
def test_bytes_and_secrets_are_refused_with_the_field_named(field: str, value: object, why: str) -> None:
    with pytest.raises(ValidationError) as error:
        Evidence.model_validate({**GOOD, field: value})
    line = field_lines(error.value)
    assert line.startswith(field)
    assert why in line
    assert str(value) not in line
