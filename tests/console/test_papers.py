"""文书 at the desk: listed with its matter, read on a page, printed once the look is recorded; verified by the public."""

from domain.access import Role
from domain.events import Viewed
from tests.api.conftest import CENTER
from tests.console.conftest import Officers, hidden_fields
from tests.ledger.support import Books, an_intake
from tests.ledger.test_papers import NOTICE, issue


async def test_a_paper_is_listed_read_printed_and_saved(readers: Officers, books: Books) -> None:
    matter = books.register(an_intake())
    books.accept(matter)
    issue(books, matter)
    issued = readers.ledger.state(matter).documents[NOTICE - 1].issued
    assert issued
    operator = await readers.at(CENTER, Role.OPERATOR)
    listed = (await operator.get(f"/matters/{matter}")).text
    assert f'href="/matters/{matter}/papers/1"' in listed
    assert issued.number in listed
    assert "待制发" in listed
    page = (await operator.get(f"/matters/{matter}/papers/1")).text
    assert "温玉强" not in page
    assert issued.sha256 in page
    sheet = await operator.post(f"/matters/{matter}/papers/1/print", data=hidden_fields(page))
    assert "温玉强" in sheet.text
    saved = await operator.post(f"/matters/{matter}/papers/1/file", data=hidden_fields(page))
    assert saved.content[:2] == b"PK"
    seen = [e.fact.reason for e in readers.ledger.events(matter) if isinstance(e.fact, Viewed)]
    assert [reason[:2] for reason in seen] == ["打印", "下载"]
    draft = (await operator.get(f"/matters/{matter}/papers/2")).text
    assert "这是草稿" in draft
    refused = await operator.post(f"/matters/{matter}/papers/2/print", data=hidden_fields(page))
    assert refused.status_code == 409
    assert "尚未制发" in refused.text
    assert (await operator.post(f"/matters/{matter}/papers/1/print")).status_code == 403


async def test_anybody_verifies_a_paper_on_the_page(readers: Officers, books: Books) -> None:
    matter = books.register(an_intake())
    books.accept(matter)
    issue(books, matter)
    issued = readers.ledger.state(matter).documents[NOTICE - 1].issued
    assert issued
    browser = await readers.browser()
    found = await browser.post("/lookup", data={"code": issued.code})
    assert "未撤回" in found.text
    assert issued.number in found.text
    assert "温" not in found.text


async def test_the_form_to_issue_comes_from_the_model(readers: Officers, books: Books) -> None:
    matter = books.register(an_intake())
    books.accept(matter)
    operator = await readers.at(CENTER, Role.OPERATOR)
    form = await operator.get(f"/matters/{matter}/do/issue_paper")
    assert form.status_code == 200
    for said in ("制发文书", "签发人", "补充内容", "受理通知书"):
        assert said in form.text
