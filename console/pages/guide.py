"""操作手册: the guide as it is written, as pages of the desk; the reader's own first."""

import re
from functools import cache
from importlib.resources import files
from pathlib import Path

from fastapi import APIRouter
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup
from starlette.responses import FileResponse, Response

from api.problems import hidden
from console.door import Anybody, shell
from console.view import page
from domain.access import Role

router = APIRouter()

HERE = "/guide"
FIRST = "README"
OF_ROLE = {
    Role.OPERATOR: "center", Role.OFFICER: "department", Role.HEAD: "head", Role.OFFICE: "office", Role.SUPERVISOR: "supervisor",
    Role.GRID: "grid", Role.MEDIATOR: "grid", Role.ADMINISTRATOR: "administrator", Role.AUDITOR: "auditor",
}  # fmt: skip
"""The page written for each role; who has none begins at the first."""
_INSTALLED = Path(str(files("console"))) / "guide"
FOLDER = _INSTALLED if _INSTALLED.is_dir() else Path(str(files("console"))).parent / "docs" / "guide"
"""In an installation the guide lies beside the pages."""
_PAGE = re.compile(r"([\w-]+)\.md(#.*)?")


@router.get(HERE)
async def own(visitor: Anybody) -> Response:
    """The page for the reader's role."""
    return _shown(visitor, OF_ROLE.get(visitor.post.role, FIRST))


@router.get(HERE + "/{name}")
async def one(name: str, visitor: Anybody) -> Response:
    """Any of its pages."""
    return _shown(visitor, name)


@router.get(HERE + "/pictures/{name}")
async def picture(name: str, visitor: Anybody) -> Response:
    """A picture of it."""
    if name not in {file.name for file in (FOLDER / "pictures").iterdir()}:
        raise hidden()
    return FileResponse(FOLDER / "pictures" / name)


def _shown(visitor: Anybody, name: str) -> Response:
    if name not in {file.stem for file in FOLDER.glob("*.md")}:
        raise hidden()
    title, text = _drawn(name)
    return page("guide.html", title=title, shell=shell(visitor, HERE), text=text, first=name == FIRST)


@cache
def _drawn(name: str) -> tuple[str, Markup]:
    """A page's title and text. What is written there is ours: it may hold its own marks."""
    reader = MarkdownIt("commonmark", {"html": True}).enable("table")
    tokens = reader.parse((FOLDER / f"{name}.md").read_text(encoding="utf-8"))
    title = ""
    for at, token in enumerate(tokens):
        if token.type == "heading_open":
            words = tokens[at + 1].content
            title = title or words
            token.attrSet("id", words)
        elif token.type == "table_open":
            token.attrSet("class", "tbl plain")
        for inner in token.children or []:
            _led(inner)
    return title, Markup(reader.renderer.render(tokens, reader.options, {}))


def _led(token: Token) -> None:
    """Let a link or a picture lead to where it is here."""
    if token.type == "image":
        token.attrSet("src", f"{HERE}/{token.attrGet('src')}")
    elif token.type == "link_open" and (found := _PAGE.fullmatch(str(token.attrGet("href")))):
        token.attrSet("href", f"{HERE}/{found[1]}{found[2] or ''}")
