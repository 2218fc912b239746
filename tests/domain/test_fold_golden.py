"""What was stored once is read for ever as it was: the fold of stored events against the states stored with them.

``tests/support/golden.py`` says how the data is made, and when it may be made anew.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

from domain import fold, fold_meanings
from domain.dispute import Dispute
from domain.events import Acted, Event, Fact
from domain.meanings import Meaning
from tests.support import golden
from tests.support.golden import STORIES, Stored, differences, states

Fold = Callable[[Dispute, Event, Any], dict[str, Any]]
FOLDS: dict[str, dict[str, Fold]] = {"fact": fold._ON_FACT, "meaning": fold_meanings.FOLDS}


@pytest.fixture(scope="module")
def record() -> dict[str, Stored]:
    """Every story as it is stored."""
    return {name: golden.stored(name) for name in STORIES}


def types_in(events: list[Event]) -> Iterator[tuple[str, str]]:
    for event in events:
        yield "fact", event.fact.type
        if isinstance(event.fact, Acted):
            yield from (("meaning", meaning.type) for meaning in event.fact.means)


def all_types() -> set[tuple[str, str]]:
    found = {"fact": get_args(Fact)[0], "meaning": get_args(Meaning)[0]}
    return {
        (sort, model.model_fields["type"].default)
        for sort, union in found.items()
        for model in get_args(union)
    }


def read_otherwise(record: dict[str, Stored], sort: str, kind: str) -> list[str]:
    """The fields that differ in the stories that have such a fact or meaning; what can no longer be read, too."""
    found: list[str] = []
    for story in record.values():
        for matter, events in story.lives.items():
            if (sort, kind) not in types_in(events):
                continue
            try:
                now = states({matter: events})
            except (AttributeError, LookupError, StopIteration, ValueError) as error:
                found.append(f"{matter}: {error!r}")
            else:
                found += differences({matter: story.states[matter]}, now)
    return found


@pytest.mark.parametrize("name", STORIES)
def test_a_stored_record_is_read_as_it_was(record: dict[str, Stored], name: str) -> None:
    assert differences(record[name].states, states(record[name].lives)) == []


def not_so(field: str) -> Callable[[Fold], Fold]:
    """The same fold on what says the contrary."""

    def inverted(made: Fold) -> Fold:
        return lambda d, e, f: made(d, e, f.model_copy(update={field: not getattr(f, field)}))

    return inverted


@pytest.mark.parametrize(
    ("sort", "kind", "changed", "fields"),
    [
        ("meaning", "agreement_reviewed", not_so("passed"), {"mediation"}),
        ("meaning", "meeting_concluded", not_so("agreed"), {"meetings"}),
        ("meaning", "payment_recorded", not_so("by_force"), {"payments", "withdrawn_payments"}),
        ("meaning", "replied_from_above", not_so("settles"), {"settled_above"}),
        ("meaning", "called_back", lambda made: lambda d, e, f: made(d, e, f) | {"callback_done": False},
         {"callback_done"}),
        ("fact", "override_decided", not_so("approved"), {"overrides"}),
        ("fact", "task_changed", lambda made: lambda d, e, f: {}, {"tasks"}),
    ],
    ids=["a review", "minutes", "a payment", "a reply", "a callback", "a level", "an officer"],
)  # fmt: skip
def test_a_fold_that_reads_otherwise_is_named_by_the_field(
    record: dict[str, Stored],
    monkeypatch: pytest.MonkeyPatch,
    sort: str,
    kind: str,
    changed: Callable[[Fold], Fold],
    fields: set[str],
) -> None:
    monkeypatch.setitem(FOLDS[sort], kind, changed(FOLDS[sort][kind]))
    found = read_otherwise(record, sort, kind)
    assert {line.partition(":")[0].partition(".")[2] for line in found} == fields


@pytest.mark.parametrize(("sort", "kind"), [(sort, kind) for sort, of in FOLDS.items() for kind in of])
def test_no_fold_can_be_left_out_unnoticed(
    record: dict[str, Stored], monkeypatch: pytest.MonkeyPatch, sort: str, kind: str
) -> None:
    monkeypatch.setitem(FOLDS[sort], kind, lambda d, e, f: {})
    assert read_otherwise(record, sort, kind)


def test_a_field_more_or_less_is_a_difference() -> None:
    assert differences({"m": {"a": 1}}, {"m": {"a": 1, "b": None}}) == ["m.b: no such field -> null"]
    assert differences({"m": {"a": 1, "b": None}}, {"m": {"a": 1}}) == ["m.b: null -> no such field"]
    assert differences({"m": {"a": 1}}, {}) == ["m.a: 1 -> no such field"]
    assert differences({"m": {"a": 1}}, {"m": {"a": 1}}) == []


def test_every_kind_of_fact_and_every_meaning_is_stored(record: dict[str, Stored]) -> None:
    events = [e for story in record.values() for life in story.lives.values() for e in life]
    assert all_types() - set(types_in(events)) == set()


def test_every_field_of_a_state_is_told_by_some_story(record: dict[str, Stored]) -> None:
    fresh = states({"nobody": []})["nobody"]
    every = [state for story in record.values() for state in story.states.values()]
    assert {name for name in fresh if all(state[name] == fresh[name] for state in every)} == set()


def test_the_command_writes_states_anew_and_leaves_events_as_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ["08_mediated_in_instalments", "17_what_no_sample_tells"]
    monkeypatch.setattr(golden, "STORIES", {name: STORIES[name] for name in names})
    file = tmp_path / f"{names[0]}.json"
    shutil.copy(golden.FOLDER / file.name, file)
    before = file.read_text(encoding="utf-8")
    file.write_text(before.replace('"executed": true', '"executed": false'), encoding="utf-8")
    assert file.read_text(encoding="utf-8") != before
    golden.store(tmp_path)
    assert file.read_text(encoding="utf-8") == before
    assert golden.stored(names[1], tmp_path).lives.keys() == golden.stored(names[1]).lives.keys()
