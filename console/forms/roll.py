"""名册 of a group in the registration's form: read out of a spreadsheet, then rows like any others, each with its faults."""

import json
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple, cast

from api.uploads import Upload
from console.forms import values
from console.forms.asking import ask, choices
from console.forms.controls import Control
from console.forms.reading import Body
from domain.notices import Way
from domain.offers import Field
from domain.words import Insurance
from importing.lines import UnreadableFile
from importing.roll import Roll, read_file, read_text
from ledger.materials import PART

PLACE = "applicant.members"
TEXT, FILE = "roll_text", "roll_file"
READ, CLEAR = "roll:read", "roll:clear"
MOST = 1000
"""Lines that a page can still show and a browser send; a longer roll comes by the API."""
LARGEST = 5 * 1024 * 1024
KINDS = (".xlsx", ".csv")
SPEAKS = "representative"
_CLAIMS = "claims."


def field() -> Field:
    """The rows, as part of the applicant."""
    return ask(
        "members", "名册", "rows", several=True,
        rows=[
            ask(SPEAKS, "代表", "confirm"),
            ask("name", "姓名", "person", required=True),
            ask("id_number", "证件号"),
            ask("phone", "电话"),
            ask("told_by", "通知方式", "choice", choices=choices(Way)),
            ask("months", "月数", "int"),
            *(ask(f"{_CLAIMS}{kind}", f"{kind}（元）", "money") for kind in Insurance),
        ],
    )  # fmt: skip


def members_of(rows: Iterable[Body]) -> list[Body]:
    """The rows as a registration takes them, numbered as the table numbers them."""
    return [_member(row) | {"line": n} for n, row in enumerate(rows, start=1)]


def _member(row: Body) -> Body:
    own = {key: value for key, value in row.items() if key != SPEAKS and not key.startswith(_CLAIMS)}
    claims = {key.removeprefix(_CLAIMS): value for key, value in row.items() if key.startswith(_CLAIMS)}
    return own | ({"claims": claims} if claims else {})


def speakers(rows: Iterable[Body]) -> list[str]:
    """Who speaks for the group, as ticked."""
    return [str(row["name"]) for row in rows if row.get(SPEAKS) and row.get("name")]


class Came(NamedTuple):
    """What a form brought of a roll: the answers with its rows, what is to be said, what was wrong, what is still to be read."""

    body: Body
    told: list[str] = []
    wrong: str = ""
    text: str = ""


def came(body: Body, text: str, files: Iterable[Upload]) -> Came:
    """Add the people of what was pasted, and of files, to those there."""
    try:
        read = [*([read_text(text)] if text.strip() else []), *(_of_file(file) for file in files)]
    except UnreadableFile as error:
        return Came(body, [], str(error), text)
    rows = [_typed(row) for roll in read for row in roll.rows]
    if not rows:
        return Came(body, [], "没有读到人：请粘贴名册的行，或者选一个 .xlsx、.csv 文件", text)
    applicant: Body = {**body.get("applicant", {})}
    members = [*cast("list[Body]", applicant.get("members", [])), *rows]
    if len(members) > MOST:
        said = f"名册至多 {MOST} 行，这样有 {len(members)} 行，没有读入；请分成几件登记，或请管理员从接口登记"
        return Came(body, [], said, text)
    told = [
        f"读入 {len(rows)} 人，名册现有 {len(members)} 人",
        *(said for roll in read for said in roll.remarks),
    ]
    if not str(applicant.get("headcount", "")).isdecimal() or int(applicant["headcount"]) < len(members):
        applicant["headcount"] = len(members)
        told.append(f"人数已填为 {len(members)}")
    return Came({**body, "applicant": {**applicant, "members": members}}, told)


def _typed(row: dict[str, str]) -> Body:
    """A row as if it had been typed."""
    widgets = {each.name: each.widget for each in field().rows}
    return {key: values.taken(widgets[key], text) for key, text in row.items()}


def _of_file(file: Upload) -> Roll:
    """The roll in a file. Raises UnreadableFile."""
    ending = Path(file.name.lower()).suffix
    if ending not in KINDS:
        raise UnreadableFile("名册只收 .xlsx、.csv 文件，请在表格软件里另存后再选")
    if not 0 < file.file.content.size <= LARGEST:
        raise UnreadableFile(f"名册文件是空的，或者超过 {LARGEST // 1024 // 1024} MB，请只留名册那一张表")
    with tempfile.TemporaryDirectory(prefix="fengqiao-roll-") as folder:
        path = Path(folder) / f"名册{ending}"
        path.write_bytes(b"".join(file.file.content.parts(PART)))
        try:
            return read_file(path)
        except UnreadableFile as error:
            raise UnreadableFile(str(error).replace(f"{folder}/", "")) from None


def cleared(body: Body) -> Body:
    """The answers without anybody of the roll."""
    applicant = {key: value for key, value in body.get("applicant", {}).items() if key != "members"}
    return {**body, "applicant": applicant}


class Shown(NamedTuple):
    """The roll as it is drawn: its control, the columns in use, what was said of what was read, what is still to be read."""

    control: Control
    columns: list[str]
    told: list[str]
    text: str
    when: str
    """For the script: from which head-count on it is asked for; nothing once somebody stands in it."""
    most: int = MOST


def parted(drawn: list[Control], body: Body, read: Came) -> tuple[list[Control], Shown]:
    """The controls of the applicant's section without the roll, and the roll."""
    applicant = next(c for c in drawn if c.name == "applicant")
    (row,) = applicant.rows
    roll = next(c for c in row.controls if c.name == PLACE)
    rest = applicant._replace(rows=[row._replace(controls=[c for c in row.controls if c is not roll])])
    asked = {"names": ["applicant.headcount"], "values": ["1"], "other": True}
    open_ = roll.rows or roll.error or read.text
    shown = Shown(roll, _columns(roll, body), read.told, read.text, "" if open_ else json.dumps(asked))
    return [rest if c is applicant else c for c in drawn], shown


def _columns(roll: Control, body: Body) -> list[str]:
    """The names of the columns that are drawn: of the insurances those that are claimed, or all as long as none is."""
    claimed = {f"{_CLAIMS}{claim.get('insurance')}" for claim in body.get("claims", [])}
    used = {
        each.name.rpartition(f"{row.path}.")[2]
        for row in roll.rows
        for each in row.controls
        if any(each.texts)
    }
    names = [each.name for each in field().rows]
    kinds = [name for name in names if name.startswith(_CLAIMS)]
    wanted = [kind for kind in kinds if kind in claimed | used] or kinds
    return [name for name in names if name not in kinds or name in wanted]
