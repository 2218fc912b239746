"""The routing table: category, lead and co-units of every kind of claim; the one lead of a matter."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

import policies
from domain.intake import Claim, Intake
from domain.routing import Routed, route, route_claim
from domain.words import SHANGHAI

POLICY = policies.load()
OTHER = policies.load(Path(__file__).parents[1] / "policies" / "qingshui.yaml")


def claim(
    insurance: str | None, type_: str | None, regime: str | None = "职工", no: int = 1, **more: Any
) -> Claim:
    return Claim.model_validate({"no": no, "insurance": insurance, "regime": regime, "type": type_, **more})


def matter(*claims: Claim, counter: bool = False, **more: Any) -> Intake:
    return Intake.model_validate(
        {
            "channel": "网络",
            "received_by": "县综治中心",
            "source_no": "T-1",
            "received_at": datetime(2026, 9, 11, 22, 47, tzinfo=SHANGHAI),
            "applicant": {"name": "某甲", "headcount": more.pop("headcount", 1)},
            "respondents": [{"name": "某公司"}],
            "narrative": "三件事一起说",
            "claims": [c.model_dump() | {"period": {}} for c in claims],
            "indicators": {"labour_relation": "明确", **more},
            "counter_claims": [{"by": "被反映单位", "text": "返还补贴"}] if counter else [],
        }
    )


@pytest.mark.parametrize(
    ("insurance", "type_", "regime", "category", "lead", "co"),
    [
        ("养老", "应参未参", "职工", "A", "县人社局", ["县税务局"]),
        ("工伤", "应参未参", "职工", "A", "县人社局", ["县税务局"]),
        ("养老", "应参未参", "机关事业", "A", "县人社局", []),
        ("医疗", "应参未参", "职工", "A", "县医保局", ["县税务局", "县人社局"]),
        ("生育", "应参未参", "职工", "A", "县医保局", ["县税务局", "县人社局"]),
        ("养老", "应参未参", "居民", "A", "县人社局", []),
        ("医疗", "应参未参", "居民", "A", "县医保局", []),
        ("失业", "已申报未按时缴纳", "职工", "B", "县税务局", ["县人社局"]),
        ("医疗", "已申报未按时缴纳", "职工", "B", "县税务局", ["县医保局"]),
        ("医疗", "已申报未按时缴纳", "居民", "B", "县税务局", ["县医保局"]),
        ("养老", "缴费基数不实", "职工", "C", "县税务局", ["县人社局"]),
        ("医疗", "缴费基数不实", "职工", "C", "县税务局", ["县医保局"]),
        ("养老", "待遇享受", "居民", "E", "县人社局", []),
        ("生育", "待遇享受", "职工", "E", "县医保局", []),
        ("养老", "已申报未按时缴纳", None, "B", "县税务局", ["县人社局"]),
    ],
)
def test_the_table(
    insurance: str, type_: str, regime: str | None, category: str, lead: str, co: list[str]
) -> None:
    assert route_claim(claim(insurance, type_, regime), POLICY) == Routed(
        category=category, lead=lead, co=tuple(co)
    )


@pytest.mark.parametrize(
    ("insurance", "detail", "category", "lead"),
    [
        ("养老", "转移接续", "D2", "县人社局"),
        ("养老", "特殊补缴", "D2", "县人社局"),
        ("医疗", "转移", "D2", "县医保局"),
        ("养老", "重复缴费退费", "D1", "县税务局"),
        ("医疗", "滞纳金计算有误", "D1", "县税务局"),
        ("养老", None, "D1", "县税务局"),
    ],
)
def test_other_levies_go_by_their_words(insurance: str, detail: str | None, category: str, lead: str) -> None:
    routed = route_claim(claim(insurance, "其他征缴", detail=detail), POLICY)
    assert (routed.category, routed.lead) == (category, lead)


def test_what_is_no_premium_dispute_goes_nowhere() -> None:
    assert route_claim(claim(None, None, None, note="加班费"), POLICY) == Routed()


def test_three_claims_have_one_lead() -> None:
    routing = route(
        matter(
            claim("养老", "缴费基数不实", no=1),
            claim("医疗", "已申报未按时缴纳", no=2),
            claim("生育", "待遇享受", no=3),
        ),
        POLICY,
    )
    assert routing.lead == "县税务局"
    assert routing.co == ("县人社局", "县医保局")
    assert {no: (r.lead, r.co) for no, r in routing.sub_items.items()} == {
        "1": ("县税务局", ("县人社局",)),
        "2": ("县税务局", ("县医保局",)),
        "3": ("县医保局", ()),
    }


def test_without_a_claim_for_tax_hrss_leads() -> None:
    routing = route(matter(claim("养老", "应参未参", no=1), claim("医疗", "应参未参", no=2)), POLICY)
    assert (routing.lead, routing.co) == ("县人社局", ("县税务局", "县医保局"))


@pytest.mark.parametrize(
    ("more", "joined"),
    [
        ({}, []),
        ({"labour_relation": "有争议"}, ["县司法局"]),
        ({"counter": True}, ["县司法局"]),
        ({"headcount": 5}, ["县司法局", "县信访局", "县公安局", "县人民法院"]),
        ({"petition": {"in_person_headcount": 12}}, ["县司法局", "县信访局", "县公安局", "县人民法院"]),
    ],
)
def test_units_join_for_what_the_matter_is_like(more: dict[str, Any], joined: list[str]) -> None:
    routing = route(matter(claim("养老", "应参未参"), **more), POLICY)
    assert (routing.lead, list(routing.co)) == ("县人社局", ["县税务局", *joined])


def test_a_matter_without_a_premium_claim_has_no_lead() -> None:
    routing = route(matter(claim(None, None, None)), POLICY)
    assert (routing.lead, routing.co) == (None, ())


def test_another_county_routes_otherwise() -> None:
    assert route_claim(claim("养老", "缴费基数不实"), OTHER).lead == "清水人社局"
    assert route_claim(claim("医疗", "应参未参"), OTHER) == Routed(
        category="A", lead="清水医保中心", co=("清水税务局",)
    )
