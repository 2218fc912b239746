"""PDF of a paper: by the machine's program where there is one, told plainly where there is none or it fails; always a look."""

import os
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from domain.access import Role
from domain.events import Viewed
from starter.doctor.parts import pdf_part
from starter.office import pdf
from starter.office.pdf import Converter, NoPdf, converter
from tests.api.conftest import CENTER, Staff
from tests.ledger.support import Books, an_intake
from tests.ledger.test_papers import issue

Make = Callable[[str], Converter]


@pytest.fixture
def program(tmp_path: Path) -> Make:
    """A program called as the real one is, which then does this; the paper is ``paper.docx`` where it runs."""

    def make(does: str) -> Converter:
        file = tmp_path / "soffice"
        file.write_text(f"#!/bin/sh\n{does}\n", encoding="utf-8")
        file.chmod(0o755)
        return Converter(str(file))

    return make


@pytest.fixture
def matter(books: Books) -> str:
    matter = books.register(an_intake())
    books.accept(matter)
    issue(books, matter)
    return matter


async def asked(readers: Staff, matter: str, way: Converter | None) -> httpx.Response:
    state = readers.app.state
    state.site = state.site._replace(pdf=way)
    operator = await readers.at(CENTER, Role.OPERATOR)
    return await operator.get(f"/disputes/{matter}/papers/1/pdf")


def looks(readers: Staff, matter: str) -> list[str]:
    return [e.fact.reason[:6] for e in readers.ledger.events(matter) if isinstance(e.fact, Viewed)]


async def test_it_is_made_of_the_original_and_is_a_look(readers: Staff, matter: str, program: Make) -> None:
    way = program('{ printf "%%PDF-"; cat paper.docx; } > paper.pdf')
    answer = await asked(readers, matter, way)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].endswith(".pdf")
    assert answer.content[:7] == b"%PDF-PK"
    assert looks(readers, matter) == ["下载 PDF"]


async def test_without_a_program_it_is_said_and_nobody_looked(readers: Staff, matter: str) -> None:
    answer = await asked(readers, matter, None)
    assert (answer.status_code, answer.json()["code"]) == (409, "no_pdf")
    assert "没有装" in answer.json()["detail"]
    assert looks(readers, matter) == []


@pytest.mark.parametrize("does", ["exit 1", "exit 0", "echo none > paper.pdf", "kill -9 $$"])
async def test_one_that_fails_is_told_as_such(readers: Staff, matter: str, program: Make, does: str) -> None:
    answer = await asked(readers, matter, program(does))
    assert (answer.status_code, answer.json()["code"]) == (503, "no_pdf")
    assert ".docx" in answer.json()["detail"]


def test_one_that_hangs_is_ended_with_all_it_started(
    program: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "WITHIN_S", 0.5)
    way = program(f"sleep 600 &\necho $! > {tmp_path}/child\nwait")
    with pytest.raises(NoPdf, match="没有转换成"):
        way.pdf(b"paper")
    child = int((tmp_path / "child").read_text())
    assert (
        not os.path.exists(f"/proc/{child}/cwd") or "Z" in Path(f"/proc/{child}/stat").read_text().split()[2]
    )


def test_a_program_that_is_gone_is_told_as_such(tmp_path: Path) -> None:
    with pytest.raises(NoPdf, match="FileNotFoundError"):
        Converter(str(tmp_path / "none")).pdf(b"paper")


def test_nothing_of_it_is_left(program: Make, tmp_path: Path) -> None:
    program("pwd > " + str(tmp_path / "where") + '; printf "%%PDF-1" > paper.pdf').pdf(b"paper")
    assert not Path((tmp_path / "where").read_text().strip()).exists()


async def test_the_machines_own_program(readers: Staff, matter: str) -> None:
    """Where this machine has one, it is really asked; where not, the doctor says what to install."""
    way = converter()
    answer = await asked(readers, matter, way)
    if way:
        assert answer.content.startswith(b"%PDF-"), answer.text
        assert len(answer.content) > 5_000
    else:
        assert [f.code for f in pdf_part().findings] == ["no_pdf"]
        assert answer.status_code == 409
