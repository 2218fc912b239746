"""The whole file of an archived matter as a package: what is in it, that it checks out, that a change is found."""

import csv
import io
import json
import zipfile
from pathlib import Path

import bagit  # pyright: ignore[reportMissingTypeStubs]
import pytest

from domain.declined import Declined
from ledger.connection import LedgerBroken
from starter.archive.bag import bag, to_folder, zipped
from starter.archive.checking import faults_by_ledger, package_faults
from starter.archive.package import package
from tests.ledger.support import Books, an_intake
from tests.ledger.test_materials import CONTENT, give, tamper
from tests.ledger.test_papers import issue


def lived(books: Books) -> str:
    matter = books.register(an_intake())
    books.accept(matter)
    issue(books, matter)
    give(books, matter)
    books.live_on(matter)
    return matter


def packed(books: Books, matter: str, folder: Path) -> Path:
    d = books.ledger.state(matter)
    to_folder(bag(d, package(books.ledger, d, books.policy)), folder)
    return folder


@pytest.fixture
def matter(books: Books) -> str:
    return lived(books)


def test_the_package_holds_the_whole_file_and_checks_out(books: Books, matter: str, tmp_path: Path) -> None:
    folder = packed(books, matter, tmp_path / "档")
    assert bagit.Bag(str(folder)).is_valid()
    assert package_faults(folder) == []
    assert faults_by_ledger(books.ledger, folder) == []
    rows = list(csv.DictReader(io.StringIO((folder / "data/归档目录.csv").read_text("utf-8-sig"))))
    assert [r["题名"] for r in rows] == ["受理通知书", "归档目录", "劳动合同.pdf"]
    assert {(r["密级"], r["保管期限"], r["页号"]) for r in rows} == {("内部", "10年", "电子件")}
    assert (folder / "data" / rows[2]["文件"]).read_bytes() == CONTENT
    catalogue = books.ledger.state(matter).documents[-1]
    assert catalogue.issued
    assert (rows[1]["文号"], catalogue.issued.signed_by) == ("偏社争档字〔2026〕0001号", "杜远")
    lines = (folder / "data/事件.jsonl").read_text("utf-8").splitlines()
    assert len(lines) == books.ledger.state(matter).version
    assert folder.stat().st_mode & 0o077 == 0
    assert [p.name for p in tmp_path.iterdir()] == ["档"]


def test_the_zip_holds_the_same(books: Books, matter: str, tmp_path: Path) -> None:
    folder = packed(books, matter, tmp_path / "folder")
    d = books.ledger.state(matter)
    made = b"".join(zipped(bag(d, package(books.ledger, d, books.policy)), "档"))
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert archive.testzip() is None
        archive.extractall(tmp_path / "zip")
    there = {f.relative_to(folder): f.read_bytes() for f in folder.rglob("*") if f.is_file()}
    unpacked = tmp_path / "zip" / "档"
    assert {f.relative_to(unpacked): f.read_bytes() for f in unpacked.rglob("*") if f.is_file()} == there


def test_only_an_archived_matter_has_a_package(books: Books) -> None:
    open_one = books.register(an_intake())
    with pytest.raises(Declined, match="尚未归档"):
        package(books.ledger, books.ledger.state(open_one), books.policy)


def test_a_changed_missing_or_added_file_is_found(books: Books, matter: str, tmp_path: Path) -> None:
    folder = packed(books, matter, tmp_path / "档")
    kept = next((folder / "data/材料").iterdir())
    kept.write_bytes(CONTENT + b"x")
    assert package_faults(folder) == [f for f in package_faults(folder) if "被改动" in f] != []
    kept.write_bytes(CONTENT)
    assert package_faults(folder) == []
    (folder / "data/多.txt").write_text("x")
    assert package_faults(folder) != []


def test_manifests_made_to_fit_do_not_hide_a_change(books: Books, matter: str, tmp_path: Path) -> None:
    folder = packed(books, matter, tmp_path / "档")
    paper = next((folder / "data/文书").iterdir())
    whole = paper.read_bytes()
    paper.write_bytes(whole + b"x")
    bagit.Bag(str(folder)).save(manifests=True)
    assert any("与事件中的哈希不符" in fault for fault in package_faults(folder))
    paper.write_bytes(whole)
    events = folder / "data/事件.jsonl"
    lines = events.read_text("utf-8").splitlines()
    told = json.loads(lines[-1])
    events.write_text("\n".join([*lines[:-1], json.dumps(told | {"unit": "县医保局"})]) + "\n", "utf-8")
    bagit.Bag(str(folder)).save(manifests=True)
    assert any("哈希不符" in fault for fault in package_faults(folder))


def test_content_rewritten_beside_the_seal_is_found_by_the_ledger(
    books: Books, matter: str, tmp_path: Path
) -> None:
    folder = packed(books, matter, tmp_path / "档")
    events = folder / "data/事件.jsonl"
    lines = events.read_text("utf-8").splitlines()
    told = json.loads(lines[-1])
    told["content"]["officer"] = "别人"
    events.write_text("\n".join([*lines[:-1], json.dumps(told, ensure_ascii=False)]) + "\n", "utf-8")
    bagit.Bag(str(folder)).save(manifests=True)
    assert package_faults(folder) == []
    assert faults_by_ledger(books.ledger, folder) == [f"第 {told['seq']} 条事件：内容与封存的不符"]


def test_nothing_is_left_of_an_export_that_fails(books: Books, matter: str, tmp_path: Path) -> None:
    tamper(books.ledger, "DELETE FROM papers")
    with pytest.raises(LedgerBroken):
        packed(books, matter, tmp_path / "档")
    assert list(tmp_path.iterdir()) == []
