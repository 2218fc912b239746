"""What the database lets the office's own processes do: they read and add to the record, and change none of it.

They connect as :data:`APP`, which owns nothing. Tables are made, keys changed and older search keys forgotten by the
owner's role, which no process that runs all the time knows (GB/T 22239 8.1.4.2 最小权限). One thing of the record they may
have taken away: the data key of a matter whose destruction two have approved, by a function of the owner's that looks for
that itself.
"""

from sqlalchemy import Connection, text

from ledger.access_tables import (
    attempts,
    audit,
    book_columns,
    book_views,
    callback_links,
    client_tokens,
    draft_files,
    drafts,
    identities,
    import_rows,
    imports,
    lookup_tries,
    persons,
    posts,
    query_codes,
    request_buckets,
    sessions,
    sign_in_flows,
    signal_keys,
    slips,
    task_looks,
)
from ledger.destruction_tables import (
    DESTROY,
    destroyed,
    destruction_items,
    destruction_lists,
    destruction_votes,
)
from ledger.notice_tables import notice_choices, notices
from ledger.read_tables import READ_TABLES
from ledger.tables import (
    counters,
    data_keys,
    events,
    key_checks,
    material_parts,
    notices_sent,
    papers,
    policies,
    reporters,
)
from ledger.webhook_tables import deliveries, ticket_senders, webhooks

APP = "ledger_app"
DESTRUCTION = (destruction_lists, destruction_items, destruction_votes, destroyed)
RECORD = (
    events, material_parts, papers, policies, data_keys, reporters, notices_sent, key_checks, *DESTRUCTION
)  # fmt: skip

_READ, _ADD, _COUNT, _MAKE_ANEW = (
    "SELECT",
    "SELECT, INSERT",
    "SELECT, INSERT, UPDATE",
    "SELECT, INSERT, UPDATE, DELETE",
)
RIGHTS = (
    {table.name: _ADD for table in RECORD}
    | {
        counters.name: _COUNT,
        "alembic_version": _READ,
        audit.name: _ADD,
        task_looks.name: _ADD,
        signal_keys.name: _READ,
        query_codes.name: _ADD,
        ticket_senders.name: _ADD,
    }
    | {
        table.name: _COUNT
        for table in (persons, posts, slips, client_tokens, webhooks, deliveries, callback_links, notices)
    }
    | {
        table.name: _MAKE_ANEW
        for table in (
            sessions,
            attempts,
            lookup_tries,
            drafts,
            draft_files,
            imports,
            import_rows,
            identities,
            sign_in_flows,
            request_buckets,
            notice_choices,
            book_columns,
            book_views,
        )
    }
    | {table.name: _MAKE_ANEW for table in READ_TABLES}
)
"""Every table, and what of it :data:`APP` may do."""


def grant(connection: Connection) -> None:
    """Give the office's role its rights and no others. Without that role (a database for trying things) nothing is done."""
    if not connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :name"), {"name": APP}):
        return
    for table, rights in RIGHTS.items():
        connection.execute(text(f'REVOKE ALL ON "{table}" FROM {APP}'))
        connection.execute(text(f'GRANT {rights} ON "{table}" TO {APP}'))
    connection.execute(text(f"GRANT EXECUTE ON FUNCTION {DESTROY}(text, text) TO {APP}"))
