"""To whom a paper is written: notices and letters open with a name, what the parties make or sign does not."""

import re
from collections.abc import Sequence
from typing import Any

import pytest

from domain.actions.mediation import EndMediation
from domain.events import Acted
from domain.paper_content import HIDDEN, gaps, is_for_a_party
from papers.reading import blocks
from starter.office.views import Veil
from tests.domain.test_knowing import mediated
from tests.domain.test_papers import said_in
from tests.papers.kinds import bare, full, group, made, words
from tests.support.case import MEDIATOR, TAX, Case, consulted, county
from tests.support.forms import filled

KINDS = sorted(county().documents)
WRITTEN_TO = re.compile(r".*(通知书?|告知书|催告书|确认书|函|报告|交办单|督办单|提请单)")
"""What is sent to somebody by its name; 协议书、笔录、纪要、意见书、申请书、终止书、表、目录 are not."""
ROOM = {"chief": "许守正", "room": "县调解室"}


@pytest.mark.parametrize("name", KINDS)
def test_only_notices_letters_and_reports_open_with_a_name(name: str) -> None:
    found = blocks(made(group().model_copy(update={"lead": TAX}), full(county(), name)))
    opens = [b.text for b in found if b.look == "to"]
    assert len(opens) == bool(WRITTEN_TO.fullmatch(name)), opens


@pytest.mark.parametrize("name", KINDS)
def test_a_proof_of_service_follows_what_goes_to_a_party_alone(name: str) -> None:
    paper = bare(county(), name)
    assert ("送达回证" in words(made(group(), paper))) == is_for_a_party(county(), paper)
    if is_for_a_party(county(), paper):
        assert not re.search(r"笔录|纪要|报告|申请书|表|目录|单$", name)


@pytest.mark.parametrize("name", KINDS)
def test_what_stands_in_a_line_of_its_own_is_a_sentence(name: str) -> None:
    lines = {"请求": ["补缴"], "理由": ["没有缴"], "自愿声明": ["同意"]}
    paper = full(county(), name).model_copy(update={"fields": {**full(county(), name).fields, **lines}})
    said = [b.text for b in blocks(made(group(), paper)) if b.look == "body"]
    titles = county().documents[name].fields[:2] == ("序号", "题名")
    assert [text for text in said if not text.endswith(("。", "：", "此致")) and not titles] == []


def agreed(
    people: dict[str, tuple[str, str]],
    members: Sequence[str] = ("吴静",),
    claims: Any = None,
    **agreement: Any,
) -> Case:
    """A matter with an agreement signed by these people."""
    c = consulted(**({"claims": claims} if claims else {}))
    both = [{"party": p, "way": "书面申请", "on": c.now.date()} for p in ("申请人", "被反映单位")]
    c.act(filled("start_mediation", consents=both, members=list(members), **ROOM), MEDIATOR)
    c.act(filled("draft_agreement", facts="双方对起止月份有争议", terms=["补办登记"], **agreement), MEDIATOR)
    signers = [{"party": p, "signer": name, "capacity": as_} for p, (name, as_) in people.items()]
    told = {"form": "书面", "signers": signers, "signed_on": c.now.date(), "confirm_told": True}
    return c.act(filled("conclude_agreement", **told), MEDIATOR)


PEOPLE = {"申请人": ("某甲", "本人"), "被反映单位": ("钱进财", "委托代理人（特别授权）")}


def test_who_signed_and_who_mediated_stand_in_the_agreement_and_in_its_record() -> None:
    c = agreed(PEOPLE)
    paper, record = said_in(c, "调解协议书"), said_in(c, "调解笔录")
    for said in ("某甲（本人）", "钱进财（委托代理人（特别授权））", "许守正", "吴静", "某厂"):
        assert said in paper
        assert said in record
    assert "申请人某甲（签名或者盖章）：" in record
    assert "调解员许守正、吴静（签名或者盖章）：" in record


def test_who_signed_is_hidden_on_the_page_and_named_nowhere_where_the_law_hides_the_applicant() -> None:
    c = agreed(PEOPLE)
    assert Veil(c.state, county(), []).text("钱进财（法定代表人）") == "钱**（法定代表人）"
    hidden = c.state.model_copy(update={"confidential": True})
    for name in ("调解协议书", "调解笔录"):
        paper = next(p for p in hidden.documents if p.name == name)
        said = words(made(hidden, paper))
        assert "某甲" not in said
        assert HIDDEN in said
        assert "钱进财" in said


def test_a_record_of_a_mediation_that_failed_says_so_and_why() -> None:
    c = mediated()
    acts = [e.fact.body for e in c.events if isinstance(e.fact, Acted)]
    (ended,) = [body for body in acts if isinstance(body, EndMediation)]
    record = said_in(c, "调解笔录")
    assert "调解结果：未达成协议，终止调解。" in record
    assert f"终止原因：{ended.reason_code}" in record
    assert "达成协议。" not in record
    assert "经调解，未达成协议，现终止调解。" in said_in(c, "调解终止书")


def test_one_mediator_is_enough_and_no_other_is_asked_for() -> None:
    c = agreed(PEOPLE, ())
    record = next(p for p in c.state.documents if p.name == "调解笔录")
    assert gaps(county(), c.state, record) == ["各方陈述"]
    assert "调解员：许守正（首席调解员）\n" in said_in(c, "调解协议书")
