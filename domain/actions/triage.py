"""分流: acceptance at a level, and what changes level or units afterwards."""

from typing import Annotated, Literal

from pydantic import Field

from domain.actions.conditions import unless, when
from domain.actions.days import Happened
from domain.actions.form import Approval, Asked, Form, LongText, Text, Unit, asks
from domain.intake import ClaimNo
from domain.words import Level


class SubLead(Asked):
    """The unit that answers for one claim."""

    claim: ClaimNo = asks("子项", choices="claims")
    unit: Unit = asks("主办单位")


UNREACHED = "未能联系上"


class AcceptCase(Form):
    """Accepts upon what the party said when it was called, sets level and way of handling, dispatches."""

    verb, basis, final = "受理并派单", "县方案三（六）、附件二；信访工作条例第二十五条", True
    handles = True
    kind: Literal["accept_case"] = "accept_case"
    contact: Literal["电话", "当面", "网络平台", "信函", "未能联系上"] = asks(
        "联系当事人", "初审须联系当事人了解具体情况"
    )
    contacted_on: Happened | None = asks("联系日期", when=unless("contact", UNREACHED))
    learned: LongText | None = asks("了解到的情况", when=unless("contact", UNREACHED))
    unreached: Literal["多次无人接听", "号码有误或停机", "拒绝沟通", "未留联系方式"] | None = asks(
        "未能联系上的原因", when=when("contact", UNREACHED)
    )
    level: Level = asks("风险等级", choices="levels")
    level_reason: Text | None = asks("上调理由", needed="高于建议等级的须填")
    path: Text = asks("办理方式", choices="paths")
    lead: Unit = asks("主办单位")
    co: list[Unit] = asks("协办单位", default=[])
    sub_leads: list[SubLead] = asks("子项主办", "各子项由不同单位主办时逐项写明", default=[])
    told: list[Unit] = asks("知会单位", default=[])
    legal_review: list[Annotated[str, Field(min_length=1)]] = asks(
        "提请法制审核的事项", default=[], choices="review_codes"
    )
    protect_applicant: bool | None = asks("对承办单位隐去申请人身份", needed="申请人要求保密的须填")


class ChangeLevel(Form):
    """改级: upwards at once; downwards as the policy says."""

    verb, basis = "调整风险等级", "县方案三（六）；信访工作条例第二十五条"
    kind: Literal["change_level"] = "change_level"
    to: Level = asks("调整为", choices="other_levels")
    reason_code: Literal[
        "舆情变化", "人数变化", "时间节点", "对方态度变化", "事实已查清", "金额已核实", "特殊人群情况", "其他"
    ] = asks("调整依据")
    reason: LongText = asks("具体理由")


class DecideLevelChange(Approval):
    """Approves a change of level, or not."""

    verb, basis = "审批等级调整", "县方案三（六）"
    kind: Literal["decide_level_change"] = "decide_level_change"


class ReviewLevel(Form):
    """Answers the software's re-evaluation at a 时间节点."""

    verb, basis = "复核时间节点风险", "县方案三（五）重要时间节点"
    kind: Literal["review_level"] = "review_level"
    decision: Literal["调至建议等级", "维持现等级"] = asks("复核意见")
    reason: Text | None = asks("理由", when=when("decision", "维持现等级"))


REDISPATCH = "同意退回，改派"


class DecideReturn(Form):
    """Upholds or overrules a 退单; overruled, the task cannot be returned again."""

    verb, basis = "审核退单", "参照12345派单异议审核"
    kind: Literal["decide_return"] = "decide_return"
    decision: Literal["同意退回，改派", "维持原派单，不得再退"] = asks("审核意见")
    lead: Unit | None = asks("主办单位", when=when("decision", REDISPATCH))
    co: list[Unit] = asks("协办单位", default=[], when=when("decision", REDISPATCH), optional=True)
    reason: Text = asks("审核理由")


class ChangeUnits(Form):
    """Changes lead or co-units without a return."""

    verb, basis = "调整承办单位", "县方案三（二）"
    kind: Literal["change_units"] = "change_units"
    lead: Unit = asks("主办单位")
    co: list[Unit] = asks("协办单位", default=[])
    reason_code: Literal[
        "主责部门认定有误", "需增加协办", "承办单位即被反映单位", "查明情况有变", "职责调整"
    ] = asks("调整原因")
