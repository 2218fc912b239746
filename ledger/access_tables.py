"""The tables of accounts: persons, their posts, how they sign in, and the audit. Nothing of a party is in them."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Date,
    DateTime,
    Double,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY

from ledger import columns as col
from ledger.tables import metadata

persons = Table(
    "persons",
    metadata,
    col.text("person_id", key=True),
    Column("login", Text, nullable=False, unique=True),
    col.text("name", nullable=False),
    col.text("status", nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    col.text("password"),
    Column("earlier_passwords", ARRAY(Text), nullable=False, server_default="{}"),
    col.moment("password_since"),
    Column("must_change", Boolean, nullable=False, server_default="false"),
    col.text("seed_key"),
    Column("seed", LargeBinary),
    Column("last_step", BigInteger, nullable=False, server_default="0"),
)
"""人员: one human, one account. ``login`` is never used again. ``seed``: the second factor's, sealed; ``last_step``: the last
code's, so that none is taken twice."""

posts = Table(
    "posts",
    metadata,
    col.text("post_id", key=True),
    col.text("person_id", nullable=False),
    col.text("unit", nullable=False),
    col.text("role", nullable=False),
    Column("starts", Date, nullable=False),
    Column("ends", Date),
    col.text("deputy_for"),
    col.text("basis", nullable=False),
    col.text("proposed_by"),
    col.text("granted_by"),
    col.moment("ended_at"),
)
"""岗位: person, unit, role, period, and on what ground it was given."""
Index(None, posts.c.person_id)
Index(None, posts.c.unit)

_holder, _lent = persons.alias(), posts.alias()
A_POST: list[ColumnElement[Any]] = [
    *posts.c,
    select(_holder.c.name).where(_holder.c.person_id == posts.c.person_id).label("holder"),
    select(_lent.c.person_id).where(_lent.c.post_id == posts.c.deputy_for).label("lent_by"),
]
"""What is read of a post: its row, its holder's name and the person whose post a deputy has."""

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    col.text("person_id", nullable=False),
    col.text("post_id"),
    Column("factors", Integer, nullable=False),
    col.moment("began_at", nullable=False),
    col.moment("seen_at", nullable=False),
    col.text("address", nullable=False),
    col.text("agent", nullable=False),
)
"""登录: whoever holds the token that hashes to this. Only the hash is kept."""
Index(None, sessions.c.person_id)

attempts = Table(
    "attempts",
    metadata,
    col.text("address", key=True),
    col.text("login", key=True),
    Column("failed", Integer, nullable=False),
    col.moment("last_at", nullable=False),
)
"""Failures to sign in, by address and by the login that was typed."""
Index(None, attempts.c.login)

slips = Table(
    "slips",
    metadata,
    Column("slip_hash", LargeBinary, primary_key=True),
    col.text("person_id"),
    col.moment("good_until", nullable=False),
    col.moment("used_at"),
)
"""开通凭条: good once. Without a person it founds the office: the first administrator makes himself by it."""

audit = Table(
    "audit",
    metadata,
    Column("n", BigInteger, primary_key=True, autoincrement=False),
    col.moment("at", nullable=False),
    col.text("person_id"),
    col.text("post_id"),
    col.text("address", nullable=False),
    col.text("verb", nullable=False),
    col.text("object", nullable=False),
    col.text("result", nullable=False),
    col.text("prev_hash", nullable=False),
    col.text("hash", nullable=False),
    col.sealed("seal"),
)
"""审计: a chain of its own, without a gap. No password, code, token or identity of a party is in it.

``seal``: the hash, sealed under the audit's own data key."""
Index(None, audit.c.person_id, audit.c.n)
Index(None, audit.c.verb, audit.c.n)

task_looks = Table(
    "task_looks",
    metadata,
    col.text("dispute_id", key=True),
    col.text("task_id", key=True),
    col.text("person_id", key=True),
    col.moment("first_at", nullable=False),
)
"""Who of a task's unit opened it, and when for the first time. A look at an identity is an event of the matter instead."""

