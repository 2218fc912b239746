"""登记: one page from the first word to the receipt; what looks like a matter already here is asked about first."""

import asyncio
from datetime import datetime
from http import HTTPStatus
from typing import Any, NamedTuple

import segno
from fastapi import APIRouter, Request
from markupsafe import Markup
from starlette.responses import JSONResponse, RedirectResponse, Response

from activities.names import dispute_id
from api.lookup import hub_at
from api.problems import Problem, hidden
from api.registrations import registered
from api.uploads import AT_ONCE, FIELDS, Upload
from console import attachments, made, tokens, words
from console.attachments import Attachments
from console.door import Brought, Pairs, Registrar, Sent, Visitor, shell
from console.drafts import answers
from console.forms import acting, controls, faults, reading, registration, roll
from console.forms.reading import Body
from console.forms.roll import Came
from console.showing import alike
from console.showing import matter as showing
from console.showing.alike import Compared
from console.showing.files import Refusal, attached, form
from console.showing.matter import opened
from console.view import page
from domain.access import Role
from domain.cautions import Caution, registering
from domain.fold import replay
from domain.intake import Intake
from domain.offers import Field
from domain.rights import gives_receipt
from domain.words import SHANGHAI
from ledger import drafts
from ledger.codes import make_code
from starter.office import Declined
from starter.office.views import applicant, registrar_of

router = APIRouter()

PLACE = "/register"
MOST_LEFT = 20
"""Files that a receipt names which the matter did not take."""


class Desk(NamedTuple):
    """The form at somebody's desk: its sections, all their fields."""

    visitor: Visitor
    parts: list[tuple[str, list[Field]]]

    @property
    def fields(self) -> list[Field]:
        """Every field, in the order of the page."""
        return [field for _, own in self.parts for field in own]

    def body(self, pairs: Pairs) -> Body:
        """The answers that a form brought, or a draft kept."""
        return reading.folded(self.fields, reading.gathered(answers(pairs)))


class Answer(NamedTuple):
    """What somebody said on the page that asks again: of which matter this is another word, which oddities are so."""

    alike: str
    odd: str


def _desk(visitor: Visitor) -> Desk:
    return Desk(visitor, registration.sections(visitor.site.policy, datetime.now(SHANGHAI)))


@router.get(PLACE)
async def ask(visitor: Registrar) -> Response:
    """An empty form, or one's draft with what was attached to it."""
    desk = _desk(visitor)
    draft = await asyncio.to_thread(drafts.find, visitor.site.ledger, visitor.person, PLACE)
    files = await attachments.listed(visitor, PLACE)
    if draft is None:
        return _page(desk, Came(_suggested(desk.fields)), files)
    read = Came(desk.body(draft.pairs), text=dict(draft.pairs).get(roll.TEXT, ""))
    return _page(desk, read, files, saved=draft.saved_at)


@router.post(PLACE, max_body_size=AT_ONCE + FIELDS)
async def send(visitor: Registrar, brought: Brought, request: Request) -> Response:
    """Attach what was chosen, read a roll in, check, ask about likenesses, register, and move what was attached to the matter."""
    desk, given = _desk(visitor), dict(brought.pairs)
    wish, rolls = given.get("_do", ""), [file for file in brought.files if file.field == roll.FILE]
    others = brought._replace(files=[file for file in brought.files if file not in rolls])
    files = await attachments.changed(visitor, PLACE, others)
    if attachments.asked_by_script(request, wish):
        return attachments.told(files)
    read = Came(desk.body(brought.pairs), text=given.get(roll.TEXT, ""))
    if wish == "draft":
        return await _kept(desk, brought.pairs, read, files, request)
    if rolls or wish == roll.READ or (read.text.strip() and wish == ""):
        return await _read_in(desk, read, rolls, files)
    if files.refused or wish == "attach" or wish.startswith("detach:"):
        status = HTTPStatus.UNPROCESSABLE_ENTITY if files.refused else HTTPStatus.OK
        return _page(desk, read, files, status, at="up")
    if wish == roll.CLEAR:
        return _page(desk, Came(roll.cleared(read.body), text=read.text), files, at="roll_text")
    if wish.startswith(("more:", "drop:")):
        read = read._replace(body=acting.changed(desk.fields, read.body, wish))
        return _page(desk, read, files, at=wish.partition(":")[2])
    return await _register(desk, read, files, Answer(given.get("_alike", ""), given.get("_odd", "")), request)


async def _read_in(desk: Desk, read: Came, rolls: list[Upload], files: Attachments) -> Response:
    """The roll's people as rows of the form, with what is wrong with them; nothing is registered yet."""
    read = await asyncio.to_thread(roll.came, read.body, read.text, rolls)
    if read.wrong:
        return _page(desk, read, files, HTTPStatus.UNPROCESSABLE_ENTITY, wrong={roll.PLACE: read.wrong})
    _, wrong = registration.checked(read.body, desk.visitor.post.unit, datetime.now(SHANGHAI), desk.fields)
    return _page(
        desk, read, files, wrong={at: said for at, said in wrong.items() if at.startswith(roll.PLACE)}
    )


