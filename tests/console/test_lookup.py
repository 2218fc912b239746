"""群众查询: by the code on the receipt, the same answer whatever is wrong, nobody named."""

from api.lookup import WRONG
from console.pages import lookup
from domain.words import Stage
from ledger.codes import make_code
from tests.console.conftest import Officers
from tests.ledger.support import Books, a_firm, an_intake


async def test_the_party_sees_how_far_it_is_and_nobody_else_does(readers: Officers, books: Books) -> None:
    matter = books.register(an_intake())
    books.accept(matter)
    browser = await readers.browser()
    assert (await browser.get("/lookup")).status_code == 200
    found = await browser.post("/lookup", data={"code": make_code(readers.ledger, matter).lower()})
    assert found.status_code == 200
    assert "正在办理" in found.text
    assert "现在由县税务局办理" in found.text
    for secret in ("温", a_firm()["name"], "2,400", "2400", "19900001234"):
        assert secret not in found.text
    for code in ("0000-0000-0000-0000", "", "x" * 400):
        refused = await browser.post("/lookup", data={"code": code})
        assert refused.status_code == 422
        assert WRONG in refused.text


def test_every_stage_has_words_for_the_party() -> None:
    assert set(lookup.NOW) == set(Stage)
