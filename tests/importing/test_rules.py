"""The rules are data: another platform writes another file."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from importing.rules import HOTLINES, RulesError, load_rules, rules_of

from .exports import HEADERS, judge_file, ticket, write_xlsx


@pytest.fixture
def content() -> dict[str, Any]:
    return yaml.safe_load((HOTLINES / "pianguan.yaml").read_text(encoding="utf-8"))


def written(path: Path, content: Any) -> Path:
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return path


def test_another_platforms_column_names(tmp_path: Path, content: dict[str, Any]) -> None:
    content["columns"]["narrative"]["names"] = ["群众说了啥"]
    rules = load_rules(written(tmp_path / "x.yaml", content))
    headers = ["群众说了啥" if h == "诉求内容" else h for h in HEADERS]
    row = ticket()
    row["群众说了啥"] = row.pop("诉求内容")
    assert (
        judge_file(write_xlsx(tmp_path / "a.xlsx", [row], headers=headers), rules)[0]["outcome"] == "accept"
    )


def test_another_countys_home(tmp_path: Path, content: dict[str, Any]) -> None:
    content["places"]["home"] = ["河曲"]
    content["places"]["neighbours"] = ["偏关"]
    rules = load_rules(written(tmp_path / "x.yaml", content))
    rows = [ticket(被反映单位="河曲县守株待兔农场"), ticket(被反映单位="偏关县杞人忧天建材有限公司")]
    found = judge_file(write_xlsx(tmp_path / "a.xlsx", rows), rules)
    assert [row.get("code") for row in found] == [None, "N4"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda c: c.pop("columns"), "columns"),
        (lambda c: c["columns"].pop("ticket"), "ticket"),
        (lambda c: c["types"].pop("待遇享受"), "待遇享受"),
        (lambda c: c["kinds"].update(房贷="房"), "kinds"),
        (lambda c: c.update(repeat="(未闭合"), "repeat"),
        (lambda c: c.update(unknown=1), "unknown"),
    ],
)
def test_a_faulty_file_is_refused_naming_the_fault(
    tmp_path: Path, content: dict[str, Any], change: Any, said: str
) -> None:
    change(content)
    with pytest.raises(RulesError, match=said):
        load_rules(written(tmp_path / "x.yaml", content))


@pytest.mark.parametrize("text", ["- 一\n- 二\n", "a: [", "\x00"])
def test_what_is_no_rule_file_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RulesError):
        load_rules(path)
    with pytest.raises(RulesError):
        load_rules("没有这个县")


def test_the_rules_lie_beside_the_policy() -> None:
    assert rules_of("pianguan") == "pianguan"
    assert rules_of("some/folder/x.yaml") == Path("some/folder/hotline/x.yaml")