signal_keys = Table(
    "signal_keys",
    metadata,
    col.text("kid", key=True),
    col.text("unit", nullable=False),
    col.text("client", nullable=False),
    col.text("public", nullable=False),
    col.moment("starts", nullable=False),
    col.moment("ends", nullable=False),
    col.text("registered_by", nullable=False),
    Column("registered_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    col.moment("retired_at"),
    col.moment("compromised_at"),
)
"""签名公钥: by which a unit's own system (``client``) signs what it sends. A key stays on record when it is retired."""

client_tokens = Table(
    "client_tokens",
    metadata,
    col.text("token_id", key=True),
    Column("token_hash", LargeBinary, nullable=False),
    col.text("unit", nullable=False),
    col.text("client", nullable=False),
    col.words("scopes"),
    col.text("made_by", nullable=False),
    col.moment("made_at", nullable=False),
    col.moment("good_until", nullable=False),
    col.moment("used_at"),
    col.moment("revoked_at"),
)
"""接口令牌: by which a unit's own system (``client``) comes to the API. Only the hash is kept."""
Index(None, client_tokens.c.unit, client_tokens.c.client)

identities = Table(
    "identities",
    metadata,
    Column("subject_hash", LargeBinary, primary_key=True),
    Column("person_id", Text, nullable=False, unique=True),
    col.text("linked_by", nullable=False),
    col.moment("linked_at", nullable=False),
)
"""统一身份: whose account of ours an account at the province's platform opens. Only a hash of issuer and subject is kept."""

sign_in_flows = Table(
    "sign_in_flows",
    metadata,
    Column("flow_hash", LargeBinary, primary_key=True),
    col.moment("good_until", nullable=False),
    col.text("said", nullable=False),
)
"""Sign-ins under way by the platform: what the way back is compared with, good once. Nothing of a person but his id is in it."""
Index(None, sign_in_flows.c.good_until)

drafts = Table(
    "drafts",
    metadata,
    col.text("person_id", key=True),
    col.text("place", key=True),
    col.moment("saved_at", nullable=False),
    col.text("key_id", nullable=False),
    col.sealed("sealed"),
)
"""草稿: what somebody has typed into a form and not sent yet, sealed. ``place``: the form's address."""
Index(None, drafts.c.saved_at)

draft_files = Table(
    "draft_files",
    metadata,
    col.text("person_id", key=True),
    col.text("place", key=True),
    col.text("file_id", key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    col.moment("saved_at", nullable=False),
    col.text("key_id", nullable=False),
    col.sealed("sealed"),
)
"""What is attached to a draft: part 0 says what it is, the others are its bytes; sealed, and gone with the draft."""
Index(None, draft_files.c.saved_at)

query_codes = Table(
    "query_codes",
    metadata,
    Column("code_hash", LargeBinary, primary_key=True),
    col.text("dispute_id", nullable=False),
    col.moment("made_at", nullable=False),
)
"""查询码: printed on a registration's receipt; only the hash is kept."""

callback_links = Table(
    "callback_links",
    metadata,
    Column("link_hash", LargeBinary, primary_key=True),
    col.text("dispute_id", nullable=False),
    col.text("task_id", nullable=False),
    col.text("person_id", nullable=False),
    col.text("post_id", nullable=False),
    col.moment("made_at", nullable=False),
    col.moment("good_until", nullable=False),
    col.moment("used_at"),
    col.text("key_id", nullable=False),
    col.sealed("sealed"),
)
"""回访链接: good once, for one callback task; only the hash is kept. ``sealed``: whom it was sent to, of a group."""
Index(None, callback_links.c.dispute_id, callback_links.c.task_id)

imports = Table(
    "imports",
    metadata,
    col.text("import_id", key=True),
    col.text("unit", nullable=False),
    col.text("person_id", nullable=False),
    col.moment("made_at", nullable=False),
    col.moment("exported_at", nullable=False),
    Column("number", Integer, nullable=False),
    col.text("state", nullable=False),
    col.moment("filed_at"),
    col.text("stopped"),
    col.text("key_id", nullable=False),
    col.sealed("name"),
    col.sealed("sealed"),
)
"""导入: a hotline's export, sealed with its name. ``filed_at``: when a row of it was registered last."""
Index(None, imports.c.unit, imports.c.made_at)

import_rows = Table(
    "import_rows",
    metadata,
    col.text("import_id", key=True),
    Column("n", Integer, primary_key=True),
    col.text("outcome", nullable=False),
    col.sealed("sealed"),
    Column("change", LargeBinary),
    col.text("filing"),
    col.text("case_no"),
    col.text("problem"),
)
"""Its rows: what each says and was decided, sealed, and what was done with it."""

lookup_tries = Table(
    "lookup_tries",
    metadata,
    col.text("what", key=True),
    col.moment("since", nullable=False),
    Column("tries", Integer, nullable=False),
)
"""How often an address tried wrong codes, or one code was looked up, since a moment."""
Index(None, lookup_tries.c.since)

request_buckets = Table(
    "request_buckets",
    metadata,
    col.text("what", key=True),
    Column("available", Double, nullable=False),
    Column("drawn", Integer, nullable=False),
    col.moment("at", nullable=False),
    prefixes=["UNLOGGED"],
)
"""How many requests are left of a person's, a system's or an address's minute. ``drawn``: what was had last. Lost in a crash."""
Index(None, request_buckets.c.at)

book_columns = Table("book_columns", metadata, col.text("person_id", key=True), col.words("names"))
"""Which columns of the book an officer has chosen for himself."""

book_views = Table(
    "book_views",
    metadata,
    col.text("view_id", key=True),
    col.text("person_id", nullable=False),
    col.text("name", nullable=False),
    col.text("asked", nullable=False),
    col.words("columns"),
    col.moment("made_at", nullable=False),
)
"""台账视图: filters (``asked``, JSON of words and days) and columns under a name. No name and no number of a party."""
Index(None, book_views.c.person_id, book_views.c.name, unique=True)

ACCESS_TABLES = (
    persons, posts, sessions, attempts, slips, audit, task_looks, drafts, draft_files, query_codes, callback_links, imports,
    import_rows, lookup_tries, signal_keys, client_tokens, identities, sign_in_flows, request_buckets,
    book_columns, book_views,
)  # fmt: skip
