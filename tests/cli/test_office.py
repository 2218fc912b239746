"""An office brought up by ``fengqiao up`` and worked from the command line alone, as its users would."""

import json
import os
import signal
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import psutil
import pytest

from domain.actions import FORMS
from domain.words import SHANGHAI
from tests.support.up import Up

PASSWORD = "Qing-Tian-2026"

TICKET: dict[str, Any] = {
    "channel": "12345热线",
    "received_by": "县综治中心",
    "source_no": "CLI-0001",
    "received_at": datetime.now(SHANGHAI).isoformat(),
    "applicant": {"name": "测试乙", "phone": "19900000002"},
    "respondents": [{"name": "偏关县测试铁器厂"}],
    "narrative": "三个月失业保险费已申报未缴。",
    "claims": [{"no": 1, "insurance": "失业", "regime": "职工", "type": "已申报未按时缴纳", "amount": "900"}],
    "indicators": {"labour_relation": "明确", "strong_proof": True, "respondent_cooperative": True},
}


REGISTRAR = ("--as", "县综治中心/登记员")


@pytest.fixture(scope="module")
def up(temporal_program: Path) -> Iterator[Up]:
    """``temporal_program``: a fresh machine builds it once, which takes longer than an office may take to start."""
    with tempfile.TemporaryDirectory(prefix="fengqiao-cli-") as folder:
        office = Up(Path(folder), "up", "--port", "0")
        try:
            yield office
        finally:
            office.stop()


def test_an_empty_office_says_what_can_be_done_there_and_in_which_folder(up: Up) -> None:
    said = up.wait_printed("inbox --unit 县综治中心")
    for command in ("register samples/登记示例.yaml", "import ", "inbox "):
        assert f"FENGQIAO_HOME={up.home} .venv/bin/fengqiao {command}" in said
    assert "fengqiao show" not in said
    assert up.run("list") == {"matters": [], "more": False}


def test_the_first_administrator_opens_an_account_by_a_link_that_is_good_once(up: Up) -> None:
    said = up.wait_printed("/founding?slip=")
    assert "口令" not in said
    link = urlsplit(next(word for word in said.split() if "/founding?slip=" in word))
    assert f"办案平台  http://{link.netloc}" in said
    own = {"Origin": f"http://{link.netloc}"}
    slip = {"slip": parse_qs(link.query)["slip"][0], "login": "first", "name": "测试丙"}
    with httpx.Client(base_url=f"http://{link.netloc}/api/v1", headers=own, trust_env=False) as browser:
        weak = browser.post("/founding", json={**slip, "password": "短"})
        assert (weak.status_code, weak.json()["field"]) == (422, "password")
        page = browser.get(link.geturl())
        assert "您是第一位账号管理员" in page.text
        differ = browser.post(
            f"http://{link.netloc}/founding", data={**slip, "password": PASSWORD, "again": "x"}
        )
        assert (differ.status_code, "两次输入的口令不一样" in differ.text) == (422, True)
        chosen = {**slip, "password": PASSWORD, "again": PASSWORD}
        done = browser.post(f"http://{link.netloc}/founding", data=chosen)
        assert (done.status_code, done.headers["location"]) == (303, "/sign-in")
        again = browser.post("/founding", json={**slip, "login": "second", "password": PASSWORD})
        assert (again.status_code, again.json()["code"]) == (403, "not_granted")
        assert browser.post("/session", json={"login": "first", "password": PASSWORD}).status_code == 201
        assert [p["role"] for p in browser.get("/me").json()["posts"]] == ["administrator"]


