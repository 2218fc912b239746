"""材料 on the pages: several at once, refusals told by name, taken out as an attachment, attached before there is a matter."""

import hashlib
import re
from urllib.parse import unquote

import httpx
from sqlalchemy import text

from domain.access import Role
from ledger.draft_files import attached
from ledger.verify import verify
from tests.access.test_accounts import TAX
from tests.api.conftest import CENTER
from tests.console.conftest import Officers, form_at
from tests.console.test_registering import WHOLE
from tests.ledger.support import Books, an_intake
from tests.support.files import PDF, TAKEN

PHOTO = TAKEN["工资条.jpg"]
JSON = {"Accept": "application/json"}


def address(matter: str, content: bytes = b"") -> str:
    there = f"/matters/{matter}/materials"
    return f"{there}/{hashlib.sha256(content).hexdigest()}" if content else there


async def give(
    who: httpx.AsyncClient, matter: str, *files: tuple[str, bytes], headers: dict[str, str] | None = None
) -> httpx.Response:
    form = await form_at(who, f"/matters/{matter}")
    sent = [("file", file) for file in files]
    said = {"_token": form["_token"], "given_by": "申请人", "about": "证明劳动关系"}
    return await who.post(address(matter), data=said, files=sent, headers=headers or {})


async def test_several_are_kept_at_once_listed_and_taken_out(readers: Officers, books: Books) -> None:
    matter = books.register(an_intake())
    books.accept(matter)
    officer = await readers.at(TAX)
    done = await give(officer, matter, ("合同.pdf", PDF), ("工资条.jpg", PHOTO))
    assert done.status_code == 303, done.text
    assert unquote(done.headers["location"]) == f"/matters/{matter}?kept=2#materials"
    page = (await officer.get(done.headers["location"])).text
    assert "收下 2 件" in page
    assert page.index("工资条.jpg") < page.index("合同.pdf"), "the newest first"
    for said in ("证明劳动关系", "未扫描", "1 KB", f"{TAX}　"):
        assert said in page
    got = await officer.get(address(matter, PDF))
    assert got.content == PDF
    assert got.headers["content-disposition"].startswith("attachment")
    assert got.headers["content-security-policy"] == "sandbox; default-src 'none'"


async def test_what_is_refused_is_told_by_its_name_and_takes_no_other_with_it(
    readers: Officers, books: Books
) -> None:
    matter = books.register(an_intake())
    center = await readers.at(CENTER, Role.OPERATOR)
    page = await give(center, matter, ("录音.exe", b"MZ"), ("合同.pdf", PDF), ("空.pdf", b""))
    assert page.status_code == 422
    assert "收下 1 件，有 2 件没有收" in page.text
    assert "录音.exe：不收“.exe”文件" in page.text
    assert "空.pdf：文件是空的" in page.text
    assert 'value="证明劳动关系"' in page.text, "what was typed is still there"
    nothing = await give(center, matter)
    assert "还没有选文件" in nothing.text
    large = await give(center, matter, ("大.pdf", PDF + bytes(20_000_000)), ("工资条.jpg", PHOTO))
    assert "大.pdf：文件太大，每件至多 20 MB" in large.text
    assert [file.name for file in readers.ledger.state(matter).files] == ["合同.pdf", "工资条.jpg"]


async def test_a_script_hears_what_became_of_its_file(readers: Officers, books: Books) -> None:
    matter = books.register(an_intake())
    center = await readers.at(CENTER, Role.OPERATOR)
    taken = await give(center, matter, ("合同.pdf", PDF), headers=JSON)
    assert (taken.status_code, taken.json()) == (200, {"kept": 1, "refused": []})
    refused = await give(center, matter, ("图.svg", b"<svg/>"), headers=JSON)
    assert refused.status_code == 422
    assert "不收“.svg”文件" in refused.json()["refused"][0]["why"]


async def test_who_may_not_is_not_asked_and_not_heard(readers: Officers, books: Books) -> None:
    matter = books.register(an_intake())
    books.accept(matter)
    officer, masked = await readers.at(TAX), await readers.at("县委政法委", Role.SUPERVISOR)
    await give(officer, matter, ("合同.pdf", PDF))
    page = (await masked.get(f"/matters/{matter}")).text
    assert "合同.pdf" not in page
    assert 'type="file"' not in page
    assert (await give(masked, matter, ("别的.pdf", PDF))).status_code == 403
    assert (await masked.get(address(matter, PDF))).status_code == 404
    stranger = await readers.at("县水务局")
    assert (await stranger.get(address(matter, PDF))).status_code == 404
    foreign = await officer.post(
        address(matter), files={"file": ("合同.pdf", PDF)}, headers={"Origin": "http://else.example"}
    )
    assert foreign.status_code == 403
    unsigned = await officer.post(address(matter), files={"file": ("合同.pdf", PDF + b"x")})
    assert unsigned.status_code == 403
    assert len(readers.ledger.state(matter).files) == 1


async def test_a_kept_file_is_chosen_in_a_form_that_asks_for_material(
    readers: Officers, books: Books
) -> None:
    matter = books.register(an_intake())
    center = await readers.at(CENTER, Role.OPERATOR)
    await give(center, matter, ("合同.pdf", PDF))
    file = readers.ledger.state(matter).files[0]
    page = (await center.get(f"/matters/{matter}/do/receive_material")).text
    assert f'<option value="{file.id}">合同.pdf（申请人' in page


