"""What a county's administrator is told of a policy: what is unused, what will happen, how a file is written."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from typer.testing import CliRunner

from cli.app import app
from cli.output import Exit
from domain.policy import Policy
from domain.policy_dead import dead
from domain.policy_explain import explain_tier
from policies import PolicyError, load
from policies.plain_yaml import PlainLoader
from policies.schema import policy_schema
from tests.domain.test_policy_is_read import models
from tests.support.county import FILES, YUNXI, Tale

COUNTIES = ["pianguan", *(str(FILES / f"{name}.yaml") for name in ("qingshui", "dongshan", "yunxi"))]
ROOT = Path(__file__).parents[2]
CHINESE = re.compile("[\u4e00-\u9fff]")


def said(*words: str, code: int = Exit.OK) -> str:
    result = CliRunner().invoke(app, ["policy", *words], env={"COLUMNS": "200"})
    assert result.exit_code == code, (result.output, result.exception)
    return result.output


# --- what nothing uses -------------------------------------------------------------------------------------------

DEAD = [
    ("  sign: {", "  spare: {name: 备用, length: 1, unit: wd, ladder: work, tag: D, basis: 县办法}\n  sign: {",
     "clocks.spare", "时限“备用”"),
    ("  work:\n", "  spare:\n    rungs: [{alarm: 红牌, fraction: 1}]\n  work:\n", "ladders.spare", "预警阶梯“spare”"),
    ("    watch: 云溪县督查室", "    watch: 云溪县督查室\n    club: 云溪商会", "units.roles.club", "角色“club”（云溪商会）"),
    ("  接手回执: {", "  空白单: {issuer: actor, to: applicant, tag: S, basis: 县办法}\n  接手回执: {",
     "documents.空白单", "文书“空白单”"),
    ("  账上有据: {", "  下雨: {ask: 是否下雨}\n  账上有据: {", "facts.下雨", "自设的事实“下雨”（是否下雨）"),
    ("special_groups: []", "special_groups: [农民工]", "special_groups", "特殊人群名单"),
    ("    rank: 1\n", "    rank: 1\n    downgrade_approver: watch\n", "tiers.0.downgrade_approver", "最低等级的降级审批"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "place", "what"), DEAD)
def test_what_nothing_uses_is_named_and_hinders_nothing(
    tmp_path: Path, old: str, new: str, place: str, what: str
) -> None:
    text = (FILES / "yunxi.yaml").read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "county.yaml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    found = {p.path: p.what for p in dead(load(file))}
    assert found == {place: f"{what}没有用到"}
    told = json.loads(said("check", str(file), "--json"))
    assert (told["ok"], [p["path"] for p in told["unused"]]) == (True, [place])


@pytest.mark.parametrize("county", ["pianguan", str(FILES / "yunxi.yaml")])
def test_a_county_in_good_order_has_nothing_unused(county: str) -> None:
    assert dead(load(county)) == []
    assert "用不到" not in said("check", county)


def test_a_word_that_the_software_never_says_is_named(tmp_path: Path) -> None:
    text = (
        (FILES / "yunxi.yaml")
        .read_text(encoding="utf-8")
        .replace("  会商: 碰头", "  会商: 碰头\n  圆桌: 方桌")
    )
    file = tmp_path / "county.yaml"
    file.write_text(text, encoding="utf-8")
    assert [p["path"] for p in json.loads(said("check", str(file), "--json"))["unused"]] == ["words.圆桌"]


# --- what will happen --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("county", COUNTIES)
def test_every_tier_can_be_explained(county: str) -> None:
    policy = load(county)
    for tier in policy.tiers:
        lines = explain_tier(policy, tier)
        assert len([line for line in lines if re.match(r"第\d步 ", line)]) == len(tier.route)
        assert not [line for line in lines if re.search(r"[{}*]|\b[a-z]+_[a-z]+\b", line)], "no code in it"
        assert any(line.startswith("结案归档：") for line in lines)


def test_an_explanation_names_owners_clocks_and_papers() -> None:
    file = str(FILES / "yunxi.yaml")
    text = said("explain", "难", "--policy", file)
    assert (
        "第2步 报区会诊：区调解指导中心，再上报州调解指导处，区里回复 5个工作日（红牌），随附疑难呈报表"
        in text
    )
    assert "办理总时限：20日，自收件起算" in text
    assert "答复当事人即办结" in said("explain", "简", "--policy", file)
    assert "等级为：简、繁、难" in said("explain", "高", "--policy", file, code=Exit.USAGE)
    assert "何时：没有指标成立的" in explain_tier(YUNXI, YUNXI.tier("简"))


# --- how a file is written ---------------------------------------------------------------------------------------


def test_every_item_has_its_description_in_chinese() -> None:
    schema = policy_schema()
    described = {"Policy": schema, **schema["$defs"]}
    for model in models(Policy):
        fields: dict[str, Any] = described[model.__name__]["properties"]
        for name in model.model_fields:
            if name not in ("version", "id", "text", "docx") or name in fields:
                assert CHINESE.search(fields[name]["description"]), f"{model.__name__}.{name}"


@pytest.mark.parametrize("county", COUNTIES)
def test_a_good_file_fits_the_schema(county: str) -> None:
    path = ROOT / "policies" / "pianguan.yaml" if county == "pianguan" else Path(county)
    content = yaml.load(path.read_text(encoding="utf-8"), Loader=PlainLoader)
    jsonschema.validate(json.loads(json.dumps(content, default=str)), policy_schema())


def test_a_slip_does_not_fit_the_schema() -> None:
    content = yaml.load((FILES / "yunxi.yaml").read_text(encoding="utf-8"), Loader=PlainLoader)
    content["tiers"][0]["total_form"] = "receipt"
    with pytest.raises(jsonschema.ValidationError, match="total_form"):
        jsonschema.validate(json.loads(json.dumps(content, default=str)), policy_schema())
    assert json.loads(said("schema"))["title"] == "县级政策"


# --- every fault in one round ------------------------------------------------------------------------------------


def test_every_fault_is_told_in_one_round_each_at_its_line(tmp_path: Path) -> None:
    """What is loosened, what is miswritten and what does not hang together: nobody has to come again for the rest."""
    text = (FILES / "yunxi.yaml").read_text(encoding="utf-8")
    for old, new in (
        ("name: 分办, length: 1", "name: 分办, length: 一"),
        ("attempts: 2", "attemps: 2"),
        ("hub: 石桥镇调解工作室", "hub: 石桥工坊"),
        ("on: [hand_over]", "on: [hand_ovr]"),
        ("  移送告知书: {name: 转外地告知单}", "  移送告知书: {omit: true}"),
        ("{fact: own.账上有据, equals: false}", "{fact: own.账上有劲, equals: false}"),
        ("legal_review: {", "legal_revue: {"),
    ):
        assert old in text
        text = text.replace(old, new, 1)
    file = tmp_path / "county.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        load(file)
    lines = str(caught.value).splitlines()
    places = {re.findall(r"\[(.+?)\]", line)[0]: line for line in lines}
    assert set(places) == {
        "clocks.triage.length", "callback.attemps", "callback.attempts", "hubs.1.hub", "documents.接手回执.on",
        "documents.移送告知书.omit", "indicators.2.when", "clocks",
    }  # fmt: skip
    written = text.splitlines()
    for place, word in (
        ("hubs.1.hub", "石桥工坊"),
        ("clocks.triage.length", "分办"),
        ("indicators.2.when", "账上有劲"),
    ):
        number = int(re.findall(r"county.yaml:(\d+)", places[place])[0])
        assert word in written[number - 1]
    assert "是否为：hand_over" in places["documents.接手回执.on"]


# --- from an empty file ------------------------------------------------------------------------------------------


def test_a_new_county_has_a_whole_file_to_begin_with(tmp_path: Path) -> None:
    file = tmp_path / "new.yaml"
    file.write_text(said("new"), encoding="utf-8")
    assert json.loads(said("check", str(file), "--json"))["unused"] == []
    policy = load(file)
    assert [t.name for t in policy.tiers] == ["简单", "复杂"]
    claim = {"no": 1, "insurance": "养老", "regime": "职工", "type": "已申报未按时缴纳", "amount": 800}
    tale = Tale(policy, claims=[claim])
    hub, tax = policy.units.roles["center"], policy.units.roles["tax"]
    tale.do(hub, "triage_confirm", level="简单", path="主办直接办", lead=tax)
    tale.do(tax, "submit_opinion", conclusion="支持", recognised_amount=800).do(
        tax, "notify_party", result="应缴"
    )
    tale.do(tax, "payment_received", principal=800).close(hub)
    assert tale.d.is_over


def test_who_begins_with_nothing_is_told_what_to_write(tmp_path: Path) -> None:
    file = tmp_path / "new.yaml"
    file.write_text("", encoding="utf-8")
    assert "policy new" in said("check", str(file), code=Exit.DIFFERS)
    file.write_text("county: {name: 某县}\ncallbacks: {}\n", encoding="utf-8")
    text = said("check", str(file), code=Exit.DIFFERS)
    assert "[county.case_prefix] 缺少这一项；请补上（争议案号的前缀，如 偏社争）" in text
    assert "[tiers] 缺少这一项；请补上（等级，由低到高" in text
    assert "[callbacks] 没有这个键；是否为：callback" in text
