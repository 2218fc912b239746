"""What a post may do and see: its unit's relation to the matter, narrowed by its role."""

import csv
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from pydantic import ValidationError

from domain.access import Post, Role
from domain.actions import ACTION, FORMS, Act
from domain.decide import Declined, decide
from domain.decide import view as look
from domain.decide.common import handled
from domain.dispute import Dispute
from domain.draft import Draft
from domain.fold import replay
from domain.offers import offers
from domain.persons import By, Doer, doer
from domain.policy import Policy
from domain.posts import roles_in
from domain.rights import (
    UNKNOWN,
    Relation,
    Sight,
    by_of,
    check_access,
    offers_to,
    relation,
    sight,
    view,
    why_not,
)
from starter.office.views import Veil, shown, told_to
from tests.domain.test_life_random import live
from tests.domain.test_parts import LIVES, units
from tests.support.case import CENTER, COMPLEX, HRSS, MEDICAL, TAX, Case, case, county, told
from tests.support.filler import Filler
from tests.support.forms import filled
from tests.support.pressing import unkept
from tests.support.strangers import NO_PART
from tests.support.walk import Walker, stops


def post(unit: str, role: Role) -> Post:
    return Post("p1", "a1", unit, role, date(2020, 1, 1), None)


def test_a_role_narrows_what_its_unit_may_do() -> None:
    c, policy = case(), county()
    operator, head = post(CENTER, Role.OPERATOR), post(CENTER, Role.HEAD)
    assert "accept_case" in {o.kind for o in offers_to(c.state, operator, policy, c.now)}
    assert "accept_case" not in {o.kind for o in offers_to(c.state, head, policy, c.now)}
    assert why_not(c.state, operator, policy, c.now, "refuse_claims") == (
        "综治中心经办人不能“不予受理”，应由单位负责人办理"
    )
    assert why_not(c.state, head, policy, c.now, "refuse_claims") is None


def test_who_has_nothing_to_do_with_a_matter_is_told_that_there_is_none() -> None:
    c, policy = case().accepted("低", TAX), county()
    stranger, admin = post("县水务局", Role.OFFICER), post("系统", Role.ADMINISTRATOR)
    for who in (stranger, admin):
        assert sight(c.state, who, policy) is Sight.NOTHING
        assert why_not(c.state, who, policy, c.now, "record_payment") == UNKNOWN
        assert offers_to(c.state, who, policy, c.now) == []


def test_the_strongest_relation_counts() -> None:
    c, policy = case().accepted("低", TAX), county()
    units = (CENTER, TAX, HRSS, "联席会议办公室", "县水务局")
    assert [relation(c.state, u, policy) for u in units] == [
        Relation.HANDLES,
        Relation.HANDLES,
        Relation.NONE,
        Relation.SUPERVISES,
        Relation.NONE,
    ]


# --- the whole table, as it was reviewed ------------------------------------------------------------------------

HERE = Path(__file__).parent
ROLES = [role for role in Role if role.handles_disputes]


def reviewed(name: str) -> dict[str, dict[str, str]]:
    """A reviewed table: its rows by their first column. It is never made from the policy."""
    with (HERE / name).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    first = next(iter(rows[0]))
    return {row.pop(first): row for row in rows}


@pytest.mark.parametrize("role", ROLES)
def test_each_role_does_what_was_reviewed(role: Role) -> None:
    table, rights = reviewed("role_verbs.csv"), county().rights
    assert rights
    assert {verb for verb, row in table.items() if row[role]} == rights.verbs(role)
    assert set(table) == {kind for kind, form in FORMS.items() if not form.internal}


@pytest.mark.parametrize("role", ROLES)
def test_each_role_sees_what_was_reviewed(role: Role) -> None:
    rights = county().rights
    assert rights
    seen = {r.value: rights.roles[role].sight(r).name.lower() for r in Relation}
    assert reviewed("role_sights.csv")[role] == seen


def handling(unit: str, policy: Policy) -> list[Role]:
    """The roles that people who see matters have in a unit; whoever is none of the county's is looked at as an officer."""
    return [r for r in roles_in(unit, policy) if r.handles_disputes] or [Role.OFFICER, Role.HEAD]


