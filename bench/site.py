"""The disputes of :mod:`bench.disputes` in the production shape: Temporal's own server, on the ledger's PostgreSQL."""

import os
import tempfile
from pathlib import Path
from typing import NamedTuple

import psycopg

from bench import disputes
from bench.place import Place
from bench.report import Figures
from bench.sizes import Sizes
from hosting.embedded.paths import data_folder
from hosting.embedded.processes import Child
from hosting.embedded.supervisor import Supervisor
from privacy import store
from scripts.native_postgres import FullPostgres
from scripts.site import open_base, open_site


class SiteDatabase(NamedTuple):
    """The site's PostgreSQL, as a benchmark asks for it."""

    server: FullPostgres

    @property
    def child(self) -> Child:
        """Its process."""
        return self.server.child

    async def ensure(self, database: str) -> str:
        """The site's own ledger, whatever the name."""
        return self.server.dsn("ledger")

    async def connect(self) -> psycopg.AsyncConnection[tuple[object, ...]]:
        """A connection of the superuser."""
        return await psycopg.AsyncConnection.connect(self.server.dsn("postgres"), autocommit=True)


async def run(sizes: Sizes) -> Figures:
    """Bring a site up, measure, take it down. Raises CannotStart when the machine lacks a part."""
    data_folder().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-site-", dir=data_folder()) as folder:
        async with Supervisor() as run:
            base = await open_base(run, Path(folder))
            os.environ[store.FOLDER] = str(base.keys)
            async with open_site(base) as site:
                place = Place(base.home, SiteDatabase(base.postgres), site.cluster)
                return await disputes.run(place, sizes)
    raise AssertionError("unreachable")
