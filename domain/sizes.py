"""What one message may carry, and how much. A larger thing, or a file, belongs in the archive, with a reference here.

Temporal takes no message above 4 MB and no payload above 2 MB; a workflow whose answer grew beyond would stand still
for ever. An action comes back as events several times its size, and ten may be under way at once, hence its limit.
"""

from collections.abc import Callable
from typing import Any, cast

from pydantic_core import to_json

from domain.embedded import ADVICE, has_file_content
from domain.words import Model

ACT_LIMIT = 128_000
"""Bytes of one action, about 40,000 Chinese characters."""
INTAKE_LIMIT = 1_000_000
"""Bytes of one registration: a group's roll of 3,000 lines and a long narrative, comfortably."""
MATTER_LIMIT = 4_000_000
"""Bytes of a matter's state, beyond which only short actions are taken."""
SHORT_ACT = 8_000
"""Bytes of an action that any matter can still take, so that none can be filled up and stopped."""

_DEEP = 2
"""How far down a field is looked for; further down, the sender's own words may be keys."""


class CannotCarry(ValueError):
    """Not to be carried: ``too_large``, or ``file_content``. Names the field in Chinese, never what stands in it."""

    def __init__(self, code: str, message: str, field: str) -> None:
        super().__init__(message)
        self.code = code
        self.field = field


def size_of(value: object) -> int:
    """Bytes of a value as JSON."""
    return len(to_json(value))


def require_fits(what: str, value: Model | dict[str, Any], limit: int) -> None:
    """Raise CannotCarry for a message of more than ``limit`` bytes, or with a file in it. ``what``: 动作, 登记."""
    text = to_json(value)
    if len(text) > limit:
        raise too_large(what, _plain(value), len(text), limit)
    if has_file_content(text.decode()):
        field = _field(_plain(value), lambda part: has_file_content(to_json(part).decode()))
        raise CannotCarry("file_content", f"{field}：{ADVICE}", field)


def too_large(what: str, plain: Any, size: int, limit: int) -> CannotCarry:
    """The refusal of a message of ``size`` bytes."""
    field = _field(plain, size_of)
    return CannotCarry(
        "too_large",
        f"{field}：内容过大，整个{what}有 {_kilobytes(size)}，至多 {_kilobytes(limit)}；"
        "请缩短，材料存档后只写引用",
        field,
    )


def _plain(value: Model | dict[str, Any]) -> Any:
    return value.model_dump(mode="json") if isinstance(value, Model) else value


def _kilobytes(size: int) -> str:
    return f"{-(-size // 1000)} KB"


def _field(plain: Any, weigh: Callable[[object], int]) -> str:
    """The field that weighs most."""
    path: list[str] = []
    while isinstance(plain, dict) and plain and len(path) < _DEEP:
        fields = cast("dict[Any, Any]", plain)
        name = max(fields, key=lambda key: weigh(fields[key]))
        path.append("".join(c for c in str(name) if c.isprintable())[:40])
        plain = fields[name]
    return ".".join(path) or "整体"
