"""Before the tests start side by side: whatever a first run downloads or builds, once. ``python -m tests.support.prepare``."""

import asyncio
import os
import sys

from hosting.embedded.download import NotHere
from hosting.embedded.errors import CannotStart
from hosting.embedded.temporal_program import find_temporal
from tests.support.old_browser import find_old_browser
from tests.support.timeskip import NoTimeSkipping, find_server


async def prepare() -> int:
    """Have both servers' programs and the old browser at hand; the exit code."""
    try:
        await find_temporal(print)
        await find_server(print)
        await find_old_browser(print)
    except (CannotStart, NoTimeSkipping, NotHere) as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    code = asyncio.run(prepare())
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # the SDK may abort at interpreter exit (sdk-python#300)
