"""register, show, why: one matter and what is known of it."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml
from rich.markup import escape

from cli.output import Exit, fail, moment, out, print_json, table
from cli.session import open_ledger
from domain.dispute import Dispute
from domain.due import due_of
from domain.words import SHANGHAI
from ledger.store import Ledger
from starter.office.views import (
    TOLD,
    Veil,
    about,
    applicant,
    business_now,
    card_status,
    receipts,
    remedies_told,
    summary,
    told,
    veil_over,
)
from starter.yaml_file import load_yaml, unread

Json = Annotated[bool, typer.Option("--json", help="输出 JSON")]


def read_yaml(file: Path, *, as_json: bool = False) -> Any:
    """A YAML or JSON file's content; leaves with a clear message when it cannot be read."""
    try:
        return load_yaml(file)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        fail(Exit.USAGE, f"读不出文件 {file}：{unread(error)}", as_json=as_json)


def find(ledger: Ledger, ref: str, *, as_json: bool = False) -> str:
    """The matter by id, case number or source number."""
    matter = ledger.find(ref)
    if matter is None:
        fail(Exit.NOT_FOUND, f"没有找到案件 {ref}（可用案号、渠道单号）", as_json=as_json)
    return matter


def read_moment(text: str | None, *, as_json: bool) -> datetime | None:
    """A day or moment as an officer writes it, Asia/Shanghai; leaves with a clear message when it is none."""
    if text is None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        fail(Exit.USAGE, f"看不懂时间“{text}”，请写成 2026-09-03 或 2026-09-03T09:00", as_json=as_json)
    return at if at.tzinfo else at.replace(tzinfo=SHANGHAI)


def show(
    case: Annotated[str, typer.Argument(help="案号、渠道单号")],
    at: Annotated[str | None, typer.Option("--at", help="当时的样子，如 2026-09-20")] = None,
    everything: Annotated[bool, typer.Option("--all", help="列出全部事件，含期限、任务、文书")] = False,
    as_json: Json = False,
) -> None:
    """One matter: how it stands, or stood."""
    ledger = open_ledger(as_json=as_json)
    matter = find(ledger, case, as_json=as_json)
    then = read_moment(at, as_json=as_json)
    d = ledger.state(matter, at=then)
    events = ledger.events(matter, until=then)
    if not d.version:
        fail(Exit.NOT_FOUND, "当时尚未登记", as_json=as_json)
    veil = veil_over(ledger, d)
    if as_json:
        print_json(summary(d, veil) | {"events": [told(e, veil) for e in events]})
        return
    _print(d, veil)
    table("经过", ["序", "时间", "单位", "经办人", "事项"],
          [[e.seq, moment(e.at), e.unit, veil.officer(e), veil.tell(e)] for e in events
           if everything or e.fact.type in TOLD])  # fmt: skip


def _print(d: Dispute, veil: Veil) -> None:
    out.print(f"[bold]{d.case_no}[/bold]  {d.kind}  {veil.say(f'{d.stage}  风险 ')}{d.level or d.suggested or '未定'}"
              f"  申请人 {applicant(d)}")  # fmt: skip
    out.print("经过阶段：" + veil.say(" → ".join(v.stage for v in d.route_taken)))
    if d.triggers:
        out.print(veil.say("风险指标：") + "、".join(veil.text(t.text) for t in d.triggers))
    if d.duplicates:
        out.print("疑似重复：" + "、".join(f"{h.case_no}（{'、'.join(h.basis)}）" for h in d.duplicates))
    if d.facts.proposal:
        out.print(f"登记时的提示（由初审决定）：{escape(veil.text(d.facts.proposal))}", highlight=False)
    if d.lead is None and d.suggested_lead:
        helping = f"，协办 {'、'.join(d.suggested_co)}" if d.suggested_co else ""
        out.print(f"建议主办 {d.suggested_lead}{helping}")
    if d.lead:
        out.print(f"主办 {d.lead}" + (f"，协办 {'、'.join(d.co)}" if d.co else ""))
    _print_about(d, veil)
    table("待办", ["任务", "事项", "单位", "经办人", "签收", "期限"],
          [[f"{d.case_no}/{t.id}", veil.say(t.title), t.unit, t.officer, moment(t.signed_at),
            moment(due_of(d, t))] for t in d.open_tasks()])  # fmt: skip
    if d.documents:
        table(
            "文书",
            ["文号", "名称", "出具", "送达"],
            [[p.number, p.name, p.issuers, p.to] for p in d.documents],
        )
    if d.cards:
        table(
            veil.say("黄牌、红牌"),
            ["张", "牌", "单位", "时限", "时间", "现状"],
            [
                [c.no, veil.say(c.card), c.unit, veil.say(c.name), moment(c.at), veil.say(card_status(c))]
                for c in d.cards
            ],
        )
    for open_ in remedies_told(d, veil):
        out.print(
            f"[bold]{veil.say('救济途径')}[/bold]（{open_['paper']}，{open_['issuer']}）", highlight=False
        )
        for line in open_["ways"]:
            out.print(f"  {line}", highlight=False, markup=False, soft_wrap=True)
    if d.outcome:
        out.print(f"办结方式：{veil.say(d.outcome)}（{escape(veil.text(veil.say(d.outcome_text or '')))}）")


def _print_about(d: Dispute, veil: Veil) -> None:
    """What the matter is about; identities stay masked."""
    said = about(d, veil)
    for firm in said["respondents"]:
        out.print(
            f"被反映单位 {firm['name']}" + (f"（{firm['town']}）" if firm["town"] else ""), markup=False
        )
    out.print(f"诉求：{said['narrative']}", highlight=False, markup=False, soft_wrap=True)
    table("子项", ["号", "险种", "制度", "类型", "所属期", "主张（元）", "主办", "结论", "认定（元）", "到账（元）"],
          [_claim_row(d, c) for c in said["claims"]])  # fmt: skip
    if said["evidence"]:
        names = "、".join(
            f"{e['kind']}（{e['description']}）" if e["description"] else e["kind"] for e in said["evidence"]
        )
        out.print(f"材料：{names}", highlight=False, markup=False, soft_wrap=True)


def _claim_row(d: Dispute, claim: dict[str, Any]) -> list[Any]:
    item = d.sub_items.get(claim["no"])
    period = f"{claim['from'] or '不详'}至{claim['to'] or '不详'}" if claim["from"] or claim["to"] else None
    row = [claim["no"], claim["insurance"], claim["regime"], claim["type"], period, claim["amount"]]
    return [*row, *((item.lead, item.conclusion, item.recognised, item.paid) if item else (None,) * 4)]


def why(case: Annotated[str, typer.Argument(help="案号、渠道单号")], as_json: Json = False) -> None:
    """Each deadline's receipt."""
    ledger = open_ledger(as_json=as_json)
    matter = find(ledger, case, as_json=as_json)
    d = ledger.state(matter)
    explained = receipts(d, ledger.events(matter), business_now(d))
    if as_json:
        clocks = d.clocks.values()
        print_json(
            [
                {"clock": c.name, "due": c.due_at, "result": c.result, "receipt": explained[c.id]}
                for c in clocks
            ]
        )
        return
    for first, *rest in explained.values():
        out.print(f"[bold]{first}[/bold]")
        for line in rest:
            out.print(f"  {line}", highlight=False)
