"""What an act was given stands in the paper that it draws up: nothing that an officer typed or chose is lost on the way."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from random import Random
from typing import Any, NamedTuple, cast

import pytest
from jinja2 import meta

from domain import chinese
from domain.actions import Action
from domain.actions.form import Asked, Material, Months
from domain.dispute import Dispute
from domain.events import Acted, DocumentRegistered
from domain.fold import replay
from domain.offers import Field
from domain.paper import Document
from domain.paper_content import HEADER, Content, content, gaps
from domain.policy import Policy
from domain.state import Meeting
from papers.filling import environment
from tests.domain.test_life_random import COUNTIES, Watched, live
from tests.domain.test_life_reach import Roamer
from tests.papers.kinds import alone, answered, bare
from tests.support import golden, walk
from tests.support.case import (
    APPLICANT,
    CENTER,
    COMPLEX,
    GOVERNMENT,
    HRSS,
    INTAKE,
    JUSTICE,
    LOUD,
    MEDICAL,
    OFFICE,
    TAX,
    Case,
    case,
)
from tests.support.filler import Filler
from tests.support.forms import filled

COUNTY = COUNTIES["pianguan"]
MAY_LACK = {"被反映单位"}
"""What a matter may well have none of: its place stays empty."""
DRAWN = (
    "accept_case", "change_level", "convene_consultation", "issue_consultation_minutes",
    "propose_joint_meeting", "issue_joint_minutes", "issue_disposition", "conclude_agreement", "end_mediation",
    "order_payment", "issue_investigation_report", "issue_urgent_report", "supervise",
    "record_withdrawal", "record_callback", "refuse_claims", "request_supplement",
)  # fmt: skip
"""What the lives must at least have come to."""
BEFORE = {
    "change_level",
    "draft_agreement",
    "start_mediation",
    "open_investigation",
    "submit_findings",
    "notify_result",
    "propose_joint_meeting",
    "answer_joint_proposal",
    "convene_joint_meeting",
}
"""What leads to them."""
ELSEWHERE = {
    "convene_consultation.topics": "其他 is said in its own words",
    "decide_level_change.decision": "the level says it",
    "review_level.decision": "the level says it",
    "demand_performance.served_by": "送达回证",
    "demand_performance.served_on": "送达回证",
    "order_payment.served_by": "送达回证",
    "order_payment.served_on": "送达回证",
    "guide_to_law.told_how": "送达回证",
    "notify_result.way": "送达回证",
    "notify_result.told_on": "送达回证",
    "notify_result.to": "the policy says to whom it is written",
    "notify_result.sources": "answered by number, which no paper tells",
    "issue_paper.signed_by": "of the paper issued; one that it brings about is another",
    "record_callback.category": "in the policy's words",
    "request_supplement.due": "as the day it comes to",
    "start_mediation.chief": "调解笔录",
    "start_mediation.members": "调解笔录",
    "start_mediation.room": "调解笔录",
    "submit_findings.findings": "调查核实报告, by whoever writes it for all",
    "submit_findings.relation": "调查核实报告",
    "submit_findings.relation_period": "调查核实报告",
    "submit_findings.sums.claim": "调查核实报告",
    "submit_findings.sums.due": "调查核实报告",
    "verify_withdrawal.checked_by": "the record; the party is told what came of it",
    "verify_withdrawal.decision": "the paper itself",
    "verify_withdrawal.pressure": "the record",
    "verify_withdrawal.will": "the record",
}
"""What stands in no paper of the act's own: where it stands instead."""


class Telling(Filler):
    """Never writes the same twice, so that a text is found again."""

    written = 0

    def _one(self, field: Field, now: datetime) -> Any:
        said = super()._one(field, now)
        if field.widget not in ("text", "longtext"):
            return said
        self.written += 1
        return f"情况属实之第{self.written}处"


class Drawn(NamedTuple):
    """An act with the papers that it drew up, in its matter as it is at last."""

    body: Action
    d: Dispute
    papers: list[Document]


def drawn_in(life: Watched) -> Iterator[Drawn]:
    """Every act of a life that drew up a paper; the 归档目录 says nothing of any act."""
    index = life.policy.paper("归档目录")
    for matter, events in life.events.items():
        d = life.matters[matter]
        numbers: dict[str, set[str]] = {}
        for e in events:
            if isinstance(e.fact, DocumentRegistered) and e.fact.name != index:
                numbers.setdefault(e.action_id, set()).add(e.fact.number)
        for e in events:
            if isinstance(e.fact, Acted) and (own := numbers.get(e.action_id)):
                yield Drawn(e.fact.body, d, [p for p in d.documents if p.number in own])


def entered(model: Asked, place: str) -> Iterator[tuple[str, Any]]:
    """Every answer of a form with its place; a yes or no and a file say themselves otherwise."""
    for name in type(model).model_fields:
        value = getattr(model, name)
        for one in cast("list[Any]", value) if isinstance(value, list) else [value]:
            if isinstance(one, Asked) and not isinstance(one, Material):
                yield from entered(one, f"{place}.{name}")
            elif name != "kind" and one is not None and not isinstance(one, bool | Material):
                yield f"{place}.{name}", one


