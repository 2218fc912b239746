"""What a narrative is about, as an experienced operator would tick it; each rule with what it must not catch."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.words import ClaimType, Insurance, Regime
from importing.narratives import Proposal, Told, propose
from importing.parties import read_employer
from importing.plain import Cell
from importing.rules import load_rules

from .exports import FIRM

RULES = load_rules("pianguan")


def seen(
    narrative: str, kinds: str = "养老", unit: str | None = FIRM, *, anonymous: bool = False
) -> Proposal:
    employer = read_employer(Cell(unit), RULES.units, RULES.places.home, RULES.blank)
    return propose(Told.of(narrative, kinds, employer, RULES, anonymous=anonymous), RULES)


@pytest.mark.parametrize(
    ("type_", "narrative"),
    [
        (ClaimType.NOT_ENROLLED, "我在建材厂五年，从来没给上过养老。"),
        (ClaimType.NOT_ENROLLED, "入职两年了单位没有给我办理任何社会保险。"),
        (ClaimType.NOT_ENROLLED, "老板说干满一年才给上，现在两年了还是没上。"),
        (ClaimType.NOT_ENROLLED, "我们十来个保洁都没有社保。"),
        (ClaimType.NOT_ENROLLED, "签过自愿放弃社保的条子，现在想反悔。"),
        (ClaimType.NOT_ENROLLED, "厂里一分钱社保也没给我交过。"),
        (ClaimType.NOT_ENROLLED, "公司每月发社保补贴，不给上养老。"),
        (ClaimType.UNPAID, "单位从三月份起就没再给交养老。"),
        (ClaimType.UNPAID, "报了一年，一直没缴，查不着。"),
        (ClaimType.UNPAID, "厂里欠我们养老八个月了。"),
        (ClaimType.UNPAID, "养老断了半年，单位说账上没钱。"),
        (ClaimType.UNPAID, "工资里扣了养老钱，税务局查不到缴费记录。"),
        (ClaimType.UNPAID, "二月到四月的养老没到账。"),
        (ClaimType.WRONG_BASE, "按最低基数报的，实际拿五千多。"),
        (ClaimType.WRONG_BASE, "到手六千，养老按三千二给我报。"),
        (ClaimType.WRONG_BASE, "夜班费不算进缴费工资里。"),
        (ClaimType.OTHER_LEVY, "养老缴了两遍，想退一份。"),
        (ClaimType.OTHER_LEVY, "养老关系转移半年了没转过来。"),
        (ClaimType.OTHER_LEVY, "补缴时让我出滞纳金，凭什么？"),
        (ClaimType.BENEFIT, "退休三个月了养老金一分没发。"),
        (ClaimType.BENEFIT, "养老待遇审核没过，说单位断缴过。"),
    ],
)
def test_the_type_is_told_from_the_words(type_: ClaimType, narrative: str) -> None:
    found = seen(narrative)
    assert (found.redirect, found.types, found.vague) == (None, (type_,), False)


def test_a_withheld_benefit_does_not_hide_that_nobody_was_enrolled() -> None:
    assert seen("工伤待遇不给，原来是没给我上过工伤。", "工伤").types == (ClaimType.NOT_ENROLLED,)


def test_a_short_narrative_may_name_several_types() -> None:
    assert seen("头两年没给上养老，后来上了又按最低基数报。").types == (
        ClaimType.NOT_ENROLLED,
        ClaimType.WRONG_BASE,
    )


def test_a_long_narrative_is_about_what_it_begins_with() -> None:
    assert seen("厂里两年没给上养老。" + "后来别的事也有，医保也断了，说来话长。" * 200).types == (
        ClaimType.NOT_ENROLLED,
    )


def test_what_cannot_be_told_is_offered_in_two_ways_and_ticked_in_none() -> None:
    found = seen("老板不讲理，我的养老你们管管。")
    assert (found.types, found.vague) == ((ClaimType.NOT_ENROLLED, ClaimType.UNPAID), True)
    assert [c.what for c in found.candidates] == ["应参未参", "已申报未按时缴纳"]
    assert all(c.why for c in found.candidates)
    assert any("争议类型" in w for w in found.warnings)


@pytest.mark.parametrize(
    ("column", "narrative", "kinds"),
    [
        ("养老保险", "没给上。", "养老"),
        ("养老、医疗", "没给上。", "养老 医疗"),
        ("工伤养老", "没给上。", "养老 工伤"),
        ("五险", "没给上。", "养老 医疗 工伤 失业 生育"),
        ("三险", "没给上。", "养老 医疗 失业"),
        ("医保", "养老没事，医保断了。", "医疗"),
        ("社保", "社保没给缴，主要是失业。", "失业"),
        ("养老", "养老和医保都没给上。", "养老 医疗"),
        ("养老", "养老、工伤、失业一样都没给上。", "养老 工伤 失业"),
        ("养老", "只给上工伤不给上养老。", "养老"),
        ("", "单位没给上工伤保险。", "工伤"),
        ("养老、公积金", "养老没给上。", "养老"),
    ],
)
def test_the_insurances(column: str, narrative: str, kinds: str) -> None:
    assert seen(narrative, column).kinds == tuple(Insurance(kind) for kind in kinds.split())


def test_social_insurance_unnamed_is_all_five_as_a_marked_guess() -> None:
    found = seen("单位没给上社保。", "社保")
    assert len(found.kinds) == 5
    assert any("险种" in w for w in found.warnings)


@pytest.mark.parametrize(
    ("regime", "narrative", "column", "unit"),
    [
        (Regime.EMPLOYEE, "没给上养老。", "养老", FIRM),
        (Regime.EMPLOYEE, "没给办职工医保，我自己缴的居民医保。", "医疗", FIRM),
        (Regime.RESIDENT, "缴了两遍，想退。", "居民医保", None),
        (Regime.RESIDENT, "村里收了医保钱没缴上。", "医保", None),
        (Regime.RESIDENT, "收了居民医保的钱没上账。", "医保", "石头乡村民委员会"),
        (Regime.PUBLIC, "改革那几个月没接上。", "机关养老", "偏关县文物局"),
        (Regime.PUBLIC, "我是事业编，养老转移没转过来。", "养老", "偏关县文物服务中心"),
        (Regime.EMPLOYEE, "我是临时工，没给上养老。", "养老", "偏关县第九中学"),
    ],
)
def test_the_regime(regime: Regime, narrative: str, column: str, unit: str | None) -> None:
    assert seen(narrative, column, unit).regime == regime


def test_residents_and_the_self_paying_need_no_employer() -> None:
    assert not seen("居民医保缴了两遍，想退。", "居民医保", None).needs_employer
    assert not seen("灵活就业养老多扣了一季，想退。", "养老", None).needs_employer
    assert seen("没给上养老。").needs_employer
    assert seen("单位没给上养老，我自己缴的灵活就业。", "养老", None).needs_employer


@pytest.mark.parametrize(
    ("code", "narrative", "column", "unit"),
    [
        ("N1", "拖欠三个月工资，要求支付。", "工资", FIRM),
        ("N1", "加班费从来没给过，社保倒是交着。", "", FIRM),
        ("N1", "被辞退没给经济补偿。", "", FIRM),
        ("N1", "押金一千块不退。", "", FIRM),
        ("N1", "楼道垃圾没人清。", "", None),
        ("N2", "劳动仲裁已经立案了，你们也催催养老的事。", "养老", FIRM),
        ("N2", "法院判了让补养老，厂里不执行。", "养老", FIRM),
        ("N3", "信访复核意见出了，我还是不服养老的事。", "养老", FIRM),
        ("N4", "没给上养老。", "养老", "河曲县守株待兔农场"),
        ("N4", "没给上养老。", "养老", "大同市守株待兔商贸有限公司"),
        ("N4", "我在保德县一个厂子上班，没给上工伤。", "工伤", None),
        ("N7", "单位公积金停了半年。", "公积金", FIRM),
        ("N7", "单位给买的商业意外险不给赔。", "商业险", FIRM),
        ("N8", "请问今年居民医保多少钱，怎么缴？", "", None),
        ("N8", "想了解灵活就业断缴了能不能补。", "养老", None),
        ("N8", "建议大厅中午也开个窗口。", "", None),
        ("N9", "反映某局干部收了红包，不查企业。", "", "（某局干部）"),
        ("N11", "伤残评了十级，我不服，要求重新鉴定。", "工伤", FIRM),
    ],
)
def test_grounds_for_refusal(code: str, narrative: str, column: str, unit: str | None) -> None:
    found = seen(narrative, column, unit)
    assert found.redirect is not None
    assert found.redirect.code == code
    assert found.redirect.redirect
    assert found.why
    assert (found.types, found.kinds, found.regime) == ((), (), None)


def test_an_anonymous_report_is_N5() -> None:
    redirect = seen("北关几家店都没给工人上保险。", "社保", "北关饭店（几家）", anonymous=True).redirect
    assert redirect is not None
    assert redirect.code == "N5"


@pytest.mark.parametrize(
    ("near_to", "narrative", "unit"),
    [
        ("N1", "工资欠了三个月，养老也断了五个月。", FIRM),
        ("N1", "奖金提成都不算基数，只按底薪报养老。", FIRM),
        ("N2", "仲裁委说不归他们管，让我来找你们，单位没给上养老。", FIRM),
        ("N2", "仲裁裁决确认了劳动关系，单位还是没给上养老。", FIRM),
        ("N4", "我是河曲人，在偏关建材厂上班，没给上养老。", FIRM),
        ("N4", "老板去河曲开新厂了，这边欠的养老不管。", FIRM),
        ("N7", "公积金没交，养老也没交。", FIRM),
        ("N8", "想问一下，我们单位不给上养老，合理吗？", FIRM),
        ("N9", "去问过一回，人家说领导出差，养老一直没给上。", FIRM),
        ("N11", "做工伤认定时才知道单位没给我上工伤。", FIRM),
    ],
)
def test_what_only_looks_like_a_ground_is_in_scope(near_to: str, narrative: str, unit: str) -> None:
    assert seen(narrative, "养老", unit).redirect is None, near_to


def test_a_ground_beside_a_claim_is_pointed_out() -> None:
    assert any("N1" in w for w in seen("工资欠了三个月，养老也断了五个月。").warnings)


@settings(max_examples=200)
@given(st.text(max_size=80), st.text(max_size=10), st.booleans())
def test_no_words_break_the_reading(narrative: str, column: str, anonymous: bool) -> None:
    found = seen(narrative, column, anonymous=anonymous)
    assert bool(found.types) != bool(found.redirect)


def test_which_other_levy() -> None:
    assert seen("养老关系转移半年了没转过来。").detail == "转移接续"
    assert seen("养老缴了两遍，想退一份。").detail == "重复缴费、退费"


@pytest.mark.parametrize(
    ("narrative", "kind"),
    [
        ("来电人反映单位未依法缴纳工伤保险，请核实。", ClaimType.NOT_ENROLLED),
        ("市民反映该厂未按规定为员工缴纳失业保险。", ClaimType.NOT_ENROLLED),
        ("一查是单位从八月起没续缴医保。", ClaimType.UNPAID),
        ("养老保险申报了没入库，拖了三个月。", ClaimType.UNPAID),
        ("每月到手六千三，给我按三千九申报养老。", ClaimType.WRONG_BASE),
        ("养老从外地往回转，五个月还没转回来。", ClaimType.OTHER_LEVY),
        ("住院费用未能报销，医保那边一直推。", ClaimType.BENEFIT),
    ],
)
def test_the_words_of_operators_and_callers(narrative: str, kind: ClaimType) -> None:
    assert seen(narrative, "").types == (kind,)


def test_words_that_fit_nothing_are_weighed_and_marked() -> None:
    proposal = seen("被裁后去申领，系统提示条件不符，待遇的事谁管。", "失业")
    assert proposal.types[0] == ClaimType.BENEFIT
    assert (len(proposal.types), proposal.vague) == (2, True)
    assert any("请核对" in warning for warning in proposal.warnings)


def test_what_is_said_to_be_in_order_is_no_complaint() -> None:
    redirect = seen("年终奖说好的没兑现，社保这块没意见。", "").redirect
    assert redirect is not None
    assert redirect.code == "N1"
