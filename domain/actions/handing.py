"""首问、移交、移送外地: a matter that goes to other hands before or while it is handled."""

from datetime import date
from typing import Annotated, Literal

from domain.actions.days import Happening
from domain.actions.form import Form, LongText, Text, Unit, asks
from domain.actions.intake import SaidWay


class HandOver(Form):
    """The receiver gives its preliminary opinion and hands the matter to a hub; a hub hands it on to another."""

    verb, basis, final = "移交接手单位", "县级政策（首问责任制）", True
    kind: Literal["hand_over"] = "hand_over"
    to: Unit = asks("接手单位")
    opinion: Literal["可以受理", "须先补充材料", "不属受理范围", "属外地办理", "本单位办不成", "难以判断"] = (
        asks("初步意见")
    )
    reason: LongText = asks("已做的工作和理由")


class TransferOut(Form):
    """Another area is competent: a decision of its own, no refusal."""

    verb, basis, final = "移送外地", "县级政策（移送）；社会保险法第八十二条", True
    kind: Literal["transfer_out"] = "transfer_out"
    area: Text = asks("移送地区", "写到县（市、区）")
    to: Text = asks("接收单位")
    ground: Literal["参保地在外地", "用人单位在外地", "工作地在外地", "上级指定外地办理"] = asks("移送原因")
    reason: LongText = asks("查明的情况")


class NotifyTransfer(Form):
    """The applicant knows where the matter went, and the other area has it."""

    verb, basis, final = "告知并交出移送件", "县级政策（移送）；社会保险法第八十二条", True
    kind: Literal["notify_transfer"] = "notify_transfer"
    told_on: Annotated[date, Happening("transferred")] = asks("告知申请人日期")
    way: SaidWay = asks("告知方式")
    handed_on: Annotated[date, Happening("transferred")] = asks("材料交出日期")
    receipt: Text | None = asks("对方签收人或文号", default=None)
