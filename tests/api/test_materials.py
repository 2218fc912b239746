"""材料 over HTTP: handed in, told by their content, kept sealed, seen by those alone who see the matter."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from activities.names import dispute_id
from api.app import create_app
from domain.access import Role
from domain.events import MaterialKept, Viewed
from domain.machines import Scope
from domain.materials import kind_named, plain_name
from domain.policy import Policy
from domain.reporter import part
from ledger import clients
from ledger.audit import entries
from ledger.materials import PART
from ledger.store import Ledger
from ledger.vault import keep_reporter
from ledger.verify import verify
from starter.materials.scanner import ScannerAway, scanner_at
from tests.access.test_accounts import TAX
from tests.api.conftest import CENTER, Staff, key, site_over
from tests.ledger.support import Books, an_intake
from tests.support.clamd import clamd
from tests.support.files import PDF, REFUSED, TAKEN, VIRUS


@pytest.fixture
def matter(readers: Staff, books: Books) -> str:
    """A matter of the tax bureau's."""
    made = books.register(an_intake())
    books.accept(made)
    return made


def at(matter: str, rest: str = "") -> str:
    return f"/disputes/{matter}/materials{rest}"


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


async def give(who: httpx.AsyncClient, matter: str, name: str, content: bytes, **said: Any) -> httpx.Response:
    fields = {"given_by": "申请人", "about": "证明劳动关系"} | said
    return await who.post(at(matter), data=fields, files={"file": (name, content)})


async def test_a_file_is_handed_in_listed_and_taken_out_again(
    readers: Staff, matter: str, kept: Ledger
) -> None:
    officer = await readers.at(TAX)
    content = PDF + bytes(range(256)) * (2 * PART // 256)  # several parts
    made = await give(officer, matter, "劳动合同.pdf", content)
    assert made.status_code == 201, made.text
    said = made.json()
    assert (said["name"], said["kind"], said["size"]) == ("劳动合同.pdf", "pdf", len(content))
    assert (said["unit"], said["given_by"], said["scan"]) == (TAX, "申请人", "未扫描")
    assert said["sha256"] == digest(content)

    center = await readers.at(CENTER, Role.OPERATOR)
    listed = (await center.get(at(matter))).json()
    assert [file["sha256"] for file in listed["materials"]] == [digest(content)]
    assert listed["accepts"]["each_mb"] == 20
    got = await center.get(at(matter, f"/{digest(content)}/content"))
    assert got.content == content
    assert got.headers["content-type"] == "application/pdf"
    assert got.headers["content-length"] == str(len(content))
    assert got.headers["content-disposition"].startswith("attachment; filename*=UTF-8''%E5%8A%B3")
    assert got.headers["x-content-type-options"] == "nosniff"
    assert got.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert [kept.entry.object for kept in entries(readers.ledger, verb="下载材料")] == [
        kept.state(matter).case_no
    ]
    assert verify(kept) == []


async def test_every_kind_that_the_policy_names_is_taken(readers: Staff, matter: str) -> None:
    officer = await readers.at(TAX)
    for name, content in TAKEN.items():
        made = await give(officer, matter, name, content)
        kind = kind_named(name)
        assert kind
        assert made.status_code in (200, 201), (name, made.text)
        got = await officer.get(at(matter, f"/{digest(content)}/content"))
        assert got.content == content
        assert got.headers["content-type"] == kind.media_type, name
    assert {kind_named(name) for name in TAKEN} == set(readers.app.state.site.policy.materials.kinds)


async def test_whatever_else_is_refused_and_kept_nowhere(readers: Staff, matter: str) -> None:
    officer = await readers.at(TAX)
    for name, (code, content) in REFUSED.items():
        said = await give(officer, matter, name, content)
        told = said.json()
        assert (said.status_code, told["code"], told["field"]) == (422, code, "file"), (name, told)
    assert nothing_is_kept(readers, matter)


def nothing_is_kept(readers: Staff, matter: str) -> bool:
    with readers.ledger.engine.connect() as connection:
        parts = connection.scalar(text("SELECT count(*) FROM material_parts"))
    return parts == 0 and not readers.ledger.state(matter).files


async def test_a_name_brings_no_folder_and_no_hidden_sign(readers: Staff, matter: str) -> None:
    officer = await readers.at(TAX)
    made = await give(officer, matter, "..\\..\\etc/pass\u202eword;X.pdf", PDF)
    assert made.json()["name"] == "password;X.pdf", made.text
    got = await officer.get(at(matter, f"/{digest(PDF)}/content"))
    assert got.headers["content-disposition"] == "attachment; filename*=UTF-8''password%3BX.pdf"
    long = await give(officer, matter, "长" * 300 + ".pdf", PDF + b"%1")
    assert long.json()["name"] == "长" * 96 + ".pdf"


@pytest.mark.parametrize(
    ("given", "plain"),
    [
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie_ x.pdf"),
        ("C:\\Users\\王\\合同.pdf", "合同.pdf"),
        ("../../etc/passwd", "passwd"),
        ('引"号<b>.PDF', "引_号_b_.PDF"),
        (" . ", ""),
        ("\u202efdp.exe", "fdp.exe"),
        ("合同.pdf\x00.exe", "合同.pdf.exe"),
    ],
)
def test_a_name_is_plain(given: str, plain: str) -> None:
    assert plain_name(given) == plain


async def test_the_same_bytes_twice_are_one_material(readers: Staff, matter: str) -> None:
    officer, center = await readers.at(TAX), await readers.at(CENTER, Role.OPERATOR)
    first = await give(officer, matter, "合同.pdf", PDF)
    again = await give(center, matter, "又一份.pdf", PDF)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert len(readers.ledger.state(matter).files) == 1
    assert verify(readers.ledger) == []


async def test_by_its_hash_a_file_is_known_before_it_is_sent(readers: Staff, matter: str) -> None:
    officer = await readers.at(TAX)
    there = at(matter, f"/{digest(PDF)}")
    assert (await officer.get(there)).status_code == 404
    said = {"given_by": "本单位"}
    made = await officer.put(there, data=said, files={"file": ("合同.pdf", PDF)})
    assert made.status_code == 201, made.text
    again = await officer.put(there)  # nothing is sent, and nothing need be
    assert (again.status_code, again.json()) == (200, made.json())
    assert (await officer.get(there)).json() == made.json()
    other = at(matter, f"/{digest(b'other')}")
    wrong = await officer.put(other, data=said, files={"file": ("合同.pdf", PDF + b"x")})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "differs")


