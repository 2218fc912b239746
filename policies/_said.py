"""Names and values of a policy in the county's words, from what :mod:`policies._field_words` says of each item."""

import re
from datetime import date, time
from decimal import Decimal
from enum import Enum
from typing import Any

from domain.access import Role
from domain.actions import VERBS
from domain.clocks import TAG_WORDS, ClockRule
from domain.policy import Policy
from domain.policy_conditions import Condition
from domain.policy_remedies import Way
from domain.policy_rights import Relation
from domain.policy_units import ROLE_WORDS
from domain.words import Model, Step
from policies._field_words import FIELD_WORDS

OTHERWISE = {
    "id": "代码",
    "basis": "依据",
    "tag": "出处",
    "kind": "种类",
    "then": "后续",
    "every": "多久一次",
    "docx": "本县自己的格式",
    "name": "名称",
    "text": "文字",
}
"""What an item is called where its description begins with something else, or says too much; by model, where it differs."""
OF_MODEL: dict[str, dict[str, str]] = {
    "Policy": {
        "joint_approval": "召开联席会议前的提请", "mediators": "首席调解员", "proposed_items": "建议的议定事项",
        "leads": "线索的去向",
        "calendar": "日历", "special_groups": "特殊人群", "facts": "本县另问的事实", "channel_clocks": "渠道的法定时限",
        "source_clocks": "移送单位的时限", "inspection_clocks": "监察投诉的时限", "ruling_clocks": "起诉、上诉的期间",
        "premium_categories": "属于社会保险费的类别", "execution_categories": "要执行的类别", "refund_categories": "退费的类别",
        "hubs": "按乡镇的接手单位", "refusals": "不予受理", "agreement": "调解协议的禁止事项", "guidance": "指引的禁止事项",
        "agreement_review_required": "协议须先审查", "remedies": "救济途径", "masks": "身份信息的遮蔽",
        "identities": "查看身份信息",
        "retention": "群体件的保管", "cards": "黄牌、红牌", "escalation_after_supervision_wd": "督办后的工作日数",
    },
    "County": {
        "case_prefix": "争议案号前缀", "lead_prefix": "线索编号前缀", "towns": "乡镇", "plan": "方案文号",
        "mechanism": "机制名称",
    },
    "Units": {
        "roles": "角色", "patterns": "名称样式", "also_called": "其他叫法", "center_patterns": "乡镇枢纽的名称样式",
        "groups": "统称", "contacts": "联系方式",
    },
    "UnitContact": {"phone": "电话", "hours": "接待时间"},
    "RosterEntry": {"part": "部分", "unit": "单位", "posts": "职务"},
    "RosterPost": {"post": "职务", "holder": "担任人"},
    "Power": {"units": "单位"},
    "LeadRule": {"unit": "单位"},
    "WorkCalendar": {
        "version": "版本", "off": "放假", "work": "调休上班", "assumed_from": "推定起始日", "covers_from": "起始日",
        "covers_to": "截止日", "festivals": "节日",
    },
    "Tier": {"handler": "单独还是联合", "path": "办理方式", "total_from": "总时限的起算", "execution": "后续执行"},
    "TierCallback": {"rounds": "次数"},
    "RouteStep": {"name": "叫法", "upward": "依次再报"},
    "IndicatorRule": {"text": "说法", "unknown": "不明时"},
    "ClockRule": {"start": "起算", "instead_of": "代替的时限", "ladder": "预警阶梯", "kind": "性质"},
    "LadderRung": {"fraction": "到期前的比例"},
    "NoticeTemplate": {"texts": "文字", "to": "通知谁"},
    "ProposedItem": {"text": "事项"},
    "RoutingRules": {"categories": "归类", "rows": "主办和协办", "several": "一案一主办", "modifiers": "另行参加"},
    "Remedies": {"ways": "途径", "acts": "行为", "guidance": "指引"},
    "Dissatisfaction": {"text": "说明"},
    "Rights": {"roles": "角色"},
    "RoleRights": {"may": "可以办的", "sees": "可以看到的"},
}  # fmt: skip
CLOCKS = (
    "clock", "again", "total", "feedback", "appeal", "instead_of", "channel_clocks", "source_clocks", "inspection_clocks",
    "ruling_clocks",
)  # fmt: skip
"""Items that hold a clock by its code, which may be a role's as well."""
GENERAL = {
    "lead": "主办单位", "organiser": "组织单位", "actor": "办理的单位", "mediator": "调解单位", "towns": "各乡镇单位",
    "handling": "经办单位",
}  # fmt: skip

FACT_WORDS = {
    "headcount": "人数", "in_person_headcount": "来访人数", "amount": "主张的社保费（元）", "lead_departments": "主责部门数",
    "amount_unknown": "金额不明", "strong_proof": "有劳动关系的有力证明", "opinion_present": "有舆情",
    "opinion_needs_response": "舆情须回应", "beyond_level": "越级或者进京访", "extreme_words": "有极端言语", "is_group": "群体件",
    "has_counter_claim": "对方有反诉求", "nobody_to_mediate": "没有可调解的对方", "units_disagree": "部门意见不一致",
    "hub_failed": "前一接手单位没办成", "labour_relation": "劳动关系", "respondent_cooperative": "被反映单位配合",
    "claim_types": "争议类型", "respondent_status": "单位状况", "special_groups": "特殊人群", "time_node": "时间节点",
}  # fmt: skip
OPERATORS = {
    "at_least": "不少于 ", "more_than": "多于 ", "at_most": "不多于 ", "equals": "为 ", "one_of": "是其中之一：",
    "none_of": "都不是：",
}  # fmt: skip
NOTHING, NULL = "没有", "null"
LONG = 60
"""Characters of a text that is shown whole."""


