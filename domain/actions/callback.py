"""四、回访: the eight questions, tries that failed, what follows from dissatisfaction."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from domain.actions.conditions import unless, when
from domain.actions.days import Coming, Happening
from domain.actions.form import Form, LongText, PersonName, Successor, Text, asks

Vote = Literal["满意", "基本满意", "不满意", "拒评"]


class LogCallAttempt(Form):
    """A callback that was tried and not answered."""

    verb, basis = "登记未接通", "县方案三（九）"
    kind: Literal["log_call_attempt"] = "log_call_attempt"
    result: Literal["无人接听", "关机", "不在服务区", "停机或空号", "拒接", "不便通话，另约"] = asks(
        "未接通原因"
    )
    again_at: Coming | None = asks("另约时间", when=when("result", "不便通话，另约"))


class RecordCallback(Form):
    """回访 with its eight questions; the sixth is the vote that counts."""

    verb, basis, final = "登记回访", "县方案三（九）；国办函〔2025〕66号（不片面追求排名）", True
    kind: Literal["record_callback"] = "record_callback"
    method: Literal["电话", "网络问卷", "短信问卷", "当面"] = asks("回访方式")
    whom: list[PersonName] = asks("回访对象", "群体案件写明回访了谁", needed="群体案件须填", default=[])
    q1_received: Literal["收到", "未收到", "拒答"] = asks("1 是否收到处理结果")
    q2_solved: Literal["全部解决", "部分解决", "未解决", "拒答"] = asks("2 问题解决程度")
    q3_fulfilled: Literal["已落实", "部分落实", "未落实", "不涉及", "拒答"] = asks("3 款项或参保是否落实")
    q4_speed: Vote = asks("4 对办理效率")
    q5_attitude: Vote = asks("5 对服务态度")
    q6_result: Vote = asks("6 对处理结果")
    q7_process: Vote = asks("7 对办理过程")
    q8_topics: Annotated[
        list[Literal["无", "缴费基数", "补缴政策", "参保登记", "待遇领取", "转移接续", "退费", "其他"]],
        Field(min_length=1),
    ] = asks("8 其他问题或政策需求")
    q8_text: Text | None = asks("具体内容", when=unless("q8_topics", "无"))
    category: Text | None = asks("不满意的原因", when=when("q6_result", "不满意"), choices="categories")
    category_text: Text | None = asks("具体原因", when=when("q6_result", "不满意"))

    @property
    def answers(self) -> dict[str, list[str]]:
        """What was answered, by the number of the question."""
        single = (
            self.q1_received, self.q2_solved, self.q3_fulfilled, self.q4_speed, self.q5_attitude, self.q6_result,
            self.q7_process,
        )  # fmt: skip
        return {str(n): [said] for n, said in enumerate(single, start=1)} | {
            "8": [str(topic) for topic in self.q8_topics]
        }


class CloseUnreached(Form):
    """Every try was used up: a text message is sent, and the callback counts as 未联系上."""

    verb, basis = "登记未联系上", "县方案三（九）"
    kind: Literal["close_unreached"] = "close_unreached"
    message_sent_on: Annotated[date, Happening("told")] = asks("短信发出日期")


class ReopenCase(Form):
    """重新办理: once, by another officer."""

    verb, basis, final = "重新办理", "县方案三（九）", True
    kind: Literal["reopen_case"] = "reopen_case"
    ground: Literal["未解决或未履行", "程序不当", "服务态度", "事实有误"] = asks("重新办理原因")
    points: LongText = asks("重办要求")
    to_officer: Successor = asks("接办人", "主办单位的人，须未承办过本案")


STANDS = "原结论正确"


class ExplainAgain(Form):
    """复核释法: the conclusion was looked at again, and explained."""

    verb, basis = "复核释法", "县方案三（九）；三（六）释法说理"
    kind: Literal["explain_again"] = "explain_again"
    review: Literal["原结论正确", "原结论有误，重新办理"] = asks("复核结论")
    explained_on: Annotated[date, Happening("told")] | None = asks("释法日期", when=when("review", STANDS))
    way: Literal["当面", "电话", "书面"] | None = asks("释法方式", when=when("review", STANDS))
    ground: Text = asks("法律依据")
    reaction: Literal["理解接受", "不接受，已告知救济途径"] | None = asks(
        "当事人意见", when=when("review", STANDS)
    )


class CloseCase(Form):
    """结案: refused, with everything that is missing, while anything is still owed."""

    verb, basis, final = "结案", "县方案三（八）", True
    kind: Literal["close_case"] = "close_case"
    opinion: LongText = asks("结案意见")


class ArchiveCase(Form):
    """归档: nothing is owed any more."""

    verb, basis, final = "归档", "县方案三（八）；机关档案管理规定", True
    kind: Literal["archive_case"] = "archive_case"
    secrecy: Literal["公开", "内部", "工作秘密"] = asks("密级")
    paper_file: Text | None = asks("纸质案卷号", default=None)
