"""policy show --rights: who may do what, and who sees how much."""

from typing import Any

from cli.output import out, print_json, table
from domain.actions import FORMS
from domain.clocks import TAG_WORDS
from domain.decide.may import MAY
from domain.decide.parts import unit_word, word_of
from domain.policy import Policy
from domain.policy_rights import Relation, Rights

Rows = list[dict[str, str]]


def show_rights(policy: Policy, as_json: bool) -> None:
    """Both tables, and where one post does the work of several roles."""
    rights = policy.rights
    shown: dict[str, Rows] = {
        "may": _may(policy, rights),
        "sees": _sees(policy, rights),
        "merged_posts": _merged(policy, rights),
    }
    if as_json:
        print_json({"county": policy.county.name, "version": policy.version, **shown})
        return
    _print("谁可以办什么", shown["may"])
    _print("谁可以看多少（身份信息另须写明事由查看）", shown["sees"])
    if shown["merged_posts"]:
        _print("兼岗", shown["merged_posts"])
    out.print("只有看得到“脱敏”以上的才能办理；账号管理员、审计员不办理、不查看案件。")


def _print(title: str, rows: Any) -> None:
    table(title, list(rows[0]), [list(row.values()) for row in rows])


def _may(policy: Policy, rights: Rights) -> Rows:
    groups = {verb: group.word for group in rights.groups.values() for verb in group.verbs}
    return [
        {
            "操作": policy.say(form.verb),
            "代码": kind,
            "分组": groups[kind],
            "哪些单位": "、".join(dict.fromkeys(word_of(part, policy) for part in MAY[kind])),
            "哪些角色": "、".join(role.word for role in rights.roles if kind in rights.verbs(role)),
            "依据": form.basis,
        }
        for kind, form in FORMS.items()
        if not form.internal
    ]


def _sees(policy: Policy, rights: Rights) -> Rows:
    return [
        {
            "角色": role.word,
            **{relation.word: held.sight(relation).word for relation in Relation},
            "依据": f"{held.basis}（{TAG_WORDS[held.tag]}）",
        }
        for role, held in rights.roles.items()
    ]


def _merged(policy: Policy, rights: Rights) -> Rows:
    return [
        {
            "单位": "、".join(filter(None, (unit_word(word, policy) for word in rule.units))),
            "一岗可兼": "、".join(role.word for role in rule.roles),
            "依据": f"{rule.basis}（{TAG_WORDS[rule.tag]}）",
        }
        for rule in rights.merged_posts
    ]