def read_as(value: Any) -> str:
    """An answer as a paper writes it."""
    match value:
        case datetime():
            return chinese.moment(value)
        case date():
            return chinese.day(value)
        case Decimal():
            return chinese.figures(value)
        case Months():
            return chinese.said(f"{value.from_}至{value.to}")
        case _:
            return chinese.said(str(value)).rstrip("。")


class Lines(list[str]):
    """As a form writes them one after the other."""

    def __str__(self) -> str:
        return "；".join(self)


def said_by(policy: Policy, d: Dispute, paper: Document) -> Content:
    """What stands in a paper's places."""
    asked = answered(policy, d, paper)
    return content(policy, d, paper, number="号", code="码", signed_by="人", on=date(2026, 3, 9), asked=asked)


def text_of(policy: Policy, d: Dispute, paper: Document) -> str:
    """What a paper says, by its form's text alone: no file is made."""
    form = environment().from_string(policy.paper_rule(paper.name)[1].text)
    values = said_by(policy, d, paper)
    return form.render({k: Lines(v) if isinstance(v, list) else v for k, v in values.items()})


def lost(drawn: Drawn) -> Iterator[str]:
    """The places of the answers that stand in none of its papers."""
    said = "\n".join(text_of(COUNTY, drawn.d, paper) for paper in drawn.papers)
    for place, value in entered(drawn.body, drawn.body.kind):
        if read_as(value) not in said:
            yield place


@pytest.fixture(scope="module")
def drawn() -> list[Drawn]:
    """All that random lives draw up until they have come to what they must."""
    found: list[Drawn] = []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(walk, "Filler", Telling)
        for seed in range(40):
            left = {*DRAWN} - {one.body.kind for one in found}
            if not left:
                break
            found += drawn_in(live(COUNTY, Random(seed), left | BEFORE, Roamer(COUNTY)))
    return found


def test_what_an_act_was_given_stands_in_the_paper_it_draws_up(drawn: list[Drawn]) -> None:
    assert sorted({*DRAWN} - {one.body.kind for one in drawn}) == []
    missing = {(place, one.papers[0].name) for one in drawn for place in lost(one) if place not in ELSEWHERE}
    assert missing == set()


def named_in(form: str) -> tuple[set[str], set[str]]:
    """What a form names: all of it, and what it writes even where there is nothing."""
    names = meta.find_undeclared_variables(environment().parse(form))
    asked = " ".join(re.findall(r"\{% if (.+?) %\}", form))
    return names, names - set(re.findall(r"\w+", asked))


def stored() -> Iterator[tuple[Policy, Dispute]]:
    """Every matter of the stored lives, and of those below, with its county's policy."""
    policies = {policy.county.name: policy for policy in COUNTIES.values()}
    for story in golden.STORIES:
        for matter, events in golden.stored(story).lives.items():
            d = replay(matter, events)
            yield policies[d.county], d
    for told in (studied(), asked_in_writing(), met_by_one(), part_withdrawn(), at_once()):
        yield told.life.policy, told.state


def studied() -> Case:
    """Parties called to a consultation, findings that differ and one that is late, a claim of another department's."""
    c = case(indicators=COMPLEX, source_no="W-1").accepted("中", HRSS, (TAX, JUSTICE))
    called = {
        "held_at": "2026-03-10T09:00:00+08:00",
        "mode": "线上",
        "units": [TAX, MEDICAL],
        "topics": ["意见分歧"],
    }
    c.act(filled("convene_consultation", parties=["申请人"], **called))
    c.act(filled("issue_consultation_minutes"))
    asked = [{"unit": unit, "points": ["劳动关系"]} for unit in (TAX, HRSS, JUSTICE)]
    c.act(filled("open_investigation", units=asked), HRSS)
    c.act(filled("submit_findings", relation="不存在"), TAX).act(filled("submit_findings"), HRSS)
    settled = {"differences": "已统一认定，不同意见载入报告", "sums": [{"claim": "1", "due": "900"}]}
    c.on("2026-05-20").act(filled("issue_investigation_report", **settled), HRSS)
    decided = {"claim": "1", "conclusion": "不支持", "reason": "证据不足", "competent": "税务局认定无欠费"}
    return c.act(
        filled("issue_disposition", results=[decided], late_fee=None, facts="查明属实", ground="社会保险法"),
        HRSS,
    )


def asked_in_writing() -> Case:
    """One of two units asked in writing does not answer."""
    c = case(indicators=COMPLEX, source_no="W-4").accepted("中", TAX, (HRSS,))
    called = {"mode": "书面征求意见", "units": [TAX, HRSS], "topics": ["意见分歧"]}
    return c.act(filled("convene_consultation", **called)).act(filled("issue_consultation_minutes"))


