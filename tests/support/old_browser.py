"""Chromium 86, the oldest that the pages promise to work in: cached, or from the npm package that carries the program."""

import hashlib
import shutil
import tarfile
import tempfile
from pathlib import Path

from hosting.embedded.download import NotHere
from hosting.embedded.paths import cache_folder, private_folder
from hosting.embedded.processes import Failed, Report, run_tool

VERSION = "86.0.4240.0"
PACKAGE = "chrome-aws-lambda@5.3.1"
SHA256 = "e258e73f4d5957f39de30f6343a2f44de425d978d8058631e4e9d20111c2222a"
PROGRAM = "package/bin/chromium.br"
UNPACK = (
    "const fs = require('fs'), [from, to] = process.argv.slice(1);"
    "fs.writeFileSync(to, require('zlib').brotliDecompressSync(fs.readFileSync(from)), {mode: 0o755})"
)
LIMIT = 600.0
"""Seconds for some 43 MB."""
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu"]


def at_hand() -> Path:
    """Where the program lies once :func:`find_old_browser` has run."""
    return cache_folder() / f"chromium-{VERSION}" / "chromium"


async def find_old_browser(report: Report) -> Path:
    """The program, from the cache or by npm. Raises NotHere."""
    program = at_hand()
    if program.exists():
        return program
    npm, node = shutil.which("npm"), shutil.which("node")
    if not npm or not node:
        raise NotHere(
            f"Chromium {VERSION} is needed to try the pages in the oldest browser they promise, and npm is not there. "
            "Install Node.js with npm."
        )
    report(f"Fetching Chromium {VERSION} by npm…")
    with tempfile.TemporaryDirectory(prefix="npm-", dir=private_folder(program.parent)) as work:
        try:
            await run_tool([npm, "pack", "--silent", "--pack-destination", work, PACKAGE], limit=LIMIT)
            packed = next(Path(work).glob("*.tgz"))
            if hashlib.sha256(packed.read_bytes()).hexdigest() != SHA256:
                raise NotHere(f"{PACKAGE} as npm brought it is not the one that is known here")
            with tarfile.open(packed) as archive:
                archive.extract(PROGRAM, work, filter="data")
            await run_tool([node, "-e", UNPACK, Path(work, PROGRAM), Path(work, "chromium")], limit=LIMIT)
        except Failed as error:
            raise NotHere(f"npm could not bring {PACKAGE}: {error}") from error
        return Path(work, "chromium").replace(program)
