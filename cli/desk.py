"""An officer's desk: the inbox, and what can be done with a task."""

import uuid
from pathlib import Path
from typing import Annotated, Any, cast

import typer
from pydantic import ValidationError

from cli.matters import Json, find, read_yaml
from cli.output import Exit, fail, moment, out, print_json, table
from cli.remote import form_body, perform
from cli.session import is_demonstration, open_ledger, require_demonstration, with_office
from cli.signed_in import desk as desk_of
from cli.template import Action, chosen, verbs_at_hand
from cli.units import known_unit
from domain.actions import Act
from domain.dispute import Dispute
from domain.offers import Field, Offer
from domain.speaking import say
from domain.tasks import TASKS
from domain.wording import field_problems
from ledger import desk
from ledger.store import Ledger
from starter.office import Declined, forms
from starter.office.answers import answered
from starter.office.views import county_words

HINTS = 5
"""Commands that an inbox prints below its table."""

Task = Annotated[str, typer.Argument(help="任务，如 偏社争〔2026〕0001号/t3（见 inbox）")]
Who = Annotated[
    str | None,
    typer.Option("--as", help="只用于演示：单位/经办人，如 县税务局/郝建业；登录后不写，以本人岗位办理"),
]
File = Annotated[Path | None, typer.Option("--file", help="内容（YAML/JSON），样式见 template")]
Given = Annotated[list[str] | None, typer.Option("--set", help="逐项填写：字段=值，可多次；其余按建议值提交")]
ActionId = Annotated[str | None, typer.Option("--id", help="操作编号；同一编号重复提交只生效一次")]


def inbox(
    unit: Annotated[str, typer.Option("--unit", help="单位，如 县税务局")], as_json: Json = False
) -> None:
    """A unit's open tasks, the most urgent first, each with what to do next."""
    ledger = open_ledger(as_json=as_json)
    unit = known_unit(ledger, unit, as_json=as_json)
    rows, more = desk.inbox(ledger.engine, desk.Scope(unit))
    demonstration = is_demonstration(as_json=as_json)
    for row in rows:
        d = ledger.state(row["dispute_id"])
        at_hand = [o for o in verbs_at_hand(ledger, d, unit) if o.task == row["task_id"]]
        row["title"], row["stage"] = d.say(row["title"]), d.say(row["stage"])
        row["next"] = [{"kind": o.kind, "verb": o.verb} for o in at_hand]
        row["command"] = (
            forms.command(d.case_no, at_hand[0], unit, demonstration=demonstration) if at_hand else None
        )
    if as_json:
        print_json(rows)
        return
    shown = f"最急的 {len(rows)} 项" if more else len(rows)
    table(f"{unit} 收件箱（{shown}）", ["任务", "事项", "阶段", "等级", "经办人", "签收", "期限", "下一步"],
          [[f"{r['case_no']}/{r['task_id']}", r["title"], r["stage"], r["level"], r["officer"],
            moment(r["signed_at"]), moment(r["due_at"]), "、".join(n["verb"] for n in r["next"][:3])]
           for r in rows])  # fmt: skip
    for row in [r for r in rows if r["command"]][:HINTS]:
        out.print(f"{row['title']}：{row['command']}", highlight=False, soft_wrap=True, markup=False)


def acting(text: str, as_json: bool) -> tuple[str, str]:
    """Unit and officer of ``--as``; leaves with a clear message when it cannot be read, or the office is no demonstration's."""
    require_demonstration(as_json=as_json)
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
        act = Act.model_validate(
            {
                "id": action_id or f"cli-{uuid.uuid4()}",
                "unit": unit,
                "officer": officer,
                "task": task,
                "body": body,
            }
        )
    except ValidationError as error:
        problems = field_problems(error, Act)
        text = "\n".join(f"  {p['field']}：{p['reason']}" for p in problems)
        text = say(county_words(open_ledger(as_json=as_json)), text)
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
        return
    stage = say(county_words(open_ledger()), receipt.stage or "")
    out.print(f"已办理。{receipt.case_no} 现为 [bold]{stage}[/bold]，最近期限 {moment(receipt.next_due)}")
    _say_next(case)


