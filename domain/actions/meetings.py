"""会商、联席会议、上级协调、督办."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from domain.actions.conditions import unless, when
from domain.actions.days import Coming, Due, Happening, Sitting
from domain.actions.form import Asked, Form, LongText, Material, Text, Unit, asks
from domain.words import ItemCategory

Party = Literal["申请人", "被反映单位"]


class ConveneConsultation(Form):
    """召集会商: calls the units together, in a room, online or in writing."""

    verb, basis = "召集会商", "县方案三（六）、附件三（一）"
    kind: Literal["convene_consultation"] = "convene_consultation"
    held_at: Sitting = asks("时间", "书面征求意见的，填答复截止时间")
    mode: Literal["现场", "线上", "书面征求意见"] = asks("方式")
    place: Text | None = asks("地点", when=when("mode", "现场"))
    units: Annotated[list[Unit], Field(min_length=1)] = asks("参会单位")
    topics: Annotated[
        list[
            Literal[
                "劳动关系认定", "缴费基数口径", "责任单位划分", "程序和管辖", "意见分歧", "化解方案", "其他"
            ]
        ],
        Field(min_length=1),
    ] = asks("议题")
    topic_text: Text | None = asks("议题说明", when=when("topics", "其他"))
    parties: list[Party] = asks("请当事人到会", default=[])


class Attended(Asked):
    """What one unit said at a consultation."""

    unit: Unit = asks("单位")
    officer: Text = asks("人员")
    stance: Literal["支持诉求", "部分支持", "不支持", "另行书面反馈", "不属本单位职责"] = asks("意见")
    opinion: Text | None = asks("意见内容", when=unless("stance", "另行书面反馈"))


class Division(Asked):
    """Who does what; with a day it becomes a 议定事项."""

    unit: Unit = asks("单位")
    task: Text = asks("事项")
    due: Due | None = asks("完成日期", "写明的列为议定事项，到期跟踪", default=None)


class IssueConsultationMinutes(Form):
    """会商纪要: who said what, what was decided, who does what."""

    verb, basis, final = "印发会商纪要", "县方案附件三（一）", True
    kind: Literal["issue_consultation_minutes"] = "issue_consultation_minutes"
    attended: Annotated[list[Attended], Field(min_length=1)] = asks("到会情况", "没有到会的单位，删去那一行")
    outcome: Literal["达成一致", "未达成一致"] = asks("会商结果")
    decision: LongText = asks("议定意见")
    tasks: Annotated[list[Division], Field(min_length=1)] = asks("分工")


Topic = Literal["处置方案", "舆情应对", "稳控分工", "责任单位划分", "超期督办", "报请上级协调"]


class ProposeJointMeeting(Form):
    """提请县政府召开联席会议: why, about what, whom, when. Sent again before the answer it takes the first one's place."""

    verb, basis, final = "提请召开联席会议", "县方案三（六）（提请县政府召开）", True
    kind: Literal["propose_joint_meeting"] = "propose_joint_meeting"
    analysis: LongText = asks("风险研判")
    topics: Annotated[list[Topic], Field(min_length=1)] = asks("拟议议题")
    units: Annotated[list[Unit], Field(min_length=1)] = asks("拟请单位")
    held_at: Coming = asks("拟定时间")


APPROVED, CONSULT_INSTEAD, BACK = "同意召开", "不同意，转会商办理", "退回补充"


class AnswerJointProposal(Form):
    """The county government's answer: the meeting, a consultation instead, or back to whoever proposed it."""

    verb, basis, final = "答复提请", "县方案三（六）", True
    kind: Literal["answer_joint_proposal"] = "answer_joint_proposal"
    decision: Literal["同意召开", "不同意，转会商办理", "退回补充"] = asks("答复")
    held_at: Coming | None = asks("会议时间", when=when("decision", APPROVED))
    reason: Text | None = asks("理由", when=unless("decision", APPROVED))


class ConveneJointMeeting(Form):
    """召开联席会议."""

    verb, basis = "召开联席会议", "县方案二、三（六）"
    kind: Literal["convene_joint_meeting"] = "convene_joint_meeting"
    held_at: Sitting = asks("时间")
    place: Text = asks("地点")
    units: Annotated[list[Unit], Field(min_length=1)] = asks("参会单位")
    chair: Text = asks("主持人", "写职务")
    topic: Text = asks("议题")


class JointlyAttended(Asked):
    """What one unit said at the joint meeting."""

    unit: Unit = asks("单位")
    officer: Text = asks("人员")
    stance: Literal["支持诉求", "部分支持", "不支持", "同意议定事项"] = asks("意见")
    opinion: Text | None = asks("意见内容", default=None)


class Item(Asked):
    """议定事项: who does what until when."""

    category: ItemCategory = asks("类别")
    unit: Unit = asks("责任单位")
    text: Text = asks("事项")
    due: Due = asks("完成日期")


class IssueJointMinutes(Form):
    """联席会议纪要: decisions as items with unit and day."""

    verb, basis, final = "印发联席会议纪要", "县方案三（六）", True
    kind: Literal["issue_joint_minutes"] = "issue_joint_minutes"
    attended: Annotated[list[JointlyAttended], Field(min_length=1)] = asks(
        "到会情况", "没有到会的单位，删去那一行"
    )
    decision: LongText = asks("议定意见")
    items: list[Item] = asks("议定事项", default=[])
    dropped_reason: Text | None = asks(
        "不列建议事项的理由",
        "县政策建议的宣传、普法、舆情引导等事项，哪类没有列入",
        needed="建议的类别没有列入的须填",
    )
    to_city: bool = asks("是否提请上级协调")


class CompleteResolution(Form):
    """议定事项: what was done, or why it could not be."""

    verb, basis = "办结议定事项", "联席会议纪要"
    kind: Literal["complete_resolution"] = "complete_resolution"
    item: int = asks("议定事项", choices="open_items")
    result: Literal["已完成", "未能完成"] = asks("完成情况")
    done: Text = asks("完成内容或原因")
    materials: list[Material] = asks("佐证材料", default=[])


class ReportUp(Form):
    """Puts a question to the unit above by the policy's step."""

    verb, basis, final = "提请上级协调", "县方案三（六）必要时请市级部门协调", True
    kind: Literal["report_up"] = "report_up"
    to: Unit = asks("提请单位")
    reason_code: Literal["政策口径不明", "跨县事项", "权限在上级", "县级不能达成一致", "影响超出本县"] = asks(
        "提请原因"
    )
    question: LongText = asks("请示事项")
    position: LongText = asks("本级意见")
    materials: list[Material] = asks("随案材料", default=[])


SENT_DOWN, FURTHER = "退回本级依法办理", "须再报更上一级"


class ReplyFromAbove(Form):
    """What the unit above answered, by effect."""

    verb, basis = "登记上级答复", "县方案三（六）"
    kind: Literal["reply_from_above"] = "reply_from_above"
    effect: Literal["提出办理意见，本级办理", "上级直接办理", "退回本级依法办理", "须再报更上一级"] = asks(
        "答复性质"
    )
    content: LongText = asks("答复内容")
    number: Text | None = asks("文号", default=None)
    replied_on: Annotated[date, Happening("asked_above")] = asks("答复日期")


class Supervise(Form):
    """督办."""

    verb, basis, final = "督办", "县方案四（三）；信访工作条例第三十八条", True
    kind: Literal["supervise"] = "supervise"
    measure: Literal["督办单", "挂牌督办", "约谈"] = asks("督办方式")
    demand: LongText = asks("督办要求")
    due: Due = asks("完成日期")
