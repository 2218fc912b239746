"""The policy files: what is loaded, that another county needs no code, that a faulty file names its lines."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import yaml

import policies
from domain.clocks import AlarmKind, ClockRule, LadderRung
from domain.policy import Policy, UnknownUnit
from domain.policy_check import check
from domain.policy_conditions import Condition
from domain.policy_reach import find_matter
from domain.words import Channel, ClaimType, Insurance, Regime, Step
from policies import PolicyError

HERE = Path(__file__).parents[1] / "policies"
OTHER = HERE / "qingshui.yaml"


@pytest.fixture(scope="module")
def policy() -> Policy:
    return policies.load()


@pytest.fixture(scope="module")
def other() -> Policy:
    return policies.load(OTHER)


# --- what is loaded ---------------------------------------------------------------------------------


def test_the_default_county(policy: Policy) -> None:
    assert policies.available() == ["pianguan"]
    assert (policy.county.name, policy.county.case_prefix) == ("偏关县", "偏社争")
    assert [(t.name, t.path, t.notifier) for t in policy.tiers] == [
        ("低", "直办", "lead"),
        ("中", "会商", "center"),
        ("高", "联席会议", "center"),
    ]
    assert policy.tier("高").downgrade_approver == "joint_office"
    assert policy.tier_by_path("会商") == policy.tier("中")
    assert policy.tier_by_path("别的") is None
    assert policy.channel_clocks[Channel.LETTER] == (
        "intake_notice", "petition_notice", "petition_return", "petition_total",
    )  # fmt: skip
    assert policy.source_clocks == {"petition": ("transfer_notice", "petition_return", "petition_total")}
    assert policy.documents["联席会议提请单"].to == "县政府"
    assert policy.documents["撤回申请书"].to == "县综治中心"


@pytest.mark.parametrize(
    ("clock_id", "text", "kind"),
    [
        ("triage", "3个工作日", "internal"),
        ("intake_notice", "5个工作日", "internal"),
        ("inspection_notice", "5个工作日", "statutory"),
        ("inspection_total", "60个工作日", "statutory"),
        ("petition_total", "60日", "statutory"),
        ("petition_return", "5个工作日", "window"),
        ("petition_notice", "15日", "statutory"),
        ("low_total", "15个工作日", "internal"),
        ("mid_total", "30个工作日", "internal"),
        ("high_total", "60日", "internal"),
        ("urgent_report", "24小时", "internal"),
        ("mediation", "15日", "internal"),
        ("enforcement_earliest", "10个工作日", "not_before"),
        ("return_window", "2个工作日", "window"),
    ],
)
def test_clocks(policy: Policy, clock_id: str, text: str, kind: str) -> None:
    rule = policy.clock(clock_id)
    assert (rule.id, rule.text, rule.kind) == (clock_id, text, kind)
    assert rule.basis


def test_every_figure_names_its_basis_and_source(policy: Policy) -> None:
    rules: list[ClockRule] = list(policy.clocks.values())
    assert all(r.basis and r.tag in "SFWKD" for r in rules)
    assert all(r.tag != "D" for r in rules if r.kind in ("statutory", "not_before"))


def test_unknown_names_are_answered_in_chinese(policy: Policy) -> None:
    with pytest.raises(ValueError, match="没有“中等”这一等级，本县等级为：低、中、高"):
        policy.tier("中等")
    with pytest.raises(ValueError, match="未定义时限“nope”"):
        policy.clock("nope")
    with pytest.raises(ValueError, match="未定义预警阶梯“nope”"):
        policy.ladder("nope")
    assert policy.ladder(None) is None


@pytest.mark.parametrize(
    "name",
    ["县税务局", "县人民法院", "县委政法委", "县委", "县住建局", "老牛湾镇人民政府", "窑头乡人民政府",
     "新关镇网格员", "新关镇综治中心",
     "偏关县税务局老营税务分局", "老营镇司法所", "十字街社区居民委员会", "南城村村民委员会",
     "系统", "申请人", "市级部门"],
)  # fmt: skip
def test_units_known_by_name(policy: Policy, name: str) -> None:
    assert policy.unit(name) == name


def test_units_by_role_and_unknown_units(policy: Policy) -> None:
    assert policy.unit("tax") == "县税务局"
    assert policy.role_of("县医保局") == "medical"
    assert policy.role_of("老营镇司法所") is None
    assert policy.is_center("县综治中心")
    assert policy.is_center("老营镇综治中心")
    assert not policy.is_center("县税务局")
    with pytest.raises(UnknownUnit, match=r"没有名为“县税局局长”的单位，是否为：.*县税务局"):
        policy.unit("县税局局长")


@pytest.mark.parametrize(("slip", "meant"), [("县税物局", "县税务局"), ("县人设局", "县人社局")])
def test_a_slip_of_one_character_is_no_other_unit(policy: Policy, slip: str, meant: str) -> None:
    with pytest.raises(UnknownUnit, match=meant):
        policy.unit(slip)
    assert policy.unit("县水务局") == "县水务局"  # real, hence named in the policy
    named = policy.units.model_copy(update={"others": (*policy.units.others, slip)})
    assert named.knows(slip)


@pytest.mark.parametrize("source", ["pianguan", OTHER])
def test_a_policy_survives_json_under_the_same_version(source: str | Path) -> None:
    loaded = policies.load(source)
    assert re.fullmatch(r"[0-9a-f]{16}", loaded.version)
    assert Policy.model_validate_json(loaded.model_dump_json()) == loaded
    assert policies.load(source).version == loaded.version
    assert check(loaded) == []


# --- another county ---------------------------------------------------------------------------------


def test_another_county_is_one_file(policy: Policy, other: Policy) -> None:
    assert [t.name for t in other.tiers] == ["简易", "一般", "重大疑难"]
    assert other.tiers[0].has(Step.ON_THE_SPOT)
    assert [other.clock(t.total).text for t in other.tiers] == ["1日", "7日", "20日"]
    assert other.unit("center") == "清水税务局"
    assert other.is_center("上川乡枫桥工作室")
    assert other.version != policy.version


def test_the_county_tightens_the_national_layer(policy: Policy, other: Policy) -> None:
    assert other.clock("petition_notice").length == 10
    assert other.clock("petition_notice").basis == policy.clock("petition_notice").basis
    national = [f.id for f in policy.agreement.forbidden]
    assert [f.id for f in other.agreement.forbidden] == [*national, "silence"]


def test_the_county_s_own_calendar_wins(policy: Policy, other: Policy) -> None:
    festival, saturday = date(2026, 11, 2), date(2026, 11, 7)
    assert (policy.calendar.is_working(festival), policy.calendar.is_working(saturday)) == (True, False)
    assert (other.calendar.is_working(festival), other.calendar.is_working(saturday)) == (False, True)
    assert other.calendar.off[0] == policy.calendar.off[0]


def test_every_claim_finds_its_row(policy: Policy, other: Policy) -> None:
    for p in (policy, other):
        cells = {(r.category, g, i) for r in p.routing.rows for g in r.regimes for i in r.insurances}
        categories = {r.category for r in p.routing.categories}
        assert len(cells) == len(categories) * len(Regime) * len(Insurance)
        assert {r.type for r in p.routing.categories} == set(ClaimType)


# --- faulty files -----------------------------------------------------------------------------------


Faulty = Callable[[str, str], tuple[str, int]]


@pytest.fixture
def faulty(tmp_path: Path) -> Faulty:
    """Load the other county's file with one thing changed; returns the error and the line changed."""

    def load(old: str, new: str) -> tuple[str, int]:
        text = OTHER.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} must stand in the file exactly once"
        path = tmp_path / "county.yaml"
        path.write_text(text.replace(old, new), encoding="utf-8")
        with pytest.raises(PolicyError) as caught:
            policies.load(path)
        return str(caught.value), text[: text.index(old)].count("\n") + 1

    return load


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"county: a\x07b\n", "看不见的控制字符"),
        ("county: 偏关县".encode("gb18030"), "不是 UTF-8 编码"),
        (b"county: [a\nunits: b\n", "请检查缩进、引号和冒号"),
    ],
)
def test_what_is_no_yaml_is_told_and_not_thrown(tmp_path: Path, content: bytes, what: str) -> None:
    path = tmp_path / "county.yaml"
    path.write_bytes(content)
    with pytest.raises(PolicyError, match=what):
        policies.load(path)


