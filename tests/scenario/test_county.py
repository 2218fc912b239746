"""The county that the demonstration opens on: told from any day backwards, whole and varied."""

from collections import Counter
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from stdnum.cn import ric, uscc

from domain.fold import replay
from domain.paper import PaperState
from domain.paper_content import gaps
from domain.paper_waiting import issuing_units, waits
from domain.words import SHANGHAI, Channel, ClaimType
from policies import load
from starter.scenario.county import Days, read_county
from starter.scenario.player import LEFT_LYING
from starter.scenario.script import ScenarioError
from starter.yaml_file import load_yaml
from tests.support.life import relive

FILE = Path(__file__).parents[2] / "samples" / "county" / "pianguan.yaml"
POLICY = load("pianguan")
DAYS = [date(2026, 11, 28), date(2026, 11, 30), date(2026, 10, 3), date(2027, 1, 15), date(2027, 3, 8)]
"""A Saturday, a Monday, a holiday, and days of 时间节点."""


@pytest.mark.parametrize("today", DAYS)
def test_it_can_be_told_on_any_day_and_lies_in_the_past(today: date) -> None:
    stories = read_county(FILE, today, POLICY.calendar)
    midnight = datetime.combine(today, time(0), SHANGHAI)
    assert len(stories) >= 40
    for story in stories:
        received = story.intake.received_at
        moments = [received, *(step.at for step in story.script if step.at)]
        assert moments == sorted(moments), story.id
        assert moments[-1] < midnight, story.id
        assert all(c.period.to is None or c.period.to < f"{received:%Y-%m}" for c in story.intake.claims)


def test_a_days_pile_of_papers_waits_and_no_more() -> None:
    now = datetime.combine(DAYS[0], time(10), SHANGHAI)
    stories = read_county(FILE, DAYS[0], POLICY.calendar)
    waiting: Counter[str] = Counter()
    for story in stories:
        for matter, events in relive(story, POLICY).events.items():
            d = replay(matter, events)
            for paper in d.documents:
                late = paper.at >= now - LEFT_LYING
                if waits(POLICY, d, paper) is PaperState.DRAFT and (late or gaps(POLICY, d, paper)):
                    waiting.update(issuing_units(POLICY, d, paper))
    assert 5 <= waiting[POLICY.unit("center")] <= 25
    for story in stories[::9]:
        lived = relive(story, POLICY, now - LEFT_LYING)
        assert lived.surprises == [], story.id
        for matter, events in lived.events.items():
            d = replay(matter, events)
            old = [p for p in d.documents if p.at < now - LEFT_LYING and not gaps(POLICY, d, p)]
            left = [p.name for p in old if waits(POLICY, d, p) is PaperState.DRAFT]
            assert left == [], story.id


def test_nobody_is_there_twice_and_everything_is_of_several_kinds() -> None:
    stories = read_county(FILE, DAYS[0], POLICY.calendar)
    intakes = [i for s in stories for i in (s.intake, *s.further_intakes)]
    ids, numbers = [s.id for s in stories], [i.source_no for i in intakes]
    assert len(set(ids)) == len(ids)
    assert len(set(numbers)) == len(numbers)
    names = [s.intake.applicant.name for s in stories if s.intake.applicant.name]
    assert len(set(names)) == len(names)
    towns = {r.town for i in intakes for r in i.respondents}
    assert towns >= set(POLICY.county.towns)
    assert {i.channel for i in intakes} == set(Channel) - {Channel.SPAWNED}
    types = {c.type for i in intakes for c in i.claims}
    assert types >= set(ClaimType) - {ClaimType.BENEFIT}
    levels = {step.data.get("level") for s in stories for step in s.script}
    assert levels >= {t.name for t in POLICY.tiers}


def test_its_numbers_are_well_made_and_belong_to_nobody() -> None:
    content: Any = load_yaml(FILE)
    codes = [e["uscc"] for e in content["employers"].values()]
    assert [c for c in codes if not uscc.is_valid(c)] == []
    assert len(set(codes)) == len(codes)
    numbers = [n for s in content["stories"] if (n := s.get("applicant", {}).get("id_number"))]
    assert [n for n in numbers if not ric.is_valid(n) or n[14:17] != "000"] == []


def test_days_are_counted_over_days_off() -> None:
    saturday = Days(date(2026, 11, 28), POLICY.calendar)
    assert [saturday.day(n) for n in (-1, 0, 1)] == [
        date(2026, 11, 27),
        date(2026, 11, 30),
        date(2026, 12, 1),
    ]
    read = saturday.read({"due": "D+1", "at": ["D-1 09:30"], "said": "D级"})
    assert read == {"due": "2026-12-01", "at": ["2026-11-27T09:30:00+08:00"], "said": "D级"}
    assert Days(date(2026, 10, 3), POLICY.calendar).day(-1) == date(2026, 9, 30)


def test_a_fault_names_the_story(tmp_path: Path) -> None:
    file = tmp_path / "faulty.yaml"
    story = "{id: c9, stage: 直办, channel: 来访, received: D-1 09:00, narrative: 欠费, against: [没有这家]}"
    file.write_text(f"employers: {{}}\nstories: [{story}]\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"c9.*没有这家"):
        read_county(file, DAYS[0], POLICY.calendar)
    file.write_text("employers: {}\nstories: [{id: c9}]\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match="stage"):
        read_county(file, DAYS[0], POLICY.calendar)
