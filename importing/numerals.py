"""Numbers as people write them: 12000, 1万2, 三千五, 叁仟元."""

import re
from decimal import Decimal

DIGITS = dict(zip("〇零一二三四五六七八九", (0, *range(10)), strict=True)) | dict(
    zip("○壹贰叁肆伍陆柒捌玖两俩貳參陸", (0, *range(1, 10), 2, 2, 2, 3, 6), strict=True)
)
UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "k": 1000, "K": 1000,
         "万": 10_000, "萬": 10_000, "w": 10_000, "W": 10_000, "亿": 100_000_000, "億": 100_000_000}  # fmt: skip
_SECTION = 10_000

_TOKENS = re.compile(
    rf"(?P<number>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?(?![\d,])|\d+(?:\.\d+)?(?![\d,.]))"
    rf"|(?P<digit>[{''.join(DIGITS)}](?P<point>点[{''.join(DIGITS)}]+)?)|(?P<unit>[{''.join(UNITS)}])"
)


def read_number(text: str) -> Decimal | None:
    """The number the whole text is; ``None`` when it is not exactly one (两三, 三十百, 12,00)."""
    reading = _Reading()
    at = 0
    while at < len(text):
        token = _TOKENS.match(text, at)
        if token is None or not reading.take(token):
            return None
        at = token.end()
    return reading.total() if text else None


class _Reading:
    """Sums up 亿, 万 and what is below, the largest first."""

    def __init__(self) -> None:
        self._done = Decimal(0)
        self._section = Decimal(0)
        self._pending: Decimal | None = None
        self._unit: int | None = None
        """The unit just read; ``None`` after 零, when no unit can be left out."""
        self._below = 10**12
        self._section_below = _SECTION

    def take(self, token: re.Match[str]) -> bool:
        """Read one token; false when it cannot stand there."""
        if unit := token["unit"]:
            return self._take_unit(UNITS[unit])
        value = _value(token)
        if value == 0 and token["digit"] and (self._unit or self._done or self._section):
            self._unit = None
            return self._pending is None
        if self._pending is not None:
            return False
        self._pending = value
        return True

    def _take_unit(self, unit: int) -> bool:
        if unit < _SECTION:
            if self._pending is None and (unit != 10 or self._section):
                return False
            if unit >= self._section_below:
                return False
            self._section += (Decimal(1) if self._pending is None else self._pending) * unit
            self._section_below = unit
        else:
            amount = self._section + (self._pending or 0)
            if not amount or unit >= self._below:
                return False
            self._done += amount * unit
            self._section, self._below, self._section_below = Decimal(0), unit, _SECTION
        self._pending, self._unit = None, unit
        return True

    def total(self) -> Decimal:
        """The number read. A last digit without its unit takes the next lower one: 三千五 is 3500."""
        last = self._pending or Decimal(0)
        if self._unit and self._unit >= 100 and last < 10 and last == int(last):
            last *= self._unit // 10
        return self._done + self._section + last


def _value(token: re.Match[str]) -> Decimal:
    if token["number"]:
        return Decimal(token["number"].replace(",", ""))
    whole = str(DIGITS[token["digit"][0]])
    part = "".join(str(DIGITS[c]) for c in (token["point"] or "点")[1:])
    return Decimal(f"{whole}.{part or 0}")
