"""登记: one page from the first word to the receipt; what looks like a matter already here is asked about first."""

import asyncio
from datetime import datetime
from http import HTTPStatus
from typing import Any

import segno
from fastapi import APIRouter, Request
from markupsafe import Markup
from pydantic import ValidationError
from starlette.responses import JSONResponse, RedirectResponse, Response

from activities.names import dispute_id
from api.lookup import hub_at
from api.problems import Problem, hidden
from api.registrations import registered
from api.uploads import AT_ONCE, FIELDS
from console import attachments, tokens, words
from console.attachments import Attachments
from console.door import Brought, Pairs, Registrar, Sent, Visitor, shell
from console.drafts import answers
from console.forms import acting, controls, faults, reading, registration
from console.forms.acting import Filled
from console.forms.reading import Body
from console.showing import matter as showing
from console.showing.files import Refusal, attached, form
from console.showing.matter import opened
from console.view import page
from domain.access import Role
from domain.dispute import Dispute
from domain.intake import Intake
from domain.numbers import wrong_numbers
from domain.offers import Field
from domain.plausible import implausible
from domain.words import SHANGHAI, Channel
from ledger import drafts
from ledger.codes import make_code
from starter.office import Declined
from starter.office.views import applicant

router = APIRouter()

PLACE = "/register"
OTHER, SAME = "other", "same"
ANSWERS = {SAME: "是同一件：先登记，建议初审人并案", OTHER: "是另一件事，继续登记"}


@router.get(PLACE)
async def ask(visitor: Registrar) -> Response:
    """An empty form, or one's draft with what was attached to it."""
    now = datetime.now(SHANGHAI)
    parts = registration.sections(visitor.site.policy, now)
    fields = [field for _, own in parts for field in own]
    draft = await asyncio.to_thread(drafts.find, visitor.site.ledger, visitor.person, PLACE)
    body = reading.folded(fields, reading.gathered(draft.pairs)) if draft else _suggested(fields)
    files = await attachments.listed(visitor, PLACE)
    return _page(
        visitor, parts, Filled(fields, body, None, {}), files, saved=draft.saved_at if draft else None
    )


@router.post(PLACE, max_body_size=AT_ONCE + FIELDS)
async def send(visitor: Registrar, brought: Brought, request: Request) -> Response:
    """Attach what was chosen, check, ask about likenesses, register, and move what was attached to the matter."""
    pairs = brought.pairs
    given, now = dict(pairs), datetime.now(SHANGHAI)
    ledger = visitor.site.ledger
    parts = registration.sections(visitor.site.policy, now)
    fields = [field for _, own in parts for field in own]
    body = reading.folded(fields, reading.gathered(answers(pairs)))
    wish = given.get("_do", "")
    files = await attachments.changed(visitor, PLACE, brought)
    if attachments.asked_by_script(request, wish):
        return attachments.told(files)
    if files.refused or wish == "attach" or wish.startswith("detach:"):
        status = HTTPStatus.UNPROCESSABLE_ENTITY if files.refused else HTTPStatus.OK
        return _page(visitor, parts, Filled(fields, body, None, {}), files, status, at="up")
    if wish == "draft":
        return await _kept(visitor, pairs, request)
    if wish.startswith(("more:", "drop:")):
        filled = Filled(fields, acting.changed(fields, body, wish), None, {})
        return _page(visitor, parts, filled, files, at=wish.partition(":")[2])
    try:
        intake = Intake.model_validate(registration.intake_of(body, visitor.post.unit))
    except ValidationError as error:
        wrong = faults.of_error(error, fields) | _wrong_numbers(body, visitor.post.unit, now)
        return _page(
            visitor, parts, Filled(fields, body, None, wrong), files, HTTPStatus.UNPROCESSABLE_ENTITY
        )
    if wrong := {one.field: one.message for one in implausible(intake, now)}:
        return _page(
            visitor, parts, Filled(fields, body, None, wrong), files, HTTPStatus.UNPROCESSABLE_ENTITY
        )
    itself = dispute_id(intake.channel, intake.source_no)
    alike = await asyncio.to_thread(ledger.alike, intake, itself)
    if alike and given.get("_alike") not in ANSWERS:
        return _page(visitor, parts, Filled(fields, body, None, {}), files, alike=alike, intake=intake)
    if alike and given.get("_alike") == SAME:
        intake = intake.model_copy(update={"proposal": f"疑似与{alike[0].case_no}为同一件，建议并案"})
    try:
        done = await registered(visitor.site, visitor.acts, intake, [])
    except (Declined, Problem) as refused:
        wrong = {refused.field or "": str(refused)}
        return _page(
            visitor, parts, Filled(fields, body, None, wrong), files, HTTPStatus.UNPROCESSABLE_ENTITY
        )
    if not done["registered"]:
        wrong = {"": "已收到，正在登记；请过一会儿用同一单号再按一次，不会重复登记"}
        return _page(visitor, parts, Filled(fields, body, None, wrong), files, HTTPStatus.SERVICE_UNAVAILABLE)
    left = await attachments.moved(visitor, PLACE, done["id"], files.attached)
    if not left:
        await asyncio.to_thread(drafts.drop, ledger, visitor.person, PLACE)
    return await _receipt(visitor, request, done["id"], done["query_code"], left)


