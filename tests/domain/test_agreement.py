"""The hard check on agreements and guidance: what must be refused, and what must pass."""

from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
import yaml

import policies
from domain.actions.mediation import DraftAgreement
from domain.agreement import Violation, check_agreement, check_guidance
from domain.policy import Policy
from tests.support.case import CENTER, TAX, case, consulted
from tests.support.forms import filled

LAWFUL_CHOICES: dict[str, Any] = {
    "facts": "欠缴养老保险费", "principal": "全额补缴", "coverage": "全部应缴期间", "amount": 1000,
    "late_fee": "单位依法承担，由税务机关核定", "pay_to": "缴入社会保险基金", "waiver": False, "set_off": False,
}  # fmt: skip

UNLAWFUL = {
    "waiver": [
        "劳动者自愿放弃社会保险",
        "乙方承诺放弃缴纳养老保险费的权利",
        "申请人放弃对单位补缴失业保险的主张",
        "滞纳金部分申请人自愿放弃",
        "乙方放弃追缴",
    ],
    "renounce": [
        "劳动者不再要求单位补缴养老保险",
        "乙方不得向任何部门投诉单位未参保",
        "双方签字后，申请人今后不就社保事宜提出任何主张",
        "社会保险费事宜一次性了结",
        "工伤保险问题双方两清",
        "公司少缴部分不再追究",
        "不追究单位欠缴责任",
        "税务机关不再追缴滞纳金",
    ],
    "no_payment": [
        "单位不再补缴 2024 年度养老保险费",
        "公司无需为其缴纳医疗保险",
        "双方同意单位不为职工参加社会保险",
        "劳动者同意不缴社保",
        "双方约定单位不再承担补缴责任",
        "两抵后就不用交了",
    ],
    "cash": [
        "单位以现金代替缴纳养老保险费",
        "单位一次性补偿 8000 元代替补缴",
        "应缴社保费折现发放给本人",
        "社保补贴替代参保",
        "该款作为对未缴社保的全部补偿",
        "单位应补部分直接支付给申请人",
        "一次性支付 3 万元了结养老保险争议",
        "公司以现金支付申请人社会保险费差额",
    ],
    "set_off": [
        "以已发补贴 8400 元抵扣单位应补部分",
        "补贴与单位应补养老保险费相互折抵",
        "借款冲抵滞纳金",
        "补贴款和欠费两抵",
        "双方应付款项互抵，差额由单位缴纳",
        "申请人先退还社保补贴后单位再补缴",
        "从补缴款中扣除已发补贴",
        "已发补贴在应补金额中扣除",
    ],
    "cut": [
        "免除单位滞纳金",
        "滞纳金予以减免",
        "本金打八折缴纳",
        "单位补缴本金，滞纳金不再收取",
        "单位仅补缴本金",
        "双方同意滞纳金不计",
        "单位只补缴一半",
        "滞纳金全免",
        "单位补缴养老保险费，同意减半滞纳金",
        "免滞纳金",
        "社保费按五折缴纳",
        "允许单位少缴三个月",
        "免除甲方补缴义务",
        "甲方的补缴义务予以免除",
        "本金按 50% 缴纳",
    ],
    "base": ["双方同意降低缴费基数", "缴费基数由 4800 元降至 3700 元"],
    "shift": [
        "单位应缴部分由职工承担",
        "滞纳金由申请人负担",
        "补缴由劳动者个人全额承担养老保险费",
        "滞纳金由双方各承担一半",
    ],
}

