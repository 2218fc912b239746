"""``fengqiao``: the command line of the officers, the operators and the administrator."""

import os
import sys

from cli.app import app
from cli.output import Exit, err


def main() -> None:
    """Run the command line and leave at once: the SDK may abort at interpreter exit (sdk-python#300)."""
    code = 0
    try:
        app()
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else int(bool(stop.code))
    except Exception as error:
        code = _told(error)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


def _told(error: Exception) -> Exit:
    """Say what any command may meet, and the exit code for it. Any other error is raised again."""
    # Here, for a command that speaks to no database need not wait until its driver is loaded.
    from ledger.connection import LedgerBroken, LedgerUnavailable
    from ledger.destroyed import Destroyed
    from privacy.keys import KeyProblem

    match error:
        case LedgerUnavailable():
            said = "连接不上台账（PostgreSQL），请稍后再试；刚才的操作没有改变任何内容。"
            code = Exit.UNREACHABLE
        case LedgerBroken():
            said = f"台账有误：{error}。请运行 fengqiao ledger verify 核验。"
            code = Exit.DIFFERS
        case Destroyed():
            said = str(error)
            code = Exit.NOT_FOUND
        case KeyProblem():
            said = str(error)
            code = Exit.DIFFERS
        case _:
            raise error
    err.print(said, style="red", markup=False, highlight=False, soft_wrap=True)
    return code
