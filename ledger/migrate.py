"""Bringing the tables up to date, by Alembic's revisions in ``ledger/migrations``."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from ledger.connection import reading, without_time_limit, writing
from ledger.locks import MIGRATION_LOCK, alone
from ledger.rights import grant


def alembic_config(connection: Connection) -> Config:
    """Alembic's settings for this connection; there is no alembic.ini.

    With them ``alembic.command.revision(config, message, autogenerate=True)`` drafts the next revision.
    """
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def migrate(engine: Engine) -> None:
    """Upgrade to the newest revision in one transaction; processes that start together wait for the first.

    Under the tables' owner, who gives the office's role its rights.
    """
    with writing(engine) as connection:
        without_time_limit(connection)
        alone(connection, MIGRATION_LOCK)
        command.upgrade(alembic_config(connection), "head")
        grant(connection)


def is_current(engine: Engine) -> bool:
    """Whether the tables are at the newest revision that this software knows."""
    with reading(engine) as connection:
        newest = ScriptDirectory.from_config(alembic_config(connection)).get_heads()
        return set(MigrationContext.configure(connection).get_current_heads()) == set(newest)
