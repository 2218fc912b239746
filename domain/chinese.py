"""Days, spans and sums as a 文书 writes them."""

import re
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from domain.words import SHANGHAI

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")

_DAY = re.compile(r"(?<![\d-])(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})\S*)?(?![\d-])")
_MONTH = re.compile(r"(?<![\d-])(\d{4})-(0[1-9]|1[0-2])(?![\d-])")
_SPAN = re.compile(r"(?<!\d)(\d+)(工作日|小时)")


def day(of: date) -> str:
    """2026年11月30日, without zeros before a figure (GB/T 9704-2012 7.3.5.4)."""
    return f"{of.year}年{of.month}月{of.day}日"


def moment(of: datetime) -> str:
    """2026年11月30日9时05分, as the clock stands in China."""
    at = of.astimezone(SHANGHAI)
    return f"{day(at.date())}{at.hour}时{at:%M}分"


def said(text: str) -> str:
    """The text with the days, months and spans in it as a paper writes them."""
    text = _DAY.sub(_moment, text)
    text = _MONTH.sub(lambda f: f"{int(f[1])}年{int(f[2])}月", text)
    return _SPAN.sub(r"\1个\2", text)


def _moment(found: re.Match[str]) -> str:
    hour = f"{int(found[4])}时{found[5]}分" if found[4] else ""
    return f"{int(found[1])}年{int(found[2])}月{int(found[3])}日{hour}"


def figures(amount: Decimal | int) -> str:
    """1,234.50: how a sum is written, wherever it is read."""
    return f"{amount:,.2f}"


def yuan(amount: Decimal | int) -> str:
    """1,234.50 元, in running text."""
    return f"{figures(amount)} 元"


def money(amount: Decimal) -> str:
    """1,234.50元（大写：壹仟贰佰叁拾肆元伍角）; yuan."""
    return f"{figures(amount)}元（大写：{in_words(amount)}）"


def in_words(amount: Decimal) -> str:
    """A sum of money in 大写, to the 分. Yuan, not negative, below 10¹⁶ (正确填写票据和结算凭证的基本规定)."""
    fen = int((amount * 100).quantize(Decimal(1), ROUND_HALF_UP))
    if not 0 <= fen < 10**18:
        raise ValueError("金额不能大写")
    yuan, rest = divmod(fen, 100)
    jiao, fen = divmod(rest, 10)
    said = _whole(yuan) + "元" if yuan else ""
    if not rest:
        return (said or "零元") + "整"
    if yuan and (not jiao or yuan % 10 == 0):
        said += "零"
    said += f"{_DIGITS[jiao]}角" if jiao else ""
    return said + (f"{_DIGITS[fen]}分" if fen else "整")


def _whole(number: int) -> str:
    """A whole number, four figures at a time."""
    groups: list[int] = []
    while number:
        number, group = divmod(number, 10_000)
        groups.append(group)
    said, gap = "", False
    for place in range(len(groups) - 1, -1, -1):
        group = groups[place]
        if not group:
            gap = True
            continue
        said += ("零" if said and (gap or group < 1000) else "") + _group(group) + _GROUPS[place]
        gap = False
    return said


def _group(number: int) -> str:
    said, gap = "", False
    for place in range(3, -1, -1):
        figure = number // 10**place % 10
        if not figure:
            gap = bool(said)
            continue
        said += ("零" if gap else "") + _DIGITS[figure] + _PLACES[place]
        gap = False
    return said