def met_by_one() -> Case:
    """Of those called to the joint meeting one does not come."""
    c = case(indicators=LOUD, source_no="W-6").accepted("高", TAX, (HRSS,))
    asked = {"units": [TAX, HRSS], "held_at": "2026-03-12T09:00:00+08:00"}
    c.act(filled("propose_joint_meeting", **asked), OFFICE).act(
        filled("answer_joint_proposal", held_at=asked["held_at"]), GOVERNMENT
    )
    c.act(filled("convene_joint_meeting", topic="先保参保还是先补缴", **asked), OFFICE)
    return c.act(filled("issue_joint_minutes", dropped_reason="不涉及舆情"), OFFICE)


def part_withdrawn() -> Case:
    """One of a roll withdraws for himself."""
    roll = [{"line": n, "name": name} for n, name in enumerate(("某甲", "某乙", "某丙"), 1)]
    c = case(source_no="W-2", applicant={"name": "某甲", "headcount": 3, "is_group": True, "members": roll})
    return c.act(
        filled("record_withdrawal", scope="本人部分", people=1, lines=[2], said_on="2026-03-09"), APPLICANT
    )


def at_once() -> Case:
    """Finished on the spot, in a county whose route has that."""
    studio = "北塘镇调解工作室"
    small = [{**INTAKE["claims"][0], "amount": 800}]
    known = {**INTAKE["indicators"], "answers": {"账上有据": True}}
    c = Case(COUNTIES["yunxi"], source_no="W-3", received_by=studio, claims=small, indicators=known)
    c.do("triage_confirm", studio, level="简", path="速办", lead=studio)
    done = {"claim": "1", "conclusion": "支持", "done": "答应补缴", "amount": "800"}
    said = {"results": [done], "answer": "单位答应补缴", "accepted": "认可"}
    return c.act(filled("finish_on_the_spot", **said), studio)


def test_what_a_form_names_is_filled_by_some_life_or_asked_for() -> None:
    filled_in: dict[str, set[str]] = {}
    for policy, d in stored():
        for paper in d.documents:
            name, rule = policy.paper_rule(paper.name)
            values, (_, always) = said_by(policy, d, paper), named_in(rule.text)
            assert not (left := {n for n in always if not values[n]} - MAY_LACK), (name, left)
            filled_in.setdefault(name, set()).update(n for n, value in values.items() if value)
    for name, rule in COUNTY.documents.items():
        known = {*HEADER, *filled_in.get(name, ()), *gaps(COUNTY, alone(), bare(COUNTY, name))}
        assert named_in(rule.text)[0] - known == set(), name


def sittings(d: Dispute) -> Iterator[tuple[Meeting, Document]]:
    """Every sitting that has its minutes, with the paper of them."""
    for held in d.meetings:
        yield from ((held, p) for p in d.documents if p.at == held.minutes_at and "纪要" in p.name)


def test_minutes_say_what_was_put_before_the_sitting_and_name_all_who_were_called(drawn: list[Drawn]) -> None:
    lives = [(COUNTY, one.d) for one in drawn]
    forms: set[tuple[str, bool]] = set()
    for policy, d in [*lives, *stored()]:
        for held, paper in sittings(d):
            said = text_of(policy, d, paper)
            assert all(chinese.said(topic) in said for topic in held.topics), said
            missed = [u for u in held.units if u not in (*held.heard, paper.issuer) and u not in said]
            assert not missed, (missed, said)
            forms.add((held.form, "缺席" in said))
    assert forms == {(form, any_) for form in ("会商", "联席会议") for any_ in (True, False)}


def test_who_did_not_come_is_absent_and_who_did_not_answer_in_writing_is_said_so() -> None:
    consulted, jointly = [
        text_of(COUNTY, told.state, paper)
        for told in (asked_in_writing(), met_by_one())
        for _, paper in sittings(told.state)
    ]
    assert f"没有书面答复的单位：{HRSS}。" in consulted
    assert "缺席" not in consulted
    assert f"缺席单位：{HRSS}。" in jointly
    assert "1．先保参保还是先补缴" in jointly
    assert re.search(r"就某甲反映某厂的\S+（案号 \S+）召开了联席会议", jointly)


def test_a_branch_that_came_came_for_its_bureau_and_who_writes_the_minutes_was_there() -> None:
    c = case(indicators=COMPLEX, source_no="W-5").accepted("中", TAX, (HRSS,))
    c.act(filled("convene_consultation", units=[CENTER, TAX, HRSS]))
    came = {"unit": f"{HRSS}劳动监察大队", "officer": "乙", "stance": "支持诉求", "opinion": "应当补缴"}
    first = filled("issue_consultation_minutes").model_dump()["attended"][0]
    c.act(filled("issue_consultation_minutes", attended=[first, came]))
    ((_, paper),) = sittings(c.state)
    assert "缺席" not in text_of(COUNTY, c.state, paper)


@pytest.mark.parametrize("name", sorted(COUNTY.documents))
def test_a_paper_that_says_who_complains_says_of_whom(name: str) -> None:
    names, _ = named_in(COUNTY.documents[name].text)
    assert "申请人" not in names or "被反映单位" in names
