"""Every form of every action: titles, widgets, conditions; no empty legal act; faults told all at once, in Chinese."""

import json
import re
from collections.abc import Iterator
from typing import Any, get_type_hints

import pytest
from pydantic import ValidationError

from domain.actions import ACTION, FORMS, VERBS, Act
from domain.actions.form import (
    WIDGETS,
    Asked,
    Form,
    conditions,
    extra_of,
    options_of,
    rows_of,
    widget_of,
)
from domain.wording import field_problems

CHINESE = re.compile("[\u4e00-\u9fff]")


def asked() -> Iterator[tuple[str, type[Asked], str]]:
    """Every field that is asked for: of forms, and of the rows in them."""
    for kind, form in FORMS.items():
        yield from _fields(kind, form)


def _fields(place: str, model: type[Asked]) -> Iterator[tuple[str, type[Asked], str]]:
    hints = get_type_hints(model, include_extras=True)
    for name in model.model_fields:
        if name == "kind":
            continue
        yield f"{place}.{name}", model, name
        if row := rows_of(hints[name]):
            yield from _fields(f"{place}.{name}", row)


FIELDS = list(asked())


def asks_for_a_span(form: type[Asked], name: str) -> bool:
    return name != "kind" and widget_of(get_type_hints(form, include_extras=True)[name]) == "span"


def test_every_kind_says_what_it_is_called_and_where_it_comes_from() -> None:
    assert len(FORMS) > 60
    assert len(set(VERBS.values())) == len(VERBS)
    for kind, form in FORMS.items():
        assert re.fullmatch("[a-z_]+", kind)
        assert CHINESE.search(form.verb), kind
        assert CHINESE.search(form.basis), kind
        assert form.__doc__, kind


@pytest.mark.parametrize(("place", "model", "name"), FIELDS, ids=[f[0] for f in FIELDS])
def test_every_field_can_be_asked_for(place: str, model: type[Asked], name: str) -> None:
    field = model.model_fields[name]
    hint = get_type_hints(model, include_extras=True)[name]
    extra = extra_of(field)
    assert field.title, place
    assert CHINESE.search(field.title), place
    assert not field.description or CHINESE.search(field.description)
    widget = "choice" if extra.get("choices_from") else widget_of(hint)
    assert widget in WIDGETS
    if widget == "choice" and not extra.get("choices_from"):
        assert len(options_of(hint)) > 1, "a choice of one is no choice"
    if widget == "money":
        assert extra.get("unit") == "元", "an amount says its unit"
    told = conditions(model).get(name)
    if told:
        for path in told.fields:
            *rows, last = path.split(".")
            asked_in = model
            for name in rows:
                asked_in = rows_of(get_type_hints(asked_in, include_extras=True)[name]) or model
            options = options_of(get_type_hints(asked_in, include_extras=True)[last])
            assert asked_in.model_fields[last].title
            assert not options or set(map(str, told.values)) <= set(options), (
                "a condition on an answer there is not"
            )


def test_no_type_is_open() -> None:
    """Nothing a form holds is of any type, a mapping, or one of two types."""
    schema = json.dumps(ACTION.json_schema())
    assert '"additionalProperties": true' not in schema
    for place, model, name in FIELDS:
        hint = str(get_type_hints(model, include_extras=True)[name])
        assert "typing.Any" not in hint, place
        assert "dict[" not in hint, place


NOTHING_TO_SAY = {"sign_for"}
"""The one act that is whole by itself."""


@pytest.mark.parametrize("kind", sorted(set(FORMS) - NOTHING_TO_SAY))
def test_no_act_is_taken_without_a_word(kind: str) -> None:
    with pytest.raises(ValidationError):
        ACTION.validate_python({"kind": kind})


@pytest.mark.parametrize(
    "kind", [k for k, form in FORMS.items() if "approv" in form.__mro__[1].__name__.lower()]
)
def test_an_approval_is_said_not_assumed(kind: str) -> None:
    form: type[Form] = FORMS[kind]
    assert form.model_fields["decision"].is_required()
    with pytest.raises(ValidationError, match="Field required"):
        ACTION.validate_python({"kind": kind, "decision": "不同意"})


