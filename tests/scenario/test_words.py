"""Every word of the format becomes the choice it means; whatever is said, forms come out or a reason why not."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.actions import ACTION, Action
from policies import load
from starter.scenario.script import read
from starter.scenario.translate import ACTIONS, Sent
from tests.support.adapter import MATTERS, own, sent
from tests.support.case import Case
from tests.support.life import relive

WORDS: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "words.yaml").read_text("utf-8"))
SAMPLES = sorted((Path(__file__).parents[2] / "samples").glob("[0-9]*.yaml"))


def named(row: dict[str, Any]) -> str:
    return f"{row['matter']}-{row['action']}"


@pytest.mark.parametrize("row", WORDS, ids=named)
def test_words_become_choices(row: dict[str, Any]) -> None:
    body = own(MATTERS[row["matter"]](), row["action"], row["unit"], **row["data"])
    answers = body.model_dump(mode="json", by_alias=True)
    assert {key: answers.get(key) for key in row["form"]} == row["form"]


def test_every_action_of_the_format_is_said_somewhere() -> None:
    policy = load("pianguan")
    told = {step.action for file in SAMPLES for step in read(file, policy.calendar).script}
    assert set(ACTIONS) <= told | {row["action"] for row in WORDS}


@pytest.mark.parametrize("row", WORDS, ids=named)
def test_what_is_sent_is_a_form_as_json_too(row: dict[str, Any]) -> None:
    check(sent(MATTERS[row["matter"]](), row["action"], row["unit"], **row["data"]))


def check(acts: list[Sent]) -> None:
    """One act is the step's own; each reads the same when it comes back from JSON."""
    assert [s.aside for s in acts].count(False) == bool(acts)
    for act in acts:
        written = ACTION.dump_json(act.body, by_alias=True)
        assert ACTION.validate_json(written) == act.body
        assert json.loads(written)["kind"] == act.body.kind


@pytest.mark.parametrize("file", SAMPLES, ids=lambda file: file.stem)
def test_what_the_samples_send_reads_the_same_from_json(file: Path) -> None:
    policy = load("pianguan")
    bodies: list[Action] = []
    for events in relive(read(file, policy.calendar), policy).events.values():
        bodies += [e.fact.body for e in events if e.fact.type == "acted"]
    assert all(ACTION.validate_json(ACTION.dump_json(body, by_alias=True)) == body for body in bodies)


# --- whatever is said --------------------------------------------------------------------------------------------

_SAID = [
    (s.action, key) for f in SAMPLES for s in read(f, load("pianguan").calendar).script for key in s.data
]
_SAID += [(row["action"], key) for row in WORDS for key in row["data"]]
KEYS = {action: sorted({key for a, key in _SAID if a == action} | {"sub_item"}) for action in ACTIONS}
"""What may be said of each action."""
_TEXT = st.text(max_size=6) | st.sampled_from(
    ("支持", "催告", "强制执行", "会商", "联席会议", "10 working days", "2026-02-30", "否")
)
_PLAIN = st.none() | st.booleans() | st.integers(-3, 10**7) | st.floats() | _TEXT
ODD = st.recursive(
    _PLAIN, lambda v: st.lists(v, max_size=3) | st.dictionaries(_TEXT, v, max_size=3), max_leaves=5
)
READY: dict[str, Case] = {}


def ready(name: str) -> Case:
    """The matter, made once: a translation changes nothing."""
    return READY.setdefault(name, MATTERS[name]())


@st.composite
def steps(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    action = draw(st.sampled_from(sorted(ACTIONS)))
    return action, draw(st.dictionaries(st.sampled_from(KEYS[action]), ODD, max_size=5))


@settings(max_examples=200)
@given(
    matter=st.sampled_from(sorted(MATTERS)),
    said=steps(),
    unit=st.sampled_from(
        ("县综治中心", "县税务局", "县人社局", "调解组织", "申请人", "被反映单位", "某单位")
    ),
)
def test_odd_data_is_turned_down_or_becomes_a_form(
    matter: str, said: tuple[str, dict[str, Any]], unit: str
) -> None:
    action, data = said
    with suppress(ValueError):
        check(sent(ready(matter), action, unit, **data))
