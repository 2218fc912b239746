"""What a post may do and see: its unit's relation to the matter, narrowed by its role."""

from datetime import date

from domain.access import Post, Role
from domain.rights import UNKNOWN, Relation, Sight, offers_to, relation, sight, why_not
from tests.support.case import CENTER, HRSS, TAX, case, county


def post(unit: str, role: Role) -> Post:
    return Post("p1", "a1", unit, role, date(2020, 1, 1), None)


def test_a_role_narrows_what_its_unit_may_do() -> None:
    c, policy = case(), county()
    operator, head = post(CENTER, Role.OPERATOR), post(CENTER, Role.HEAD)
    assert "accept_case" in {o.kind for o in offers_to(c.state, operator, policy, c.now)}
    assert "accept_case" not in {o.kind for o in offers_to(c.state, head, policy, c.now)}
    assert why_not(c.state, operator, policy, c.now, "refuse_claims") == (
        "综治中心经办人不能“不予受理”，应由单位负责人、县政府办理人员办理"
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
