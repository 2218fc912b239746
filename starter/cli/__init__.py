"""``fengqiao``: the command line of the officers, the operators and the administrator."""

import os
import sys

from starter.cli.app import app


def main() -> None:
    """Run the command line and leave at once: the SDK may abort at interpreter exit (sdk-python#300)."""
    code = 0
    try:
        app()
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else int(bool(stop.code))
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)
