"""登记: one page from the first word to the receipt; what looks like a matter already here is asked about first."""

import asyncio
import json
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
from console.drafts import answers, on_to
from console.forms import acting, controls, faults, reading, registration, roll
from console.forms.reading import Body
from console.forms.roll import Came
from console.showing import alike
from console.showing import matter as showing
from console.showing.alike import Compared
from console.showing.files import Refusal, attached, form
from console.showing.matter import opened
from console.showing.onward import comes_next
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


class Asked(NamedTuple):
    """What is asked before it is registered: whether it is one of the matters like it, whether what looks odd is so."""

    compared: Compared | None
    odd: list[Caution]

    @property
    def names(self) -> dict[str, str]:
        """See :attr:`Compared.names`."""
        return self.compared.names if self.compared else {}

    @property
    def seen(self) -> str:
        """What comes back with a form whose oddities were looked at: other ones are asked about again."""
        return " ".join(caution.message for caution in self.odd)

    def answered(self, which: str, seen: str) -> bool:
        """Whether all is: ``which`` matter it is, and what was ``seen`` of the oddities."""
        return (self.compared is None or which in self.names) and (not self.odd or seen == self.seen)


NOTHING = Asked(None, [])


def _desk(visitor: Visitor) -> Desk:
    now = datetime.now(SHANGHAI)
    return Desk(visitor, registration.sections(visitor.site.policy, now, visitor.post.role))


@router.get(PLACE)
async def ask(visitor: Registrar, again: str = "") -> Response:
    """An empty form, or one's draft with what was attached to it. ``again``: with what is asked before it is registered."""
    desk = _desk(visitor)
    draft = await asyncio.to_thread(drafts.find, visitor.site.ledger, visitor.person, PLACE)
    files = await attachments.listed(visitor, PLACE)
    if draft is None:
        return _page(desk, Came(_suggested(desk.fields)), files)
    read = Came(desk.body(draft.pairs), text=dict(draft.pairs).get(roll.TEXT, ""))
    asked = await _asked(desk, (await _checked(desk, read))[0]) if again else NOTHING
    return _page(desk, read, files, saved=draft.saved_at, asked=asked)


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
        return await _attached(desk, brought.pairs, read, files)
    if wish == roll.CLEAR or wish.startswith(("more:", "drop:")):
        return _changed(desk, read, files, wish)
    return await _register(desk, read, files, brought.pairs, request)


async def _attached(desk: Desk, pairs: Pairs, read: Came, files: Attachments) -> Response:
    """The form with the files it has now; here where one was refused, to say which."""
    if files.refused:
        return _page(desk, read, files, HTTPStatus.UNPROCESSABLE_ENTITY, at="up")
    return await _on_to(desk, pairs, f"{PLACE}#up") or _page(desk, read, files, at="up")


def _changed(desk: Desk, read: Came, files: Attachments, wish: str) -> Response:
    """The form with a row more or less, or without the roll."""
    if wish == roll.CLEAR:
        return _page(desk, Came(roll.cleared(read.body), text=read.text), files, at="roll_text")
    read = read._replace(body=acting.changed(desk.fields, read.body, wish))
    return _page(desk, read, files, at=wish.partition(":")[2])


async def _on_to(desk: Desk, pairs: Pairs, address: str) -> Response | None:
    return await on_to(desk.visitor.site.ledger, desk.visitor.person, PLACE, pairs, address)


async def _read_in(desk: Desk, read: Came, rolls: list[Upload], files: Attachments) -> Response:
    """The roll's people as rows of the form, with what is wrong with them; nothing is registered yet."""
    read = await asyncio.to_thread(roll.came, read.body, read.text, rolls)
    if read.wrong:
        return _page(desk, read, files, HTTPStatus.UNPROCESSABLE_ENTITY, wrong={roll.PLACE: read.wrong})
    _, wrong = await _checked(desk, read)
    return _page(
        desk, read, files, wrong={at: said for at, said in wrong.items() if at.startswith(roll.PLACE)}
    )


async def _register(desk: Desk, read: Came, files: Attachments, pairs: Pairs, request: Request) -> Response:
    """Everything wrong told at once; else what looks like it asked about; else the receipt."""
    intake, wrong = await _checked(desk, read)
    if intake is None:
        return _page(desk, read, files, HTTPStatus.UNPROCESSABLE_ENTITY, wrong=wrong)
    asked, given = await _asked(desk, intake), dict(pairs)
    if not asked.answered(given.get("_alike", ""), given.get("_odd", "")):
        return await _on_to(desk, pairs, f"{PLACE}?again=1") or _page(desk, read, files, asked=asked)
    if known := asked.names.get(given.get("_alike", "")):
        intake = intake.model_copy(update={"proposal": f"疑似与{known}为同一件，建议并案"})
    return await _taken(desk, read, files, intake, request)


async def _checked(desk: Desk, read: Came) -> tuple[Intake | None, dict[str, str]]:
    """The registration, or all that is wrong with it."""
    unit, now = desk.visitor.post.unit, datetime.now(SHANGHAI)
    return await asyncio.to_thread(registration.checked, read.body, unit, now, desk.fields)


async def _asked(desk: Desk, intake: Intake | None) -> Asked:
    """What to ask about a registration; nothing where it cannot be one."""
    if intake is None:
        return NOTHING
    itself = dispute_id(intake.channel, intake.source_no)
    compared = await alike.found(desk.visitor, intake, itself)
    return Asked(compared, registering(intake, datetime.now(SHANGHAI)))


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
        county=visitor.site.policy.county,
        applicant=applicant(d),
        insurances=showing.insurances(d),
        unit=d.facts.received_by,
        comes_next=comes_next(d),
        registrar=registrar_of(events),
        hub=hub_at(visitor.site, d),
        handed_in=d.files,
        left=what["left"],
        token=tokens.made(visitor.token),
    )


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
    asked: Asked = NOTHING,
) -> Response:
    visitor, body, policy = desk.visitor, read.body, desk.visitor.site.policy
    bare = controls.drawn(desk.fields, body, {})
    found = faults.placed(wrong or {}, bare)
    shown: dict[str, Any] = {word: controls.drawn(own, body, found) for word, own in desk.parts}
    shown[registration.APPLICANT], group = roll.parted(shown[registration.APPLICANT], body, read)
    return page(
        "register.html",
        status=status,
        title="有错误：登记争议" if found else "登记争议",
        shell=shell(visitor, PLACE),
        sections=list(shown.items()),
        faults=faults.summary(found, bare),
        saved=saved,
        at=at.replace(".", "-"),
        alike=asked.compared,
        heads=alike.HEADS,
        odd=asked.odd,
        seen=asked.seen,
        who=visitor.person,
        units=policy.units.members,
        place=PLACE,
        attached=[attached(file) for file in files.attached],
        marks=json.dumps({c.value: c.mark for c in registration.OPEN}, ensure_ascii=False),
        upload=form(policy.materials, PLACE, files.given_by, refused=files.refused, kept=files.new),
        upload_in=registration.MATERIALS,
        roll=group,
        roll_in=registration.APPLICANT,
        imports=visitor.post.role is Role.OPERATOR,
    )
