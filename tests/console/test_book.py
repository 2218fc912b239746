"""台账 as a list and as a file."""

import html
import io
import re

from openpyxl import load_workbook

from domain.access import Role
from tests.access.test_accounts import TAX
from tests.api.conftest import CENTER
from tests.console.conftest import Officers
from tests.ledger.support import Books, an_intake


async def test_what_is_listed_is_what_is_exported(readers: Officers, books: Books) -> None:
    books.accept(books.register(an_intake()))
    books.register(an_intake("PG-2"))
    center, officer = await readers.at(CENTER, Role.OPERATOR), await readers.at(TAX)
    listed = (await center.get("/matters", params={"lead": TAX})).text
    found = re.search(r'href="(/matters/book[^"]*)"', listed)
    assert found
    file = await center.get(html.unescape(found[1]))
    assert file.status_code == 200
    assert "spreadsheetml" in file.headers["content-type"]
    sheet = load_workbook(io.BytesIO(file.content)).worksheets[0]
    numbers = [cell for row in sheet.iter_rows(values_only=True) for cell in row if "争〔" in str(cell)]
    assert len(set(numbers)) == 1
    assert "/matters/book" not in (await officer.get("/matters")).text
    assert (await officer.get("/matters/book")).status_code == 403