LOW_RISK = (
    ("complete {}/t1 --as 县综治中心/初审员 --set 了解到的情况=电话核实与所述一致", "直办"),
    (
        "complete {}/t2 --action issue_disposition --as 县税务局/经办甲 --set 结论=支持 --set 处理方式=责令限期缴纳 "
        "--set 滞纳金=自欠缴之日起按日万分之五另计 --set 查明的事实=已申报未缴 --set 法律依据=社会保险法第六十条",
        "处置意见",
    ),
    ("complete {}/t3 --as 县税务局/经办甲 --set 告知对象=申请人 --set 告知方式=书面送达", "执行中"),
    ("complete {}/t4 --as 县税务局/经办甲 --set 当事人意见=认可 --set 是否仍有风险=否", "执行中"),
    (
        "complete {}/t5 --as 县税务局/经办甲 --set 滞纳金=13.50 --set 款项去向=缴入社会保险基金 "
        "--set 征收方式=本县税务机关",
        "待回访",
    ),
    (
        "complete {}/t6 --as 县综治中心/回访员 --set 回访方式=电话 --set q1_received=收到 --set q2_solved=全部解决 "
        "--set q3_fulfilled=已落实 --set q4_speed=满意 --set q5_attitude=满意 --set q6_result=满意 "
        "--set q7_process=基本满意 --set q8_topics=无",
        "待回访",
    ),
    ("complete {}/t7 --as 县综治中心/承办员 --set 结案意见=同意结案", "办结"),
    ("complete {}/t8 --as 县综治中心/档案员 --set 密级=内部", "归档"),
)
"""A low-risk dispute after its registration, a line per command, no file to be written; and its stage after each."""


def test_a_low_risk_dispute_takes_nine_commands_without_a_file(up: Up) -> None:
    receipt = up.run("register", up.file("ticket.yaml", TICKET), *REGISTRAR)
    case = receipt["case_no"]
    again = up.run("register", up.file("ticket.yaml", TICKET), *REGISTRAR)
    assert (receipt["known_before"], again["known_before"], again["case_no"]) == (False, True, case)
    assert f"此前已登记为 {case}" in up.text("register", up.file("ticket.yaml", TICKET), *REGISTRAR)
    for line, stage in LOW_RISK:
        assert up.run(*line.format(case).split())["stage"] == stage, line
    shown = up.run("show", case)
    assert (shown["stage"], shown["applicant"]) == ("归档", "测**")
    assert "测试乙" not in up.text("show", case)
    assert (shown["events"][0]["unit"], shown["events"][0]["officer"]) == ("县综治中心", "登记员")


def test_every_command_says_whose_turn_it_is_and_what_they_type(up: Up) -> None:
    second = up.file("second.yaml", {**TICKET, "source_no": "CLI-0002"})
    case = up.run("register", second, *REGISTRAR)["case_no"]
    row = next(r for r in up.run("inbox", "--unit", "县综治中心") if r["case_no"] == case)
    assert row["next"][0] == {"kind": "accept_case", "verb": "受理并派单"}
    form = up.run("template", f"{case}/t1")
    assert {f["name"]: f["suggested"] for f in form["fields"]}["lead"] == "县税务局"
    said = up.text(
        "complete", f"{case}/t1", "--as", "县综治中心/初审员", "--set", "了解到的情况=电话核实与所述一致"
    )
    assert f"下一步 县税务局 主办：fengqiao sign {case}/t2 --as 县税务局/<经办人>" in said


def test_what_the_tasks_ask_for_between_signing_and_deciding(up: Up) -> None:
    task, tax, center = "CLI-0002/t2", ("--as", "县税务局/经办甲"), ("--as", "县综治中心/初审员")
    up.run("sign", task, *tax)
    assert up.run("sign", task, "--as", "县税务局/经办乙", code=1)["code"] == "already_signed"
    form = up.run("template", task, "--action", "request_extension")
    clock = next(f for f in form["fields"] if f["name"] == "clock")["choices"][0]["value"]
    asked = up.file("extension.yaml", EXTENSION | {"clock": clock})
    up.run("complete", task, *tax, "--file", asked)
    extension = next(t for t in up.run("inbox", "--unit", "县综治中心") if t["title"].startswith("延期审批"))
    up.run("complete", f"CLI-0002/{extension['task_id']}", *center, "--set", "decision=同意")
    assert any("延期" in line for clock in up.run("why", "CLI-0002") for line in clock["receipt"])


def test_nobody_registers_for_another_unit(up: Up) -> None:
    ticket = up.file("third.yaml", {**TICKET, "source_no": "CLI-0009"})
    assert up.run("register", ticket, "--as", "县税务局/经办甲", code=2)["field"] == "received_by"
    assert up.run("show", "CLI-0009", code=5)["ok"] is False