def problems(**body: Any) -> dict[str, str]:
    """What is wrong with an action, by the fields' titles."""
    with pytest.raises(ValidationError) as caught:
        Act.model_validate({"id": "a", "unit": "县税务局", "officer": "甲", "body": body})
    return {p["field"]: p["reason"] for p in field_problems(caught.value, Act)}


def test_every_missing_field_is_told_at_once_by_its_title() -> None:
    said = problems(kind="issue_disposition", results=[{"claim": "1", "conclusion": "部分支持"}], facts=" ")
    assert said == {
        "处置结论·第1项·处理方式": "缺少此项，请补填",
        "处置结论·第1项·不支持或部分支持的理由": "缺少此项，请补填",
        "查明的事实": "须填写内容，不能为空",
        "法律依据": "缺少此项，请补填",
    }


def test_what_is_not_asked_for_is_refused() -> None:
    row = {"claim": "1", "conclusion": "支持", "measure": "退费", "refund": 300, "principal": 5}
    more = {"facts": "事实", "ground": "依据", "late_fee": "由税务机关另行核定"}
    said = problems(kind="issue_disposition", results=[row], **more)
    assert said == {
        "处置结论·第1项·认定本金": "仅在“处理方式”为“责令限期缴纳、更正缴费基数并补差”时填写，请删去"
    }


def test_how_the_late_fee_is_dealt_with_is_asked_with_every_other_fault_where_premium_is_recognised() -> None:
    row = {"claim": "1", "conclusion": "支持", "measure": "责令限期缴纳", "principal": 5}
    said = problems(kind="issue_disposition", results=[row])
    assert said == dict.fromkeys(("滞纳金", "查明的事实", "法律依据"), "缺少此项，请补填")
    none = {"claim": "1", "conclusion": "支持", "measure": "退费", "refund": 5}
    asked = problems(
        kind="issue_disposition", results=[none], late_fee="由税务机关另行核定", facts="甲", ground="乙"
    )
    assert asked == {"滞纳金": "仅在填写了“认定本金”或“核定本金”时填写，请删去"}


def test_a_choice_lists_what_may_be_chosen() -> None:
    said = problems(kind="review_agreement", result="符合法律规定")
    assert said == {"审查意见": "应为以下之一：'通过'、'不通过，须修改'"}


def test_an_unknown_kind_or_field_is_named() -> None:
    (reason,) = problems(kind="triage_confirm").values()
    assert reason.startswith("没有这种操作")
    assert problems(kind="sign_for", note="x") == {"note": "没有此项，请核对名称"}


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_a_text_says_something(text: str) -> None:
    assert "结案意见" in problems(kind="close_case", opinion=text)


def test_a_declaration_must_be_made() -> None:
    body = {
        "kind": "conclude_agreement", "form": "书面", "signed_on": "2026-03-01", "confirm_told": False,
        "signers": [{"party": "申请人", "signer": "某甲", "capacity": "本人"}],
    }  # fmt: skip
    assert problems(**body) == {"已告知可共同申请司法确认": "须勾选确认"}


@pytest.mark.parametrize("kind", FORMS)
def test_a_form_survives_the_way_to_the_ledger(kind: str) -> None:
    """Its JSON Schema can be made, and names its fields as the form does."""
    schema = FORMS[kind].model_json_schema()
    assert set(schema["properties"]) >= {
        f.alias or n for n, f in FORMS[kind].model_fields.items() if n != "kind"
    }


SPANS = [
    (kind, name) for kind, form in FORMS.items() for name in form.model_fields if asks_for_a_span(form, name)
]


@pytest.mark.parametrize(("kind", "name"), SPANS)
@pytest.mark.parametrize("span", ["0工作日", "251工作日", "9999工作日", "367日", "8785小时"])
def test_no_term_is_nothing_or_longer_than_a_year(kind: str, name: str, span: str) -> None:
    with pytest.raises(ValidationError) as refused:
        FORMS[kind].model_validate({"kind": kind, name: span})
    reasons = [
        p["reason"]
        for p in field_problems(refused.value, FORMS[kind])
        if "时长" in p["reason"] or "过小" in p["reason"]
    ]
    assert len(reasons) == 1, refused.value
