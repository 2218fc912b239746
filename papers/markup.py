"""The plain text of a form: one line, one paragraph; what stands before the colon says which kind."""

import re
from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

Look = Literal[
    "red_head",
    "title",
    "number",
    "to",
    "heading",
    "flush",
    "body",
    "sign_off",
    "note",
    "table",
    "break",
    "control",
]

WORDS: dict[str, Look] = {
    "红头": "red_head", "标题": "title", "文号": "number", "主送": "to", "小标题": "heading", "顶格": "flush",
    "落款": "sign_off", "附注": "note",
}  # fmt: skip
"""The kinds as they are written: 标题：受理通知书. A line without one is 正文."""
BREAK, BODY_HERE = "分页", "〈正文〉"
_CONTROL = re.compile(r"\{%.*%\}")
_CODE = re.compile(r"(\{%.*?%\}|\{\{.*?\}\})")


class Line(NamedTuple):
    """One paragraph, or one row of a table."""

    look: Look
    text: str

    @property
    def cells(self) -> list[str]:
        """Of a row."""
        return [cell.strip() for cell in self.text.strip("|").split("|")]


def lines(text: str) -> Iterator[Line]:
    """The lines of a form; empty ones are nothing."""
    for raw in text.splitlines():
        line = raw.strip()
        if line:
            yield _line(line)


def _line(line: str) -> Line:
    if line.startswith("|"):
        return Line("table", line)
    if _CONTROL.fullmatch(line):
        return Line("control", line)
    if line == BREAK:
        return Line("break", "")
    word, colon, rest = line.partition("：")
    return Line(WORDS[word], rest.strip()) if colon and word in WORDS else Line("body", line)


def framed(frame: str, body: str) -> str:
    """A paper's own text in the frame that all papers share, without what is only said to whoever writes them."""
    return _told(frame).replace(BODY_HERE, _told(body))


def _told(text: str) -> str:
    return "\n".join(line for line in text.strip().splitlines() if not line.startswith("#"))


def said(text: str, say: Callable[[str], str]) -> str:
    """A form's text in the county's words, its placeholders as they are."""
    return "".join(part if _CODE.fullmatch(part) else say(part) for part in _CODE.split(text))
