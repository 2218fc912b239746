"""Files attached to a form before there is a matter: kept sealed with its draft, moved to the matter once it is there."""

import asyncio
from http import HTTPStatus
from typing import NamedTuple

from fastapi import Request
from starlette.responses import JSONResponse, Response

from api.known import policy_of
from api.materials import checked, giver
from api.problems import Problem
from api.uploads import Form
from console.door import Visitor
from console.showing.files import Refusal
from console.showing.files import attached as shown
from domain.declined import Declined
from domain.materials import File
from domain.rights import by_of
from ledger import draft_files, materials
from starter.materials.taking import Given

BY_PARTY = "申请人"
TOO_MANY = "登记时至多附 {} 件、共 {} MB；请先删去不用的"


class Attachments(NamedTuple):
    """The files of a form. ``new``: how many came just now."""

    attached: list[File]
    refused: list[Refusal]
    given_by: str = BY_PARTY
    new: int = 0


async def listed(visitor: Visitor, place: str) -> Attachments:
    """What is attached."""
    found = await asyncio.to_thread(draft_files.attached, visitor.site.ledger, visitor.person, place)
    return Attachments(found, [])


async def changed(visitor: Visitor, place: str, brought: Form) -> Attachments:
    """Attach the files that came with a form, let go of the one it says; what this form then has."""
    return await asyncio.to_thread(_changed, visitor, place, brought)


def _changed(visitor: Visitor, place: str, brought: Form) -> Attachments:
    ledger, person = visitor.site.ledger, visitor.person
    said = dict(brought.pairs)
    given_by = said.get("_given_by", BY_PARTY)
    mine = {value for name, value in brought.pairs if name == "_file"}
    gone = said.get("_do", "").removeprefix("detach:") if said.get("_do", "").startswith("detach:") else ""
    if gone in mine:
        draft_files.detach(ledger, person, place, gone)
    refused = [Refusal(name, str(error)) for name, error in brought.refused]
    new: set[str] = set()
    there = draft_files.attached(ledger, person, place)
    known = {file.sha256 for file in there if file.id in mine}
    for upload in brought.files:
        given = Given(upload.name, upload.file.content, upload.file.sha256, giver(given_by))
        try:
            if given.sha256 not in known:
                there.append(_attach(visitor, place, given, there))
                known.add(given.sha256)
                new.add(there[-1].id)
        except Problem as problem:
            refused.append(Refusal(upload.name, problem.message))
    return Attachments([file for file in there if file.id in mine | new], refused, given_by, len(new))


def _attach(visitor: Visitor, place: str, given: Given, there: list[File]) -> File:
    rules = visitor.site.policy.materials
    whole = sum(file.size for file in there) + given.content.size
    if len(there) >= rules.most or whole > rules.total:
        raise Problem(
            HTTPStatus.UNPROCESSABLE_ENTITY, "too_many", TOO_MANY.format(rules.most, rules.total_mb)
        )
    file = checked(visitor.site, visitor.acts, "登记草稿", given)
    parts = given.content.parts(materials.PART)
    draft_files.attach(visitor.site.ledger, visitor.person, place, file, parts)
    return file


def asked_by_script(request: Request, wish: str) -> bool:
    """Whether a script attaches, which hears what became of each file and keeps its page."""
    return wish == "attach" and "application/json" in request.headers.get("accept", "")


def told(files: Attachments) -> Response:
    """What a script hears."""
    status = HTTPStatus.UNPROCESSABLE_ENTITY if files.refused else HTTPStatus.OK
    kept = [shown(file) for file in files.attached]
    return JSONResponse({"attached": kept, "refused": [r._asdict() for r in files.refused]}, status)


async def moved(visitor: Visitor, place: str, matter: str, attached: list[File]) -> list[Refusal]:
    """Give the matter what was attached; what it did not take, which then stays where it is."""
    return await asyncio.to_thread(_moved, visitor, place, matter, attached)


def _moved(visitor: Visitor, place: str, matter: str, attached: list[File]) -> list[Refusal]:
    ledger, post = visitor.site.ledger, visitor.post
    policy = policy_of(visitor.site, ledger.state(matter))
    by = by_of(post, "receive_material", policy)
    giver_ = materials.From(post.unit, visitor.name, by)
    left: list[Refusal] = []
    for file in attached:
        parts = draft_files.content(ledger, visitor.person, place, file)
        try:
            materials.keep(ledger, matter, file, parts, policy, giver_)
            draft_files.detach(ledger, visitor.person, place, file.id)
        except Declined as declined:
            left.append(Refusal(file.name, str(declined)))
    return left
