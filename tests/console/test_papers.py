"""文书 at the desk: listed with its matter, read on a page, printed once the look is recorded; verified by the public."""

import re

import httpx

from domain.access import Role
from domain.dispute import Dispute
from domain.events import Viewed
from domain.paper_content import gaps
from tests.api.conftest import CENTER
from tests.console.conftest import Officers, form_at, hidden_fields
from tests.domain.test_knowing import mediated
from tests.ledger.lives import keep_case
from tests.ledger.support import Books, an_intake
from tests.ledger.test_papers import NOTICE, issue
from tests.support.case import MEDIATOR, county


async def mediating(readers: Officers) -> tuple[Dispute, httpx.AsyncClient]:
    """A mediated matter, whose three papers wait, and its mediator's browser."""
    c = mediated()
    keep_case(readers.ledger, c)
    return c.state, await readers.at(MEDIATOR, Role.MEDIATOR)


async def test_a_paper_is_listed_read_printed_and_saved(readers: Officers, books: Books) -> None:
    matter = books.register(an_intake())
    books.accept(matter)
    issue(books, matter)
    made = readers.ledger.state(matter).documents[NOTICE - 1].issued
    assert made
    operator = await readers.at(CENTER, Role.OPERATOR)
    listed = (await operator.get(f"/matters/{matter}")).text
    assert f'href="/matters/{matter}/papers/1"' in listed
    assert made.number in listed
    assert "待制发" in listed
    page = (await operator.get(f"/matters/{matter}/papers/1")).text
    assert "温玉强" not in page
    assert made.sha256 in page
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
    made = readers.ledger.state(matter).documents[NOTICE - 1].issued
    assert made
    browser = await readers.browser()
    found = await browser.post("/lookup", data={"code": made.code})
    assert "未撤回" in found.text
    assert made.number in found.text
    assert "温" not in found.text


async def test_the_form_to_issue_comes_from_the_model(readers: Officers, books: Books) -> None:
    matter = books.register(an_intake())
    books.accept(matter)
    operator = await readers.at(CENTER, Role.OPERATOR)
    form = await operator.get(f"/matters/{matter}/do/issue_paper")
    assert form.status_code == 200
    for said in ("制发文书", "签发人", "受理通知书"):
        assert said in form.text


async def test_each_paper_is_issued_from_its_own_page_by_a_form_that_asks_what_it_lacks(
    readers: Officers,
) -> None:
    d, who = await mediating(readers)
    numbers = [n for n, p in enumerate(d.documents, 1) if p.issuer in (MEDIATOR, "申请人")]
    assert len(numbers) == 3
    for no in numbers:
        place = f"/matters/{d.id}/do/issue_paper?paper={no}"
        assert f'href="{place}"' in (await who.get(f"/matters/{d.id}/papers/{no}")).text
        assert f'href="{place}"' in (await who.get("/papers")).text
        form = (await who.get(place)).text
        assert f'name="paper" value="{no}" checked' in form
        wanted = gaps(county(), d, d.documents[no - 1])
        assert re.findall(r'<option value="([^"]+)" selected', form) == wanted
        assert ("补充内容" in form) == bool(wanted)
        for other in {*numbers} - {no}:
            assert f'href="/matters/{d.id}/do/issue_paper?paper={other}"' in form


async def test_what_is_filled_in_for_one_paper_issues_that_one_and_no_draft_is_anothers(
    readers: Officers,
) -> None:
    d, who = await mediating(readers)
    record = next(n for n, p in enumerate(d.documents, 1) if p.name == "调解笔录")
    place = f"/matters/{d.id}/do/issue_paper?paper={record}"
    typed = {"paper": str(record), "signed_by": "石磊", "_do": ""}
    for n, field in enumerate(gaps(county(), d, d.documents[record - 1])):
        typed |= {f"gaps.{n}.field": field, f"gaps.{n}.text": "双方各自陈述"}
    form = await form_at(who, place)
    await who.post(place, data={**form, **typed, "_do": "draft"})
    assert "双方各自陈述" in (await who.get(place)).text
    assert "双方各自陈述" not in (await who.get(f"/matters/{d.id}/do/issue_paper?paper={record + 1}")).text
    review = await who.post(place, data={**form, **typed}, follow_redirects=True)
    assert "提交前再看一眼" in review.text
    assert "双方各自陈述" in review.text
    assert "调解笔录" in review.text


async def test_a_paper_that_is_issued_is_not_offered_again_but_to_be_served(
    readers: Officers, books: Books
) -> None:
    matter = books.register(an_intake())
    books.accept(matter)
    issue(books, matter)
    who = await readers.at(CENTER, Role.OPERATOR)
    gone = await who.get(f"/matters/{matter}/do/issue_paper?paper={NOTICE}")
    assert gone.status_code == 409
    assert "《受理通知书》已制发" in gone.text
    page = (await who.get(f"/matters/{matter}/papers/{NOTICE}")).text
    assert "do/issue_paper" not in page
    assert f'href="/matters/{matter}/do/serve_paper?paper={NOTICE}"' in page
    assert (await who.get(f"/matters/{matter}/do/issue_paper?paper=99")).status_code == 409