@pytest.mark.parametrize("stage", LIVES)
def test_whatever_its_unit_is_offered_somebody_there_may_do_and_nobody_else(stage: str) -> None:
    c, policy = LIVES[stage], county()
    for unit in units(policy):
        at_hand = {(o.kind, o.task) for o in offers(c.state, unit, policy, c.now)}
        posts = [post(unit, role) for role in handling(unit, policy)]
        offered = [{(o.kind, o.task) for o in offers_to(c.state, p, policy, c.now)} for p in posts]
        assert all(some <= at_hand for some in offered)
        tied = relation(c.state, unit, policy)
        if tied in (Relation.NONE, Relation.TOLD):
            assert not any(offered), unit
        elif tied is not Relation.SUPERVISES:
            assert set[tuple[str, str | None]]().union(*offered) == at_hand, unit
        for p, some in zip(posts, offered, strict=True):
            for kind, form in FORMS.items():
                if not form.internal and not any(k == kind and task for k, task in some):
                    assert (why_not(c.state, p, policy, c.now, kind) is None) == ((kind, None) in some), kind


@pytest.mark.parametrize("seed", range(4))
def test_what_a_post_is_offered_in_any_life_is_taken_and_carries_its_account(seed: int) -> None:
    policy = county()
    life, walker = live(policy, Random(seed)), Walker(policy, Random(seed))
    for matter, events in life.events.items():
        for n in stops(events, 15):
            d, now = replay(matter, events[:n]), events[n - 1].at
            for unit in units(policy):
                for role in handling(unit, policy):
                    _taken_as_offered(d, post(unit, role), policy, now, walker)


SAME: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "by account": ({"by": By(person="a1", post="p1")}, {}),
    "as a deputy": ({"by": By(person="a9", post="p9")}, {"lent_by": "a9", "deputy_for": "p9"}),
    "by name alone": ({"officer": "某人", "by": None}, {"holder": "某 人"}),
}
"""Who did everything in a matter, and the post by which he asks."""


@pytest.mark.parametrize("known", SAME)
def test_what_another_must_do_is_not_offered_to_whoever_did_what_came_before(known: str) -> None:
    policy, (did, asks) = county(), SAME[known]
    lives, walker = [live(policy, Random(seed)) for seed in range(2)], Walker(policy, Random(0))
    met: set[str] = set()
    for matter, events in [item for life in lives for item in life.events.items()]:
        done = [event.model_copy(update=did) for event in events]
        for n in stops(done, 15):
            d, now = replay(matter, done[:n]), done[n - 1].at
            for unit in units(policy):
                for role in handling(unit, policy):
                    mine = post(unit, role)._replace(**asks)
                    met |= _left_to_others(d, mine, policy, now)
                    _taken_as_offered(d, mine, policy, now, walker, TO_OTHERS)
    assert met


TO_OTHERS = (
    "review_paper", "decide_extension", "decide_level_change", "decide_card_appeal", "record_callback",
    "log_call_attempt", "close_unreached", "sign_for",
)  # fmt: skip
"""What nobody does after himself."""


def _left_to_others(d: Dispute, mine: Post, policy: Policy, now: datetime) -> set[str]:
    """What is offered to another of the same post and not to whoever did all before; he is told why."""
    other = post(mine.unit, mine.role)._replace(id="p2", person="a2", holder="别人")
    at_hand = {(o.kind, o.task) for o in offers_to(d, mine, policy, now)}
    others = {(o.kind, o.task) for o in offers_to(d, other, policy, now)}
    assert at_hand <= others
    left = others - at_hand
    assert {kind for kind, _ in left} <= set(TO_OTHERS)
    assert all(why_not(d, mine, policy, now, kind, task) for kind, task in left)
    return {kind for kind, _ in left}


def _taken_as_offered(
    d: Dispute, who: Post, policy: Policy, now: datetime, walker: Walker, wanted: Sequence[str] = ()
) -> None:
    if relation(d, who.unit, policy) is Relation.NONE:
        assert sight(d, who, policy) is Sight.NOTHING
    at_hand = offers_to(d, who, policy, now)
    for offer in [o for o in at_hand if o.kind in wanted] or at_hand[:3]:
        assert why_not(d, who, policy, now, offer.kind, offer.task) is None
        by = by_of(who, offer.kind, policy)
        try:
            body = ACTION.validate_python(walker.filler.fill(d, who.unit, now, offer.kind, offer.task))
            act = Act(id="p#1", unit=who.unit, officer="某人", by=by, task=offer.task, body=body)
            check_access(who, act)
            taken = decide(d, act, policy, now, None, lambda prefix: f"{prefix}1", unkept)
        except ValidationError:
            continue
        except Declined as no:
            refused = no
        else:
            refused = None
            assert all(e.by == by for e in taken)
        assert refused is None or (refused.code not in NO_PART and refused.field != "officer"), str(refused)


# --- persons, not names -----------------------------------------------------------------------------------------


