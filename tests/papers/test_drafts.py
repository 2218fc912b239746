"""A draft as it is read before it has a number, and what a party hands in."""

import pytest

from domain.paper_content import content, gaps, is_a_partys
from papers.press import pressed
from papers.reading import blocks
from starter.office.papers import NOT_YET, listed
from starter.office.views import Veil
from tests.domain.test_papers import said_in
from tests.papers.kinds import DAY, full, group, made, words
from tests.papers.test_to_whom import PEOPLE, agreed
from tests.support.case import CENTER, MEDIATOR, case, county

KINDS = sorted(county().documents)


@pytest.mark.parametrize("name", KINDS)
def test_no_bracket_stands_in_a_bracket_before_there_is_a_number(name: str) -> None:
    paper = full(county(), name)
    missing = dict.fromkeys(gaps(county(), group(), paper), "〔待补〕")
    values = content(county(), group(), paper, on=DAY, asked=missing, **NOT_YET)
    said = words(pressed(county(), county().documents[name], values))
    assert NOT_YET["number"] in said
    assert [text for text in ("（（", "））") if text in said.replace("（特别授权））", "")] == []


@pytest.mark.parametrize("name", [n for n in KINDS if county().documents[n].issuer == "applicant"])
def test_what_a_party_hands_in_names_no_party_as_its_issuer(name: str) -> None:
    paper = full(county(), name).model_copy(update={"to": MEDIATOR})
    assert is_a_partys(county(), paper)
    found = blocks(made(group(), paper))
    assert [b.text for b in found if b.look in ("red_head", "to")] == []
    lines = [b.text for b in found]
    assert lines[lines.index("此致") + 1] == MEDIATOR
    values = content(county(), group(), paper, number="号", code="码", signed_by="人", on=DAY, asked={})
    assert "申请人" not in values["制发单位"]


def test_the_list_says_who_received_it_and_who_made_it() -> None:
    c = case().accepted().do("withdraw", "申请人")
    rows = {row["name"]: row for row in listed(c.state, county(), Veil(c.state, county(), []))}
    assert (rows["撤回申请书"]["issuer"], rows["撤回申请书"]["from_party"]) == (CENTER, "申请人")
    assert (rows["受理通知书"]["issuer"], rows["受理通知书"]["from_party"]) == (CENTER, None)


def test_what_mediation_is_asked_for_is_written_with_months_and_sum() -> None:
    months = {"from": "2024-01", "to": "2025-06"}
    claims = [
        {
            "no": 1,
            "insurance": "失业",
            "type": "应参未参",
            "amount": 9200,
            "period": months,
            "detail": "一直没有办",
        },
        {"no": 2, "insurance": "工伤", "type": "应参未参"},
    ]
    said = said_in(agreed(PEOPLE, claims=claims), "调解申请书")
    assert (
        "1．失业保险应参未参，所属期2024年1月至2025年6月，金额9,200.00元（大写：玖仟贰佰元整），一直没有办。"
        in said
    )
    assert "2．工伤保险应参未参。" in said
    assert "书面申请。" in said
