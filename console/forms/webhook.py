"""推送: the fields of a system to tell."""

from collections.abc import Iterable

from console.forms.asking import ask, choices
from domain.choices import Choice
from domain.offers import Field
from domain.webhooks import Happening

_SAID = {
    Happening.REGISTERED: "登记　案件登记时",
    Happening.STAGE_CHANGED: "阶段变化　每进入一个阶段",
    Happening.TOLD: "告知　当事人已被告知结果",
    Happening.CLOSED: "办结",
}


def webhook(units: Iterable[str], answers: Iterable[str]) -> list[Field]:
    """A webhook to register. ``units``: the county's; ``answers``: the ways in which platforms take results."""
    kinds = [Choice(value=each.value, label=_SAID[each]) for each in Happening]
    return [
        ask(
            "unit",
            "单位",
            "choice",
            required=True,
            choices=choices(units),
            help="只推送这个单位有份的案件",
        ),
        ask(
            "client",
            "系统名称",
            required=True,
            help="如 税务征管系统，不含空格；工单平台须与其接口令牌的系统名称一致",
        ),
        ask("address", "地址", required=True, help="对方接收推送的地址，以 https:// 开头"),
        ask("happenings", "推送哪些", "choice", required=True, several=True, choices=kinds),
        ask(
            "answer",
            "回传写法",
            "choice",
            choices=choices(answers),
            help="对方是派来工单的平台时选，平常空着",
        ),
    ]
