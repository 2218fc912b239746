"""An officer's desk: the inbox, and what can be done with a task."""

import uuid
from pathlib import Path
from typing import Annotated, Any, cast

import typer
from pydantic import ValidationError

from cli.matters import Json, find, read_yaml
from cli.output import Exit, fail, moment, out, print_json, table
from cli.session import open_ledger, with_office
from cli.template import REGISTRATION, TASK_ACTIONS, kinds, registration_form, template
from cli.units import known_unit
from domain.actions import ACTION, Act
from domain.wording import field_problems
from ledger import queries
from starter.office import Declined

Task = Annotated[str, typer.Argument(help="任务，如 偏社争〔2026〕0001号/t3（见 inbox）")]
Who = Annotated[str, typer.Option("--as", help="以谁的名义：单位/经办人，如 县税务局/郝建业")]
File = Annotated[Path | None, typer.Option("--file", help="内容（YAML/JSON），样式见 template")]
ActionId = Annotated[str | None, typer.Option("--id", help="操作编号；同一编号重复提交只生效一次")]


def inbox(
    unit: Annotated[str, typer.Option("--unit", help="单位，如 县税务局")], as_json: Json = False
) -> None:
    """A unit's open tasks, the most urgent first."""
    ledger = open_ledger(as_json=as_json)
    unit = known_unit(ledger, unit, as_json=as_json)
    rows = queries.inbox(ledger.engine, unit)
    if as_json:
        print_json(rows)
        return
    table(f"{unit} 收件箱（{len(rows)}）", ["任务", "事项", "阶段", "等级", "经办人", "签收", "期限"],
          [[f"{r['case_no']}/{r['task_id']}", r["title"], r["stage"], r["level"], r["officer"],
            moment(r["signed_at"]), moment(r["due_at"])] for r in rows])  # fmt: skip


def acting(text: str, as_json: bool) -> tuple[str, str]:
    """Unit and officer of ``--as``; leaves with a clear message when it cannot be read."""
    unit, _, officer = text.partition("/")
    if not unit or not officer:
        fail(Exit.USAGE, "--as 须写成 单位/经办人，如 县税务局/郝建业", as_json=as_json)
    return unit, officer


def _perform(
    case: str, who: str, body: dict[str, Any], *, task: str | None, action_id: str | None, as_json: bool
) -> None:
    unit, officer = acting(who, as_json)
    matter = find(open_ledger(as_json=as_json), case, as_json=as_json)
    try:
        act = Act(
            id=action_id or f"cli-{uuid.uuid4()}",
            unit=unit,
            officer=officer,
            task=task,
            body=ACTION.validate_python(body),
        )
    except ValidationError as error:
        problems = field_problems(error)
        text = "\n".join(f"  {p['field']}：{p['reason']}" for p in problems)
        fail(Exit.USAGE, f"填写有误，未提交：\n{text}", as_json=as_json, fields=problems)
    try:
        receipt = with_office(lambda office, ledger: office.act(matter, act), as_json=as_json)
    except Declined as refusal:
        if refusal.code == "busy":
            text = f"{refusal}（--id {act.id}）"
            fail(Exit.UNREACHABLE, text, as_json=as_json, code=refusal.code, action_id=act.id)
        fail(Exit.DECLINED, f"未办理：{refusal}", as_json=as_json, code=refusal.code, field=refusal.field)
    if as_json:
        print_json({"ok": True, "action_id": act.id, **receipt.model_dump(mode="json")})
    else:
        out.print(
            f"已办理。{receipt.case_no} 现为 [bold]{receipt.stage}[/bold]，最近期限 {moment(receipt.next_due)}"
        )


def _split(task: str, as_json: bool) -> tuple[str, str]:
    case, _, number = task.rpartition("/")
    if not case:
        fail(Exit.USAGE, "任务须写成 案号/任务号，如 偏社争〔2026〕0001号/t3", as_json=as_json)
    return case, number


def _content(file: Path | None, as_json: bool) -> dict[str, Any]:
    content: Any = read_yaml(file, as_json=as_json) if file else {}
    if not isinstance(content, dict):
        fail(Exit.USAGE, f"{file} 须是一份对照表（字段: 内容）", as_json=as_json)
    return cast("dict[str, Any]", content)


