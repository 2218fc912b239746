"""The bytes of a paper: its form filled in. The same facts make the same bytes."""

import re
import zipfile
from base64 import b64decode
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from docx.opc.exceptions import PackageNotFoundError
from docxtpl import DocxTemplate  # pyright: ignore[reportMissingTypeStubs]
from jinja2 import TemplateError

from domain.paper_content import Content
from domain.policy import Policy
from domain.policy_rules import DocumentRule
from papers.filling import BadForm, environment
from papers.form import template
from papers.markup import said

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
"""The media type."""
LARGEST = 2 * 1024 * 1024
"""Bytes of a county's own form, and of what it is unpacked to at the most ten times."""
_EPOCH = (1980, 1, 1, 0, 0, 0)
_MADE = datetime(2000, 1, 1, tzinfo=UTC)


class _Lines(list[str]):
    """Several lines, which a form may go through one by one, or write one after the other, the full stop being its own."""

    def __str__(self) -> str:
        return "；".join(line.rstrip("。；") for line in self)


def form_of(policy: Policy, rule: DocumentRule) -> bytes:
    """The .docx that a paper is filled into. Raises BadForm."""
    if rule.docx:
        return opened(b64decode(rule.docx))
    if not rule.text:
        raise BadForm("没有这种文书的样式，请在政策的 papers 文件夹中补上")
    return template(said(rule.text, policy.say))


def opened(own: bytes) -> bytes:
    """A county's own form, once it is known to be nothing but a form. Raises BadForm."""
    if len(own) > LARGEST:
        raise BadForm(f"样式文件过大，至多 {LARGEST // 1024 // 1024} MB，请压缩其中的图片")
    try:
        with zipfile.ZipFile(BytesIO(own)) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if sum(part.file_size for part in parts) > 10 * LARGEST:
                raise BadForm("样式文件解开后过大，不能使用，请另存为 .docx 后再放入")
            if any(
                name.lower().endswith(("vbaproject.bin", ".vba", ".exe", ".ole")) for name in names
            ) or any("embeddings/" in name or "activex" in name.lower() for name in names):
                raise BadForm("样式文件中含有宏或嵌入的程序，不能使用，请另存为不含宏的 .docx")
            if "word/document.xml" not in names:
                raise BadForm("不是 Word 文档（.docx），请用 WPS 或 Word 另存为 .docx")
            if any(_links_out(archive.read(name)) for name in names if name.endswith(".rels")):
                raise BadForm("样式文件引用了外部的内容（链接的图片或模板），请改为嵌入后再放入")
    except (zipfile.BadZipFile, KeyError, OSError, RuntimeError):
        raise BadForm("样式文件已损坏，打不开，请重新另存为 .docx") from None
    return own


def _links_out(relations: bytes) -> bool:
    external = re.findall(rb"<Relationship\b[^>]*TargetMode=\"External\"[^>]*>", relations)
    return any(b"/hyperlink" not in relation for relation in external)


def placeholders(form: bytes) -> set[str]:
    """What a form names. Raises BadForm."""
    try:
        return DocxTemplate(BytesIO(form)).get_undeclared_template_variables(environment())
    except TemplateError as error:
        raise BadForm(f"样式写法有误（{error.message}），请核对 {{{{ }}}} 和 {{% %}} 是否成对") from None
    except (PackageNotFoundError, SyntaxError, KeyError, ValueError):
        raise BadForm("样式文件已损坏，打不开，请重新另存为 .docx") from None


def pressed(policy: Policy, rule: DocumentRule, values: Content) -> bytes:
    """The paper, filled in. Raises BadForm; a form that was checked never does."""
    form = DocxTemplate(BytesIO(form_of(policy, rule)))
    context: dict[str, Any] = {
        name: _Lines(value) if isinstance(value, list) else value for name, value in values.items()
    }
    try:
        form.render(context, environment(), autoescape=True)
    except TemplateError as error:
        raise BadForm(f"样式填不进去（{error.message}），请核对其中的名称") from None
    filled: Any = form
    known = filled.docx.core_properties
    known.title, known.author, known.last_modified_by = str(values["文书"]), str(values["制发单位"]), ""
    known.created = known.modified = _MADE
    known.comments, known.revision = "", 1
    saved = BytesIO()
    filled.save(saved)
    return repacked(saved.getvalue())


def repacked(made: bytes) -> bytes:
    """The same parts in a package that says nothing of when it was made."""
    packed = BytesIO()
    with zipfile.ZipFile(BytesIO(made)) as source, zipfile.ZipFile(packed, "w") as target:
        for name in sorted(source.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 3
            entry.external_attr = 0o600 << 16
            target.writestr(entry, source.read(name), compresslevel=6)
    return packed.getvalue()
