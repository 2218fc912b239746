"""账号: the fields of a new account, of a post, of handing over."""

from datetime import date

from console.forms.asking import ask
from domain.access import TITLES
from domain.choices import Choice
from domain.offers import Field

PERSON = [
    ask("login", "登录名", required=True, help="2 到 60 个字符，不含空格；以后不能改，也不会再给别人用"),
    ask("name", "姓名", "person", required=True),
]


def post(heads: list[Choice], lent: list[Choice], today: date) -> list[Field]:
    """A post to give. ``heads``: who may propose it; ``lent``: the posts that somebody could stand in for."""
    roles = [Choice(value=role.value, label=word) for role, word in TITLES.items()]
    return [
        ask("unit", "单位", "unit", required=True, help="照政策中的全称；账号管理员、审计员写“系统”"),
        ask("role", "角色", "choice", required=True, choices=roles),
        ask("starts", "起", "date", required=True, suggested=today),
        ask("ends", "止", "date", help="长期的空着；代理须写明，最长 30 日"),
        ask("basis", "依据", required=True, help="任命、指派文件的文号，或代理的原因"),
        ask(
            "proposed_by",
            "提出人",
            "choice",
            choices=heads,
            help="本单位负责人；任命负责人、管理员、审计员时空着",
        ),
        ask("deputy_for", "代理谁的岗位", "choice", choices=lent, help="AB 岗替班时选，平时空着"),
    ]


def heir(colleagues: list[Choice]) -> list[Field]:
    """Who takes over what somebody who leaves has in hand."""
    return [ask("to", "接办人", "choice", required=True, choices=colleagues)]