FAULTS = [
    (fault["old"], fault["new"], fault["place"], fault["what"])
    for fault in yaml.safe_load((HERE / "faults.yaml").read_text(encoding="utf-8"))
]


@pytest.mark.parametrize(("old", "new", "place", "what"), FAULTS)
def test_a_faulty_file_is_refused_with_its_place(
    faulty: Faulty, old: str, new: str, place: str, what: str
) -> None:
    message, _ = faulty(old, new)
    lines = message.splitlines()
    assert any(what in line and f"[{place}]" in line for line in lines if place) or (
        not place and what in message
    )
    assert all(re.match(r"county\.yaml:\d+", line) for line in lines)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("attempts: 2", "attempts: 两次"),
        ("    rank: 20", "    rank: 5"),
        ("length: 7, unit: d, ladder: all, max_extension: 7", "length: 7, unit: d, ladder: nope"),
        ("petition_notice: {length: 10}", "petition_notice: {length: 30}"),
        ("    - {id: silence,", "    - {id: waiver,"),
        ("{fact: headcount, at_least: 10}", "{fact: heads, at_least: 10}"),
    ],
)
def test_an_error_names_the_line(faulty: Faulty, old: str, new: str) -> None:
    message, line = faulty(old, new)
    assert f"county.yaml:{line} [" in message


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    text = OTHER.read_text(encoding="utf-8")
    text = text.replace("attempts: 2", "attempts: 两次").replace(
        "special_groups: [残疾人]", "special_groups: 残疾人"
    )
    path = tmp_path / "county.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        policies.load(path)
    assert "callback.attempts" in str(caught.value)
    assert "special_groups" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "不能为空"),
        ("- a\n", "由“键: 值”组成"),
        ("county: {name: 甲\n", "格式有误"),
        ("county: 甲县\n", "county"),
    ],
)
def test_files_that_are_no_policy(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "county.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError, match=message):
        policies.load(path)


def test_an_unknown_county_is_answered_with_those_there_are() -> None:
    for name in ("河曲", "national", "/nowhere/county.yaml"):
        with pytest.raises(PolicyError, match="可用：pianguan"):
            policies.load(name)


def test_an_escalation_needs_a_meeting_to_go_to(other: Policy) -> None:
    rung = LadderRung(alarm=AlarmKind.ESCALATE, working_days_after_due=3)
    steep = other.ladders["all"].model_copy(update={"rungs": (*other.ladders["all"].rungs, rung)})
    hardest = other.tiers[2].model_copy(update={"route": other.tiers[2].route[1:]})
    changes = {"ladders": {**other.ladders, "all": steep}, "tiers": (*other.tiers[:2], hardest)}
    assert not any(
        "没有去处" in p.what for p in check(other.model_copy(update={"ladders": changes["ladders"]}))
    )
    found = [p for p in check(other.model_copy(update=changes)) if "没有去处" in p.what]
    assert [p.path for p in found] == ["ladders.all.rungs"]


def test_a_county_without_some_units_is_complete() -> None:
    small = policies.load(HERE / "dongshan.yaml")
    assert not {"police", "court", "justice", "petition", "mediation", "grid", "politics_law"} & {
        *small.units.roles
    }
    assert small.units.roles["applicant"] == "申请人"
    assert check(small) == []


def test_who_is_among_whom(policy: Policy) -> None:
    assert policy.among("新关镇人民政府", ["towns"])
    assert policy.among("十字街街道办事处", ["*街道*"])
    assert policy.among("市人社局", ["city"])
    assert not policy.among("县人社局", ["city", "towns", "police"])
    assert policy.units.same("新关镇网格员", "网格员")
    assert policy.units.same("网格员", "新关镇网格员")
    assert not policy.units.same("新关镇网格员", "水泉镇网格员")


# --- the search behind the check --------------------------------------------------------------------


def test_the_search_finds_a_matter_between_two_limits() -> None:
    many = Condition.model_validate({"fact": "headcount", "at_least": 3, "at_most": 29})
    crowd = Condition.model_validate({"fact": "headcount", "at_least": 30})
    found = find_matter([many], [crowd])
    assert found is not None
    assert 3 <= found["headcount"] <= 29
    assert find_matter([crowd], [many, crowd]) is None
    either = Condition.model_validate(
        {"any": [{"fact": "headcount", "at_least": 30}, {"fact": "strong_proof", "equals": True}]}
    )
    assert find_matter([crowd], [either]) is None
    both = Condition.model_validate(
        {"all": [{"fact": "headcount", "at_least": 30}, {"fact": "strong_proof", "equals": True}]}
    )
    assert find_matter([crowd], [both]) == {"headcount": 30, "strong_proof": False}
