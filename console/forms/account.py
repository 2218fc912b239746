"""账号: the fields of a new account, of a post, of handing over."""

from datetime import date
from typing import Any

from console.forms.asking import ask
from domain.access import Role
from domain.actions.conditions import told_when, unless
from domain.choices import Choice
from domain.offers import Field
from domain.posts import APPOINTED, LONGEST_DEPUTY

PERSON = [
    ask("login", "登录名", required=True, help="2 到 60 个字符，不含空格；以后不能改，也不会再给别人用"),
    ask("name", "姓名", "person", required=True),
]


UNIT = ask("unit", "单位", "unit", required=True, help="照政策中的全称；账号管理员、审计员写“系统”")
"""Asked first: what may be given depends on it."""


_PROPOSED = told_when(unless("role", *APPOINTED)) | {
    "words": f"角色不为“{'、'.join(role.word for role in APPOINTED)}”"
}


def post(roles: list[Role], heads: list[Choice], lent: list[Choice], today: date) -> list[Field]:
    """A post to give in a unit. ``roles``: those that may be; ``heads``: who may propose one; ``lent``: the posts that somebody
    could stand in for."""
    named = [Choice(value=role.value, label=role.word) for role in roles]
    proposed = ask("proposed_by", "提出人", "choice", choices=heads, suggested=_only(heads), when=_PROPOSED,
                   help="本单位负责人，账号须已开通")  # fmt: skip
    deputy = ask("deputy_for", "代理谁的岗位", "choice", choices=lent, help="AB 岗替班时选，平时空着")
    return [
        ask("role", "角色", "choice", required=True, choices=named, suggested=_only(named)),
        ask("starts", "起", "date", required=True, suggested=today),
        ask("ends", "止", "date", help=f"长期的空着；代理须写明，最长 {LONGEST_DEPUTY} 日"),
        ask("basis", "依据", required=True, help="任命、指派文件的文号，或代理的原因"),
        *([proposed] if heads else []),
        *([deputy] if lent else []),
    ]


def _only(found: list[Choice]) -> Any:
    return found[0].value if len(found) == 1 else None


def heir(colleagues: list[Choice]) -> list[Field]:
    """Who takes over what somebody who leaves has in hand."""
    return [ask("to", "接办人", "choice", required=True, choices=colleagues)]
