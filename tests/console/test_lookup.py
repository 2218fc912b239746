"""群众查询: the same answer whatever is wrong, nobody named, slower for whoever guesses."""

from console.pages import lookup
from console.pages.lookup import WRONG
from domain.words import Stage
from tests.console.conftest import Officers
from tests.ledger.support import Books, a_firm, an_intake


async def test_the_party_sees_how_far_it_is_and_nobody_else_does(readers: Officers, books: Books) -> None:
    matter = books.register(an_intake())
    books.accept(matter)
    number = readers.ledger.state(matter).case_no
    browser = await readers.browser()
    assert (await browser.get("/lookup")).status_code == 200
    found = await browser.post("/lookup", data={"number": number, "tel": "1234"})
    assert found.status_code == 200
    assert "正在办理" in found.text
    assert "现在由县税务局办理" in found.text
    for secret in ("温", a_firm()["name"], "2,400", "2400", "19900001234"):
        assert secret not in found.text
    wrong = await browser.post("/lookup", data={"number": number, "tel": "0000"})
    unknown = await browser.post("/lookup", data={"number": "偏社争〔2026〕9999号", "tel": "1234"})
    for refused in (wrong, unknown):
        assert refused.status_code == 422
        assert WRONG in refused.text


async def test_whoever_guesses_has_to_wait(readers: Officers, books: Books) -> None:
    books.register(an_intake())
    browser = await readers.browser()
    answers = [await browser.post("/lookup", data={"number": "0001", "tel": f"{n:04d}"}) for n in range(5)]
    assert answers[-1].status_code == 429


def test_every_stage_has_words_for_the_party() -> None:
    assert set(lookup.NOW) == set(Stage)