def _say_next(case: str) -> None:
    """Whose turn it is now, and what they type."""
    ledger = open_ledger()
    d = ledger.state(find(ledger, case))
    for task in d.open_tasks():
        at_hand = [o for o in verbs_at_hand(ledger, d, task.unit) if o.task == task.id]
        further = [o for o in at_hand if o.kind in ("sign_for", *TASKS[task.kind].done_by)]
        if further:
            typed = forms.command(d.case_no, further[0], task.unit, demonstration=True)
            text = f"下一步 {task.unit} {d.say(task.title)}：{typed}"
            out.print(text, highlight=False, soft_wrap=True, markup=False)


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


def _filled(
    ledger: Ledger,
    d: Dispute,
    who: str,
    task: str | None,
    action: str | None,
    file: Path | None,
    given: list[str],
    as_json: bool,
) -> dict[str, Any]:
    """The form as it is sent: the file's content, else the suggestions with the answers given over them."""
    content = _content(file, as_json)
    action = action or content.get("kind")
    if file and not given:
        if action is None:
            unit = known_unit(ledger, acting(who, as_json)[0], as_json=as_json)
            action = chosen(ledger, d, unit, task, None, as_json=as_json)[0].kind
        return {**content, "kind": action}
    unit = known_unit(ledger, acting(who, as_json)[0], as_json=as_json)
    offer, fields = chosen(ledger, d, unit, task, action, as_json=as_json)
    try:
        body = answered(fields, given) | {k: v for k, v in content.items() if k != "kind"}
    except ValueError as error:
        fail(Exit.USAGE, str(error), as_json=as_json)
    if not as_json:
        _say_what(offer, fields, body)
    return {"kind": offer.kind, **body}


def _say_what(offer: Offer, fields: list[Field], body: dict[str, Any]) -> None:
    said = [f"  {f.title}：{forms.said(f, body[f.name])}" for f in fields if f.name in body]
    out.print("\n".join([f"{offer.verb}：", *said]), highlight=False, markup=False)


def _signed_in(
    case: str,
    task: str | None,
    action: str | None,
    file: Path | None,
    given: list[str],
    action_id: str | None,
    as_json: bool,
) -> None:
    """The same by the desk's API, as whoever is signed in there."""
    at = desk_of(as_json=as_json)
    content = _content(file, as_json)
    action = action or content.get("kind")
    if file and not given and action:
        body = {**content, "kind": action}
    else:
        body = form_body(at, case, task, action, given, as_json)
        body |= {k: v for k, v in content.items() if k != "kind"}
    perform(at, case, body, task, action_id, as_json)


def sign(task: Task, who: Who = None, action_id: ActionId = None, as_json: Json = False) -> None:
    """签收."""
    case, number = _split(task, as_json)
    if who is None:
        perform(desk_of(as_json=as_json), case, {"kind": "sign_for"}, number, action_id, as_json)
        return
    _perform(case, who, {"kind": "sign_for"}, task=number, action_id=action_id, as_json=as_json)


def complete(
    task: Task,
    who: Who = None,
    file: File = None,
    given: Given = None,
    action: Action = None,
    action_id: ActionId = None,
    as_json: Json = False,
) -> None:
    """办理."""
    case, number = _split(task, as_json)
    if who is None:
        _signed_in(case, number, action, file, given or [], action_id, as_json)
        return
    ledger = open_ledger(as_json=as_json)
    d = ledger.state(find(ledger, case, as_json=as_json))
    if number not in d.tasks:
        fail(Exit.NOT_FOUND, f"{d.case_no} 没有任务 {number}", as_json=as_json)
    body = _filled(ledger, d, who, number, action, file, given or [], as_json)
    _perform(d.case_no, who, body, task=number, action_id=action_id, as_json=as_json)


def act(
    case: Annotated[str, typer.Argument(help="案号（或其序号，如 0002）、渠道单号")],
    kind: Annotated[str, typer.Argument(help="操作，见 template --list")],
    who: Who = None,
    file: File = None,
    given: Given = None,
    action_id: ActionId = None,
    as_json: Json = False,
) -> None:
    """Any action on a matter."""
    if who is None:
        _signed_in(case, None, kind, file, given or [], action_id, as_json)
        return
    ledger = open_ledger(as_json=as_json)
    d = ledger.state(find(ledger, case, as_json=as_json))
    body = _filled(ledger, d, who, None, kind, file, given or [], as_json)
    _perform(d.case_no, who, body, task=None, action_id=action_id, as_json=as_json)
