"""材料 of a matter as its page lists them: files first, and what is only written down with where it lies."""

from datetime import datetime
from typing import NamedTuple

from api.materials import GIVERS
from console.door import Visitor
from console.showing.matter import Opened
from domain.actions.intake import ReceiveMaterial
from domain.events import Acted
from domain.materials import File, KeptFile, MaterialRules
from domain.rights import materials, why_not_hand_in


class Row(NamedTuple):
    """One material that is kept here. ``sha256``: its address."""

    name: str
    about: str
    kind: str
    given: str
    at: datetime
    by: str
    size: int
    scan: str
    sha256: str
    of_reporter: bool


class Elsewhere(NamedTuple):
    """One that lies in the archive."""

    name: str
    about: str
    where: str
    by: str


class Refusal(NamedTuple):
    """A file that was not taken: which, and why."""

    name: str
    why: str


class Upload(NamedTuple):
    """The part of a page that takes files in."""

    address: str
    givers: tuple[str, ...]
    given_by: str
    about: str
    accept: str
    told: str
    refused: list[Refusal]
    kept: int
    """How many of those sent just now were taken."""


def shown(visitor: Visitor, m: Opened) -> list[Row]:
    """The files that the post may see, the newest first."""
    return [_row(m, file) for file in reversed(materials(m.d, visitor.post, m.policy))]


def _row(m: Opened, file: KeptFile) -> Row:
    return Row(
        name=m.veil.text(file.name),
        about=m.veil.text(file.about),
        kind=file.kind.word,
        given="举报人" if file.of_reporter else file.given_by,
        at=file.at,
        by=f"{file.unit}　{m.veil.text(file.by.name)}",
        size=file.size,
        scan=file.scan,
        sha256=file.sha256,
        of_reporter=file.of_reporter,
    )


def elsewhere(m: Opened) -> list[Elsewhere]:
    """What was told of materials in the archive: with the registration, and since."""
    if not m.whole:
        return []
    rows = [
        Elsewhere(e.kind, m.veil.text(e.description), e.location or "", "登记时") for e in m.d.facts.evidence
    ]
    for event in m.events:
        if isinstance(event.fact, Acted) and isinstance(event.fact.body, ReceiveMaterial):
            body = event.fact.body
            by = f"{body.received_on:%m-%d} {body.given_by}"
            rows += [
                Elsewhere(m.veil.text(x.name), "", x.location or "", by) for x in body.materials if not x.file
            ]
    return rows


def upload(
    visitor: Visitor,
    m: Opened,
    given_by: str = "",
    about: str = "",
    refused: list[Refusal] | None = None,
    kept: int = 0,
) -> Upload | None:
    """The form to hand in files; none for whoever may not."""
    if m.back or why_not_hand_in(m.d, visitor.post, m.policy):
        return None
    own = "申请人" if visitor.post.unit in (m.d.center, m.d.facts.received_by) else "本单位"
    address = f"/matters/{m.d.id}/materials"
    return form(m.policy.materials, address, given_by or own, about, refused, kept)


def form(
    rules: MaterialRules,
    address: str,
    given_by: str,
    about: str = "",
    refused: list[Refusal] | None = None,
    kept: int = 0,
) -> Upload:
    """The form at an address."""
    accept = ",".join(f".{ending}" for kind in rules.kinds for ending in kind.endings)
    return Upload(address, GIVERS, given_by, about, accept, rules.told, refused or [], kept)


def attached(file: File) -> dict[str, object]:
    """A file of a draft, for a script and for the page alike."""
    return {"id": file.id, "name": file.name, "size": file.size, "scan": file.scan, "given": file.given_by}