MATERIAL = ("--set", "given_by=申请人", "--set", "name=工资流水")
EXTENSION = {
    "kind": "request_extension",
    "span": "5工作日",
    "reason_code": "案情复杂",
    "explanation": "需向开户行核对",
}


def test_wrong_input_names_the_field_and_loses_nothing(up: Up) -> None:
    before = up.run("inbox", "--unit", "县综治中心")
    wrong = {**TICKET, "source_no": "CLI-0003", "channel": "飞鸽传书", "received_at": "昨天"}
    said = up.run("register", up.file("wrong.yaml", wrong), code=2)
    assert {f["field"] for f in said["fields"]} == {"channel", "received_at"}
    to_come = {"claims": [{"no": 1, "insurance": "失业", "period": {"to": "2130-01"}}]}
    said = up.run(
        "register", up.file("later.yaml", {**TICKET, "source_no": "CLI-0003"} | to_come), *REGISTRAR, code=1
    )
    assert said["code"] == "period_to_come"
    assert up.run("inbox", "--unit", "县综治中心") == before
    assert up.run("show", "没有这件", code=5)["ok"] is False
    assert up.run("sign", "没有案号", "--as", "县税务局/甲", code=2)["ok"] is False


def test_every_verb_is_listed_with_its_basis(up: Up) -> None:
    listed = up.run("template", "--list")
    assert {row["kind"] for row in listed} == {kind for kind, form in FORMS.items() if not form.internal}
    assert all(row["basis"] for row in listed)


def test_what_is_not_at_hand_is_told_with_what_is(up: Up) -> None:
    said = up.run("act", "CLI-0002", "close_case", "--as", "县综治中心/初审员", code=1)
    assert "现在可以办理" in said["error"]
    said = up.run("complete", "CLI-0002/t2", "--as", "县税务局/甲", "--set", "结伦=支持", code=2)
    assert "没有“结伦”这一项" in said["error"]


def test_the_books_are_kept(up: Up) -> None:
    assert up.run("ledger", "verify")["broken"] == []
    assert up.run("ledger", "rebuild")["disputes"] >= 1
    assert up.run("ledger", "verify")["broken"] == []
    assert up.run("ledger", "export", up.home / "台账.xlsx")["rows"] >= 1


def test_a_server_that_is_killed_is_started_again_and_the_office_goes_on(up: Up) -> None:
    before = len(up.run("show", "CLI-0002")["events"])
    for name in ("PostgreSQL", "Temporal"):
        pid = json.loads((up.home / "run" / f"{name}.json").read_text(encoding="utf-8"))["pid"]
        os.kill(pid, signal.SIGKILL)
        up.wait_printed(f"{name} 已重启，恢复服务")
        up.run("act", "CLI-0002", "receive_material", "--as", "县综治中心/初审员", *MATERIAL)
    assert len(up.run("show", "CLI-0002")["events"]) > before
    assert up.run("ledger", "verify")["broken"] == []
    assert up.process.poll() is None


def test_data_survive_a_restart_and_ctrl_c_stops_all_that_was_started(up: Up) -> None:
    before = up.run("show", "CLI-0002")
    children = up.children()
    assert len(children) >= 2
    many = {**TICKET, "source_no": "CLI-0009", "applicant": {"name": "测试乙", "headcount": 600}}
    odd = up.run("register", up.file("many.yaml", many), *REGISTRAR)["cautions"]
    assert [caution["field"] for caution in odd] == ["applicant.headcount"]
    assert "请再核对：人数是 600 人" in up.text("register", up.file("many.yaml", many), *REGISTRAR)
    assert up.stop() == 0
    _, alive = psutil.wait_procs(children, timeout=20)
    assert alive == []
    up.restart()
    said = up.wait_printed("fengqiao show 偏社争")
    assert "/founding" not in said, "the office has its administrator"
    after = up.run("show", "CLI-0002")
    assert after["events"] == before["events"]
    words = (
        "--set",
        "结论=支持",
        "--set",
        "处理方式=责令限期缴纳",
        "--set",
        "facts=属实",
        "--set",
        "ground=第六十条",
    )
    fee = ("--set", "late_fee=由税务机关另行核定")
    up.run(
        "complete", "CLI-0002/t2", "--action", "issue_disposition", "--as", "县税务局/经办甲", *words, *fee
    )