async def test_what_is_too_large_is_refused_by_its_length_and_while_it_is_read(
    readers: Staff, matter: str
) -> None:
    officer = await readers.at(TAX)
    rules = readers.app.state.site.policy.materials
    read = 0

    async def body(size: int) -> AsyncIterator[bytes]:
        nonlocal read
        yield b'--x\r\ncontent-disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n' + PDF
        while read < size:
            read += PART
            yield bytes(PART)
        yield b"\r\n--x--\r\n"

    typed = {"Content-Type": "multipart/form-data; boundary=x"}
    declared = {**typed, "Content-Length": str(3 * rules.each)}
    said = await officer.post(at(matter), content=body(3 * rules.each), headers=declared)
    assert (said.status_code, said.json()["code"], read) == (413, "too_large", 0)
    said = await officer.post(at(matter), content=body(rules.each), headers=typed)
    assert (said.status_code, said.json()["code"]) == (413, "too_large")
    assert "20 MB" in said.json()["detail"]
    assert nothing_is_kept(readers, matter)


async def test_a_body_that_is_no_form_or_breaks_off_keeps_nothing(readers: Staff, matter: str) -> None:
    officer = await readers.at(TAX)
    assert (await officer.post(at(matter), content=PDF)).status_code == 415
    typed = {"Content-Type": "multipart/form-data; boundary=x"}
    half = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n' + PDF
    for content in (b"", b"nonsense", half, b"--x--\r\n"):
        said = await officer.post(at(matter), content=content, headers=typed)
        assert said.status_code in (400, 422), (content, said.text)
    assert (await give(officer, matter, "合同.pdf", PDF, given_by="路人")).json()["field"] == "given_by"
    assert (await give(officer, matter, "合同.pdf", PDF, about="长" * 201)).json()["field"] == "about"
    assert (await give(officer, matter, "合同.pdf", PDF, officer="别人")).json()["field"] == "officer"
    assert nothing_is_kept(readers, matter)


async def test_a_matter_holds_so_many_and_so_much(kept: Ledger, books: Books, policy: Policy) -> None:
    few = policy.materials.model_copy(update={"most": 2})
    async with AsyncExitStack() as stack:
        tight = policy.model_copy(update={"materials": few})
        staff = Staff(create_app(site_over(kept, tight)), kept, stack)
        matter = books.register(an_intake())
        center = await staff.at(CENTER, Role.OPERATOR)
        for n in range(2):
            assert (await give(center, matter, "合同.pdf", PDF + b"%%d" + bytes([n]))).status_code == 201
        said = await give(center, matter, "合同.pdf", PDF)
        assert (said.status_code, said.json()["code"]) == (422, "too_many")
        assert "至多 2 件" in said.json()["detail"]