@router.post("/matters/{matter}/receipt")
async def receipt(matter: str, visitor: Registrar, request: Request, _: Sent) -> Response:
    """The receipt once more, with a code of its own; earlier codes stay good."""
    m = await opened(visitor, matter)
    if not m.content:
        raise hidden()
    code = await asyncio.to_thread(make_code, visitor.site.ledger, matter)
    return await _receipt(visitor, request, matter, code)


async def _receipt(
    visitor: Visitor, request: Request, matter: str, code: str, left: list[Refusal] | None = None
) -> Response:
    """回执 to print: the case's number, the query code and the QR code that leads to the public look-up with it.

    The code stands behind ``#``, so that no server's log has it, and nowhere but on this page. ``left``: attached files
    that the matter did not take.
    """
    d = await asyncio.to_thread(visitor.site.ledger.state, matter)
    where = str(request.url.replace(path="/lookup", query=""))
    made = segno.make(f"{where}#{code}", error="m")
    drawn = Markup(made.svg_inline(scale=4, border=2, svgclass="qr", lineclass=None, omitsize=True))
    return page(
        "receipt.html",
        d=d,
        qr=drawn,
        code=code,
        where=where,
        county=visitor.site.policy.county.name,
        applicant=applicant(d),
        insurances=showing.insurances(d),
        unit=d.facts.received_by,
        hub=hub_at(visitor.site, d),
        handed_in=d.files,
        left=left or [],
        token=tokens.made(visitor.token),
    )


def _wrong_numbers(body: Body, unit: str, now: datetime) -> dict[str, str]:
    """Numbers that cannot be right, of a form in which something else is wrong, too: all is told at once."""
    parties = {name: body[name] for name in ("applicant", "respondents") if name in body}
    rest = {"channel": Channel.VISIT, "received_by": unit, "source_no": "-", "narrative": "-"}
    try:
        return dict(wrong_numbers(Intake.model_validate({**rest, "received_at": now, **parties})))
    except ValidationError:
        return {}  # what is wrong with them is told already


async def _kept(visitor: Visitor, pairs: Pairs, request: Request) -> Response:
    saved = await asyncio.to_thread(drafts.keep, visitor.site.ledger, visitor.person, PLACE, answers(pairs))
    if "application/json" in request.headers.get("accept", ""):
        return JSONResponse({"saved": words.hour(saved)})
    return RedirectResponse(PLACE, HTTPStatus.SEE_OTHER)


def _suggested(fields: list[Field]) -> Body:
    body = acting.suggested(fields)
    for field in fields:
        if field.rows and not field.several:
            body[field.name] = acting.suggested(field.rows)
    return body


def _page(
    visitor: Visitor,
    parts: list[tuple[str, list[Field]]],
    filled: Filled,
    files: Attachments,
    status: int = HTTPStatus.OK,
    *,
    saved: datetime | None = None,
    at: str = "",
    alike: list[Dispute] | None = None,
    intake: Intake | None = None,
) -> Response:
    bare = controls.drawn(filled.fields, filled.body, {})
    found = faults.placed(filled.wrong, bare)
    shown: list[tuple[str, list[Any]]] = [
        (word, controls.drawn(own, filled.body, found)) for word, own in parts
    ]
    policy = visitor.site.policy
    return page(
        "register.html",
        status=status,
        title="有错误：登记争议" if found else "登记争议",
        shell=shell(visitor, PLACE),
        sections=shown,
        faults=faults.summary(found, bare),
        saved=saved,
        at=at.replace(".", "-"),
        alike=[_compared(d, intake) for d in alike or [] if intake],
        answers=ANSWERS,
        who=visitor.person,
        units=policy.units.members,
        place=PLACE,
        attached=[attached(file) for file in files.attached],
        upload=form(policy.materials, PLACE, files.given_by, refused=files.refused, kept=files.new),
        upload_in=registration.MATERIALS,
        imports=visitor.post.role is Role.OPERATOR,
    )


def _compared(d: Dispute, intake: Intake) -> dict[str, Any]:
    """What is registered beside what is known, line by line; whose names are known is not told here."""
    facts = d.facts
    lines = [
        (
            "申请人",
            intake.applicant.name or "匿名",
            applicant(d),
            intake.applicant.name == facts.applicant.name,
        ),
        _line("被反映单位", _firms(intake), _firms(facts)),
        _line("争议类型", _types(intake), _types(facts)),
        _line("险种", _insurances(intake), _insurances(facts)),
    ]
    return {"id": d.id, "no": d.case_no, "stage": d.stage, "lines": lines}


def _line(word: str, one: str, other: str) -> tuple[str, str, str, bool]:
    return word, one, other, one == other


def _firms(intake: Intake) -> str:
    return "、".join(r.name for r in intake.respondents) or "—"


def _types(intake: Intake) -> str:
    return "、".join(dict.fromkeys(c.type for c in intake.claims if c.type)) or "—"


def _insurances(intake: Intake) -> str:
    return "、".join(dict.fromkeys(c.insurance for c in intake.claims if c.insurance)) or "—"
