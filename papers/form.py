"""A form's .docx from its plain text, as GB/T 9704-2012 sets a paper: A4, its margins, its fonts, its page number."""

from functools import lru_cache
from io import BytesIO
from itertools import groupby
from typing import Any, NamedTuple, cast

from docx import Document
from docx.document import Document as Docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_LINE_SPACING
from docx.oxml import parser
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from papers.markup import Line, Look, lines


class Set(NamedTuple):
    """How a kind of paragraph is set. ``indent``: in characters of its own size, of the first line (or from the right)."""

    style: str
    font: str
    size: float
    align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.JUSTIFY
    indent: float = 0
    red: bool = False
    before: float = 0
    from_right: float = 0


FANGSONG, SONG, HEI, KAI = "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312"
CENTER, RIGHT, LEFT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.LEFT
SETS: dict[Look, Set] = {
    "red_head": Set("文书红头", SONG, 30, CENTER, red=True),
    "title": Set("文书标题", SONG, 22, CENTER, before=14),
    "number": Set("文书文号", FANGSONG, 16, CENTER),
    "to": Set("文书主送", FANGSONG, 16, before=14),
    "heading": Set("文书小标题", HEI, 16, indent=2),
    "flush": Set("文书顶格", FANGSONG, 16),
    "body": Set("文书正文", FANGSONG, 16, indent=2),
    "sign_off": Set("文书落款", FANGSONG, 16, RIGHT, from_right=4),
    "note": Set("文书附注", KAI, 12, before=6),
    "table": Set("文书表格", FANGSONG, 14, LEFT),
}
"""By GB/T 9704-2012: 正文三号仿宋, 标题二号小标宋, 一级标题黑体, 落款右空四字."""
LINE = 29
"""Points from line to line: 22 lines on a page."""
LOOKS = {set_.style: look for look, set_ in SETS.items()}
"""The kind of a paragraph by its style."""


@lru_cache(maxsize=128)
def template(text: str) -> bytes:
    """The .docx of a form in plain text, its placeholders in place."""
    made: Docx = Document()
    _page(made)
    for told in SETS.values():
        _style(made, told)
    for is_table, group in groupby(lines(text), key=lambda line: line.look == "table"):
        if is_table:
            _table(made, list(group))
        else:
            for line in group:
                _paragraph(made, line)
    saved = BytesIO()
    made.save(saved)
    return saved.getvalue()


def _page(made: Docx) -> None:
    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.left_margin = Mm(37), Mm(28)
    section.bottom_margin, section.right_margin = Mm(35), Mm(26)
    section.footer_distance = Mm(25)
    footer = section.footer.paragraphs[0]
    footer.alignment = CENTER
    for part in ("— ", "PAGE", " —"):
        run = footer.add_run() if part == "PAGE" else footer.add_run(part)
        _font(run._element.get_or_add_rPr(), "宋体", 14)  # pyright: ignore[reportPrivateUsage]
        if part == "PAGE":
            _count_pages(run._element)  # pyright: ignore[reportPrivateUsage]


def _element(tag: str, **attributes: str) -> Any:
    """An element of the format that python-docx has no words for."""
    made: Any = cast("Any", parser).OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    return made


def _count_pages(run: Any) -> None:
    """Make a run the number of its page."""
    run.append(_element("w:fldChar", fldCharType="begin"))
    code = _element("w:instrText")
    code.text = "PAGE"
    run.append(code)
    run.append(_element("w:fldChar", fldCharType="end"))


def _font(properties: Any, name: str, size: float) -> None:
    properties.insert(0, _element("w:rFonts", ascii=name, hAnsi=name, eastAsia=name, cs=name))
    for tag in ("w:sz", "w:szCs"):
        properties.append(_element(tag, val=str(int(size * 2))))


def _style(made: Docx, told: Set) -> None:
    style: Any = cast("Any", made.styles).add_style(told.style, WD_STYLE_TYPE.PARAGRAPH)
    properties = style.element.get_or_add_rPr()
    _font(properties, told.font, told.size)
    if told.red:
        style.font.color.rgb = RGBColor(0xC0, 0, 0)
    how = style.paragraph_format
    how.alignment = told.align
    how.space_after, how.space_before = Pt(0), Pt(told.before)
    how.line_spacing_rule = WD_LINE_SPACING.AT_LEAST
    how.line_spacing = Pt(max(LINE, told.size * 1.3) if told.size > 14 else told.size * 1.5)
    how.first_line_indent = Pt(told.indent * told.size) if told.indent else None
    how.right_indent = Pt(told.from_right * told.size) if told.from_right else None
    if told.style in (SETS["title"].style, SETS["heading"].style):
        how.keep_with_next = True


def _paragraph(made: Docx, line: Line) -> None:
    if line.look == "break":
        made.add_paragraph(style=SETS["flush"].style).add_run().add_break(WD_BREAK.PAGE)
        return
    text, look = (_on(line.text, "p"), "body") if line.look == "control" else (line.text, line.look)
    made.add_paragraph(text, style=SETS[look].style)


def _on(control: str, what: str) -> str:
    """The control over whole paragraphs or rows, as docxtpl writes it: {%p if …%}."""
    return control.replace("{%", f"{{%{what}", 1)


def _table(made: Docx, rows: list[Line]) -> None:
    width = max(len(row.cells) for row in rows)
    table = made.add_table(rows=0, cols=width, style="Table Grid")
    for row in rows:
        cells = table.add_row().cells
        texts = [
            _on(cell, "tr") if cell.startswith("{%") and len(row.cells) == 1 else cell for cell in row.cells
        ]
        for cell, text in zip(cells, texts, strict=False):
            _fill(cell.paragraphs[0], text)
        if len(texts) < width and not texts[0].startswith("{%"):
            cells[len(texts) - 1].merge(cells[-1])


def _fill(paragraph: Paragraph, text: str) -> None:
    paragraph.style = SETS["table"].style
    paragraph.add_run(text)
