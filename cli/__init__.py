"""``fengqiao``: the command line of the officers, the operators and the administrator."""

import os
import sys

from cli.app import app
from cli.output import Exit, err
from ledger.connection import LedgerBroken, LedgerUnavailable
from privacy.keys import KeyProblem


def main() -> None:
    """Run the command line and leave at once: the SDK may abort at interpreter exit (sdk-python#300)."""
    code = 0
    try:
        app()
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else int(bool(stop.code))
    except LedgerUnavailable:
        code = Exit.UNREACHABLE
        err.print("连接不上台账（PostgreSQL），请稍后再试；刚才的操作没有改变任何内容。", style="red")
    except LedgerBroken as error:
        code = Exit.DIFFERS
        err.print(f"台账有误：{error}。请运行 fengqiao ledger verify 核验。", style="red")
    except KeyProblem as error:
        code = Exit.DIFFERS
        err.print(str(error), style="red", markup=False, highlight=False, soft_wrap=True)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)
