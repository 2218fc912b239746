"""What lists begin with agrees with the rights: who may know of a matter is led to it; what waits for a unit, it may do."""

from collections.abc import Iterator
from datetime import date, datetime
from random import Random

import pytest

from domain.access import Post, Role
from domain.choices import choices
from domain.decide import view as look
from domain.declined import Declined
from domain.dispute import Dispute
from domain.fold import replay
from domain.intake import Respondent
from domain.knowing import marks, near
from domain.paper_content import gaps
from domain.paper_waiting import issuing_units, waits
from domain.policy import Policy
from domain.rights import Relation, Sight, draft_of, offers_to, relation, sight, view
from domain.seats import is_about
from tests.domain.test_life_random import COUNTIES, live
from tests.domain.test_life_reach import Roamer
from tests.domain.test_parts import units
from tests.domain.test_post_rights import roles_in
from tests.support.case import CENTER, MEDIATOR, TAX, Case, case, consulted, county
from tests.support.forms import filled

SEEDS = range(3)


def moments(policy: Policy, seed: int, step: int = 11) -> Iterator[tuple[Dispute, datetime]]:
    """Matters of a whole life as they stood now and then, and at their end."""
    for matter, events in live(policy, Random(seed), life=Roamer(policy)).events.items():
        for n in [*range(2, len(events), step), len(events)]:
            yield replay(matter, events[:n]), events[n - 1].at


def known_units(d: Dispute, policy: Policy) -> list[str]:
    """Units of every kind: those of the county, some of each place, whoever is named in the matter."""
    near_by = [f"{town}{kind}" for town in policy.county.towns for kind in ("网格员", "人民政府", "综治中心")]
    branches = [f"{town[:-1]}税务分局" for town in policy.county.towns]
    found = [*units(policy), *near_by, *branches, *marks(d, policy)]
    return [unit for unit in dict.fromkeys(found) if policy.units.knows(unit)]


@pytest.mark.parametrize("county", COUNTIES)
@pytest.mark.parametrize("seed", SEEDS)
def test_whoever_may_know_of_a_matter_is_led_to_it_and_nobody_else(county: str, seed: int) -> None:
    policy = COUNTIES[county]
    met: set[Relation] = set()
    for d, _ in moments(policy, seed):
        there = set(marks(d, policy))
        for unit in known_units(d, policy):
            held, led = relation(d, unit, policy), near(unit, policy)
            met.add(held)
            if led is None:
                continue
            found = not there.isdisjoint(led.marks)
            assert found or held is Relation.NONE, (
                f"{unit} may know of {d.case_no} ({held}) and does not find it"
            )
            by_name = not there.isdisjoint(led.names)
            assert held is not Relation.NONE or not by_name, (
                f"{unit} finds {d.case_no} and may not know of it"
            )
            assert held is not Relation.NONE or not found or is_about(d, policy, unit)
    assert met >= {Relation.HANDLES, Relation.NONE}


def post(unit: str, role: Role) -> Post:
    return Post("p1", "a1", unit, role, date(2020, 1, 1), None)


@pytest.mark.parametrize("county", COUNTIES)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_paper_that_waits_for_a_unit_is_read_and_seen_to_by_somebody_of_it(county: str, seed: int) -> None:
    policy = COUNTIES[county]
    for d, now in moments(policy, seed):
        for no, paper in enumerate(d.documents, 1):
            state = waits(policy, d, paper)
            for unit in issuing_units(policy, d, paper) if state else ():
                if not policy.units.knows(unit):
                    continue
                posts = [post(unit, role) for role in roles_in(unit, policy)]
                at_hand = {o.kind for p in posts for o in offers_to(d, p, policy, now)}
                verb = "issue_paper" if state == "待制发" else "review_paper"
                source = "papers_to_issue" if state == "待制发" else "papers_to_review"
                assert verb in at_hand, (
                    f"{paper.name} of {paper.issuer} waits ({state}), {unit} may not {verb}"
                )
                assert no in [c.value for c in choices(source, draft_of(d, unit, policy))]
                assert any(view(d, p, policy).reads(d, policy, paper) for p in posts), (
                    f"{unit} cannot read it"
                )


def mediated() -> Case:
    """A matter whose mediation has failed: the record of it waits for the mediator."""
    c = consulted().do("mediation_start", MEDIATOR, voluntary_statement=True)
    return c.do("mediate_failed", MEDIATOR, reason="分歧较大")


def test_whoever_drew_a_paper_up_issues_serves_and_prints_it_after_his_part_is_over() -> None:
    c, policy = mediated(), county()
    who = post(MEDIATOR, Role.MEDIATOR)
    records = [p for p in c.state.documents if p.issuer == MEDIATOR]
    assert [waits(policy, c.state, p) for p in records] == ["待制发", "待制发"]
    assert not [t for t in c.state.open_tasks() if t.unit == MEDIATOR]
    assert sight(c.state, who, policy) is Sight.MASKED
    assert {o.kind for o in offers_to(c.state, who, policy, c.now)} >= {"issue_paper"}
    read = [p for p in c.state.documents if view(c.state, who, policy).reads(c.state, policy, p)]
    assert read == [p for p in c.state.documents if p in records or p.name == "调解申请书"]
    no = c.state.documents.index(records[0]) + 1
    c.act(filled("issue_paper", paper=no, signed_by="石磊", gaps=gaps_of(c, no)), MEDIATOR)
    served = c.state.documents.index(records[1]) + 1
    assert "serve_paper" not in {o.kind for o in offers_to(c.state, who, policy, c.now)}, (
        "a record goes to nobody"
    )
    c.act(filled("issue_paper", paper=served, signed_by="石磊", gaps=gaps_of(c, served)), MEDIATOR)
    assert {o.kind for o in offers_to(c.state, who, policy, c.now)} >= {"serve_paper"}
    assert look(c.state, policy, c.now, "v#1", MEDIATOR, "石磊", "parties", "打印调解笔录", paper=no)
    others = next(n for n, p in enumerate(c.state.documents, 1) if p.issuer != MEDIATOR)
    for paper in (None, others, len(c.state.documents) + 1):
        with pytest.raises(Declined):
            look(c.state, policy, c.now, "v#2", MEDIATOR, "石磊", "parties", "看看身份信息", paper=paper)


def gaps_of(c: Case, no: int) -> list[dict[str, str]]:
    missing = gaps(county(), c.state, c.state.documents[no - 1])
    return [{"field": name, "text": "详见记录"} for name in missing]


def test_no_paper_waits_for_a_unit_that_the_matter_has_come_to_be_about() -> None:
    policy, c = county(), case().accepted("低", TAX)
    of_hub = next(p for p in c.state.documents if p.issuer == CENTER)
    of_tax = of_hub.model_copy(update={"issuer": TAX})
    for unit, paper, who, state in ((TAX, of_tax, [], None), (CENTER, of_hub, [CENTER], "待制发")):
        assert waits(policy, c.state, paper) == "待制发"
        about = c.state.facts.model_copy(update={"respondents": [Respondent(name=unit)]})
        d = c.state.model_copy(update={"intake": about})
        assert (issuing_units(policy, d, paper), waits(policy, d, paper)) == (who, state), unit
