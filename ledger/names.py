"""Comparing names as people write them: variant characters, full-width forms, legal forms left out."""

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import NamedTuple

_VARIANTS = Path(__file__).with_name("variants.txt")

LEGAL_FORMS = ("股份有限公司", "有限责任公司", "有限公司", "公司")
"""公司法第七条: what a firm's name ends with, longest first; people often write it short."""


_HAN = r"[\u4e00-\u9fff]"


@cache
def _table() -> dict[int, str]:
    """Each variant character by its standard one."""
    lines = _VARIANTS.read_text(encoding="utf-8").splitlines()
    groups = [group for line in lines if not line.startswith("#") for group in line.split()]
    return {ord(variant): group[0] for group in groups for variant in group[1:] if variant != group[0]}


def fold_name(name: str | None) -> str | None:
    """A name without spaces, points and variant characters; ``None`` when nothing is left."""
    plain = unicodedata.normalize("NFKC", name or "").translate(_table())
    return "".join(c for c in plain if c.isalnum()).casefold() or None


def fold_company(name: str | None) -> str | None:
    """A firm's name without its legal form."""
    folded = fold_name(name) or ""
    form = next((f for f in LEGAL_FORMS if folded.endswith(f)), "")
    return folded.removesuffix(form) or folded or None


def without_place(name: str, county: str) -> str:
    """A firm's name without the province, city and county that nearly all of a county's firms begin with."""
    places = rf"(?:{_HAN}{{2,3}}省)?(?:{_HAN}{{2,3}}市(?!场))?(?:{re.escape(county)})?"
    return re.sub(f"^{places}", "", name)


def own_name(name: str | None, county: str) -> str:
    """What a firm of a county calls itself: its name without places and legal form, folded."""
    folded = fold_company(name) or ""
    return without_place(folded, county) or folded


def fold_number(number: str | None) -> str | None:
    """A document or telephone number without separators, letters in capitals."""
    plain = unicodedata.normalize("NFKC", number or "").upper()
    return "".join(c for c in plain if c.isalnum()) or None


def case_number(prefix: str, year: int, number: int) -> str:
    """A case number as the county writes it."""
    return f"{prefix}〔{year}〕{number:04d}号"


_WRITTEN = re.compile(r"(\D*?)[〔\[(【]?(\d{4})[〕\])】]?第?(\d{1,6})号?")


class Written(NamedTuple):
    """A case's or a paper's number as somebody wrote it; ``prefix``: empty where he left it out."""

    prefix: str
    year: int
    number: int

    def under(self, prefix: str) -> str:
        """As the county writes it under this prefix."""
        return case_number(prefix, self.year, self.number)


def written_number(text: str) -> Written | None:
    """A number with whatever brackets and spaces, ``偏社争[2026]28号`` or ``2026 第 28 号``; nothing else."""
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    found = _WRITTEN.fullmatch(plain)
    return Written(found[1], int(found[2]), int(found[3])) if found else None
