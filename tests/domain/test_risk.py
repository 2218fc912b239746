"""The risk rules: each indicator with its exact words, the level it gives, and the 时间节点."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import policies
from domain.intake import Intake
from domain.policy import Policy
from domain.risk import RiskFacts, assess
from domain.words import SHANGHAI

POLICY = policies.load()
OTHER = policies.load(Path(__file__).parents[1] / "policies" / "qingshui.yaml")
QUIET_DAY = date(2026, 9, 3)


def claim(
    no: int = 1, insurance: str = "失业", type_: str = "已申报未按时缴纳", amount: Any = 1200, **more: Any
):
    return {"no": no, "insurance": insurance, "regime": "职工", "type": type_, "amount": amount, **more}


def matter(
    *, claims: Any = None, headcount: int = 1, counter: bool = False, respondents: int = 1, **indicators: Any
) -> Intake:
    """A clear, small matter, changed where a test says so."""
    clear = {"labour_relation": "明确", "strong_proof": True, "respondent_cooperative": True}
    return Intake.model_validate(
        {
            "channel": "12345热线",
            "received_by": "县综治中心",
            "source_no": "T-1",
            "received_at": datetime(2026, 9, 3, 9, tzinfo=SHANGHAI),
            "applicant": {"name": "某甲", "is_group": headcount > 1, "headcount": headcount},
            "respondents": [{"name": "某公司"}] * respondents,
            "narrative": "失业保险费三个月没缴上",
            "claims": claims or [claim()],
            "indicators": {**clear, **indicators},
            "counter_claims": [{"by": "被反映单位", "text": "返还补贴"}] if counter else [],
        }
    )


def seen(intake: Intake, on: date = QUIET_DAY, policy: Policy = POLICY) -> tuple[str, list[str]]:
    found = assess(intake, policy, on)
    return found.level, [i.text for i in found.indicators]


def test_a_clear_small_matter_is_low() -> None:
    assert seen(matter()) == ("低", [])
    assert seen(matter(headcount=2)) == ("低", [])


@pytest.mark.parametrize(
    ("changes", "level", "texts"),
    [
        ({"labour_relation": "有争议"}, "中", ["劳动关系有争议"]),
        ({"labour_relation": "不明"}, "中", ["劳动关系不明"]),
        ({"labour_relation": "不适用"}, "低", []),
        ({"special_groups": ["残疾人"]}, "中", ["特殊人群"]),
        ({"special_groups": ["足球迷"]}, "低", []),
        ({"respondent_cooperative": False}, "中", ["相对方不配合或不明"]),
        ({"respondent_cooperative": "不明"}, "中", ["相对方不配合或不明"]),
        ({"respondent_cooperative": "不明", "respondents": 0}, "低", []),
        ({"headcount": 3}, "中", ["3–29人"]),
        ({"headcount": 29}, "中", ["3–29人"]),
        ({"headcount": 30}, "高", ["≥30人", ]),
        ({"claims": [claim(amount=50000)]}, "低", []),
        ({"claims": [claim(amount=50000.01)]}, "中", ["金额>5万元"]),
        ({"claims": [claim(amount=None)]}, "中", ["金额不明"]),
        ({"respondent_status": "停产"}, "中", ["单位停产"]),
        ({"respondent_status": "破产"}, "中", ["单位破产"]),
        ({"claims": [claim(), claim(2, "生育", "待遇享受")]}, "中", ["涉及两个以上主责部门"]),
        ({"strong_proof": False}, "中", ["缺强证据"]),
        ({"public_opinion": {"present": True, "needs_response": True}}, "高", ["舆情"]),
        ({"public_opinion": {"present": True}}, "低", []),
        ({"petition": {"extreme_words": True}}, "高", ["极端扬言"]),
        ({"petition": {"beyond_level": True}}, "高", ["越级/进京访"]),
        ({"petition": {"in_person_headcount": 4}}, "低", []),
        ({"petition": {"in_person_headcount": 5}}, "高", ["集体访≥5人"]),
        ({"headcount": 10, "public_opinion": {"present": True}}, "高", ["≥10人叠加", "3–29人"]),
        ({"headcount": 10, "respondent_status": "失联"}, "高", ["≥10人叠加", "3–29人", "单位失联"]),
        ({"headcount": 9, "public_opinion": {"present": True}}, "中", ["3–29人"]),
        (
            {"headcount": 10, "claims": [claim(amount=1000000)]},
            "高",
            ["≥100万元且≥10人", "3–29人", "金额>5万元"],
        ),
        ({"headcount": 2, "claims": [claim(amount=1000000)]}, "中", ["金额>5万元"]),
    ],
)  # fmt: skip
def test_each_indicator(changes: dict[str, Any], level: str, texts: list[str]) -> None:
    assert seen(matter(**changes)) == (level, texts)


def test_only_premium_counts_towards_the_amount() -> None:
    overtime = {"no": 2, "amount": 900000, "note": "加班费"}
    assert seen(matter(claims=[claim(), overtime])) == ("低", [])


def test_everything_that_fires_is_listed_highest_first() -> None:
    site = matter(
        claims=[claim(1, "工伤", "应参未参", 13980), claim(2, "养老", "应参未参", 198050)],
        headcount=38,
        labour_relation="不明",
        strong_proof=False,
        special_groups=["农民工", "工伤/职业病/医疗期"],
        respondent_cooperative=False,
        public_opinion={"present": True, "needs_response": True},
        petition={"in_person_headcount": 12},
    )
    assert seen(site, date(2026, 11, 16)) == (
        "高",
        [
            "舆情",
            "集体访≥5人",
            "≥30人",
            "≥10人叠加",
            "劳动关系不明",
            "特殊人群",
            "相对方不配合或不明",
            "金额>5万元",
            "缺强证据",
        ],
    )


def test_an_indicator_names_its_basis_and_level() -> None:
    found = assess(matter(strong_proof=False, headcount=30), POLICY, QUIET_DAY).indicators
    assert [(i.code, i.level) for i in found] == [("H5", "高"), ("M9", "中")]
    assert all(i.basis.endswith("[D]") for i in found)


@pytest.mark.parametrize(
    ("headcount", "on", "level"),
    [
        (5, date(2026, 9, 30), "中"),
        (5, date(2026, 10, 1), "高"),
        (4, date(2026, 10, 1), "中"),
        (5, date(2026, 10, 8), "中"),
        (5, date(2027, 1, 6), "中"),
        (5, date(2027, 1, 7), "高"),
        (5, date(2027, 2, 5), "高"),
        (5, date(2028, 3, 3), "高"),
        (1, date(2026, 10, 1), "低"),
    ],
)
def test_a_time_node_raises_one_level_for_five_people(headcount: int, on: date, level: str) -> None:
    found = assess(matter(headcount=headcount), POLICY, on)
    assert found.level == level
    assert any(i.code == "T" for i in found.indicators) == (level == "高")


def test_a_time_node_cannot_raise_above_the_highest() -> None:
    level, texts = seen(matter(headcount=30), date(2026, 10, 1))
    assert (level, texts[-1]) == ("高", "时间节点：国庆")


@pytest.mark.parametrize(
    ("name", "after", "expected"),
    [
        ("国庆", date(2026, 9, 10), date(2026, 10, 1)),
        ("国庆", date(2026, 10, 1), date(2027, 10, 1)),
        ("春节前30日", date(2026, 10, 1), date(2027, 1, 7)),
        (
            "春节前30日",
            date(2027, 1, 7),
            date(2027, 12, 27),
        ),  # 2028-01-26 is 正月初一: it begins in the year before
        ("春节前30日", date(2030, 12, 1), date(2030, 12, 24)),
        ("全国两会", date(2027, 12, 31), date(2028, 3, 3)),
    ],
)
def test_when_a_time_node_comes_next(name: str, after: date, expected: date) -> None:
    days = [
        day for n in POLICY.time_nodes if n.name == name and (day := n.next_start(after, POLICY.calendar))
    ]
    assert min(days) == expected


@pytest.mark.parametrize(
    ("day", "node"),
    [
        (date(2024, 1, 10), None),  # a day before the thirty
        (date(2024, 1, 11), "春节前30日"),
        (date(2024, 2, 9), "春节前30日"),
        (date(2024, 2, 10), None),
        (date(2027, 12, 26), None),
        (date(2027, 12, 27), "春节前30日"),
        (date(2028, 1, 25), "春节前30日"),
        (date(2028, 1, 26), None),
    ],
)
def test_thirty_days_before_the_spring_festival_move_with_it(day: date, node: str | None) -> None:
    (spring,) = [n for n in POLICY.time_nodes if n.festival]
    assert (spring.name if spring.in_force(day, POLICY.calendar) else None) == node


def test_another_county_has_its_own_levels() -> None:
    assert seen(matter(), policy=OTHER) == ("简易", [])
    assert seen(matter(labour_relation="有争议"), policy=OTHER) == ("一般", ["劳动关系有争议"])
    assert seen(matter(headcount=10), policy=OTHER) == ("重大疑难", ["10人以上"])


def test_facts_given_replace_those_of_the_intake() -> None:
    facts = RiskFacts.from_intake(matter(), POLICY, QUIET_DAY)
    assert facts.amount == Decimal(1200)
    assert assess(matter(), POLICY, QUIET_DAY, facts.model_copy(update={"headcount": 40})).level == "高"


FACTS = st.builds(
    RiskFacts,
    headcount=st.integers(1, 60),
    in_person_headcount=st.integers(0, 20),
    amount=st.decimals(0, 3_000_000, places=2),
    amount_unknown=st.booleans(),
    lead_departments=st.integers(0, 3),
    labour_relation=st.sampled_from(["明确", "有争议", "不明", "不适用"]),
    strong_proof=st.booleans(),
    special_groups=st.sampled_from([(), ("农民工",)]),
    respondent_cooperative=st.sampled_from([True, False, "不明", "不适用"]),
    respondent_status=st.sampled_from(["正常", "停产", "失联"]),
    opinion_present=st.booleans(),
    opinion_needs_response=st.booleans(),
    beyond_level=st.booleans(),
    extreme_words=st.booleans(),
    is_group=st.booleans(),
    has_counter_claim=st.booleans(),
    time_node=st.sampled_from([None, "国庆"]),
)


@given(FACTS, st.sampled_from([POLICY, OTHER]))
def test_every_matter_has_exactly_the_level_of_its_highest_indicator(
    facts: RiskFacts, policy: Policy
) -> None:
    found = assess(matter(), policy, QUIET_DAY, facts)
    names = [t.name for t in policy.tiers]
    highest = max((names.index(i.level) for i in found.indicators), default=0)
    assert names.index(found.level) == highest


@given(FACTS, st.integers(0, 30))
def test_more_people_never_lower_the_level(facts: RiskFacts, more: int) -> None:
    names = [t.name for t in POLICY.tiers]
    grown = facts.model_copy(update={"headcount": facts.headcount + more})
    before, after = (assess(matter(), POLICY, QUIET_DAY, f).level for f in (facts, grown))
    assert names.index(after) >= names.index(before)
