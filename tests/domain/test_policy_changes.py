"""The differences between two versions of a policy, in words: a sentence for each kind of change, and none left untold."""

import copy
from collections.abc import Iterator
from datetime import date, time, timedelta
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any

import pytest

from domain.policy import Policy
from domain.words import Model
from policies import load
from policies.changes import changes
from tests.domain.test_policy_is_read import models

Key = tuple[str | int, ...]


@cache
def before() -> Policy:
    return load("pianguan")


@cache
def data() -> dict[str, Any]:
    return before().model_dump(mode="json", by_alias=True)


def with_changed(*path: str | int, to: Any) -> Policy:
    """The county's policy with something else at this place; ``...`` takes it away."""
    changed: Any = copy.deepcopy(data())
    at: Any = changed
    for part in path[:-1]:
        at = at[part]
    if to is ...:
        del at[path[-1]]
    else:
        at[path[-1]] = to
    return Policy.model_validate(changed)


def told(after: Policy) -> list[str]:
    return [change.said for change in changes(before(), after)]


def entry(*path: str | int) -> Any:
    at: Any = data()
    for part in path:
        at = at[part]
    return copy.deepcopy(at)


@pytest.mark.parametrize(
    ("path", "to", "said"),
    [
        (("clocks", "triage", "length"), 5, "时限“初审”的长度由 3个工作日 改为 5个工作日"),
        (("clocks", "triage", "unit"), "d", "时限“初审”的长度由 3个工作日 改为 3日"),
        (("clocks", "triage", "ladder"), None, "时限“初审”的预警阶梯由 stage 改为 没有"),
        (("clocks", "triage", "tag"), "S", "时限“初审”的出处由 默认值，县里可调整 改为 县方案规定"),
        (("county", "name"), "别县", "本县的名称由 偏关县 改为 别县"),
        (("tiers", 0, "total"), "triage", "等级“低”的办理总时限由 低风险办理总时限 改为 初审"),
        (("tiers", 0, "route", 0, "owner"), "tax", "等级“低”的路线“直接办理”的由谁办由 主办单位 改为 县税务局"),
        (("tiers", 0, "retention_years"), None, "等级“低”的保管年数由 10 改为 永久"),
        (("tiers", 2, "report_urgently"), False, "等级“高”的是否立即作紧急信息报告由 是 改为 否"),
        (("powers", "supervise", "units"), ["tax"], "权限的督办的单位增加：县税务局"),
        (("callback", "attempts"), 9, "回访的最多拨打几次由 3 改为 9"),
        (("callback", "different_hours"), False, "回访的是否须在不同时段由 是 改为 否"),
        (("units", "contacts", "tax", "phone"), "0350-1", "单位的联系方式“税务”的电话由 0000-0000001 改为 0350-1"),
        (("rights", "roles", "officer", "sees", "told"), "nothing", "岗位权限的角色“部门经办人”的可以看到的“知会”"),
        (("indicators", 3, "when"), {"fact": "headcount", "at_least": 7}, "的条件由 来访人数不少于 5 改为 人数不少于 7"),
        (("words",), {"回访": "问候"}, "增加叫法“回访”：问候"),
        (("joint_approval",), None, "召开联席会议前的提请由"),
        (("masks", "name", "head"), 0, "身份信息的遮蔽“name”的保留开头几个字由 1 改为 0"),
    ],
)  # fmt: skip
def test_a_change_is_told_in_a_sentence(path: Key, to: Any, said: str) -> None:
    sentences = told(with_changed(*path, to=to))
    assert any(said in sentence for sentence in sentences), sentences


def test_an_entry_that_is_added_and_one_that_is_taken_away_are_told_with_what_they_say() -> None:
    rule = {**entry("clocks", "triage"), "id": "look_again", "name": "再看一遍", "length": 4}
    (added,) = told(with_changed("clocks", "look_again", to=rule))
    assert added.startswith("增加时限“再看一遍”：长度4个工作日")
    assert "县方案三（六）未定时限" in added
    (gone,) = told(with_changed("indicators", 0, to=...))
    assert gone.startswith("删去指标“H1”：")
    assert "舆情须回应为 是" in gone


def test_another_order_is_told() -> None:
    tiers = entry("tiers")
    assert told(with_changed("tiers", to=[tiers[1], tiers[0], *tiers[2:]])) == ["等级的次序有改动"]


def test_a_form_that_changed_is_told_by_its_lines() -> None:
    text = entry("documents", "受理通知书", "text")
    (said,) = told(with_changed("documents", "受理通知书", "text", to=f"{text}\n请妥善保管本通知。"))
    assert said == "文书“受理通知书”的文字有改动：增加 1 行，如：请妥善保管本通知。"


def test_no_sentence_for_what_is_the_same() -> None:
    assert changes(before(), Policy.model_validate(copy.deepcopy(data()))) == []


def test_every_item_has_a_chinese_name() -> None:
    from policies._said import field_word

    nameless = [
        f"{model.__name__}.{field}"
        for model in models(Policy)
        for field in model.model_fields
        if (model, field) != (Policy, "version") and field_word(model, field).isascii()
    ]
    assert nameless == []


def elsewise(value: Any) -> Any:
    """Something else of the same kind."""
    match value:
        case bool():
            return not value
        case Enum():
            return next(other for other in type(value) if other is not value)
        case int() | Decimal():
            return value + 1
        case date():
            return value + timedelta(days=1)
        case time():
            return value.replace(minute=value.minute ^ 1)
        case None:
            return "别的"
        case _:
            return {"wd": "h", "d": "m", "h": "d", "m": "d", "y": "d"}.get(value, f"{value}又")


def one_leaf_changed(whole: Any) -> Iterator[tuple[Key, Any]]:
    """The same with one leaf changed, for each leaf in turn, and its place; the policy's hash and keys said twice left out."""
    if isinstance(whole, Model):
        for field in type(whole).model_fields:
            if (type(whole).__name__, field) not in NO_LEAVES:
                for path, other in one_leaf_changed(getattr(whole, field)):
                    yield (field, *path), whole.model_copy(update={field: other})
    elif isinstance(whole, dict):
        entries: dict[Any, Any] = {**whole}
        for key, each in entries.items():
            for path, other in one_leaf_changed(each):
                yield (key, *path), {**entries, key: other}
    elif isinstance(whole, tuple):
        listed: tuple[Any, ...] = (*whole,)  # pyright: ignore[reportUnknownArgumentType]
        for number, each in enumerate(listed):
            for path, other in one_leaf_changed(each):
                yield (number, *path), (*listed[:number], other, *listed[number + 1 :])
    else:
        yield (), elsewise(whole)


NO_LEAVES = {
    ("Policy", "version"),
    ("ClockRule", "id"),
    ("Ladder", "id"),
    ("Condition", "all"),
    ("Condition", "any"),
}


def test_every_leaf_that_changes_is_told() -> None:
    untold = [path for path, after in one_leaf_changed(before()) if not changes(before(), after)]
    assert untold == []
