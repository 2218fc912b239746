"""操作手册 on the desk: each role's own page, with its pictures and its way on."""

import re
from urllib.parse import unquote

import pytest

from console.pages.guide import FOLDER, OF_ROLE
from domain.access import Role
from tests.access.test_accounts import TAX, unit_of
from tests.console.conftest import Officers


@pytest.mark.parametrize("role", list(Role))
async def test_each_role_reads_its_own_page(readers: Officers, role: Role) -> None:
    who = await readers.at(unit_of(role), role, login="reader")
    home = await who.get("/guide")
    assert home.status_code == 200
    written = (FOLDER / f"{OF_ROLE.get(role, 'README')}.md").read_text(encoding="utf-8")
    assert f">{written.partition(chr(10))[0].removeprefix('# ')}</h1>" in home.text
    for picture in re.findall(r'<img src="([^"]+)"', home.text):
        shown = await who.get(picture)
        assert shown.headers["content-type"] == "image/png"
    assert "操作手册" in home.text


async def test_every_link_leads_on(readers: Officers) -> None:
    who = await readers.at(TAX)
    for file in FOLDER.glob("*.md"):
        text = (await who.get(f"/guide/{file.stem}")).text
        found = re.findall(r'<a href="(/guide/[^"]+)"', text)
        for address in found:
            page, _, anchor = address.partition("#")
            there = await who.get(page)
            assert there.status_code == 200, address
            assert not anchor or f'id="{unquote(anchor)}"' in there.text
    assert (await who.get("/guide/nothing")).status_code == 404
    assert (await who.get("/guide/pictures/none.png")).status_code == 404
    assert (await (await readers.browser()).get("/guide")).status_code == 303
