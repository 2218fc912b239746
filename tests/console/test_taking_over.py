"""Who is named to take over, on the pages and over the API: one of the unit's people, chosen where there are any."""

import re
from typing import Any

import pytest

from domain.access import Role
from tests.access.test_accounts import TAX
from tests.api.conftest import CENTER, key
from tests.console.conftest import Officers, form_at, hidden_fields
from tests.ledger.lives import keep
from tests.support.case import Case, told

NOBODY = "不存在的人"
AGAIN: dict[str, Any] = {"ground": "未解决或未履行", "points": "重新核定"}


@pytest.fixture
def matter(readers: Officers) -> Case:
    """One that waits for the hub's head to have it handled again; the tax bureau had it."""
    c = told().called("不满意", category="a 未履行")
    keep(readers.ledger, c.id, c.events)
    return c


def offered(page: str) -> list[str]:
    """Whom the form offers to take over."""
    return re.findall(r'type="radio" name="to_officer" value="([^"]+)"', page)


async def test_a_matter_is_handled_again_by_one_of_the_lead_s_people(readers: Officers, matter: Case) -> None:
    await readers.person(TAX, login="wen")
    head = await readers.at(CENTER, Role.HEAD, login="head")
    place = f"/matters/{matter.id}/do/reopen_case"
    page = await head.get(place)
    assert offered(page.text) == ["head-县税务局某", "wen某"]
    form = hidden_fields(page.text) | AGAIN
    refused = await head.post(place, data={**form, "to_officer": NOBODY})
    assert refused.status_code == 422
    assert 'href="#to_officer' in refused.text
    assert "不是县税务局有账号、在岗的人" in refused.text
    looked = await head.post(place, data={**form, "to_officer": "wen某"}, follow_redirects=True)
    assert "提交前再看一眼" in looked.text
    body = {"kind": "reopen_case", "fields": {**AGAIN, "to_officer": NOBODY}}
    answer = await head.post(f"/api/v1/disputes/{matter.id}/actions", json=body, headers=key("again-1"))
    assert (answer.status_code, answer.json()["field"]) == (422, "to_officer")
    asked = await head.get(f"/api/v1/disputes/{matter.id}/form", params={"kind": "reopen_case"})
    fields = {f["name"]: f for f in asked.json()["fields"]}
    assert [c["value"] for c in fields["to_officer"]["choices"]] == ["head-县税务局某", "wen某"]


async def test_where_the_lead_has_no_account_anybody_may_be_named(readers: Officers, matter: Case) -> None:
    head = await readers.at(CENTER, Role.HEAD, login="head")
    place = f"/matters/{matter.id}/do/reopen_case"
    page = await head.get(place)
    assert offered(page.text) == []
    assert re.search(r'<input id="to_officer" name="to_officer" type="text"', page.text)
    form = hidden_fields(page.text) | AGAIN
    looked = await head.post(place, data={**form, "to_officer": "何静"}, follow_redirects=True)
    assert "提交前再看一眼" in looked.text


async def test_a_name_without_an_account_is_asked_about_where_it_takes_nothing_over(
    readers: Officers, matter: Case
) -> None:
    head = await readers.at(TAX, Role.HEAD, login="wen")
    (no,) = [n for n, p in enumerate(matter.state.documents, 1) if p.name == "办理结果告知书"][:1]
    place = f"/matters/{matter.id}/do/issue_paper"
    form = await form_at(head, place) | {"paper": str(no)}
    known = await head.post(place, data={**form, "signed_by": "wen某"}, follow_redirects=True)
    assert "请核对姓名" not in known.text
    odd = await head.post(place, data={**form, "signed_by": NOBODY}, follow_redirects=True)
    assert f"“{NOBODY}”不是县税务局有账号、在岗的人，请核对姓名" in odd.text
