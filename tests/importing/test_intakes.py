"""From a row to a registration: nothing lost, every guess named in the proposal."""

from decimal import Decimal
from typing import Any

import pytest

from domain.intake import Intake
from domain.plausible import implausible
from domain.policy import Policy
from domain.routing import route
from domain.words import ClaimType, Insurance, LabourRelation, Regime
from importing.changed import Change, decided, needs_type
from importing.exported import ExportTime
from importing.intakes import IntakeMaker
from importing.judged import as_json
from importing.rules import Rules

from .exports import EXPORTED, firm_code, judge_rows, ticket


@pytest.fixture
def made(rules: Rules, policy: Policy) -> Any:
    maker = IntakeMaker(rules, policy, ExportTime(EXPORTED, estimated=False))

    def make(*rows: dict[str, Any]) -> Intake:
        return maker.make(judge_rows(rules, *rows)[-1])

    return make


def test_a_whole_row(made: Any) -> None:
    row = ticket(备注="夜间", 办理时限="5个工作日", 所属乡镇="老营镇")
    intake: Intake = made(row)
    assert intake.source_no == row["工单编号"]
    assert intake.received_at.isoformat() == "2026-10-15T09:30:00+08:00"
    assert (intake.applicant.name, intake.applicant.id_number) == (row["来电人"], row["证件号码"])
    assert [(r.name, r.town) for r in intake.respondents] == [(row["被反映单位"], "老营镇")]
    assert [(c.insurance, c.regime, c.amount) for c in intake.claims] == [
        (Insurance.PENSION, Regime.EMPLOYEE, Decimal(3000))
    ]
    assert intake.proposal is None
    kept = intake.remarks["导入"]
    assert (kept["诉求类型"], kept["备注"], kept["办理时限"], kept["行"]) == ("投诉", "夜间", "5个工作日", 2)


def test_a_sum_for_several_insurances_is_not_divided(made: Any) -> None:
    intake: Intake = made(ticket(涉及险种="养老、工伤", 诉求内容="没给上养老工伤。"))
    assert [c.amount for c in intake.claims] == [Decimal(3000), None]
    assert "未分列" in (intake.proposal or "")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"来电时间": "上周三"}, "来电日期暂按工单编号推定为 2026-10-15"),
        ({"涉及人数": "30多人"}, "涉及人数“30多人”，按字样暂按至少 30 人"),
        ({"涉及金额": "约3万"}, "涉及金额为约数"),
        ({"诉求内容": "三月到五月养老没缴。"}, "所属期暂推定为"),
        ({"证件号码": "142234199001011111"}, "建议补正：证件号码"),
        (
            {"诉求内容": "没给上养老，我是残疾人，发到网上了。"},
            "风险指标按诉求字样预填（残疾人：残疾；发到网上）",
        ),
        ({"诉求内容": "拖欠工资三个月。", "涉及险种": "工资"}, "建议不予受理 N1"),
        ({"诉求内容": "拖欠工资三个月。", "涉及险种": "工资"}, "正确途径：劳动保障监察 / 劳动仲裁"),
    ],
)
def test_every_guess_and_proposal_is_named(made: Any, changes: dict[str, Any], said: str) -> None:
    assert said in made(ticket(**changes)).proposal


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"涉及人数": "9999999999"}, "涉及人数“9999999999”不像人数，没有采用，请核实"),
        ({"涉及人数": "600"}, "人数是 600 人，又没有名册，请核对"),
        (
            {"诉求内容": "单位2026年1月到2028年6月养老没给缴。"},
            "诉求内容中的所属期（2028-06）晚于收件当月（2026-10），没有采用，请核实",
        ),
        ({"来电时间": "2026-09-02 09:30:00"}, "收件时间是 2026-09-02，距今已 60 日"),
    ],
)
def test_what_cannot_be_or_is_unlikely_is_to_be_confirmed_and_turns_no_row_away(
    made: Any, changes: dict[str, Any], said: str
) -> None:
    intake: Intake = made(ticket(**changes))
    assert said in (intake.proposal or "")
    assert not list(implausible(intake, EXPORTED))
    assert intake.claims[0].period.to is None


