"""template: the form of a task, of a verb on a matter, or of a registration; and the list of all verbs."""

from pathlib import Path
from typing import Annotated

import typer

from cli.matters import Json, find
from cli.output import Exit, fail, moment, print_json, table
from cli.session import open_ledger
from cli.units import known_unit
from domain.actions import FORMS
from domain.dispute import Dispute
from domain.offers import Field, Offer, form_of, offers, why_not
from domain.policy import Policy
from ledger.store import Ledger
from starter.office import forms
from starter.office.views import business_now

REGISTRATION = "register"
Action = Annotated[str | None, typer.Option("--action", help="哪一个操作，默认按任务最自然的一项")]


def registration_form() -> str:
    """The YAML form of a registration, as ``fengqiao register`` takes it."""
    return Path(__file__).with_name("registration_form.yaml").read_text(encoding="utf-8")


def verbs_at_hand(ledger: Ledger, d: Dispute, unit: str) -> list[Offer]:
    """What a unit may do with a matter now."""
    return offers(d, unit, policy_of(ledger, d), business_now(d))


def policy_of(ledger: Ledger, d: Dispute) -> Policy:
    """The policy that a matter is pinned to."""
    return ledger.policy(d.policy_version)


def chosen(
    ledger: Ledger, d: Dispute, unit: str, task: str | None, action: str | None, *, as_json: bool
) -> tuple[Offer, list[Field]]:
    """The verb meant and its form; leaves with the reason, and with the verbs at hand, when it is not offered."""
    at_hand = [o for o in verbs_at_hand(ledger, d, unit) if task is None or o.task == task]
    named = [o for o in at_hand if action is None or o.kind == action]
    if task and action is None:
        named = [o for o in named if o.kind != "sign_for"] or named
    if not named:
        _not_offered(ledger, d, unit, task, action, at_hand, as_json=as_json)
    offer = named[0]
    policy = policy_of(ledger, d)
    return offer, form_of(d, unit, policy, business_now(d), offer.kind, offer.task)


def _not_offered(
    ledger: Ledger,
    d: Dispute,
    unit: str,
    task: str | None,
    action: str | None,
    at_hand: list[Offer],
    *,
    as_json: bool,
) -> None:
    if action and action not in FORMS:
        fail(Exit.NOT_FOUND, f"没有操作 {action}；fengqiao template --list 列出全部", as_json=as_json)
    reason = why_not(d, unit, policy_of(ledger, d), business_now(d), action, task) if action else None
    can = "、".join(f"{o.verb} {o.kind}" for o in at_hand) or "无"
    fail(Exit.DECLINED, f"{reason or f'{unit}现在没有可以办理的'}（现在可以办理：{can}）", as_json=as_json)


def show_template(
    what: Annotated[
        str | None, typer.Argument(help="任务（案号/任务号）、案号，或 register（登记表）")
    ] = None,
    action: Action = None,
    who: Annotated[str | None, typer.Option("--as", help="以哪个单位办理（只写案号时）")] = None,
    everything: Annotated[bool, typer.Option("--list", help="列出全部操作")] = False,
    as_json: Json = False,
) -> None:
    """A form."""
    if everything or what is None:
        _list(as_json)
    elif what == REGISTRATION:
        text = registration_form()
        print_json({"kind": what, "template": text}) if as_json else typer.echo(text, nl=False)
    else:
        _show(what, action, who, as_json)


def _list(as_json: bool) -> None:
    rows = [(kind, form.verb, form.basis) for kind, form in FORMS.items() if not form.internal]
    if as_json:
        print_json([{"kind": k, "verb": v, "basis": b} for k, v, b in rows])
    else:
        table("操作", ["代码", "名称", "依据"], [list(row) for row in rows])


def _show(what: str, action: str | None, who: str | None, as_json: bool) -> None:
    ledger = open_ledger(as_json=as_json)
    case, slash, task = what.rpartition("/")
    d = ledger.state(find(ledger, case if slash else what, as_json=as_json))
    if slash and task not in d.tasks:
        fail(Exit.NOT_FOUND, f"{d.case_no} 没有任务 {task}", as_json=as_json)
    if not slash and who is None:
        fail(Exit.USAGE, "只写案号时，请用 --as 写明单位，如 --as 县税务局", as_json=as_json)
    unit = d.tasks[task].unit if slash else known_unit(ledger, (who or "").partition("/")[0], as_json=as_json)
    offer, fields = chosen(ledger, d, unit, task if slash else None, action, as_json=as_json)
    if as_json:
        print_json(offer.model_dump(mode="json") | {"fields": [f.model_dump(mode="json") for f in fields]})
        return
    others = [o for o in verbs_at_hand(ledger, d, unit) if o.task == offer.task and o.kind != offer.kind]
    head = [
        f"{d.case_no} {offer.task_title or ''} {unit}" + (f"，期限 {moment(offer.due)}" if offer.due else ""),
        f"依据：{offer.basis}",
    ]
    if others and offer.task:
        head.append("这一任务还可以：" + "、".join(f"{o.verb}（--action {o.kind}）" for o in others))
    typer.echo(forms.template(offer.verb, offer.kind, fields, head=head), nl=False)
