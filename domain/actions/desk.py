"""办理: what a unit does with a task on its desk."""

from typing import Literal

from domain.actions.conditions import when
from domain.actions.form import Approval, Days, Form, LongText, OfficerName, Successor, Text, Unit, asks
from domain.actions.mediation import Consent


class SignFor(Form):
    """Takes the task; the officer who signs becomes its handler."""

    verb, basis = "签收", "参照12345派单签收；首接负责制"
    handles = True
    kind: Literal["sign_for"] = "sign_for"
    take_over: OfficerName | None = asks(
        "接手",
        "任务已由同事承办，签收后改由您承办；先和他说好",
        default=None,
        choices="other_hands",
        needed="任务已由同事承办的须选",
    )


class SendBack(Form):
    """退单: returns a dispatched task to whoever dispatched it; reviewed once, then final."""

    verb, basis = "退回并说明", "信访工作条例第二十三条；参照12345退单"
    kind: Literal["send_back"] = "send_back"
    reason_code: Literal[
        "不属本单位职责", "应由其他单位主办", "应由上级或外地管辖", "诉求要素不全，无法办理", "本单位即被反映单位",
        "同一事项已办结",
    ] = asks("退回理由")  # fmt: skip
    explanation: LongText = asks("职责依据", "写明依据的职责或条款")
    suggested_unit: Unit | None = asks(
        "建议承办单位", "名单以外的空着，写在职责依据里",
        choices="units", when=when("reason_code", "应由其他单位主办"), optional=True,
    )  # fmt: skip


class ReassignOfficer(Form):
    """Passes the task on inside the unit."""

    verb, basis = "转本单位他人办理", "首接负责制"
    kind: Literal["reassign_officer"] = "reassign_officer"
    to_officer: Successor = asks("接办人")


class RequestExtension(Form):
    """Asks for more time for one clock."""

    verb, basis = (
        "申请延期",
        "信访工作条例第三十四条；劳动争议调解仲裁法第十四条（调解须双方自愿）；参照12345延期",
    )
    kind: Literal["request_extension"] = "request_extension"
    clock: Text = asks("延期事项", choices="clocks")
    span: Days = asks("延长时间", unit="与该时限同单位")
    reason_code: Literal[
        "案情复杂", "等待鉴定或函查结果", "单位账户冻结", "等待他单位意见", "当事人原因", "双方当事人同意",
        "不可抗力", "其他",
    ] = asks("延期理由")  # fmt: skip
    consents: list[Consent] = asks("双方同意", "各方当事人都须同意", default=[], needed="延长调解期限的须填")
    explanation: Text = asks("具体情况")


class DecideExtension(Approval):
    """Approves a request for more time (the span asked or a shorter one), or not."""

    verb, basis = "审批延期", "信访工作条例第三十四条（经负责人批准并告知理由）"
    kind: Literal["decide_extension"] = "decide_extension"
    span: Days | None = asks("准予延长", when=when("decision", "同意"))
