"""Hearing from PostgreSQL whose desk a commit changed: one connection for a whole process."""

from collections.abc import AsyncGenerator

import psycopg
from sqlalchemy import Engine

from ledger.batch import CHANNEL

CONNECT_TIMEOUT_S = 5


async def changed_units(engine: Engine) -> AsyncGenerator[str]:
    """The units whose tasks change, as it happens; first an empty one, once it listens. Raises psycopg.Error."""
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await psycopg.AsyncConnection.connect(
        url, autocommit=True, connect_timeout=CONNECT_TIMEOUT_S, application_name="fengqiao-live"
    )
    async with connection:
        await connection.execute(f"LISTEN {CHANNEL}")
        yield ""
        async for said in connection.notifies():
            yield said.payload
