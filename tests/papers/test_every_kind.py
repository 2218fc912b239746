"""Every kind of paper, with every part and with none, in matters of every shape: nothing unknown, nothing left open."""

import re
from datetime import date
from pathlib import Path

import pytest

from domain.dispute import Dispute
from domain.paper import Document
from domain.paper_content import HIDDEN, content, gaps, known_to_forms
from papers.markup import said as spoken
from policies import load
from starter.scenario.script import read
from tests.papers.kinds import CODE, LONGEST_FIRM, RARE, alone, bare, full, group, hidden, made, words
from tests.support.case import county
from tests.support.life import relive

FILES = Path(__file__).parents[1] / "policies"
SAMPLES = Path(__file__).parents[2] / "samples"
KINDS = sorted(county().documents)
LEFT_OPEN = re.compile(r"\{%|None|（）|《》|〔〕|：。|、。|。。|；。|，。|：；|\[\]|\d{4}-\d{2}(?!\d)")
"""What must stand in no paper: code, an empty bracket, a stop after nothing, a day as machines write it."""


def sound(said: str) -> None:
    assert not (found := LEFT_OPEN.search(said.replace("{{ 不是代码 }}", ""))), said[found.start() - 20 :][
        :60
    ]


@pytest.mark.parametrize("name", KINDS)
def test_with_every_part_for_sixty_people_and_two_employers(name: str) -> None:
    said = words(made(group(), full(county(), name)))
    sound(said)
    assert county().paper(name) in said
    assert "偏社争X字〔2026〕0001号" in said
    assert CODE in said
    assert "2026年11月30日" in said
    if "{{ 被反映单位 }}" in county().documents[name].text:
        assert LONGEST_FIRM in said
        assert "偏关县第二&<公司>" in said


@pytest.mark.parametrize("name", KINDS)
def test_with_nothing_but_what_was_asked_for_one_person_and_no_employer(name: str) -> None:
    said = words(made(alone(), bare(county(), name)))
    sound(said)
    for field in gaps(county(), alone(), bare(county(), name)):
        shown = (
            f"{{ {field} }}" in county().documents[name].text
            or f"in {field} %" in county().documents[name].text
        )
        assert not shown or f"{field}的第一行" in said


@pytest.mark.parametrize("name", KINDS)
def test_whom_the_law_hides_is_in_none(name: str) -> None:
    said = words(made(hidden(), full(county(), name)))
    assert "某举报人" not in said
    assert HIDDEN in said or "{{ 申请人 }}" not in county().documents[name].text


@pytest.mark.parametrize("county_file", ["dongshan", "qingshui", "yunxi"])
def test_other_counties_papers_speak_their_own_words(county_file: str) -> None:
    policy = load(FILES / f"{county_file}.yaml")
    for name, rule in policy.documents.items():
        if rule.mark and not rule.omit:
            sound(words(made(alone(), bare(policy, name), policy)))
            told = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", spoken(rule.text, policy.say))
            assert "偏关" not in told
            own = "".join(policy.words.values())
            assert [word for word in policy.words if word in told and word not in own] == []


def test_the_same_facts_make_the_same_bytes() -> None:
    paper = full(county(), "处置意见书")
    assert made(group(), paper) == made(group(), paper)


def lived() -> dict[str, tuple[Dispute, Document]]:
    """The first paper of each kind that the samples bring about, with its matter."""
    found: dict[str, tuple[Dispute, Document]] = {}
    for path in sorted(SAMPLES.glob("[0-9]*.yaml")):
        d = relive(read(path, county().calendar), county()).story.main
        for paper in d.documents:
            found.setdefault(paper.name, (d, paper))
    return found


def test_what_the_samples_bring_about_is_sound_and_names_nothing_unknown() -> None:
    found = lived()
    assert len(found) > 25
    for name, (d, paper) in found.items():
        _, rule = county().paper_rule(name)
        unknown = set(paper.fields) - known_to_forms(rule) - {"answers_sources"}
        assert not unknown, (name, unknown)
        sound(words(made(d, paper)))


def test_nothing_typed_is_read_as_code_and_names_stay_whole() -> None:
    said = words(made(group(), full(county(), "受理通知书")))
    assert RARE in said
    assert "𠮷田" in said
    assert "60．张60" in said
    assert "{{ 不是代码 }}" in said
    assert "<b>&第三项</b>" in said


def test_every_header_is_filled() -> None:
    values = content(
        county(),
        group(),
        full(county(), "处置意见书"),
        number="号",
        code="码",
        signed_by="人",
        on=date(2026, 1, 2),
        asked={},
    )
    wanted = ("文书", "案号", "县", "制发单位", "送", "申请人", "被反映单位", "事由", "依据")
    assert [name for name in wanted if not values[name]] == []
    assert values["日期"] == "2026年1月2日"
