"""Preparing a production installation: tables, namespace and search attributes. ``python -m hosting.prepare``.

Safe to repeat. The database is ``FENGQIAO_DATABASE_URL``, the Temporal cluster whatever ``temporalio.envconfig`` names.
"""

import asyncio
import os
import sys

from hosting.connect import connect_client
from hosting.embedded.errors import CannotStart
from hosting.embedded.namespace import prepare_namespace
from ledger.key_checks import check_keys
from ledger.store import Ledger
from privacy import store
from privacy.keys import KeyProblem
from workflows.display import SEARCH_ATTRIBUTES


async def prepare(database_url: str) -> None:
    """Bring both stores up to date. Raises LedgerUnavailable, CannotStart, KeyProblem, RPCError."""
    keys = store.load()
    ledger = Ledger.connect(database_url, keys)
    ledger.migrate()
    check_keys(ledger)
    await prepare_namespace(await connect_client(keys), SEARCH_ATTRIBUTES)


def main() -> None:
    """Leave with 1 and the reason when it cannot be done."""
    code = 0
    try:
        asyncio.run(prepare(os.environ["FENGQIAO_DATABASE_URL"]))
    except (CannotStart, KeyProblem) as error:
        print(error, file=sys.stderr)
        code = 1
    sys.stderr.flush()
    os._exit(code)  # the SDK may abort at interpreter exit (sdk-python#300)


if __name__ == "__main__":
    main()
