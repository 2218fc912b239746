"""Looks at identities in a matter's 经过 and its print: who, when, whose and why, for those who might look themselves."""

import html
import re

import httpx
import pytest

from domain.access import Role
from domain.posts import roles_in
from domain.reporter import part
from ledger.unmask import Look, note_look
from ledger.vault import keep_reporter
from tests.access.test_accounts import TAX
from tests.api.conftest import CENTER
from tests.console.conftest import Officers, form_at
from tests.ledger.support import Books, an_intake
from tests.support.case import county

WHY = "电话核实欠费月份"
REFUSED = "县人社局无权查看当事人身份信息"


async def a_look(officer: httpx.AsyncClient, matter: str, why: str = WHY) -> httpx.Response:
    form = await form_at(officer, f"/matters/{matter}")
    return await officer.post(f"/matters/{matter}/look", data={**form, "reason": why})


def told(page: str) -> list[str]:
    """The lines of 经过 as they read."""
    lines = re.findall(r"<li data-n=.*?</li>", page, re.DOTALL)
    return [html.unescape(re.sub(r"<[^>]+>", " ", line)) for line in lines]


@pytest.fixture
def matter(books: Books) -> str:
    """A matter with the tax bureau."""
    made = books.register(an_intake())
    books.accept(made)
    return made


async def test_a_look_is_told_with_who_whose_and_why(readers: Officers, matter: str) -> None:
    officer, head = await readers.at(TAX), await readers.at(TAX, Role.HEAD, "boss")
    assert (await a_look(officer, matter)).status_code == 200
    for page in (f"/matters/{matter}", f"/matters/{matter}?kind=查看身份信息"):
        (line,) = [line for line in told((await head.get(page)).text) if "查看" in line]
        assert line.split()[-4:] == ["查看当事人身份信息", TAX, f"officer-{TAX}某", WHY]
    assert WHY in (await head.get(f"/matters/{matter}/print")).text
    only = told((await head.get(f"/matters/{matter}?kind=查看身份信息")).text)
    assert len(only) == 1


@pytest.mark.parametrize(
    ("unit", "role"),
    [(unit, role) for unit in (CENTER, TAX, "县委政法委") for role in roles_in(unit, county())],
)
async def test_looks_are_told_to_whoever_sees_the_matter_whole_and_to_nobody_else(
    readers: Officers, matter: str, role: Role, unit: str
) -> None:
    note_look(readers.ledger, matter, Look("parties", TAX, "郝勤", WHY, "view-1"))
    with pytest.raises(Exception, match=REFUSED):
        note_look(readers.ledger, matter, Look("parties", "县人社局", "乔某", "想要看一看", "view-2"))
    who = await readers.at(unit, role)
    seen = await who.get(f"/api/v1/disputes/{matter}")
    whole = seen.status_code == 200 and seen.json()["sight"] == "whole"
    for place in (f"/matters/{matter}", f"/matters/{matter}/print", f"/api/v1/disputes/{matter}/timeline"):
        page = (await who.get(place)).text
        assert (WHY in page, REFUSED in page) == (whole, whole), place


async def test_a_reporters_name_in_a_reason_is_refused_and_not_kept(readers: Officers, books: Books) -> None:
    whole = an_intake(kind="线索", confidential=True)
    goes_on, kept = part(whole)
    assert kept
    matter = books.register(goes_on)
    keep_reporter(readers.ledger, matter, kept)
    center = await readers.at(CENTER, Role.OPERATOR)
    asked = {"whose": "reporter", "reason": "温 玉 强来电询问"}
    url, once = f"/api/v1/disputes/{matter}/looks", {"Idempotency-Key": "look-reporter"}
    refused = await center.post(url, json=asked, headers=once)
    assert (refused.status_code, refused.json()["code"]) == (422, "names_somebody")
    assert "温" not in str([e.fact for e in readers.ledger.events(matter)][-1])
    # Whoever asks for the parties does not learn by a refusal who reported it.
    parties = {"whose": "parties", "reason": "温玉强来电询问"}
    allowed = await center.post(url, json=parties, headers={"Idempotency-Key": "look-parties"})
    assert allowed.status_code == 200


async def test_a_look_meanwhile_keeps_nobody_from_sending_his_form(readers: Officers, matter: str) -> None:
    officer = await readers.at(TAX)
    where = f"/matters/{matter}/do/issue_disposition?task=t2"
    form = await form_at(officer, where)
    assert (await a_look(officer, matter)).status_code == 200
    sent = await officer.post(where, data={**form, "_do": ""})
    assert sent.status_code == 422, "what is missing is told"
    assert "其间" not in sent.text
