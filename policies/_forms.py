"""The forms of papers beside the policy files: plain text, or a county's own .docx, which then stands in its place."""

from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from papers.check import file_of
from papers.markup import framed
from policies._layers import Fault
from policies._source import PolicyError, as_map

FRAME = "样式"


def add_forms(data: dict[str, Any], national: Path, county: Path) -> None:
    """Write each paper's form into its rule: the county's where it has one, else the national one.

    ``national`` and ``county``: the folders, which need not be there. Raises PolicyError for a file that is no text.
    """
    frame = _text(county, FRAME) or _text(national, FRAME)
    for name, rule in as_map(data.get("documents")).items():
        if not isinstance(rule, dict):
            continue
        body = _text(county, file_of(name)) or _text(national, file_of(name))
        if body:
            data["documents"][name] = {**rule, "text": framed(frame, body)}
        own = county / f"{file_of(name)}.docx"
        if own.is_file():
            data["documents"][name] = {
                **data["documents"][name],
                "docx": b64encode(own.read_bytes()).decode(),
            }


def _text(folder: Path, name: str) -> str:
    file = folder / f"{name}.txt"
    if not file.is_file():
        return ""
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise PolicyError(f"papers/{file.name}：不是 UTF-8 编码，请另存为 UTF-8") from None


def stray(data: dict[str, Any], county: Path) -> Iterator[Fault]:
    """Forms of the county's for papers that there are not."""
    known = {file_of(name) for name in as_map(data.get("documents"))} | {FRAME}
    for file in sorted(county.iterdir()) if county.is_dir() else ():
        if file.suffix not in (".txt", ".docx"):
            yield ("documents",), f"papers/{file.name} 不是样式文件", "样式须为 .txt 或 .docx，请删去或另存"
        elif file.stem not in known:
            yield (
                ("documents",),
                f"样式 papers/{file.name} 没有对应的文书",
                f"可用：{'、'.join(sorted(known))}",
            )
