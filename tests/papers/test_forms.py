"""A form that cannot be used is refused when the policy is checked, with its file and what to do; nothing half issued."""

import shutil
import zipfile
from base64 import b64encode
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document

from domain.declined import Declined
from papers.check import form_problems
from papers.form import template
from papers.markup import lines
from papers.press import LARGEST
from papers.reading import blocks
from policies import PolicyError, load
from tests.domain.test_papers import issued
from tests.papers.kinds import alone, bare, made, words
from tests.support.case import Case, county

HERE = Path(__file__).parents[2] / "policies"
NAME = "受理通知书"


def county_with(folder: Path, file: str, content: bytes) -> str:
    """The county's policy beside a form of its own; what the loader says of it, nothing where it takes it."""
    shutil.copy(HERE / "pianguan.yaml", folder / "pianguan.yaml")
    forms = folder / "pianguan" / "papers"
    forms.mkdir(parents=True)
    (forms / file).write_bytes(content)
    try:
        load(folder / "pianguan.yaml")
    except PolicyError as error:
        return str(error)
    return ""


def docx(*paragraphs: str) -> bytes:
    written = Document()
    for text in paragraphs:
        written.add_paragraph(text)
    saved = BytesIO()
    written.save(saved)
    return saved.getvalue()


def with_part(form: bytes, name: str, content: bytes) -> bytes:
    packed = BytesIO(form)
    with zipfile.ZipFile(packed, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        (f"{NAME}.txt", "受理于{{ 受里日 }}".encode(), "不认识的名称“受里日”；是否为：受理日"),
        (f"{NAME}.txt", "{% if 渠道 %}\n没有结束".encode(), "写法有误"),
        (f"{NAME}.txt", "受理于{{ 受理日 }".encode(), "写法有误"),
        (f"{NAME}.txt", "受理".encode("gbk"), "不是 UTF-8 编码"),
        ("受理通知.txt", "内容".encode(), "没有对应的文书"),
        (f"{NAME}.pdf", b"%PDF", "须为 .txt 或 .docx"),
        (f"{NAME}.docx", docx("受理于{{ 受里日 }}"), "不认识的名称“受里日”"),
        (f"{NAME}.docx", docx("{{ 受理日 "), "写法有误"),
        (f"{NAME}.docx", docx("{{ ''.__class__.__mro__ }}{{ 受理日 }}")[:2000], "已损坏"),
        (f"{NAME}.docx", b"not a document", "已损坏"),
        (f"{NAME}.docx", with_part(docx("甲"), "word/vbaProject.bin", b"x"), "含有宏"),
        (f"{NAME}.docx", with_part(docx("甲"), "word/embeddings/a.bin", b"x"), "嵌入的程序"),
        (f"{NAME}.docx", with_part(docx("甲"), "word/big.xml", b" " * (11 * LARGEST)), "解开后过大"),
        (f"{NAME}.docx", b"x" * (LARGEST + 1), "样式文件过大"),
        (
            f"{NAME}.docx",
            with_part(
                docx("甲"),
                "word/_rels/settings.xml.rels",
                b'<Relationships><Relationship Type="x/t" Target="http://a" TargetMode="External"/></Relationships>',
            ),
            "引用了外部的内容",
        ),
    ],
)
def test_a_form_that_cannot_be_used_is_named(tmp_path: Path, file: str, content: bytes, said: str) -> None:
    told = county_with(tmp_path, file, content)
    assert said in told
    assert Path(file).stem in told
    assert "Traceback" not in told


def test_a_countys_own_text_and_its_own_document_win(tmp_path: Path) -> None:
    own = docx("本县自己的样式：{{ 受理日 }}，{{ 申请人 }}，{{ 查验码 }}，{{ 日期 }}")
    assert county_with(tmp_path, f"{NAME}.docx", own) == ""
    policy = load(tmp_path / "pianguan.yaml")
    assert policy.version != county().version
    said = words(made(alone(), bare(policy, NAME), policy))
    assert said.startswith("本县自己的样式：受理日的第一行")
    assert "㛃" in said
    (tmp_path / "pianguan" / "papers" / f"{NAME}.docx").unlink()
    (tmp_path / "pianguan" / "papers" / f"{NAME}.txt").write_text("本县的话：{{ 渠道 }}。", encoding="utf-8")
    policy = load(tmp_path / "pianguan.yaml")
    assert "本县的话：渠道的第一行" in words(made(alone(), bare(policy, NAME), policy))


def test_what_a_form_may_not_reach_it_does_not_reach() -> None:
    rule = county().documents[NAME]
    evil = rule.model_copy(update={"text": "{{ 渠道.__class__.__mro__[1].__subclasses__() }}"})
    policy = county().model_copy(update={"documents": {**county().documents, NAME: evil}})
    c = Case(policy).accepted()
    before = dict(c.life.papers)
    with pytest.raises(Declined, match="《受理通知书》没有制发：样式填不进去"):
        c.act(issued(1))
    assert c.life.papers == before
    assert c.state.documents[0].issued is None


def test_marks_are_given_once_and_a_number_needs_a_form() -> None:
    documents = county().documents
    twice = documents["交办单"].model_copy(update={"mark": documents[NAME].mark})
    without = documents["督办单"].model_copy(update={"text": ""})
    policy = county().model_copy(update={"documents": {**documents, "交办单": twice, "督办单": without}})
    said = [p.what for p in form_problems(policy)]
    assert said == ["文号中的字“受”已用于文书“受理通知书”", "文书“督办单”没有样式，不能制发"]
    broken = documents[NAME].model_copy(update={"docx": b64encode(b"x").decode()})
    (problem,) = form_problems(county().model_copy(update={"documents": {NAME: broken}}))
    assert "papers/受理通知书.docx" in problem.what


def test_the_form_is_set_as_the_standard_asks() -> None:
    page = Document(BytesIO(template("标题：甲\n正文"))).sections[0]
    set_as = (page.page_width, page.page_height, page.top_margin, page.left_margin)
    assert [round(length.mm) for length in set_as if length] == [210, 297, 37, 28]
    assert [b.look for b in blocks(template("红头：甲\n标题：乙\n分页\n| 一 | 二 |\n丙"))] == [
        "red_head", "title", "break", "table", "body",
    ]  # fmt: skip
    assert [line.look for line in lines("附注：甲\n\n{% if 甲 %}\n落款：乙")] == [
        "note",
        "control",
        "sign_off",
    ]