LAWFUL = [
    "允许分期但不免本金、滞纳金",
    "先行调解，允许分期但不免本金、滞纳金",
    "社保补贴返还问题双方另行主张",
    "不影响滞纳金",
    "单位 30 日内足额补缴养老保险费本金及滞纳金",
    "不得以补贴抵扣",
    "总包 12 月 15 日前足额补缴，分包分摊另行结算；不影响滞纳金",
    "单位补缴 2024-05 至 2026-08 养老保险费",
    "补贴返还在单位补缴后另循仲裁、诉讼，不在本案抵扣",
    "补贴返还与补缴不能相互抵销",
    "滞纳金依法不得减免",
    "本金、滞纳金均不予减免",
    "本协议不免除滞纳金",
    "滞纳金不因分期而免除",
    "任何一方不得要求减免滞纳金",
    "此前签订的放弃社保承诺书无效",
    "《自愿放弃社保承诺书》不作为不缴费的依据",
    "劳动者不得放弃参保",
    "双方不得约定以现金代替缴费",
    "社保费不得折现发放给职工",
    "逾期不缴纳的，由税务机关依法强制征收",
    "如单位不补缴，申请人可以向税务机关举报",
    "单位不得不缴纳工伤保险费",
    "单位不得以任何理由不缴纳养老保险费",
    "单位补缴少缴的养老保险费差额",
    "因降低缴费基数少缴的部分由单位补足",
    "单位分三期缴纳，每期 2400 元",
    "滞纳金自欠缴之日起按日万分之五另计，计算至缴清之日",
    "自缴清之日起滞纳金不再计算",
    "职工个人应缴部分由职工承担",
    "职工仅缴纳个人应缴部分",
    "单位不得要求职工承担滞纳金",
    "单位部分不得由职工承担",
    "单位应缴部分由单位缴纳，个人应缴部分由个人缴纳",
    "已足额缴纳的月份不再重复补缴",
    "足额补缴养老保险费后双方就本案互不追究",
    "申请人自愿放弃加班费主张",
    "单位另支付经济补偿金 5000 元",
    "单位以现金缴纳养老保险费至税务机关",
    "单位一次性支付养老保险费本金及滞纳金至国库",
    "因不能补缴造成的养老待遇损失由申请人另行主张",
    "避免滞纳金继续增加，单位应尽快缴纳",
    "滞纳金不计入本金",
    "滞纳金按日 0.05% 计收",
    "不得从补缴款中扣除已发补贴",
    "不得以补偿金代替补缴",
    "单位承诺不再发生欠缴",
    "申请人不承担滞纳金",
    "该款作为未参保期间工伤待遇损失的赔偿",
    "双方对补缴金额无异议",
    "申请人收到补缴到账通知后撤回投诉",
    "单位依法足额补缴，不得要求申请人返还补贴后再补缴",
    "单位按核定金额补缴，不减不免",
    "双方确认签过放弃社保承诺不影响单位补缴",
    "单位于 10 月 9 日前缴纳 7200 元，10 月 30 日前缴纳 7200 元，滞纳金另计",
    "滞纳金是否减免由税务机关依法决定",
    "补缴后单位可另行请求返还社保补贴",
    "本协议生效之日起 30 日内可共同申请司法确认",
    "双方不再就加班费提出主张",
    "单位提供厂房抵押作为分期担保",
]

PROMISES = [
    "起诉即可补缴",
    "向法院起诉就能补缴养老保险",
    "保证仲裁支持您的请求",
    "一定能胜诉",
    "法院会判令单位补缴社保费",
    "申请仲裁，肯定能追回欠费",
    "可以诉讼补缴",
    "向人民法院提起民事诉讼请求补缴养老保险费",
    "这个官司稳赢",
]

GUIDANCE = [
    "申请劳动仲裁确认劳动关系",
    "依法申请行政复议",
    "对税务机关的处理决定不服的，可以提起行政诉讼",
    "确认劳动关系后，由人社核定、税务征收补缴",
    "提起诉讼确认劳动关系后办理补缴",
    "不能补办导致损失的，可以起诉请求赔偿",
    "起诉请求赔偿不能补缴造成的损失",
    "不保证裁判结果，也不等于起诉即可补缴",
    "社会保险费征缴争议不属于人民法院民事受理范围，起诉要求补缴一般不予受理",
    "仲裁机构不一定支持补缴请求",
    "在一定条件下可以申请支付令",
    "请求经济补偿，时效一年",
    "税务机关可以申请人民法院强制执行补缴决定",
    "凭生效裁决向经办机构申请补缴",
]