async def test_a_matter_holds_so_much(kept: Ledger, books: Books, policy: Policy) -> None:
    little = policy.materials.model_copy(update={"each_mb": 1, "total_mb": 1})
    async with AsyncExitStack() as stack:
        tight = policy.model_copy(update={"materials": little})
        staff = Staff(create_app(site_over(kept, tight)), kept, stack)
        matter = books.register(an_intake())
        center = await staff.at(CENTER, Role.OPERATOR)
        assert (await give(center, matter, "合同.pdf", PDF)).status_code == 201
        said = await give(center, matter, "大.pdf", PDF + bytes(1_000_000 - len(PDF)))
        assert (said.status_code, said.json()["code"]) == (422, "too_much"), said.text


# --- who sees what -----------------------------------------------------------------------------------------------


async def test_who_does_not_see_the_matter_hears_of_no_material(readers: Staff, matter: str) -> None:
    officer = await readers.at(TAX)
    await give(officer, matter, "合同.pdf", PDF)
    stranger = await readers.at("县水务局")
    there = f"/{digest(PDF)}"
    for path in ("", there, f"{there}/content"):
        seen, none = await stranger.get(at(matter, path)), await stranger.get(at("no-such", path))
        assert (seen.status_code, seen.content) == (none.status_code, none.content)
        assert seen.status_code == 404
    assert (await give(stranger, matter, "别的.pdf", PDF + b"x")).status_code == 404
    masked = await readers.at("县委政法委", Role.SUPERVISOR)
    assert (await masked.get(at(matter))).json()["materials"] == []
    assert (await masked.get(at(matter, f"{there}/content"))).status_code == 404
    assert len(entries(readers.ledger, verb="下载材料")) == 0


async def test_a_unit_that_was_called_sees_what_it_handed_in_itself(
    readers: Staff, matter: str, books: Books
) -> None:
    books.act(matter, "invite_unit", unit="县公安局")
    lead, called = await readers.at(TAX), await readers.at("县公安局")
    await give(lead, matter, "合同.pdf", PDF)
    assert (await give(called, matter, "笔录.pdf", PDF)).status_code == 403, "it has not come in yet"
    books.act(matter, "answer_invitation", "县公安局/石磊")
    assert (await called.get(f"/disputes/{matter}")).json()["sight"] == "masked"
    assert (await called.get(at(matter))).json()["materials"] == []
    own = await give(called, matter, "笔录.pdf", PDF + b"%own", given_by="本单位")
    assert own.status_code == 201, own.text
    assert [file["name"] for file in (await called.get(at(matter))).json()["materials"]] == ["笔录.pdf"]
    same = await give(called, matter, "副本.pdf", PDF)
    assert (same.status_code, same.json()["name"]) == (201, "副本.pdf"), "what it is not shown is not told of"
    assert len((await lead.get(at(matter))).json()["materials"]) == 3


async def test_a_reporters_material_is_for_those_who_may_learn_who_he_is(
    readers: Staff, books: Books
) -> None:
    whole = an_intake(kind="线索", confidential=True)
    keep_reporter(readers.ledger, dispute_id(whole.channel, whole.source_no), whole)
    matter = books.register(part(whole).goes_on)
    books.act(matter, "assign_lead", units=[TAX])
    center, officer = await readers.at(CENTER, Role.OPERATOR), await readers.at(TAX)
    made = await give(center, matter, "温玉强身份证.pdf", PDF, about="温玉强本人的")
    assert made.status_code == 201, made.text
    assert (made.json()["name"], made.json()["about"]) == ("举报人提交的PDF.pdf", "")
    assert made.json()["of_reporter"]
    assert (await officer.get(f"/disputes/{matter}")).json()["sight"] == "whole"
    assert (await officer.get(at(matter))).json()["materials"] == []
    there = at(matter, f"/{digest(PDF)}")
    why = {"reason": "核对线索的来源"}
    for answer in (
        await officer.get(there),
        await officer.get(f"{there}/content"),
        await officer.post(f"{there}/looks", json=why, headers=key("look-1")),
    ):
        assert answer.status_code == 404
    same = await give(officer, matter, "又一份.pdf", PDF)
    assert same.status_code == 201, "that the reporter's is there already is not told"
    own = await give(officer, matter, "核查照片.jpg", TAKEN["工资条.jpg"], given_by="本单位")
    assert not own.json()["of_reporter"]

    first = await center.get(f"{there}/content")
    assert (first.status_code, first.json()["code"]) == (403, "reason_needed")
    short = await center.post(f"{there}/looks", json={"reason": "看"}, headers=key("look-2"))
    assert (short.status_code, short.json()["field"]) == (422, "reason")
    got = await center.post(f"{there}/looks", json=why, headers=key("look-3"))
    assert got.content == PDF
    seen = [e.fact for e in readers.ledger.events(matter) if isinstance(e.fact, Viewed)]
    assert [(fact.whose, fact.reason) for fact in seen] == [("reporter", "核对线索的来源")]
    said = str([e.fact for e in readers.ledger.events(matter) if isinstance(e.fact, MaterialKept)])
    assert "温玉强" not in said


