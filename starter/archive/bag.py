"""The package as BagIt (RFC 8493) has it, written in one go to a folder or a zip: manifests follow what they tell of."""

import shutil
import zipfile
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import IO, cast

from domain.dispute import Dispute
from starter.archive.package import Item

MANIFEST, TAG_MANIFEST = "manifest-sha256.txt", "tagmanifest-sha256.txt"
DECLARATION = b"BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n"


def bag(d: Dispute, items: Iterable[Item]) -> Iterator[Item]:
    """The package's files in a bag. Each is to be read to its end before the next: the manifests come of that."""
    payload: dict[str, str] = {}
    size = [0]
    for item in items:
        path = f"data/{item.path}"
        yield Item(path, _counted(item.parts, path, payload, size))
    told = {
        "bagit.txt": DECLARATION,
        "bag-info.txt": f"External-Identifier: {d.case_no}\nPayload-Oxum: {size[0]}.{len(payload)}\n".encode(),
        MANIFEST: _manifest(payload),
    }
    tags = {path: sha256(text).hexdigest() for path, text in told.items()}
    for path, text in (told | {TAG_MANIFEST: _manifest(tags)}).items():
        yield Item(path, [text])


def _counted(parts: Iterable[bytes], path: str, digests: dict[str, str], size: list[int]) -> Iterator[bytes]:
    digest = sha256()
    for part in parts:
        digest.update(part)
        size[0] += len(part)
        yield part
    digests[path] = digest.hexdigest()


def _manifest(digests: dict[str, str]) -> bytes:
    return "".join(f"{digest}  {path}\n" for path, digest in digests.items()).encode()


def to_folder(items: Iterable[Item], folder: Path) -> None:
    """Write to a new folder, closed to everybody else; it is there whole or not at all. Raises OSError, LedgerBroken.

    What a process that was killed left half written is in the same place under a name of its own, and goes with the next try.
    """
    if folder.exists():
        raise FileExistsError(folder)
    half = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(mode=0o700)
    try:
        for item in items:
            file = half / item.path
            file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with file.open("xb") as out:
                out.writelines(item.parts)
        half.rename(folder)
    except BaseException:
        shutil.rmtree(half, ignore_errors=True)
        raise


class _Out:
    """What was written since it was last taken: all that a zip needs to go out as it is made."""

    def __init__(self) -> None:
        self._held: list[bytes] = []

    def write(self, data: bytes) -> int:
        """Hold it."""
        self._held.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing waits."""

    def take(self) -> bytes:
        """What is held, and hold it no more."""
        held, self._held = b"".join(self._held), []
        return held


def zipped(items: Iterable[Item], root: str) -> Iterator[bytes]:
    """The same as a zip under the folder ``root``, part by part. One that breaks off has no directory and does not open."""
    out = _Out()
    archive = zipfile.ZipFile(cast("IO[bytes]", out), "w", zipfile.ZIP_DEFLATED)
    for item in items:
        with archive.open(f"{root}/{item.path}", "w", force_zip64=True) as file:
            for part in item.parts:
                file.write(part)
                if held := out.take():
                    yield held
    archive.close()
    yield out.take()
