"""Alembic's environment: always on the connection that :mod:`ledger.migrate` hands over."""

from alembic import context

from ledger.tables import metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=True
)
with context.begin_transaction():
    context.run_migrations()