async def test_a_units_own_system_hands_in_and_takes_out_by_its_scope(readers: Staff, matter: str) -> None:
    admin = readers.county.admin
    for scope, status in ((Scope.ACT, 403), (Scope.MATERIALS, 201)):
        _, token = clients.make(readers.ledger, admin, unit=TAX, client=scope, scopes=[scope], days=1)
        system = await readers.browser()
        system.headers["Authorization"] = f"Bearer {token}"
        made = await give(system, matter, "合同.pdf", PDF, officer="周敏")
        assert made.status_code == status, made.text
        got = await system.get(at(matter, f"/{digest(PDF)}/content"))
        assert got.status_code == (200 if status == 201 else 403)
    assert made.json()["officer"] == "周敏"
    assert (await give(system, matter, "合同.pdf", PDF + b"x")).json()["field"] == "officer"
    by = readers.ledger.events(matter)[-1].by
    assert by
    assert by.client == Scope.MATERIALS


async def test_nothing_is_handed_in_once_it_is_archived(readers: Staff, books: Books) -> None:
    matter = books.live_through(an_intake())
    operator = await readers.at(CENTER, Role.OPERATOR)
    said = await give(operator, matter, "合同.pdf", PDF)
    assert said.status_code == 403
    assert "归档" in said.json()["detail"]


# --- the scanner -------------------------------------------------------------------------------------------------


def scanning(readers: Staff, address: str, unscanned: str = "refuse") -> None:
    site = readers.app.state.site
    rules = site.policy.materials.model_copy(update={"unscanned": unscanned})
    policy = site.policy.model_copy(update={"materials": rules})
    readers.app.state.site = site._replace(scanner=scanner_at(address), policy=policy)


async def test_a_virus_is_refused_kept_nowhere_and_in_the_audit(readers: Staff, matter: str) -> None:
    officer = await readers.at(TAX)
    with clamd() as scanner:
        scanning(readers, scanner.address)
        clean = await give(officer, matter, "合同.pdf", PDF + bytes(2 * PART))
        assert clean.json()["scan"] == "已扫描无毒"
        assert scanner.seen == [len(PDF) + 2 * PART]
        sick = await give(officer, matter, "有毒.txt", VIRUS)
        assert (sick.status_code, sick.json()["code"]) == (422, "infected")
    assert [file.sha256 for file in readers.ledger.state(matter).files] == [clean.json()["sha256"]]
    (noted,) = entries(readers.ledger, verb="收存材料")
    assert "Win.Test.EICAR_HDB-1" in noted.entry.result
    assert verify(readers.ledger) == []


async def test_while_the_scanner_is_away_the_policy_says_what_is_done(readers: Staff, matter: str) -> None:
    officer = await readers.at(TAX)
    with clamd() as gone:
        address = gone.address
    scanning(readers, address)
    said = await give(officer, matter, "合同.pdf", PDF)
    assert (said.status_code, said.json()["code"]) == (503, "scanner_away")
    assert "稍后再交" in said.json()["detail"]
    assert nothing_is_kept(readers, matter)
    scanning(readers, address, "keep")
    assert (await give(officer, matter, "合同.pdf", PDF)).json()["scan"] == "未扫描"


async def test_a_scanner_that_gives_no_verdict_is_away(readers: Staff, matter: str) -> None:
    officer = await readers.at(TAX)
    with clamd() as scanner:
        scanner.largest = 10
        scanning(readers, scanner.address)
        assert (await give(officer, matter, "合同.pdf", PDF)).json()["code"] == "scanner_away"


@pytest.mark.parametrize("address", ["clamd", ":3310", "127.0.0.1:clam"])
def test_an_address_that_cannot_be_one_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="主机:端口"):
        scanner_at(address)


def test_without_an_address_there_is_no_scanner_and_a_missing_socket_is_one_that_is_away() -> None:
    assert scanner_at(None) is scanner_at("") is None
    away = scanner_at("unix:/nonexistent/clamd.ctl")
    assert away
    with pytest.raises(ScannerAway, match="连不上"):
        away.found([PDF])