@pytest.mark.parametrize("number", ["RX20261101", "CS12345-2026110300001"])
def test_a_day_nobody_knows_is_said_to_be_unknown(made: Any, number: str) -> None:
    """No date in the ticket's number, or one after the export: the day of the export, marked."""
    intake: Intake = made(ticket(工单编号=number, 来电时间="上周三"))
    assert intake.received_at.date() == EXPORTED.date()
    assert "来电日期不明，暂记为导出日 2026-11-02" in (intake.proposal or "")
    assert "工单编号推定" not in (intake.proposal or "")


def test_two_employers_are_two_respondents(made: Any) -> None:
    both: Intake = made(ticket(被反映单位="偏关县杞人派遣有限公司、偏关县刻舟求剑造船厂"))
    assert [r.name for r in both.respondents] == ["偏关县杞人派遣有限公司", "偏关县刻舟求剑造船厂"]


def test_a_likely_duplicate_names_the_earlier_ticket(made: Any) -> None:
    first = ticket()
    again = {**first, "工单编号": ticket()["工单编号"]}
    assert f"建议并案：疑似同一事项，见工单 {first['工单编号']}" in made(first, again).proposal


def test_a_number_that_fails_its_check_stays_with_the_person(made: Any) -> None:
    """Not in free text: a person's numbers are protected where they belong."""
    wrong = "142234199001011111"
    intake: Intake = made(ticket(证件号码=wrong))
    assert intake.applicant.id_number == wrong
    assert intake.unconfirmed == ["applicant.id_number"]
    assert not list(implausible(intake, None)), "the office would turn the row away"
    assert wrong not in (intake.proposal or "")
    assert wrong not in str(intake.remarks)


WAGES = {"诉求内容": "拖欠工资三个月。", "涉及险种": "工资"}


@pytest.mark.parametrize("changes", [WAGES, {}], ids=["no type was seen", "a type was seen"])
@pytest.mark.parametrize("insurance", [None, Insurance.MEDICAL])
@pytest.mark.parametrize("kind", [None, ClaimType.WRONG_BASE])
def test_whatever_was_corrected_is_registered(
    rules: Rules,
    policy: Policy,
    changes: dict[str, Any],
    insurance: Insurance | None,
    kind: ClaimType | None,
) -> None:
    maker = IntakeMaker(rules, policy, ExportTime(EXPORTED, estimated=False))
    change = Change(how="as_dispute", insurance=insurance, type=kind)
    ((_, judged),) = decided(judge_rows(rules, ticket(**changes)), {1: change})
    (claim,) = maker.make(judged).claims
    seen = (None, None) if changes else (Insurance.PENSION, ClaimType.NOT_ENROLLED)
    assert (claim.insurance, claim.type) == (insurance or seen[0], kind or seen[1])
    assert claim.amount == Decimal(3000)
    assert needs_type(judge_rows(rules, ticket(**changes))[0]) == bool(changes)


def test_an_anonymous_report_hides_nobodys_name_in_its_remarks(made: Any) -> None:
    intake: Intake = made(ticket(来电人="匿名", 来电号码="", 证件号码=""))
    assert intake.applicant.anonymous
    assert intake.applicant.name is None
    assert "N5" in (intake.proposal or "")


def test_signs_fill_the_indicators(made: Any) -> None:
    intake: Intake = made(
        ticket(诉求内容="停产了，养老断了一年。我是劳务派遣的，有人拍视频发网上了，都说要跳楼。")
    )
    seen = intake.indicators
    assert seen.respondent_status == "停产"
    assert seen.labour_relation == LabourRelation.DISPUTED
    assert seen.public_opinion.present
    assert seen.petition.extreme_words
    assert (
        made(ticket(涉及险种="居民医保", 诉求内容="缴了两遍，想退。")).indicators.labour_relation == "不适用"
    )


