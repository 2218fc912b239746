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
    return names_somebody(text) or any(looks.search(text) for _, looks in _NUMBERS)


def mask_name(name: str) -> str:
    """A person's name with the surname alone: 王** (the national rule, where no policy is at hand)."""
    if name == ANONYMOUS:
        return name
    return name[0] + "*" * (len(name) - 1) if len(name) > 1 else "*"


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
    return text
