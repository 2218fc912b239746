"""Acting by the desk's API as whoever is signed in: unit and officer are the account's."""

import uuid
from datetime import datetime
from typing import Any
from urllib.parse import quote

from cli.output import Exit, fail, moment, out, print_json
from cli.signed_in import Desk
from domain.offers import Field, Offer
from starter.office.answers import answered
from starter.office.forms import said


def form_body(
    at: Desk, case: str, task: str | None, action: str | None, given: list[str], as_json: bool
) -> dict[str, Any]:
    """A form as it is sent: what is suggested with the answers over it, said aloud."""
    offer = _chosen(at, case, task, action, as_json)
    asked = {"kind": offer.kind} | ({"task": offer.task} if offer.task else {})
    form = at.told("GET", f"{_path(case)}/form", params=asked)
    fields = [Field.model_validate(field) for field in form["fields"]]
    try:
        body = answered(fields, given)
    except ValueError as error:
        fail(Exit.USAGE, str(error), as_json=as_json)
    if not as_json:
        lines = [f"  {f.title}：{said(f, body[f.name])}" for f in fields if f.name in body]
        out.print("\n".join([f"{offer.verb}：", *lines]), highlight=False, markup=False)
    return {"kind": offer.kind, **body}


def _chosen(at: Desk, case: str, task: str | None, action: str | None, as_json: bool) -> Offer:
    offers = [Offer.model_validate(offer) for offer in at.told("GET", f"{_path(case)}/offers")]
    at_hand = [offer for offer in offers if task is None or offer.task == task]
    named = [offer for offer in at_hand if action is None or offer.kind == action]
    if task and action is None:
        named = [offer for offer in named if offer.kind != "sign_for"] or named
    if not named:
        can = "、".join(f"{offer.verb} {offer.kind}" for offer in at_hand) or "无"
        fail(Exit.DECLINED, f"您的岗位现在不能办理（现在可以办理：{can}）", as_json=as_json)
    return named[0]


def perform(
    at: Desk, case: str, body: dict[str, Any], task: str | None, action_id: str | None, as_json: bool
) -> None:
    """Send an action, and say what came of it."""
    key = action_id or f"cli-{uuid.uuid4()}"
    fields = {name: value for name, value in body.items() if name != "kind"}
    doing = {"kind": body["kind"], "task": task, "fields": fields}
    done = at.told("POST", f"{_path(case)}/actions", json=doing, headers={"Idempotency-Key": key})
    if as_json:
        print_json({"ok": done["taken"], "action_id": key, **done})
    elif done["taken"]:
        due = moment_of(done.get("next_due"))
        out.print(f"已办理。{done['case_no']} 现为 [bold]{done['stage']}[/bold]，最近期限 {due}")
    else:
        out.print(f"{done['said']}（--id {key}）", highlight=False)


def moment_of(text: str | None) -> str:
    """A moment of an answer as an officer reads it."""
    return moment(datetime.fromisoformat(text) if text else None)


def look(at: Desk, case: str, whose: str, reason: str) -> dict[str, Any]:
    """Identities whole, by right and reason."""
    body = {"whose": whose, "reason": reason}
    key = {"Idempotency-Key": f"cli-{uuid.uuid4()}"}
    return at.told("POST", f"{_path(case)}/looks", json=body, headers=key)


def _path(case: str) -> str:
    return f"/disputes/{quote(case, safe='')}"
