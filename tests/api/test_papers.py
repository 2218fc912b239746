"""文书 over HTTP: listed and read without identities, handed out as a recorded look, verified by anybody."""

import hashlib
import zipfile
from io import BytesIO
from typing import Any

import pytest
from docx import Document

from api.lookup import WRONG
from domain.access import Role
from domain.events import Viewed
from ledger.audit import entries
from ledger.store import Ledger
from tests.access.test_accounts import HRSS, TAX
from tests.api.conftest import CENTER, Staff
from tests.ledger.support import Books, an_intake
from tests.ledger.test_papers import NOTICE, issue


@pytest.fixture
def matter(readers: Staff, books: Books) -> str:
    """A matter whose notice is issued; its assessment is not."""
    made = books.register(an_intake())
    books.accept(made)
    issue(books, made)
    return made


async def test_papers_are_listed_and_read_without_anybodys_name(readers: Staff, matter: str) -> None:
    center = await readers.at(CENTER, Role.OPERATOR)
    rows = (await center.get(f"/disputes/{matter}/papers")).json()
    assert [(r["name"], r["state"], r["number"]) for r in rows[:2]] == [
        ("受理通知书", "已制发", "偏社争受字〔2026〕0001号"),
        ("风险评估表", "待制发", None),
    ]
    for no in (1, 2):
        read = await center.get(f"/disputes/{matter}/papers/{no}")
        assert read.status_code == 200
        assert "温**" in read.text
        assert "温玉强" not in read.text
    assert "制发时编号" in (await center.get(f"/disputes/{matter}/papers/2")).text
    assert (await center.get(f"/disputes/{matter}/papers/99")).status_code == 404
    stranger = await readers.at(HRSS)
    assert (await stranger.get(f"/disputes/{matter}/papers")).status_code == 404
    assert (await stranger.get(f"/disputes/{matter}/papers/1/file")).status_code == 404


async def test_the_original_is_what_was_issued_and_the_look_is_on_record(readers: Staff, matter: str) -> None:
    officer = await readers.at(TAX)
    got = await officer.get(f"/disputes/{matter}/papers/1/file")
    assert got.status_code == 200
    issued = readers.ledger.state(matter).documents[NOTICE - 1].issued
    assert issued
    assert hashlib.sha256(got.content).hexdigest() == issued.sha256
    assert any("温玉强" in p.text for p in Document(BytesIO(got.content)).paragraphs)
    assert "attachment" in got.headers["content-disposition"]
    seen = [e.fact for e in readers.ledger.events(matter) if isinstance(e.fact, Viewed)]
    assert [f.reason for f in seen] == [f"下载受理通知书 {issued.number}"]
    draft = await officer.get(f"/disputes/{matter}/papers/2/file")
    assert (draft.status_code, draft.json()["detail"]) == (409, "这份文书尚未制发，没有可以下载、打印的原件")


async def test_who_sees_a_matter_masked_reads_no_paper(readers: Staff, matter: str) -> None:
    supervisor = await readers.at("县委政法委", Role.SUPERVISOR)
    assert len((await supervisor.get(f"/disputes/{matter}/papers")).json()) == 3
    for path in ("1", "1/file"):
        assert (await supervisor.get(f"/disputes/{matter}/papers/{path}")).status_code == 403


async def test_anybody_verifies_a_paper_by_its_code(readers: Staff, books: Books, matter: str) -> None:
    browser = await readers.browser()
    issued = readers.ledger.state(matter).documents[NOTICE - 1].issued
    assert issued
    said = (await browser.post("/lookup", json={"code": issued.code.lower()})).json()
    day = f"{issued.at.year}年{issued.at.month}月{issued.at.day}日"
    assert said["paper"]["said"] == f"《受理通知书》（{issued.number}）于{day}由偏关县综治中心制发，未撤回。"
    assert "温" not in str(said)
    wrong = await browser.post("/lookup", json={"code": "0000-0000-0000-0000"})
    assert (wrong.status_code, wrong.json()["detail"]) == (404, WRONG)
    why: dict[str, Any] = {"reason": "内容有误", "explanation": "期限写错", "then": "不再制发"}
    books.act(matter, "revoke_paper", after=4, paper=NOTICE, **why)
    said = (await browser.post("/lookup", json={"code": issued.code})).json()
    assert said["paper"]["said"].endswith("制发，已于2026年9月11日撤销。")


async def test_a_paper_that_is_gone_is_not_made_up(readers: Staff, matter: str, kept: Ledger) -> None:
    with kept.engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        connection.exec_driver_sql("DELETE FROM papers")
    officer = await readers.at(TAX)
    for path in ("1", "1/file"):
        got = await officer.get(f"/disputes/{matter}/papers/{path}")
        assert (got.status_code, got.json()["code"]) == (500, "broken")
        assert "原件缺失，请从备份恢复" in got.json()["detail"]


async def test_the_whole_file_goes_out_once_archived_and_the_look_is_on_record(
    readers: Staff, books: Books
) -> None:
    matter = books.live_through(an_intake("PG-9"))
    center = await readers.at(CENTER, Role.OPERATOR)
    got = await center.get(f"/disputes/{matter}/archive", params={"reason": "移交档案馆"})
    assert (got.status_code, got.headers["content-type"]) == (200, "application/zip")
    with zipfile.ZipFile(BytesIO(got.content)) as archive:
        assert archive.testzip() is None
        assert any(name.endswith("/manifest-sha256.txt") for name in archive.namelist())
    seen = [e.fact for e in readers.ledger.events(matter) if isinstance(e.fact, Viewed)]
    assert [f.reason for f in seen] == ["导出档案：移交档案馆"]
    assert [k.entry.object for k in entries(readers.ledger, verb="导出档案")] == [
        readers.ledger.state(matter).case_no
    ]


async def test_whoever_may_not_see_identities_takes_no_file_out(
    readers: Staff, books: Books, matter: str
) -> None:
    center = await readers.at(CENTER, Role.OPERATOR)
    still_open = await center.get(f"/disputes/{matter}/archive")
    assert (still_open.status_code, "尚未归档" in still_open.text) == (409, True)
    over = books.live_through(an_intake("PG-9"))
    supervisor = await readers.at("县委政法委", Role.SUPERVISOR)
    assert (await supervisor.get(f"/disputes/{over}/archive")).status_code == 403
    stranger = await readers.at(HRSS)
    assert (await stranger.get(f"/disputes/{over}/archive")).status_code == 404
