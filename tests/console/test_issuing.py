"""一并制发: several papers ticked, looked at once more, each issued by itself under a number of its own."""

import re

import httpx

from domain.access import Role
from domain.masking import mask_name
from ledger.verify import verify
from tests.access.test_accounts import TAX
from tests.api.conftest import CENTER
from tests.console.conftest import Officers, form_at, hidden_fields
from tests.console.test_papers import mediating
from tests.domain.test_knowing import mediated
from tests.ledger.lives import keep_case

SIGNER = "殷正"


def ticks(page: str) -> list[str]:
    """What may be ticked."""
    return re.findall(r'name="t" value="([^"]+)"', page)


async def looked_at(who: httpx.AsyncClient, keys: list[str]) -> httpx.Response:
    """The page to look once more."""
    return await who.post("/papers/issue", data={**await form_at(who, "/papers"), "t": keys})


async def test_several_are_issued_each_under_its_own_number_and_a_refused_one_stops_no_other(
    officers: Officers, matter: str
) -> None:
    operator = await officers.at(CENTER, Role.OPERATOR)
    keys = ticks((await operator.get("/papers")).text)
    assert len(keys) >= 3
    review = await looked_at(operator, keys)
    assert review.status_code == 200
    assert "制发后不能撤回" in review.text
    assert ticks(review.text) == keys
    assert not any(p.issued for p in officers.ledger.state(matter).documents), "only looked at"
    form = {**hidden_fields(review.text), "t": [*keys, "no-such|1"], "_do": "send"}
    unsigned = await operator.post("/papers/issue", data=form)
    assert unsigned.status_code == 422
    assert "请写明签发人" in unsigned.text
    sent = form | {"signed_by": SIGNER}
    done = await operator.post("/papers/issue", data=sent)
    assert done.status_code == 409
    assert "1 份没有制发成" in done.text
    issued = [p.issued for p in officers.ledger.state(matter).documents if p.issued]
    assert len({i.number for i in issued}) == len(issued) == len(keys)
    assert {i.signed_by for i in issued} == {SIGNER}
    assert all(i.number in done.text for i in issued)
    again = await operator.post("/papers/issue", data=sent)
    assert all(i.number in again.text for i in issued)
    assert [p.issued for p in officers.ledger.state(matter).documents if p.issued] == issued
    assert verify(officers.ledger) == []
    assert ticks((await operator.get("/papers")).text) == []


async def test_what_cannot_be_issued_with_the_others_says_why_and_the_ticks_come_back(
    officers: Officers, matter: str
) -> None:
    operator, officer = await officers.at(CENTER, Role.OPERATOR), await officers.at(TAX)
    nothing = await looked_at(operator, [])
    assert nothing.status_code == 422
    assert "没有勾选" in nothing.text
    keys = ticks((await operator.get("/papers")).text)
    foreign = await looked_at(officer, keys[:1])
    assert "1 份不能一并制发" in foreign.text
    assert ticks(foreign.text) == []
    back = await operator.post(
        "/papers/issue", data={**await form_at(operator, "/papers"), "t": keys[:1], "_do": "edit"}
    )
    assert re.findall(r'name="t" value="([^"]+)" checked', back.text) == keys[:1]


async def test_one_paper_is_looked_at_once_more_and_issued_by_its_own_form(
    officers: Officers, matter: str
) -> None:
    operator = await officers.at(CENTER, Role.OPERATOR)
    no = ticks((await operator.get("/papers")).text)[0].rpartition("|")[2]
    place = f"/matters/{matter}/do/issue_paper?paper={no}"
    form = {**await form_at(operator, place), "paper": no, "signed_by": SIGNER}
    review = await operator.post(place, data=form, follow_redirects=True)
    assert review.status_code == 200, review.text
    assert not officers.ledger.state(matter).documents[int(no) - 1].issued, "only looked at"
    sent = await operator.post(place, data={**form, **hidden_fields(review.text), "_do": "send"})
    assert sent.status_code == 303, sent.text
    issued = officers.ledger.state(matter).documents[int(no) - 1].issued
    assert issued
    assert issued.signed_by == SIGNER


async def test_every_paper_that_a_mediator_s_list_has_opens_and_names_whom_the_list_names(
    readers: Officers,
) -> None:
    d, mediator = await mediating(readers)
    page = (await mediator.get("/papers")).text
    keys = ticks(page)
    assert len(keys) == 3, "the record, the end, and what the party applied by"
    assert '待审签文书 <span class="n">3</span>' in (await mediator.get("/")).text
    for address in re.findall(r'href="(/matters/[^"]+)"', page):
        assert (await mediator.get(address)).status_code == 200, address
    review = await looked_at(mediator, keys)
    assert "只能查看办理阶段" not in review.text
    masked = mask_name(d.facts.applicant.name or "")
    assert (masked in page, masked in review.text) == (True, True)


async def test_a_tick_for_a_matter_of_which_one_sees_the_stage_alone_names_nobody(readers: Officers) -> None:
    c = mediated()
    keep_case(readers.ledger, c)
    stage = await readers.at("联席会议办公室", Role.OFFICER)
    matter, masked = c.state.id, mask_name(c.state.facts.applicant.name or "")
    review = await stage.post("/papers/issue", data={**await form_at(stage, "/papers"), "t": [f"{matter}|1"]})
    assert "只能查看办理阶段" in review.text
    assert masked not in review.text
    assert c.state.documents[0].name not in review.text
