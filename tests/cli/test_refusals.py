"""What a mistaken command is told: in Chinese, what is wrong and what to do, with the exit code for it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.app import app
from cli.output import Exit
from ledger.store import Ledger

SAMPLE = Path(__file__).parents[2] / "samples" / "01_low_direct.yaml"


def run(*words: str | Path, code: int = Exit.USAGE) -> Result:
    result = CliRunner().invoke(app, [str(word) for word in words])
    assert result.exit_code == code, (result.output, result.exception)
    return result


def test_an_export_into_no_folder_names_the_folder(kept: Ledger, tmp_path: Path) -> None:
    missing = tmp_path / "没有"
    said = run("ledger", "export", missing / "x.xlsx").stderr
    assert f"没有文件夹 {missing}" in said
    assert json.loads(run("ledger", "export", missing / "x.xlsx", "--json").stdout)["ok"] is False


def test_an_export_onto_a_folder_asks_for_a_file(kept: Ledger, tmp_path: Path) -> None:
    assert "是文件夹" in run("ledger", "export", tmp_path).stderr
    assert list(tmp_path.iterdir()) == []


def test_an_export_that_cannot_be_written_says_so(kept: Ledger, tmp_path: Path) -> None:
    long = tmp_path / ("台账" * 100 + ".xlsx")  # longer than any file's name may be
    assert "未导出" in run("ledger", "export", long).stderr


def test_an_inbox_of_no_unit_is_refused_with_the_nearest_names(kept: Ledger) -> None:
    said = run("inbox", "--unit", "县水务").stderr
    assert "没有名为“县水务”的单位" in said
    assert "县税务局" in said
    assert json.loads(run("inbox", "--unit", "县水务", "--json").stdout)["ok"] is False


@pytest.mark.parametrize("unit", ["县税务局", "tax", "新关镇综治中心", "申请人"])
def test_an_inbox_of_a_unit_may_be_empty(kept: Ledger, unit: str) -> None:
    assert json.loads(run("inbox", "--unit", unit, "--json", code=Exit.OK).stdout) == []


def test_a_search_that_finds_nobody_says_so(kept: Ledger) -> None:
    assert "没有查到" in run("search", "--name", "无此人", code=Exit.OK).stdout
    assert json.loads(run("search", "--name", "无此人", "--json", code=Exit.OK).stdout) == []


def test_a_story_is_read_before_anything_is_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    monkeypatch.setenv("FENGQIAO_HOME", str(home))
    missing, broken = tmp_path / "没有.yaml", tmp_path / "坏的.yaml"
    broken.write_text("id: x\nscript: [", encoding="utf-8")
    wrong = tmp_path / "错的.yaml"
    wrong.write_text(
        SAMPLE.read_text(encoding="utf-8").replace("action: claim", "action: clam"), encoding="utf-8"
    )
    said = run("play", SAMPLE, missing, broken, wrong).stderr
    assert f"{missing}：没有这个文件" in said
    assert f"{broken}：第 2 行" in said
    assert f"{wrong}：第 2 步：没有动作“clam”" in said
    assert not home.exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["lst"], "没有命令 lst，是否为：list"),
        (["飞"], "没有命令 飞"),
        (["ledger", "verfy"], "没有命令 verfy，是否为：verify"),
        (["list", "--stge", "归档"], "没有选项 --stge，是否为：--stage"),
        (["list", "--zzz"], "没有选项 --zzz"),
        (["--zzz"], "没有选项 --zzz"),
        (["inbox"], "缺少选项 --unit（单位，如 县税务局）"),
        (["inbox", "--unit"], "选项 --unit 后面须写内容"),
        (["show"], "缺少 case（案号、渠道单号）"),
        (["show", "一", "二"], "多写了 二"),
        (["list", "--open=是"], "选项 --open 后面不写内容"),
        (["list", "--kind", "案件"], "--kind 应为以下之一：争议、线索（类别）"),
        (["list", "--limit", "十"], "--limit 须为整数（最多列出几件）"),
        (["keys", "make"], "缺少 folder"),
    ],
)
def test_a_command_that_cannot_be_read_is_answered_in_chinese(words: list[str], said: str) -> None:
    told = run(*words).stderr.strip()
    assert told.startswith(f"{said}。用法见 "), told
    assert "--help" in told
    assert json.loads(run(*words[:1], "--json", *words[1:]).stdout)["ok"] is False


@pytest.mark.parametrize("words", [[], ["ledger"], ["--help"], ["list", "--help"]])
def test_help_is_still_help(words: list[str]) -> None:
    result = CliRunner().invoke(app, words)
    assert "Usage:" in result.output