def test_which_other_levy_decides_the_route(made: Any, policy: Policy) -> None:
    moved: Intake = made(ticket(诉求内容="养老关系转移半年了没转过来。"))
    paid_twice: Intake = made(ticket(诉求内容="养老缴了两遍，想退一份。"))
    assert route(moved, policy).lead == policy.unit("hrss")
    assert route(paid_twice, policy).lead == policy.unit("tax")


def test_a_row_in_error_has_no_registration(made: Any) -> None:
    with pytest.raises(ValueError, match="not registered"):
        made(ticket(诉求内容=""))


def test_what_is_undecided_is_registered_without_a_type(made: Any) -> None:
    intake = made(ticket(诉求内容="老板不讲理，我的养老你们管管。"))
    assert [(claim.type, claim.insurance) for claim in intake.claims] == [(None, Insurance.PENSION)]
    assert "可能是“应参未参”" in (intake.proposal or "")


def test_an_employer_applies_by_its_own_code(made: Any) -> None:
    code = firm_code()
    intake = made(
        ticket(
            来电人="偏关县刻舟求剑商贸有限公司", 证件号码="", 统一社会信用代码=code, 被反映单位="偏关县税务局"
        )
    )
    assert (intake.applicant.name, intake.applicant.id_number) == ("偏关县刻舟求剑商贸有限公司", code)
    assert [(r.name, r.uscc) for r in intake.respondents] == [("偏关县税务局", None)]


def test_people_told_of_in_the_narrative_are_a_guess(made: Any) -> None:
    intake = made(ticket(诉求内容="我们车间40来个人都没给上养老。"))
    assert (intake.applicant.headcount, intake.applicant.is_group) == (40, True)
    assert "至少 40 人" in (intake.proposal or "")
    assert made(ticket(诉求内容="2022年职工养老没缴，一共3000元。")).applicant.headcount == 1


@pytest.mark.parametrize(
    ("narrative", "indicator", "value"),
    [
        ("厂子破产清算，停产两年，养老欠着没缴。", "respondent_status", "破产"),
        ("送外卖的，站点说是合作关系，没给上养老。", "labour_relation", LabourRelation.DISPUTED),
        ("师傅带的学徒才十六岁，店里没给上养老。", "special_groups", ["未成年工"]),
        ("老伴在厂里干了一辈子，上月病故，厂里欠着养老没缴。", "special_groups", ["死亡职工遗属"]),
    ],
)
def test_signs_are_ticked_as_guesses(narrative: str, indicator: str, value: object, made: Any) -> None:
    intake = made(ticket(诉求内容=narrative))
    assert getattr(intake.indicators, indicator) == value
    assert "系推测，请核对" in (intake.proposal or "")


def test_a_claim_long_over_is_flagged_and_kept(rules: Rules) -> None:
    [old] = judge_rows(rules, ticket(诉求内容="2019年到2021年在建材厂，养老没给上。"))
    told = as_json(old, {})
    assert (told["outcome"], told["flags"]) == ("accept", ["N6→法制审核"])
    assert told["period"] == {"from": "2019-01", "to": "2021-12"}
    [still] = judge_rows(rules, ticket(诉求内容="从2019年3月到现在养老没给上。"))
    assert "flags" not in as_json(still, {})


def test_a_town_that_is_somebodys_name_or_number_is_not_shown(made: Any) -> None:
    for written in ("19900000001", "测试甲"):
        intake = made(ticket(来电人="测试甲", 所属乡镇=written))
        assert [r.town for r in intake.respondents] == [None]
    assert [r.town for r in made(ticket(所属乡镇="新关镇")).respondents] == ["新关镇"]
