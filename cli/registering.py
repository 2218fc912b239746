"""register, and as whom: the account that is signed in at the desk, or in a demonstration's office whoever is named."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, cast

import typer
from pydantic import ValidationError

from cli.desk import Who, acting
from cli.matters import Json, read_yaml
from cli.output import Exit, fail, moment, out, print_json
from cli.remote import moment_of
from cli.session import open_ledger, with_office
from cli.signed_in import desk
from domain.access import Role
from domain.cautions import registering
from domain.intake import Intake
from domain.persons import By, Officer
from domain.speaking import say
from domain.wording import field_problems
from domain.words import SHANGHAI, UnitName
from ledger import accounts
from starter.office import Declined
from starter.office.views import county_words

AGAIN, NEW = "此前已登记为 {}，没有重复登记；现为{}", "已登记 {}，{}"


def intake_of(content: Any) -> Any:
    """A registration by itself, or the one inside a scenario file; received now unless it says otherwise."""
    if not isinstance(content, dict):
        return content
    given = cast("dict[str, Any]", content)
    given = given.get("intake", given)
    return {"received_at": datetime.now(SHANGHAI), **given}


def register(
    file: Annotated[Path, typer.Argument(help="登记文件，空表由 fengqiao template register 打印")],
    who: Who = None,
    to: Annotated[list[str] | None, typer.Option("--to", help="线索交办单位，可多次")] = None,
    as_json: Json = False,
) -> None:
    """登记."""
    content = read_yaml(file, as_json=as_json)
    try:
        intake = Intake.model_validate(intake_of(content))
    except ValidationError as error:
        problems = field_problems(error)
        text = "\n".join(f"  {p['field']}：{p['reason']}" for p in problems)
        fail(Exit.USAGE, f"登记内容有误，未登记：\n{text}", as_json=as_json, fields=problems)
    if who is None:
        _signed_in(intake, to or [], as_json)
    else:
        _named(intake, who, to or [], as_json)
    if not as_json:
        for caution in registering(intake, datetime.now(SHANGHAI)):
            out.print(f"请再核对：{caution.message}", soft_wrap=True)


def _signed_in(intake: Intake, to: list[UnitName], as_json: bool) -> None:
    """By the desk's API, as whoever is signed in there; the query code is told this once."""
    body = intake.model_dump(mode="json", by_alias=True, exclude_unset=True)
    done = desk(as_json=as_json).told("POST", "/registrations", json=body, params={"to": to})
    if as_json:
        print_json({"ok": done["registered"], **done})
    elif not done["registered"]:
        out.print(done["said"], highlight=False)
    else:
        _say(done["case_no"], done["stage"], moment_of(done["next_due"]), known=done["known_before"])
        out.print(f"查询码 {done['query_code']}", highlight=False)


def _named(intake: Intake, who: str, to: list[UnitName], as_json: bool) -> None:
    registrar = _of(who, intake.received_by, as_json)
    try:
        receipt = with_office(
            lambda office, ledger: office.register(intake, registrar=registrar, to=to), as_json=as_json
        )
    except Declined as refusal:
        fail(Exit.DECLINED, str(refusal), as_json=as_json, code=refusal.code)
    if as_json:
        odd = registering(intake, datetime.now(SHANGHAI))
        told = {"cautions": [caution._asdict() for caution in odd]} if odd else {}
        print_json({"ok": True, **receipt.model_dump(mode="json"), **told})
        return
    stage = say(county_words(open_ledger()), receipt.stage or "")
    due = moment(receipt.next_due) if receipt.next_due else ""
    _say(receipt.case_no, stage, due, known=receipt.known_before)


def _say(case_no: str, stage: str, due: str, *, known: bool) -> None:
    said = (AGAIN if known else NEW).format(f"[bold]{case_no}[/bold]", stage)
    out.print(said + (f"，最近期限 {due}" if due else ""), soft_wrap=True)


def _of(who: str, receiver: UnitName, as_json: bool) -> Officer:
    """The officer of ``--as``; leaves unless he is of the unit that receives."""
    unit, officer = acting(who, as_json)
    if unit != receiver:
        said = f"收件单位是{receiver}，--as 须写该单位的经办人"
        fail(Exit.USAGE, said, as_json=as_json, code="not_your_unit", field="received_by")
    return Officer(officer)


def importer(who: str | None, receiver: UnitName, *, as_json: bool) -> Officer:
    """Who confirms an import: whoever is named in a demonstration, else the account that is signed in at this office's desk,
    which has to be an operator's; leaves when there is none."""
    if who is not None:
        return _of(who, receiver, as_json)
    me = desk(as_json=as_json).told("GET", "/me")
    ledger = open_ledger(as_json=as_json)
    known = accounts.called(ledger, me["login"])
    held = accounts.posts_of(ledger, known[0].id, accounts.today()) if known else []
    post = next((p for p in held if me["post"] and p.id == me["post"]["id"]), None)
    if post is None or post.role is not Role.OPERATOR:
        said = f"导入由{Role.OPERATOR.word}办理：请以其账号在本系统的办案平台登录（fengqiao login）后再导入"
        fail(Exit.DECLINED, said, as_json=as_json)
    return Officer(known[0].name, By(person=post.person, post=post.id, deputy_for=post.lent_by))
