"""脱敏: how much of an identity is shown (个人信息保护法第五十一条), by the policy's own rules."""

import re
from collections.abc import Iterable, Mapping

from domain.policy_rules import MaskRule

ANONYMOUS = "匿名"

_HALF_WIDTH = str.maketrans("０１２３４５６７８９ｘＸ", "0123456789xX")
_NUMBERS = (
    ("id_number", re.compile(r"(?<![0-9A-Za-z])\d{17}[\dXx](?![0-9A-Za-z])|(?<!\d)\d{15}(?!\d)")),
    ("card", re.compile(r"(?<!\d)\d{4}(?:[ -]?\d{4}){3}(?:[ -]?\d{1,3})?(?!\d)")),
    ("phone", re.compile(r"(?<!\d)1[3-9]\d(?:[ -]?\d{4}){2}(?!\d)|(?<!\d)0\d{2,3}-?\d{7,8}(?!\d)")),
)
"""What a number is, by its looks, the longest kinds first."""
_HANDLE = re.compile(
    r"(?:(?<=微信)|(?<=微信号)|(?<=QQ)|(?<=QQ号)|(?<=抖音号)|(?<=快手号))(?:是|为|叫)?[:：]? ?"
    r"[A-Za-z0-9][\w-]{4,19}+(?!元|块|万)",
    re.ASCII,
)
"""By what somebody is found in a network."""
_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_SOMEBODYS = re.compile(rf"1[3-9]\d{{9}}|\d{{8}}{_DAY}\d{{3}}|\d{{6}}(?:19|20)\d\d{_DAY}\d{{3}}[\dXx]")
"""A mobile telephone's number, or one with a day of birth in its place: a ticket's number is as long, but has none. No part
of a UUID is either."""


def mask(text: str, rule: MaskRule) -> str:
    """The text with all but its head and tail starred; all of it when head and tail would leave nothing out.

    A rule with ``until`` shows an address to the end of its 村, else 社区, else 镇 ..., and nothing without one.
    """
    if rule.until:
        end = next((at + len(word) for word in rule.until if (at := text.rfind(word)) >= 0), 0)
        return text[:end] + "***"
    hidden = len(text) - rule.head - rule.tail
    if hidden <= 0:
        return "*" * len(text)
    return text[: rule.head] + "*" * hidden + text[len(text) - rule.tail :]


def names_somebody(text: str) -> bool:
    """Whether a word of the text, taken whole, looks like a 证件号 or a mobile telephone's."""
    return any(_SOMEBODYS.fullmatch(word) for word in re.split(r"[^0-9A-Za-z]+", text))


def somebodys_number(text: str) -> bool:
    """Whether a 证件号, a 卡号 or a telephone's number stands anywhere in the text, however it is written."""
    text = text.translate(_HALF_WIDTH)
    return names_somebody(text) or any(looks.search(text) for _, looks in _NUMBERS)


def mask_name(name: str) -> str:
    """A person's name with the surname alone: 王** (the national rule, where no policy is at hand)."""
    if name == ANONYMOUS:
        return name
    return name[0] + "*" * (len(name) - 1) if len(name) > 1 else "*"


def called_by(name: str) -> list[str]:
    """How others call somebody of this name: 小欧阳, 欧阳师傅, by the given name alone."""
    surname = name[: 2 if name[:2] in _TWO_SIGNS and len(name) > 2 else 1]
    given = name.removeprefix(surname)
    called = [*(f"{before}{surname}" for before in _BEFORE), *(f"{surname}{after}" for after in _AFTER)]
    return [*called, *([given] if len(given) > 1 else [])]


_TWO_SIGNS = (
    "欧阳", "上官", "司马", "诸葛", "皇甫", "令狐", "东方", "尉迟", "公孙", "慕容", "司徒", "夏侯", "南宫", "端木", "呼延",
)  # fmt: skip
"""Surnames of two characters that are met today."""
_BEFORE = ("小", "老", "阿")
_AFTER = (
    "某某", "某", "师傅", "女士", "先生", "小姐", "同志", "老师", "大姐", "大哥", "大嫂", "大叔", "大妈", "大爷",
    "姐", "哥", "嫂", "叔", "姨",
)  # fmt: skip


def mask_text(
    text: str, rules: Mapping[str, MaskRule], names: Iterable[str], address: str | None = None
) -> str:
    """Free text without what identifies people: names, an address, numbers that look like 证件号, 卡号 or 电话."""
    if address:
        text = text.replace(address, mask(address, rules["address"]))
    for name in sorted({n for n in names if len(n) > 1}, key=len, reverse=True):
        text = text.replace(name, mask(name, rules["name"]))
    text = text.translate(_HALF_WIDTH)
    for kind, looks in _NUMBERS:
        text = looks.sub(lambda found, rule=rules[kind]: mask(found[0], rule), text)
    return _HANDLE.sub(lambda found: "*" * len(found[0]), text)