def sign(task: Task, who: Who, action_id: ActionId = None, as_json: Json = False) -> None:
    """签收."""
    case, number = _split(task, as_json)
    _perform(case, who, {"kind": "claim"}, task=number, action_id=action_id, as_json=as_json)


def complete(
    task: Task,
    who: Who,
    file: File = None,
    action: Annotated[str | None, typer.Option("--action", help="动作，默认按任务种类")] = None,
    action_id: ActionId = None,
    as_json: Json = False,
) -> None:
    """办理."""
    case, number = _split(task, as_json)
    content = _content(file, as_json)
    ledger = open_ledger(as_json=as_json)
    state = ledger.state(find(ledger, case, as_json=as_json))
    if number not in state.tasks:
        fail(Exit.NOT_FOUND, f"{state.case_no} 没有任务 {number}", as_json=as_json)
    kind = action or content.get("kind") or TASK_ACTIONS[state.tasks[number].kind]
    _perform(case, who, {**content, "kind": kind}, task=number, action_id=action_id, as_json=as_json)


def send_back(
    task: Task,
    who: Who,
    reason: Annotated[str, typer.Option("--reason", help="退单理由")],
    reason_code: Annotated[str | None, typer.Option("--code", help="理由分类")] = None,
    to: Annotated[str | None, typer.Option("--to", help="建议改派单位")] = None,
    action_id: ActionId = None,
    as_json: Json = False,
) -> None:
    """退单."""
    case, number = _split(task, as_json)
    body = {"kind": "return", "reason": reason, "reason_code": reason_code, "suggested_unit": to}
    _perform(case, who, body, task=number, action_id=action_id, as_json=as_json)


def extend(
    task: Task,
    who: Who,
    days: Annotated[str, typer.Option("--days", help="如 5工作日、15天")],
    reason: Annotated[str, typer.Option("--reason", help="理由")],
    action_id: ActionId = None,
    as_json: Json = False,
) -> None:
    """延期申请."""
    case, _ = _split(task, as_json)
    body = {"kind": "request_extension", "days": days, "reason": reason}
    _perform(case, who, body, task=None, action_id=action_id, as_json=as_json)


def transfer(
    task: Task,
    who: Who,
    to: Annotated[str, typer.Option("--to", help="接办人")],
    action_id: ActionId = None,
    as_json: Json = False,
) -> None:
    """转办."""
    case, number = _split(task, as_json)
    _perform(
        case, who, {"kind": "transfer", "to_officer": to}, task=number, action_id=action_id, as_json=as_json
    )


def supervise(
    case: Annotated[str, typer.Argument(help="案号")],
    who: Who,
    reason: Annotated[str, typer.Option("--reason", help="督办事由")],
    action_id: ActionId = None,
    as_json: Json = False,
) -> None:
    """督办."""
    _perform(
        case, who, {"kind": "supervise", "reason": reason}, task=None, action_id=action_id, as_json=as_json
    )


def act(
    case: Annotated[str, typer.Argument(help="案号、渠道单号")],
    kind: Annotated[str, typer.Argument(help="动作，见 template --list")],
    who: Who,
    file: File = None,
    action_id: ActionId = None,
    as_json: Json = False,
) -> None:
    """Any action on a matter."""
    content = _content(file, as_json)
    _perform(case, who, {**content, "kind": kind}, task=None, action_id=action_id, as_json=as_json)


def show_template(
    kind: Annotated[str | None, typer.Argument(help="动作，如 submit_opinion；register 为登记表")] = None,
    everything: Annotated[bool, typer.Option("--list", help="列出全部动作")] = False,
    as_json: Json = False,
) -> None:
    """A form."""
    if everything or kind is None:
        print_json(kinds()) if as_json else out.print("\n".join(kinds()))
        return
    if kind != REGISTRATION and kind not in kinds():
        fail(Exit.NOT_FOUND, f"没有动作 {kind}；fengqiao template --list 列出全部", as_json=as_json)
    text = registration_form() if kind == REGISTRATION else template(kind)
    print_json({"kind": kind, "template": text}) if as_json else typer.echo(text, nl=False)