def field_word(model: type[Model], field: str) -> str:
    """What an item is called."""
    if said := OF_MODEL.get(model.__name__, {}).get(field) or OTHERWISE.get(field):
        return said
    return re.split("[：；（，]", FIELD_WORDS.get(model.__name__, {}).get(field, field))[0]


def own_words(model: type[Model], field: str, policy: Policy) -> dict[str, str]:
    """The codes that an item may hold: as its description says them (wd 工作日), or the clocks' names."""
    if field in CLOCKS:
        return {code: rule.name for code, rule in policy.clocks.items()}
    if model.__name__ == "RoleRights" and field == "may":
        return {code: group.word for code, group in policy.rights.groups.items()}
    described = FIELD_WORDS.get(model.__name__, {}).get(field, "")
    found = re.findall(r"(?<![\w.])([a-z_]+|\d) ?([\u4e00-\u9fff][^，；、：]*)", described)
    nothing = re.search(r"null 为([\u4e00-\u9fff]+)", described)
    return {code: word for code, word in found if "角色" not in word} | (
        {NULL: nothing[1]} if nothing else {}
    )


def entry_name(key: object, entry: object, policy: Policy) -> str:
    """What an entry is called: by a name of its own, else by its key."""
    for name in ("name", "word", "subject"):
        if (own := getattr(entry, name, None)) and isinstance(own, str):
            return own
    if isinstance(key, str) and not isinstance(key, Role):
        return ROLE_WORDS.get(key) or value_word(key, policy)
    return value_word(key, policy)


def value_word(value: Any, policy: Policy, words: dict[str, str] | None = None) -> str:
    """A value as somebody of the county says it. ``words``: of the codes that the item may hold."""
    match value:
        case None:
            return (words or {}).get(NULL, NOTHING)
        case () | "":
            return NOTHING
        case bool():
            return "是" if value else "否"
        case Condition():
            return condition(value, policy)
        case Model():
            return model_words(value, policy)
        case dict():
            entries: list[tuple[Any, Any]] = [*value.items()]  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
            return "、".join(
                f"{entry_name(k, None, policy)}：{value_word(v, policy, words)}" for k, v in entries
            )
        case tuple() | list():
            listed: list[Any] = [*value]  # pyright: ignore[reportUnknownArgumentType]
            between = "；" if any(isinstance(each, Model) for each in listed) else "、"
            return between.join(value_word(each, policy, words) for each in listed)
        case Role() | Relation() | Step():
            return value.word
        case Enum():
            return str(value.value)
        case date() | time() | Decimal() | int():
            return str(value)
        case _:
            return _text(str(value), policy, words or {})


def _text(text: str, policy: Policy, words: dict[str, str]) -> str:
    roles = policy.units.roles
    clocks = policy.clocks
    said = (
        words.get(text)
        or GENERAL.get(text)
        or roles.get(text)
        or VERBS.get(text)
        or (clocks[text].name if text in clocks else None)
        or ROLE_WORDS.get(text)
        or FACT_WORDS.get(text)
    )
    return said or clipped(text)


def clipped(text: str) -> str:
    """A long text by how it begins."""
    plain = " ".join(text.split())
    return plain if len(plain) <= LONG else f"{plain[:LONG]}…（共 {len(text)} 字）"


def model_words(entry: Model, policy: Policy) -> str:
    """An entry with all that was written of it; what only repeats its default is left out."""
    kind = type(entry)
    merged = merged_fields(entry)
    parts = [f"{word}{said}" for word, said in merged.values()]
    for field, info in kind.model_fields.items():
        value = getattr(entry, field)
        if field in merged or field in skipped(entry) or value == info.default:
            continue
        said = tag_or(field, value, policy, own_words(kind, field, policy))
        parts.append(f"{field_word(kind, field)} {said}")
    return "，".join(parts)


def tag_or(field: str, value: Any, policy: Policy, words: dict[str, str]) -> str:
    """A value of an item; where a figure comes from has words of its own."""
    return TAG_WORDS[value] if field == "tag" and value in TAG_WORDS else value_word(value, policy, words)


def merged_fields(entry: Model) -> dict[str, tuple[str, str]]:
    """Items that are said together, as the first of them: 5 and wd as 5个工作日."""
    if isinstance(entry, ClockRule):
        return {"length": ("长度", entry.text)}
    return {"within": ("期限", entry.period)} if isinstance(entry, Way) else {}


def skipped(entry: Model) -> set[str]:
    """Items that are said with another, or are the entry's key."""
    return {"id", "unit"} if isinstance(entry, ClockRule) else {"unit"} if isinstance(entry, Way) else set()


def condition(given: Condition, policy: Policy) -> str:
    """A condition in one line."""
    if given.all is not None:
        return "，且".join(condition(each, policy) for each in given.all)
    if given.any is not None:
        return "（" + "，或".join(condition(each, policy) for each in given.any) + "）"
    fact = given.fact or ""
    own = policy.facts.get(fact.removeprefix("own."))
    name = own.ask if own and fact.startswith("own.") else FACT_WORDS.get(fact, fact)
    if given.present is not None:
        return f"{'有' if given.present else '没有'}{name}"
    said = [
        f"{word}{value_word(value, policy)}"
        for op, word in OPERATORS.items()
        if (value := getattr(given, op)) is not None
    ]
    return f"{name}{'，'.join(said)}"