def test_an_account_and_not_a_name_says_who_handled() -> None:
    zhou, other = Doer(name="周敏", accounts=("a1",)), Doer(name="周敏", accounts=("a2",))
    assert zhou.is_same(Doer(name="周 敏"))
    assert not zhou.is_same(other)
    assert zhou.is_same(Doer(name="李刚", accounts=("a3", "a1")))
    c = told()
    mine, deputy = By(person="a1", post="p1"), By(person="a3", post="p3", deputy_for="a1")
    again = c.state.model_copy(update={"handlers": [zhou]})
    draft = Draft(again, county(), now=c.now, unit=CENTER, officer="李刚", by=deputy, action_id="x")
    assert handled(draft, draft.doer)
    assert handled(draft, doer("改了名", mine))
    assert not handled(draft, other)


def test_nobody_grants_his_own_request_from_another_post() -> None:
    c = case().accepted("低", TAX)
    ask = Act(
        id="ask#1", unit=TAX, officer="税务员", by=By(person="a1", post="p1"), body=ACTION.validate_python(
            Filler(county(), Random(3)).fill(c.state, TAX, c.now, "request_extension")
        ),
    )  # fmt: skip
    asked = replay(c.id, [*c.events, *decide(c.state, ask, county(), c.now)])
    grant = Act(
        id="yes#1", unit=CENTER, officer="别名", by=By(person="a1", post="p2"), body=ACTION.validate_python(
            {"kind": "decide_extension", "decision": "不同意", "reason": "按期办理"}
        ),
    )  # fmt: skip
    with pytest.raises(Declined, match="不得审批本人"):
        decide(asked, grant, county(), c.now)
    decide(asked, grant.model_copy(update={"by": By(person="a2", post="p2")}), county(), c.now)


def test_an_act_in_another_name_than_the_post_s_is_refused() -> None:
    who = post(TAX, Role.OFFICER)
    act = Act(id="a#1", unit=TAX, officer="某人", by=By(person="a1", post="p1"), body=filled("sign_for"))
    check_access(who, act)
    for wrong in ({"unit": HRSS}, {"by": None}, {"by": By(person="a2", post="p1")}):
        with pytest.raises(Declined):
            check_access(who, act.model_copy(update=wrong))


# --- merged posts, and what is shown ----------------------------------------------------------------------------


def test_a_township_of_three_works_and_the_record_says_in_whose_place() -> None:
    policy = county()
    c = case(received_by="窑头乡综治中心", respondents=[{"name": "某厂", "town": "窑头乡"}])
    grid = post("窑头乡综治中心", Role.GRID)
    assert {"accept_case", "refuse_claims"} <= {o.kind for o in offers_to(c.state, grid, policy, c.now)}
    assert by_of(grid, "accept_case", policy).merged is Role.OPERATOR
    assert by_of(grid, "sign_for", policy).merged is None


def test_a_unit_that_thinks_for_itself_does_not_hear_the_others_first() -> None:
    c = case(indicators=COMPLEX).accepted("中", HRSS, (TAX, MEDICAL))
    c.do("submit_opinion", TAX, role="协办", conclusion="支持")
    policy = county()
    early = [view(c.state, post(u, Role.OFFICER), policy) for u in (HRSS, TAX, MEDICAL)]
    assert [v.hears(TAX) for v in early] == [True, True, False]
    c.do("submit_opinion", MEDICAL, role="协办", conclusion="支持")
    assert view(c.state, post(MEDICAL, Role.OFFICER), policy).hears(TAX)


def test_the_stage_says_nothing_of_what_a_matter_is_about() -> None:
    c, policy = case().accepted("低", TAX), county()
    seen = view(c.state, post("联席会议办公室", Role.OFFICER), policy)
    assert seen.sight is Sight.STAGE
    told_of = shown(c.state, Veil(c.state, policy, []), seen)
    assert set(told_of) == {"case_no", "kind", "stage", "handling", "lead", "co", "route", "clocks"}
    assert {e.fact.type for e in told_to(seen, c.events)} <= {"registered", "stage_entered"}


def test_whoever_only_once_had_the_matter_looks_at_nobody_any_more() -> None:
    def looks(unit: str, c: Case) -> bool:
        try:
            return bool(look(c.state, county(), c.now, "v", unit, "某", "parties", "电话核实欠费月份"))
        except Declined:
            return False

    c = case().do("triage_confirm", decision="受理", level="低", path="直办", lead=TAX)
    assert looks(TAX, c)
    assert not looks(HRSS, c)
    c.do("return", TAX, reason="不属本单位").do("dispatch", lead=HRSS)
    assert relation(c.state, TAX, county()) is Relation.TOLD
    assert not looks(TAX, c)
    assert looks(HRSS, c)
    assert looks(CENTER, c)
