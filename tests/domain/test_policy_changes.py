"""The differences between two versions of a policy, in words: a sentence for each kind of change, and none left untold."""

import copy
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from pydantic import ValidationError

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
        (("county", "name"), "别县", "本县的县名由 偏关县 改为 别县"),
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


def leaves(model: Model, path: Key = ()) -> Iterator[tuple[str, Key, Any]]:
    """Every item of the policy with its model's name and its place in the stored JSON."""
    for field in type(model).model_fields:
        value = getattr(model, field)
        yield from _within(f"{type(model).__name__}.{field}", value, (*path, field))


def _within(name: str, value: Any, path: Key) -> Iterator[tuple[str, Key, Any]]:
    if isinstance(value, Model):
        yield from leaves(value, path)
    elif isinstance(value, dict):
        for key, each in value.items():  # pyright: ignore[reportUnknownVariableType]
            yield from _within(name, each, (*path, str(key)))  # pyright: ignore[reportUnknownArgumentType]
    elif isinstance(value, tuple):
        for number, each in enumerate(value):  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
            yield from _within(name, each, (*path, number))
    else:
        yield name, path, value


def others(value: Any) -> list[Any]:
    """What may stand there instead; the first that makes a policy is taken."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1, value - 1]
    if value is None:
        return ["tax", 1, True, "2026-01-02", {"text": "x", "then": "explain"}]
    candidates = [
        f"{value}又",
        "县税务局",
        "tax",
        "D",
        "S",
        "d",
        "wd",
        "triage",
        "0.5",
        "2031-01-01",
        "09:30",
        "中",
        "低",
    ]
    words = [
        "直办",
        "工伤",
        "来访",
        "机关事业",
        "应参未参",
        "officer",
        "supports",
        "lead",
        "joint",
        "masked",
        "stage",
        "refuse",
    ]
    words += [
        "explain",
        "rehandle",
        "statutory",
        "internal",
        "accepted",
        "received",
        "tier",
        "keep",
        "红牌",
        "黄牌",
        "N",
    ]
    words += [
        "dispose",
        "consult",
        "支持",
        "不支持",
        "week",
        "month",
        "headcount",
        "fires",
        "ignored",
        "pdf",
        "jpg",
        "政策宣传",
    ]
    words += ["不予受理", "仲裁", "actor", "m", "y", "amount", "10-02"]
    return [other for other in [*candidates, *words] if other != value]


def one_of_each() -> list[tuple[str, Key, Any]]:
    """One place of every item of every model."""
    found: dict[str, tuple[Key, Any]] = {}
    for name, path, value in leaves(before()):
        if name not in found or found[name][1] is None:
            found[name] = (path, value)
    return [(name, path, value) for name, (path, value) in sorted(found.items()) if name != "Policy.version"]


@pytest.mark.parametrize(
    ("name", "path", "value"), one_of_each(), ids=lambda given: given if isinstance(given, str) else ""
)
def test_every_item_that_changes_is_told(name: str, path: Key, value: Any) -> None:
    for other in others(value):
        try:
            after = with_changed(*path, to=other)
        except ValidationError:
            continue
        if after != before():
            assert told(after), (name, path, other)
            return
    assert name in ONLY_WITH_ANOTHER, f"nothing else may stand at {path}"


ONLY_WITH_ANOTHER: set[str] = set()
"""Items that no other value of ours fits alone."""
