"""接口令牌: the fields of a token to make."""

from collections.abc import Iterable

from console.forms.asking import ask, choices
from domain.choices import Choice
from domain.machines import LONGEST, Scope
from domain.offers import Field

SCOPES = {
    Scope.REGISTER: "登记",
    Scope.ACT: "办理",
    Scope.READ_OWN: "查阅本单位有份的案件",
    Scope.MATERIALS: "收存、下载材料",
}


def token(units: Iterable[str]) -> list[Field]:
    """A token of a unit's own system; ``units``: the county's."""
    scopes = [Choice(value=scope.value, label=word) for scope, word in SCOPES.items()]
    return [
        ask("unit", "单位", "choice", required=True, choices=choices(units)),
        ask("client", "系统名称", required=True, help="如 税务征管系统，不含空格"),
        ask("scopes", "用途", "choice", required=True, several=True, choices=scopes),
        ask(
            "days",
            "有效日数",
            "int",
            required=True,
            help=f"1 至 {LONGEST.days}；到期前换新的，两个可以同时有效",
        ),
    ]
