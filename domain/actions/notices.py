"""通知没有送到: a person is asked to tell the party in another way, and says how that was done."""

from typing import Literal

from domain.actions.conditions import unless
from domain.actions.days import Happened
from domain.actions.form import Form, LongText, Text, asks
from domain.notices import Undelivered

UNFOUND = "确实联系不上"


class ReportUndelivered(Form):
    """The office's own: what a party was to hear and could not be told by message."""

    verb, basis, internal = "报告通知未送达", "县级政策（通知）；信访工作条例第二十三条（及时告知）", True
    kind: Literal["report_undelivered"] = "report_undelivered"
    subject: Text = asks("通知事项")
    to: LongText = asks("通知谁")
    why: Undelivered = asks("未送达的原因")


class TellOtherwise(Form):
    """Somebody told the party himself, or tried to."""

    verb, basis, final = "登记已另行告知", "县级政策（通知）；信访工作条例第二十三条（及时告知）", True
    kind: Literal["tell_otherwise"] = "tell_otherwise"
    way: Literal["当面告知", "电话告知", "书面送达", "确实联系不上"] = asks("告知方式")
    told_on: Happened | None = asks("告知日期", when=unless("way", UNFOUND))
    note: Text | None = asks("情况说明", "不写姓名、号码", default=None)
