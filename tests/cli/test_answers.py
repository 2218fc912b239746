"""Answers typed one by one: 是 and 否 wherever the form asks for one of the two."""

from typing import Any

import pytest

from domain.offers import Field
from starter.office.answers import answered


def field(name: str, title: str, widget: str, **more: Any) -> Field:
    return Field(name=name, title=title, widget=widget, required=True, **more)


FORM = [
    field("risk", "是否仍有风险", "yesno"),
    field("solved", "是否解决", "choice"),
    field(
        "people", "人员", "rows", several=True, rows=[field("told", "已告知", "yesno")], suggested=[{}, {}]
    ),
]


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("是否仍有风险=否", {"risk": False}),
        ("risk=是", {"risk": True}),
        ("risk=true", {"risk": True}),
        ("risk=也许", {"risk": "也许"}),
        ("risk=[1]", {"risk": [1]}),
        ("是否解决=是", {"solved": "是"}),
        ("已告知=是", {"people": [{"told": True}, {"told": True}]}),
    ],
)
def test_yes_and_no_are_taken_where_they_are_asked_for(typed: str, sent: dict[str, Any]) -> None:
    assert answered(FORM, [typed]) == {"people": [{}, {}], **sent}
