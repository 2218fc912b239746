"""A history tells the matter's story: whose hand, which stage, whose clock."""

import json
from pathlib import Path

from temporalio.api.history.v1 import HistoryEvent

from tests.replay.test_replay import HISTORIES, history
from tests.support.keys import KEYS
from workflows.plugin import sealed_converter

FOLDER: Path = HISTORIES[0].parent


async def summary(event: HistoryEvent) -> str:
    if not event.user_metadata.HasField("summary"):
        return ""
    (said,) = await sealed_converter(KEYS).decode([event.user_metadata.summary], [str])
    return said


def activity(event: HistoryEvent) -> str | None:
    """The name of a local activity, which stands in the clear."""
    marker = event.marker_recorded_event_attributes
    if marker.marker_name != "core_local_activity":
        return None
    return json.loads(marker.details["data"].payloads[0].data)["activity_type"]


async def test_the_stages_and_the_rungs_have_their_names() -> None:
    told = [
        (name, await summary(event))
        for event in history(FOLDER / "real_consultation.json.gz").events
        if (name := activity(event))
    ]
    assert told[:4] == [
        ("register", "12345热线 登记"),
        ("triage", "县综治中心 受理并派单"),
        ("open_consultation", "进入会商"),
        ("dispatch", "县税务局 签收"),
    ]
    assert ("remind", "县医保局 签收 催办") in told
    assert ("card", "县医保局 签收 红牌") in told
    assert ("supervise", "县医保局 签收 督办") in told
    assert ("escalate", "县医保局 签收 提请联席会议") in told
    names = [name for name, _ in told]
    assert names[-4:] == ["execute", "call_back", "close", "close"]


async def test_each_unit_and_each_callback_has_a_timer_of_its_own() -> None:
    events = history(FOLDER / "real_consultation.json.gz").events
    started = [await summary(e) for e in events if e.HasField("timer_started_event_attributes")]
    for words in (
        "县人社局 会商意见 催办 2026",
        "县医保局 会商意见 红牌 2026",
        "县综治中心 首次回访 催办 2026",
    ):
        assert any(said.startswith(words) and "届时" not in said for said in started), started
    assert all(said for said in started), "a timer without words"


async def test_nobody_is_named_in_the_clear() -> None:
    stored = b"".join(e.SerializeToString() for f in HISTORIES for e in history(f).events)
    assert not any(name.encode() in stored for name in ("测试甲", "19900000001", "经办人", "郝建业"))
