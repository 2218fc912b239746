"""三（七）: who mediates, with whom and where is on record from the beginning, and nobody of them calls back."""

from typing import Any

import pytest

from domain.actions import Action
from tests.support.case import CENTER, JUSTICE, MEDIATOR, Case, consulted
from tests.support.forms import filled

TEAM: dict[str, Any] = {
    "chief": "康正",
    "members": ["网格员丁一", "公职律师洪波"],
    "room": "老营镇司法所调解室",
}


def start(c: Case, **changes: Any) -> Action:
    day = c.now.date()
    consents = [{"party": p, "way": "书面申请", "on": day} for p in ("申请人", "被反映单位")]
    return filled("start_mediation", **{"consents": consents, **TEAM, **changes})


def test_chief_members_and_room_stand_in_state_and_papers() -> None:
    c = consulted()
    c.act(start(c), MEDIATOR)
    m = c.state.mediation
    assert m
    assert (m.chief, m.members, m.room) == (TEAM["chief"], TEAM["members"], TEAM["room"])
    c.do("mediate_failed", MEDIATOR, reason="分歧较大")
    record = next(p for p in c.state.documents if p.name == "调解笔录").fields
    assert (record["首席调解员"], record["调解员"], record["调解室"]) == (m.chief, m.members, m.room)


def test_no_mediator_calls_back() -> None:
    c = consulted()
    c.act(start(c), MEDIATOR)
    c.do("mediate_failed", MEDIATOR, reason="分歧较大").disposed().informed().paid()
    for name in ("康正", "公职律师洪波", "康 正"):
        assert c.declined(filled("record_callback"), CENTER, name) == "handler"
    c.act(filled("record_callback"), CENTER, "回访员")


@pytest.mark.parametrize("members", [["康正"], ["丁一", "丁 一"]])
def test_nobody_is_named_twice(members: list[str]) -> None:
    c = consulted()
    assert c.declined(start(c, members=members), MEDIATOR) == "twice"


@pytest.mark.parametrize("changes", [{"chief": "某甲"}, {"members": ["丁一", "某 甲"]}])
def test_a_party_mediates_nothing(changes: dict[str, Any]) -> None:
    c = consulted()
    assert c.declined(start(c, **changes), JUSTICE) == "concerned"
    assert c.state.mediation is None