async def _register(desk: Desk, read: Came, files: Attachments, answer: Answer, request: Request) -> Response:
    """Everything wrong told at once; else what looks like it asked about; else the receipt."""
    visitor, unit, now = desk.visitor, desk.visitor.post.unit, datetime.now(SHANGHAI)
    intake, wrong = await asyncio.to_thread(registration.checked, read.body, unit, now, desk.fields)
    if intake is None:
        return _page(desk, read, files, HTTPStatus.UNPROCESSABLE_ENTITY, wrong=wrong)
    compared = await alike.found(visitor, intake, dispute_id(intake.channel, intake.source_no))
    names, odd = compared.names if compared else {}, registering(intake, now)
    if (compared and answer.alike not in names) or (odd and answer.odd != _seen(odd)):
        return _page(desk, read, files, compared=compared, odd=odd)
    if known := names.get(answer.alike):
        intake = intake.model_copy(update={"proposal": f"疑似与{known}为同一件，建议并案"})
    return await _taken(desk, read, files, intake, request)


async def _taken(desk: Desk, read: Came, files: Attachments, intake: Intake, request: Request) -> Response:
    """Register it; the receipt, or the form with what was declined."""
    visitor = desk.visitor
    try:
        done = await registered(visitor.site, visitor.acts, intake, [])
    except (Declined, Problem) as refused:
        wrong = {refused.field or "": str(refused)}
        return _page(desk, read, files, HTTPStatus.UNPROCESSABLE_ENTITY, wrong=wrong)
    if not done["registered"]:
        wrong = {"": "已收到，正在登记；请过一会儿用同一单号再按一次，不会重复登记"}
        return _page(desk, read, files, HTTPStatus.SERVICE_UNAVAILABLE, wrong=wrong)
    left = await attachments.moved(visitor, PLACE, done["id"], files.attached)
    if not left:
        await asyncio.to_thread(drafts.drop, visitor.site.ledger, visitor.person, PLACE)
    return _on_to_receipt(visitor, done["id"], done["query_code"], left)


@router.post("/matters/{matter}/receipt")
async def receipt(matter: str, visitor: Registrar, _: Sent) -> Response:
    """The receipt once more, with a code of its own; earlier codes stay good."""
    m = await opened(visitor, matter)
    if not gives_receipt(m.d, visitor.post, m.policy):
        raise hidden()
    return _on_to_receipt(
        visitor, matter, await asyncio.to_thread(make_code, visitor.site.ledger, matter), []
    )


def _on_to_receipt(visitor: Visitor, matter: str, code: str, left: list[Refusal]) -> Response:
    what = {"code": code, "left": [refusal._asdict() for refusal in left[:MOST_LEFT]]}
    return made.onward(visitor, _receipt_at(matter), what)


def _receipt_at(matter: str) -> str:
    return f"/matters/{matter}/receipt"


@router.get("/matters/{matter}/receipt")
async def show_receipt(
    matter: str, visitor: Registrar, request: Request, sealed: made.Sealed = ""
) -> Response:
    """回执 to print: the case's number, the query code and the QR code that leads to the public look-up with it.

    The code stands behind ``#``, so that no server's log has it, and nowhere but on this page.
    """
    what = made.shown(visitor, _receipt_at(matter), sealed)
    code = what["code"]
    events = await asyncio.to_thread(visitor.site.ledger.events, matter)
    d = replay(matter, events)
    where = str(request.url.replace(path="/lookup", query=""))
    qr = segno.make(f"{where}#{code}", error="m")
    drawn = Markup(qr.svg_inline(scale=4, border=2, svgclass="qr", lineclass=None, omitsize=True))
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
        registrar=registrar_of(events),
        hub=hub_at(visitor.site, d),
        handed_in=d.files,
        left=what["left"],
        token=tokens.made(visitor.token),
    )


def _seen(odd: list[Caution]) -> str:
    """What comes back with a form whose oddities were looked at: other ones are asked about again."""
    return " ".join(caution.message for caution in odd)


async def _kept(desk: Desk, pairs: Pairs, read: Came, files: Attachments, request: Request) -> Response:
    visitor = desk.visitor
    try:
        saved = await asyncio.to_thread(
            drafts.keep, visitor.site.ledger, visitor.person, PLACE, answers(pairs)
        )
    except drafts.DraftTooLarge:
        wrong = {"": "内容太多，存不成草稿，请先删减"}
        return _page(desk, read, files, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, wrong=wrong)
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
    desk: Desk,
    read: Came,
    files: Attachments,
    status: int = HTTPStatus.OK,
    *,
    wrong: dict[str, str] | None = None,
    saved: datetime | None = None,
    at: str = "",
    compared: Compared | None = None,
    odd: list[Caution] | None = None,
) -> Response:
    visitor, body = desk.visitor, read.body
    bare = controls.drawn(desk.fields, body, {})
    found = faults.placed(wrong or {}, bare)
    shown: dict[str, Any] = {word: controls.drawn(own, body, found) for word, own in desk.parts}
    shown[registration.APPLICANT], group = roll.parted(shown[registration.APPLICANT], body, read)
    policy = visitor.site.policy
    return page(
        "register.html",
        status=status,
        title="有错误：登记争议" if found else "登记争议",
        shell=shell(visitor, PLACE),
        sections=list(shown.items()),
        faults=faults.summary(found, bare),
        saved=saved,
        at=at.replace(".", "-"),
        alike=compared,
        heads=alike.HEADS,
        odd=odd or [],
        seen=_seen(odd or []),
        who=visitor.person,
        units=policy.units.members,
        place=PLACE,
        attached=[attached(file) for file in files.attached],
        upload=form(policy.materials, PLACE, files.given_by, refused=files.refused, kept=files.new),
        upload_in=registration.MATERIALS,
        roll=group,
        roll_in=registration.APPLICANT,
        imports=visitor.post.role is Role.OPERATOR,
    )
