"""受理: what is done with a matter before anybody handles it, and with a lead."""

from typing import Annotated, Literal

from pydantic import Field

from domain.actions.conditions import when
from domain.actions.days import Happened, HappenedEver
from domain.actions.form import (
    Asked,
    Form,
    LongText,
    Material,
    Moment,
    OfficerName,
    PersonName,
    Text,
    Unit,
    WholeDays,
    asks,
)
from domain.intake import ClaimNo

SaidWay = Literal["当面", "电话", "书面", "网络平台"]
"""How a party said something."""


class RequestSupplement(Form):
    """Tells the applicant once, in full, what is missing."""

    verb, basis = "通知补正", "行政复议法第三十一条（一次性告知，参照）；县方案附件二"
    kind: Literal["request_supplement"] = "request_supplement"
    items: Annotated[
        list[
            Literal[
                "申请人身份", "联系方式", "被反映单位名称或地址", "劳动关系材料", "险种和所属期", "工资或缴费凭证",
                "授权委托书", "代表人推选书", "其他",
            ]
        ],
        Field(min_length=1),
    ] = asks("须补正的内容", "应当一次告知")  # fmt: skip
    other: Text | None = asks("其他内容", when=when("items", "其他"))
    due: WholeDays = asks("补正期限", unit="工作日")
    way: Literal["当面", "电话", "书面", "网络平台", "12345平台"] = asks("通知方式")


class ReceiveMaterial(Form):
    """Takes in material; where a supplement is pending, says whether it is complete."""

    verb, basis = "接收材料", "县方案附件二（审阅当事人提供的资料）"
    kind: Literal["receive_material"] = "receive_material"
    given_by: Literal["申请人", "被反映单位", "其他单位"] = asks("提交人")
    materials: Annotated[list[Material], Field(min_length=1)] = asks("材料")
    completes: Literal["已补齐", "部分补齐", "与补正无关"] | None = asks(
        "补正情况", needed="正在补正的案件须填"
    )
    received_on: HappenedEver = asks("收到日期")


class RefusedClaim(Asked):
    """One claim, or the whole matter, that is not accepted."""

    claim: ClaimNo | None = asks("子项", "不填即全案", default=None, choices="claims")
    code: Text = asks("代码", choices="refusal_codes")
    competent: Text = asks("有权处理单位和正确途径")
    ground: LongText = asks("理由")


class RefuseClaims(Form):
    """Refuses the whole or some claims, by code, naming who is competent."""

    verb, basis, final = (
        "不予受理",
        "社会保险法第八十二条；劳动保障监察条例第二十一条；信访工作条例第三十六条",
        True,
    )
    kind: Literal["refuse_claims"] = "refuse_claims"
    items: Annotated[list[RefusedClaim], Field(min_length=1)] = asks("不予受理事项")


class MergeCases(Form):
    """This matter goes on under another; every source number is answered there."""

    verb, basis, final = "并案", "国办发〔2020〕53号（重复并单）", True
    kind: Literal["merge_cases"] = "merge_cases"
    into: Text = asks("并入案件", "写渠道单号或案号")
    ground: Annotated[
        list[Literal["同一申请人", "同一单位", "同一险种和所属期", "同一渠道单号", "姓名异体字经核实"]],
        Field(min_length=1),
    ] = asks("并案依据")


class LinkCases(Form):
    """Says that two matters belong together; both go on."""

    verb, basis = "关联案件", "县方案三（八）"
    kind: Literal["link_cases"] = "link_cases"
    to: Text = asks("关联案件", "写渠道单号或案号")
    relation: Literal["同一当事人", "同一单位", "新事实", "派生线索", "再次提出", "反请求"] = asks("关联关系")


class AssignLead(Form):
    """Gives a lead to one or more units to check."""

    verb, basis = "交办线索", "县方案三（五）"
    kind: Literal["assign_lead"] = "assign_lead"
    units: Annotated[list[Unit], Field(min_length=1)] = asks("核查单位")
    points: Text | None = asks("核查要求", default=None)


class ReportLead(Form):
    """What the check of a lead found, by choice."""

    verb, basis = "反馈核查情况", "劳动保障监察条例第十六条"
    kind: Literal["report_lead"] = "report_lead"
    result: Literal["属实，建议转争议", "属实，转监察或日常执法", "不属实", "无法核实"] = asks("核查结论")
    findings: LongText = asks("核查情况")
    investigators: Annotated[list[OfficerName], Field(min_length=1)] = asks("核查人员", "部门核查不少于2人")
    taken_over_by: Text | None = asks(
        "接办单位", "写接手办理的单位或内设机构", when=when("result", "属实，转监察或日常执法")
    )


class Filer(Asked):
    """Somebody who has come forward."""

    name: PersonName = asks("姓名或名称")
    id_number: Text | None = asks("证件号码", default=None)
    phone: Text | None = asks("电话", default=None)


class ConvertLead(Form):
    """Somebody has come forward: the lead becomes a dispute, and the intake clocks start."""

    verb, basis, final = "线索转争议", "县方案附件一", True
    kind: Literal["convert_lead"] = "convert_lead"
    applicants: Annotated[list[Filer], Field(min_length=1)] = asks("申请人")
    filed_on: Happened = asks("提出日期")
    way: SaidWay = asks("提出方式")


class CloseLead(Form):
    """Ends a lead whose every check has been answered."""

    verb, basis, final = "线索办结", "县方案三（五）", True
    kind: Literal["close_lead"] = "close_lead"
    ground: Literal["已转监察或日常执法", "不属实", "无法核实，留存备查"] = asks("办结依据")
    opinion: Text | None = asks("办结意见", default=None)


class SpawnLead(Form):
    """Leaves a lead behind that goes on by itself; nothing of the applicant goes with it."""

    verb, basis = (
        "派生监管线索",
        "信访工作条例第三十条；劳动保障监察条例第十四条；社会保险法第八十四条、第八十六条",
    )
    kind: Literal["spawn_lead"] = "spawn_lead"
    ground: Literal["撤回后仍须查处", "不予受理转线索", "发现其他职工权益受损", "涉嫌应予处罚"] = asks(
        "派生原因"
    )
    subject: LongText = asks("线索内容", "不要写申请人、举报人的姓名和联系方式")
    to: Annotated[list[Unit], Field(min_length=1)] = asks("交办单位")


class IssueUrgentReport(Form):
    """紧急信息报告 to party committee and government."""

    verb, basis, final = "报送紧急信息", "信访工作条例第二十五条", True
    kind: Literal["issue_urgent_report"] = "issue_urgent_report"
    to: Annotated[list[Unit], Field(min_length=1)] = asks("报送对象")
    situation: LongText = asks("情况")
    measures: LongText = asks("已采取的措施")


class AbsorbSource(Form):
    """What the parent of a merger takes over: the other source number and its channel's clocks."""

    verb, basis, internal = "并入他案渠道单号", "国办发〔2020〕53号（重复并单）", True
    kind: Literal["absorb_source"] = "absorb_source"
    child_id: str = asks("被并案件")
    source_no: str = asks("渠道单号")
    channel: str = asks("渠道")
    received_at: Moment = asks("收件时间")
    handed_over_by: Unit | None = asks("移送单位", default=None)