# --- 登记 --------------------------------------------------------------------------------------------------------


def kept_in_drafts(officers: Officers) -> int:
    with officers.ledger.engine.connect() as connection:
        return connection.scalar(text("SELECT count(*) FROM draft_files")) or 0


def listed(page: str) -> list[str]:
    return re.findall(r'name="_file" value="([a-z]{16})"', page)


async def test_what_is_attached_to_a_registration_moves_to_the_matter(officers: Officers) -> None:
    person, operator = await officers.person(CENTER, Role.OPERATOR)
    form = {
        **await form_at(operator, "/register"),
        **WHOLE,
        "source_no": "LF-2026-0011",
        "_given_by": "申请人",
    }
    wrong = await operator.post(
        "/register", data={**form, "narrative": ""}, files={"_files": ("合同.pdf", PDF)}
    )
    assert wrong.status_code == 422
    assert "合同.pdf" in wrong.text, "a fault elsewhere loses no file"
    (first,) = listed(wrong.text)
    assert [f.id for f in attached(officers.ledger, person, "/register")] == [first]

    told = await operator.post(
        "/register", data={**form, "_do": "attach"}, files={"_files": ("工资条.jpg", PHOTO)}, headers=JSON
    )
    (by_script,) = told.json()["attached"]
    assert (by_script["name"], by_script["scan"]) == ("工资条.jpg", "未扫描")

    refused = await operator.post(
        "/register", data={**form, "_file": [first]}, files={"_files": ("程序.exe", b"MZ")}
    )
    assert refused.status_code == 422
    assert "程序.exe：不收" in refused.text
    assert not officers.ledger.state("来访-LF-2026-0011").version

    again = await operator.get("/register")
    assert set(listed(again.text)) == {first, by_script["id"]}, "on another machine, too"
    done = await operator.post(
        "/register", data={**form, "_file": [first, by_script["id"]]}, follow_redirects=True
    )
    assert "登记回执" in done.text, done.text
    assert "文件 2 件" in done.text
    kept = officers.ledger.state("来访-LF-2026-0011").files
    assert {(file.name, file.unit) for file in kept} == {("合同.pdf", CENTER), ("工资条.jpg", CENTER)}
    assert kept_in_drafts(officers) == 0
    assert verify(officers.ledger) == []
    got = await operator.get(address("来访-LF-2026-0011", PDF))
    assert got.content == PDF


async def test_what_is_attached_goes_when_it_is_let_go_and_with_the_draft(readers: Officers) -> None:
    operator = await readers.at(CENTER, Role.OPERATOR)
    form = {**await form_at(operator, "/register"), **WHOLE}
    sent = await operator.post(
        "/register", data={**form, "_do": "attach"}, files={"_files": ("合同.pdf", PDF)}
    )
    assert sent.status_code == 303
    for _ in range(2):
        page = await operator.get(sent.headers["location"])
        (one,) = listed(page.text)
        assert WHOLE["narrative"] in page.text, "what was typed came along with the file"
    gone = await operator.post(
        "/register", data={**form, "_file": one, "_do": f"detach:{one}"}, follow_redirects=True
    )
    assert listed(gone.text) == []
    assert WHOLE["narrative"] in gone.text
    assert kept_in_drafts(readers) == 0
    await operator.post("/register", data={**form, "_do": "attach"}, files={"_files": ("合同.pdf", PDF)})
    assert kept_in_drafts(readers) == 2
    other = await readers.at(TAX)
    assert listed((await other.get("/register")).text) == [], "nobody else's"
    await operator.post("/register", data={**form, "_do": "draft"})
    drafts = await form_at(operator, "/drafts")
    await operator.post("/drafts", data={"_token": drafts["_token"], "place": "/register"})
    assert kept_in_drafts(readers) == 0


async def test_a_reporters_files_are_behind_a_reason(officers: Officers) -> None:
    operator = await officers.at(CENTER, Role.OPERATOR)
    form = {
        **await form_at(operator, "/register"),
        **WHOLE,
        "source_no": "LF-2026-0012",
        "kind": "线索",
        "confidential": "yes",
    }
    page = await operator.post(
        "/register", data=form, files={"_files": ("温玉强身份证.pdf", PDF)}, follow_redirects=True
    )
    assert "登记回执" in page.text, page.text
    matter = "来访-LF-2026-0012"
    page = await operator.get(f"/matters/{matter}")
    assert "举报人提交的PDF.pdf" in page.text
    assert "温玉强身份证" not in page.text
    token = {"_token": (await form_at(operator, f"/matters/{matter}"))["_token"]}
    assert (await operator.get(address(matter, PDF))).status_code == 403
    short = await operator.post(address(matter, PDF), data={**token, "reason": "看"})
    assert short.status_code == 422
    assert "没有取出" in short.text
    got = await operator.post(address(matter, PDF), data={**token, "reason": "核对线索来源"})
    assert got.content == PDF
    assert officers.ledger.events(matter)[-1].fact.type == "viewed"
