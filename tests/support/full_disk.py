"""A small file system of its own for the ledger, which can be filled up: real ENOSPC."""

import os
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

from hosting.embedded.postgres import ROLE, Postgres

SIZE = "24m"


class Disk(NamedTuple):
    """Where the database on the small disk is."""

    url: str
    plain_url: str
    folder: Path

    def fill(self) -> None:
        """Leave no room."""
        with (self.folder / "filler").open("wb", buffering=0) as filler:
            chunk = bytes(65536)
            while len(chunk) >= 1:
                try:
                    filler.write(chunk)
                except OSError:
                    chunk = chunk[: len(chunk) // 2]

    def free(self) -> None:
        """Give the room back."""
        (self.folder / "filler").unlink()


@asynccontextmanager
async def small_disk(server: Postgres, home: Path) -> AsyncIterator[Disk]:
    """A database whose tables lie on a file system of a few megabytes; its write-ahead log does not."""
    folder = home / "small"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=0711", "none", str(folder)], check=True)
    try:
        space = folder / "space"
        space.mkdir(mode=0o700)
        subprocess.run(["chown", ROLE, str(space)], check=True)
        async with await server.connect() as link:
            await link.execute(f"CREATE TABLESPACE small LOCATION '{space}'".encode())
            await link.execute(b"CREATE DATABASE small TABLESPACE small")
            try:
                url = server.url("small")
                yield Disk(url, url.replace("+psycopg", ""), folder)
            finally:
                (folder / "filler").unlink(missing_ok=True)
                await link.execute(b"DROP DATABASE small WITH (FORCE)")
                await link.execute(b"DROP TABLESPACE small")
    finally:
        os.sync()
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
