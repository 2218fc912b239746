"""名册 of “1+7+N”: posts and duties by the plan, shown by the command line, checked as a whole."""

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.app import app
from domain.policy_check import check
from domain.policy_units import RosterEntry, RosterPost
from policies import load

POLICY = load("pianguan")
SEVEN = {"县税务局", "县人社局", "县医保局", "县司法局", "县信访局", "县人民法院", "县公安局"}


def shown(*words: str) -> list[dict[str, Any]]:
    result = CliRunner().invoke(app, ["policy", "show", *words, "--roster", "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)["roster"]


def faults(*roster: RosterEntry) -> list[str]:
    return [f"{p.path} {p.what}" for p in check(POLICY.model_copy(update={"roster": roster}))]


def test_the_countys_roster_is_whole() -> None:
    assert check(POLICY) == []
    rows = shown()
    assert {row["单位"] for row in rows if row["部分"] == "1"} == {"县综治中心"}
    assert {row["单位"] for row in rows if row["部分"] == "7"} == SEVEN
    posts = {row["单位"]: row["职务"] for row in rows}
    assert posts["县政府"] == "总召集人：县委常委、常务副县长"
    assert "副召集人：县委常委、政法委书记" in posts["县委政法委"]
    assert "副召集人：国家税务总局偏关县税务局局长" in posts["县税务局"]
    duties = {row["单位"]: row["职责"] for row in rows}
    assert duties["县公安局"] == "负责做好涉访涉稳群体的教育、疏导和稳控工作"
    assert all("县方案" in row["依据"] for row in rows)


def test_people_read_it_as_a_table() -> None:
    result = CliRunner().invoke(app, ["policy", "show", "--roster"])
    assert "偏关县名册" in result.stdout


def test_a_county_may_keep_it_elsewhere() -> None:
    assert faults() == []
    without = shown("tests/policies/qingshui.yaml")
    assert without == []


@pytest.mark.parametrize("unit", ["center", "tax", "police", "joint_office", "county_gov", "grid"])
def test_a_unit_without_an_entry_is_found(unit: str) -> None:
    left = [e for e in POLICY.roster if e.unit != unit]
    assert any(POLICY.units.roles[unit] in fault for fault in faults(*left))


def changed(n: int, **changes: Any) -> list[RosterEntry]:
    return [*POLICY.roster[:n], POLICY.roster[n].model_copy(update=changes), *POLICY.roster[n + 1 :]]


def test_what_is_wrong_in_it_is_named() -> None:
    assert any("没有角色或单位“县神秘处”" in f for f in faults(*changed(11, unit="县神秘处")))
    assert any("写了两次" in f for f in faults(*POLICY.roster, POLICY.roster[-1]))
    assert any("0 名总召集人" in f for f in faults(*POLICY.roster[1:]))
    twice = (RosterPost(post="成员", holder="分管领导"), RosterPost(post="成员", holder="待定"))
    assert any("“成员”写了两次" in f for f in faults(*changed(5, posts=twice)))


@pytest.mark.parametrize("hole", ["posts", "duties"])
def test_an_entry_says_who_and_what(hole: str) -> None:
    data = {**POLICY.roster[0].model_dump(), hole: []}
    with pytest.raises(ValueError, match=hole):
        RosterEntry.model_validate(data)
