"""Comparing names as people write them: variant characters, full-width forms, legal forms left out."""

import unicodedata
from functools import cache
from pathlib import Path

_VARIANTS = Path(__file__).with_name("variants.txt")

LEGAL_FORMS = ("股份有限公司", "有限责任公司", "有限公司", "公司")
"""公司法第七条: what a firm's name ends with, longest first; people often write it short."""


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


def fold_number(number: str | None) -> str | None:
    """A document or telephone number without separators, letters in capitals."""
    plain = unicodedata.normalize("NFKC", number or "").upper()
    return "".join(c for c in plain if c.isalnum()) or None