CORPUS: Any = yaml.safe_load(Path(__file__).with_name("agreement_clauses.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def policy() -> Policy:
    return policies.load()


@pytest.fixture(scope="module")
def agreed(policy: Policy) -> Callable[..., tuple[Violation, ...]]:
    def check(*clauses: str, **choices: Any):
        return check_agreement(
            DraftAgreement.model_validate({**LAWFUL_CHOICES, "terms": clauses, **choices}), policy
        )

    return check


@pytest.mark.parametrize(
    ("rule", "clause"), [(r, c) for of in (UNLAWFUL, CORPUS["unlawful"]) for r, cs in of.items() for c in cs]
)
def test_unlawful_clause_is_found_with_its_article(
    policy: Policy, agreed: Callable[..., tuple[Violation, ...]], rule: str, clause: str
) -> None:
    found = agreed("双方自愿达成如下协议", clause)
    forbidden = next(f for f in policy.agreement.forbidden if f.id == rule)
    assert (1, forbidden.explanation, forbidden.article) in {
        (v.clause_index, v.explanation, v.article) for v in found
    }


@pytest.mark.parametrize("clause", [*LAWFUL, *CORPUS["lawful"]])
def test_lawful_clause_passes(agreed: Callable[..., tuple[Violation, ...]], clause: str) -> None:
    assert agreed(clause) == ()


def test_declarations_speak_for_the_whole_agreement(agreed: Callable[..., tuple[Violation, ...]]) -> None:
    assert agreed("分期缴纳") == ()


@pytest.mark.parametrize(
    ("field", "choice"),
    [
        ("principal", "减免部分"), ("coverage", "部分期间，其余视为了结"), ("late_fee", "职工承担"),
        ("late_fee", "双方分担"), ("late_fee", "免除"), ("pay_to", "支付给职工本人"), ("pay_to", "由单位留作抵扣"),
        ("waiver", True), ("set_off", True),
    ],
)  # fmt: skip
def test_an_unlawful_choice_is_refused_at_its_field(
    agreed: Callable[..., tuple[Violation, ...]], field: str, choice: object
) -> None:
    (found,) = agreed("分期缴纳", **{field: choice})
    assert (found.field, found.clause_index) == (field, None)
    assert found.article


def test_every_bad_clause_is_named(agreed: Callable[..., tuple[Violation, ...]]) -> None:
    found = agreed("单位补缴养老保险费", "以补贴抵扣应补部分", "滞纳金全免")
    assert [v.clause_index for v in found] == [1, 2]
    assert found[0].text == "以补贴抵扣应补部分"


def test_negation_covers_only_its_own_part(agreed: Callable[..., tuple[Violation, ...]]) -> None:
    assert agreed("不得拖欠工资，以补贴抵扣应补部分")
    assert agreed("不足部分以补贴抵扣")


@pytest.mark.parametrize("text", [*PROMISES, *CORPUS["promises"]])
def test_promise_is_found(policy: Policy, text: str) -> None:
    assert check_guidance([text], policy)


@pytest.mark.parametrize("text", [*GUIDANCE, *CORPUS["guidance"]])
def test_guidance_without_promise_passes(policy: Policy, text: str) -> None:
    assert check_guidance([text], policy) == ()


@pytest.mark.parametrize("scrap", ["滞纳金", "社保", "单位", "补贴从", "由职工", "其余年", "，"])
def test_a_long_text_is_read_in_no_time(agreed: Callable[..., tuple[Violation, ...]], scrap: str) -> None:
    begun = perf_counter()
    agreed(scrap * (4000 // len(scrap)))
    assert perf_counter() - begun < 2


PROMISE = "可以直接到法院起诉，让单位把养老保险补上。"


def test_no_party_is_told_a_promise() -> None:
    c = consulted()
    assert (
        c.declined(filled("guide_to_law", ways=["行政复议"], told_how="当面", explanation=PROMISE), CENTER)
        == "promise"
    )
    c = case().accepted().disposed()
    assert c.declined(filled("notify_result", told_on="2026-03-09", message=PROMISE), TAX) == "promise"
    c.act(filled("notify_result", told_on="2026-03-09", message="不服的可以申请行政复议"), TAX)
