"""群众查询: by the code on the receipt, the same answer whatever is wrong, nobody named."""

import re
from typing import Any

from api.lookup import MERGED, WRONG
from console.pages import lookup
from domain.policy import Policy
from domain.policy_units import UnitContact
from domain.words import Stage
from ledger.codes import make_code
from tests.console.conftest import Officers
from tests.ledger.support import Books, a_firm, a_person, an_intake


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


async def test_the_party_is_told_how_to_reach_the_unit_that_has_it(readers: Officers, books: Books) -> None:
    matter = books.register(an_intake())
    browser, code = await readers.browser(), make_code(readers.ledger, matter)
    at_the_hub = (await browser.post("/lookup", data={"code": code})).text
    contacts = books.policy.units.contacts
    assert f'<a href="tel:{contacts["center"].phone}">' in at_the_hub
    assert str(contacts["center"].hours) in at_the_hub
    books.accept(matter)
    at_the_tax_bureau = (await browser.post("/lookup", data={"code": code})).text
    assert f'<a href="tel:{contacts["tax"].phone}">' in at_the_tax_bureau
    assert contacts["tax"].address in at_the_tax_bureau
    said = (await browser.post("/api/v1/lookup", json={"code": code})).json()
    assert said["contact"]["unit"] == "县税务局"
    assert said["contact"]["phone"] == contacts["tax"].phone


def test_a_unit_without_a_contact_of_its_own_leaves_it_to_its_role_or_to_nobody(policy: Policy) -> None:
    units = policy.units
    assert units.contact("县税务局") == units.contacts["tax"]
    assert units.contact("县公安局") is None
    own = UnitContact(phone="0000-9", address="某处")
    named = units.model_copy(update={"contacts": {**units.contacts, "县公安局": own}})
    assert named.contact("县公安局") == own


def test_every_stage_has_words_for_the_party() -> None:
    assert set(lookup.NOW) == set(Stage)


async def asked(readers: Officers, matter: str) -> tuple[str, dict[str, Any]]:
    """What the party reads of a matter on the page, and what the API says."""
    browser, code = await readers.browser(), make_code(readers.ledger, matter)
    page = await browser.post("/lookup", data={"code": code})
    said = await browser.post("/api/v1/lookup", json={"code": code})
    assert (page.status_code, said.status_code) == (200, 200)
    return page.text, said.json()


async def test_a_merged_matter_is_answered_with_the_other_of_which_nothing_but_its_stage_is_told(
    readers: Officers, books: Books
) -> None:
    parent = books.register(an_intake("M-1", applicant=a_person(name="古丽")))
    child = books.register(an_intake("M-2"))
    books.accept(parent)
    books.act(child, "merge_cases", into="M-1", ground=["同一单位"])
    page, said = await asked(readers, child)
    assert MERGED in page
    assert said["said"] == MERGED
    assert "办结" not in page
    assert re.findall(r'<li class="(\w+)">([^<]+)<small>', page) == [
        ("done", "登记"), ("done", "初审"), ("here", "并入另一件"),
    ]  # fmt: skip
    assert "并入的那一件：正在办理" in page
    assert said["merged"] == {"stage": "直办"}
    case_no = books.ledger.state(parent).case_no
    for other in (case_no, "M-1", "县税务局"):
        assert other not in page
        assert other not in str(said)


async def test_the_stage_of_what_was_merged_twice_is_that_of_the_last_in_words_for_anybody(
    readers: Officers, books: Books
) -> None:
    last, middle, first = (books.register(an_intake(f"M-{n}")) for n in (1, 2, 3))
    books.act(first, "merge_cases", into="M-2", ground=["同一单位"])
    books.accept(middle)
    books.act(middle, "merge_cases", into="M-1", ground=["同一单位"])
    wish = {"items": ["工资或缴费凭证"], "due": "10工作日", "way": "电话"}
    books.act(last, "request_supplement", **wish)
    page, said = await asked(readers, first)
    assert "并入的那一件：等当事人补材料" in page
    assert "工资或缴费凭证" not in page
    of_middle = (await asked(readers, middle))[0]
    assert re.findall(r'<li class="\w+">([^<]+)<small>', of_middle) == ["登记", "初审", "直办", "并入另一件"]
    assert said["merged"] == {"stage": "补正"}
    assert (await asked(readers, last))[1]["merged"] is None


async def test_what_is_asked_for_is_told_with_its_day_until_it_is_there(
    readers: Officers, books: Books
) -> None:
    matter = books.register(an_intake())
    wish = {
        "items": ["工资或缴费凭证", "其他"],
        "other": "温玉强本人的考勤记录",
        "due": "10工作日",
        "way": "电话",
    }
    books.act(matter, "request_supplement", **wish)
    due = next(c.due_on for c in books.ledger.state(matter).open_clocks() if c.rule_id == "supplement")
    page, said = await asked(readers, matter)
    assert "工资或缴费凭证" in page
    assert "本人的考勤记录" in page
    assert "温玉强" not in page
    assert f"{due.year} 年 {due.month} 月 {due.day} 日" in page
    assert said["wanted"] == {"items": ["工资或缴费凭证", "温**本人的考勤记录"], "until": due.isoformat()}
    given = {"given_by": "申请人", "materials": [{"name": "工资单"}], "completes": "已补齐"}
    books.act(matter, "receive_material", after=1, received_on="2026-09-08", **given)
    page, said = await asked(readers, matter)
    assert "工资或缴费凭证" not in page
    assert said["wanted"] is None
