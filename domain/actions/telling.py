"""调查、告知: what was found, what the parties are told, and which ways the law leaves them."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from domain.actions.conditions import when
from domain.actions.days import Happening, PastMonths
from domain.actions.disposal import Yuan
from domain.actions.form import (
    Asked,
    Confirmed,
    Form,
    LongText,
    LongTextOrNothing,
    Material,
    OfficerName,
    Text,
    Unit,
    asks,
)
from domain.actions.meetings import Party
from domain.intake import ClaimNo
from domain.words import LawfulWay

Relation = Literal["存在", "部分期间存在", "不存在", "证据不足以认定", "不涉及"]
UNRELATED = "不涉及"


class Inquirer(Asked):
    """One unit of a joint inquiry, and what it finds out."""

    unit: Unit = asks("单位")
    points: Annotated[
        list[Literal["劳动关系", "用工期间", "工资总额", "申报和入库记录", "参保登记", "待遇"]],
        Field(min_length=1),
    ] = asks("核实事项")


class OpenInvestigation(Form):
    """启动调查核实: which units find out what, each for itself."""

    verb, basis = "启动调查核实", "县方案附件三（三）（各部门联合调查核实）；社会保险法若干规定第二十七条"
    kind: Literal["open_investigation"] = "open_investigation"
    units: Annotated[list[Inquirer], Field(min_length=1)] = asks("参加单位")


class FoundSum(Asked):
    """The principal found to be due on one claim."""

    claim: ClaimNo = asks("子项", choices="claims")
    due: Yuan = asks("应补本金", unit="元")


class SubmitFindings(Form):
    """提交核实情况: one unit's own; a department sends at least two officers."""

    verb, basis = "提交核实情况", "县方案附件三（三）；劳动保障监察条例第十六条"
    handles = True
    kind: Literal["submit_findings"] = "submit_findings"
    investigators: Annotated[list[OfficerName], Field(min_length=1)] = asks("调查人员", "部门不少于2人")
    relation: Relation = asks("劳动关系认定", "没有查这一项的，选不涉及")
    relation_period: PastMonths | None = asks(
        "认定期间", when=when("relation", "存在", "部分期间存在"), optional=True
    )
    sums: list[FoundSum] = asks("应补金额", "没有查这一项的不填", default=[])
    findings: LongText = asks("查明的事实")
    evidence: list[Material] = asks("证据", default=[])


SETTLED, STUDIED = "已统一认定，不同意见载入报告", "提交会商研究"


class IssueInvestigationReport(Form):
    """调查核实报告: one by all units that found something; where they differ, what is done about it."""

    verb, basis, final = (
        "出具调查核实报告",
        "县方案附件三（三）；社会保险法若干规定第二十七条；劳动保障监察条例第十六条",
        True,
    )
    handles = True
    kind: Literal["issue_investigation_report"] = "issue_investigation_report"
    relation: Relation = asks("劳动关系结论")
    relation_period: PastMonths | None = asks(
        "认定期间", when=when("relation", "存在", "部分期间存在"), optional=True
    )
    sums: list[FoundSum] = asks("认定应补", default=[])
    summary: LongText = asks("查明的事实")
    proposal: Literal["责令改正和补缴", "指引确认劳动关系", "再行调解", "不支持", "转立案查处"] = asks(
        "处理建议"
    )
    differences: Literal["已统一认定，不同意见载入报告", "提交会商研究"] | None = asks(
        "认定不一致的处理", needed="各单位认定不一致的须选"
    )


class NotifyResult(Form):
    """结果告知: the lead tells what it handled alone, the 综治中心 what was handled jointly."""

    verb, basis, final = "告知结果", "县方案附件四；信访工作条例第三十二条；行政复议法第二十条", True
    handles = True
    kind: Literal["notify_result"] = "notify_result"
    to: Annotated[list[Party], Field(min_length=1)] = asks("告知对象")
    way: Literal["书面送达", "当面告知并签收", "电话告知后邮寄"] = asks("告知方式")
    told_on: Annotated[date, Happening("decided")] = asks("告知日期")
    sources: list[Text] = asks("答复的渠道单号", needed="并案件须逐号答复", default=[], choices="sources")
    message: LongTextOrNothing | None = asks(
        "补充说明", "结论、依据、执行安排和救济途径由系统写入", default=None
    )
    confirm_each: Confirmed | None = asks("已逐人告知，代表人签收不代替本人", needed="群体案件须确认")


class FeedBackResult(Form):
    """反馈: a unit that handled and told alone says to the 综治中心 how the party took it and what is still to come."""

    verb, basis = "反馈办理结果", "县方案附件四（由各职能部门将处置结果告知当事人，并向综治中心反馈）"
    kind: Literal["feed_back_result"] = "feed_back_result"
    attitude: Literal["认可", "有异议", "未表态"] = asks("当事人意见")
    performance: Literal["已履行", "正在履行", "尚未履行", "无须履行"] = asks("履行情况")
    risk: bool = asks("是否仍有风险")
    risk_text: Text | None = asks("风险情况", when=when("risk", True))


class NotifyRefusal(Form):
    """Serves the paper of 不予受理 and hands the claims over."""

    verb, basis, final = "送达不予受理告知书", "社会保险法第八十二条", True
    kind: Literal["notify_refusal"] = "notify_refusal"
    handed_to: list[Text] = asks("已移交单位", "没有可移交的单位（如答复咨询）可不填", default=[])
    way: Literal["书面送达", "当面告知并签收", "电话告知后邮寄", "网络平台答复"] = asks("告知方式")
    told_on: Annotated[date, Happening("refused")] = asks("告知日期")


class GuideToLaw(Form):
    """仲裁、诉讼指引: shows ways, decides and promises nothing."""

    verb, basis, final = (
        "出具法律途径指引",
        "县方案附件三（四）；劳动争议调解仲裁法第二十七条；法研〔2011〕31号",
        True,
    )
    kind: Literal["guide_to_law"] = "guide_to_law"
    ways: Annotated[
        list[LawfulWay],
        Field(min_length=1),
    ] = asks("可选途径")
    explanation: LongText | None = asks("补充说明", "不得承诺结果，不得写“起诉即可补缴”", default=None)
    told_how: Literal["当面", "电话并邮寄", "书面送达"] = asks("告知方式")


class RecordPartyObjection(Form):
    """A party disagrees; recorded and answered, it stops nothing by itself."""

    verb, basis = "登记当事人异议", "信访工作条例第三十五条；行政复议法第二十条"
    kind: Literal["record_party_objection"] = "record_party_objection"
    who: Party = asks("提出人")
    against: Literal["结论", "金额", "程序", "送达", "承办人员"] = asks("针对")
    reason: LongText = asks("理由")
