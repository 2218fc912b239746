"""The tables of accounts: persons, their posts, how they sign in, and the audit. Nothing of a party is in them."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Double,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    func,
)
from sqlalchemy.dialects.postgresql import ARRAY

from ledger.tables import metadata

persons = Table(
    "persons",
    metadata,
    Column("person_id", Text, primary_key=True),
    Column("login", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("password", Text),
    Column("earlier_passwords", ARRAY(Text), nullable=False, server_default="{}"),
    Column("password_since", DateTime(timezone=True)),
    Column("must_change", Boolean, nullable=False, server_default="false"),
    Column("seed_key", Text),
    Column("seed", LargeBinary),
    Column("last_step", BigInteger, nullable=False, server_default="0"),
)
"""人员: one human, one account. ``login`` is never used again. ``seed``: the second factor's, sealed; ``last_step``: the last
code's, so that none is taken twice."""

posts = Table(
    "posts",
    metadata,
    Column("post_id", Text, primary_key=True),
    Column("person_id", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("starts", Date, nullable=False),
    Column("ends", Date),
    Column("deputy_for", Text),
    Column("basis", Text, nullable=False),
    Column("proposed_by", Text),
    Column("granted_by", Text),
    Column("ended_at", DateTime(timezone=True)),
)
"""岗位: person, unit, role, period, and on what ground it was given."""
Index(None, posts.c.person_id)
Index(None, posts.c.unit)

sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("person_id", Text, nullable=False),
    Column("post_id", Text),
    Column("factors", Integer, nullable=False),
    Column("began_at", DateTime(timezone=True), nullable=False),
    Column("seen_at", DateTime(timezone=True), nullable=False),
    Column("address", Text, nullable=False),
    Column("agent", Text, nullable=False),
)
"""登录: whoever holds the token that hashes to this. Only the hash is kept."""
Index(None, sessions.c.person_id)

attempts = Table(
    "attempts",
    metadata,
    Column("address", Text, primary_key=True),
    Column("login", Text, primary_key=True),
    Column("failed", Integer, nullable=False),
    Column("last_at", DateTime(timezone=True), nullable=False),
)
"""Failures to sign in, by address and by the login that was typed."""
Index(None, attempts.c.login)

slips = Table(
    "slips",
    metadata,
    Column("slip_hash", LargeBinary, primary_key=True),
    Column("person_id", Text),
    Column("good_until", DateTime(timezone=True), nullable=False),
    Column("used_at", DateTime(timezone=True)),
)
"""开通凭条: good once. Without a person it founds the office: the first administrator makes himself by it."""

audit = Table(
    "audit",
    metadata,
    Column("n", BigInteger, primary_key=True, autoincrement=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("person_id", Text),
    Column("post_id", Text),
    Column("address", Text, nullable=False),
    Column("verb", Text, nullable=False),
    Column("object", Text, nullable=False),
    Column("result", Text, nullable=False),
    Column("prev_hash", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Column("seal", LargeBinary, nullable=False),
)
"""审计: a chain of its own, without a gap. No password, code, token or identity of a party is in it.

``seal``: the hash, sealed under the audit's own data key."""
Index(None, audit.c.person_id, audit.c.n)

task_looks = Table(
    "task_looks",
    metadata,
    Column("dispute_id", Text, primary_key=True),
    Column("task_id", Text, primary_key=True),
    Column("person_id", Text, primary_key=True),
    Column("first_at", DateTime(timezone=True), nullable=False),
)
"""Who of a task's unit opened it, and when for the first time. A look at an identity is an event of the matter instead."""

signal_keys = Table(
    "signal_keys",
    metadata,
    Column("kid", Text, primary_key=True),
    Column("unit", Text, nullable=False),
    Column("client", Text, nullable=False),
    Column("public", Text, nullable=False),
    Column("starts", DateTime(timezone=True), nullable=False),
    Column("ends", DateTime(timezone=True), nullable=False),
    Column("registered_by", Text, nullable=False),
    Column("registered_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("retired_at", DateTime(timezone=True)),
    Column("compromised_at", DateTime(timezone=True)),
)
"""签名公钥: by which a unit's own system (``client``) signs what it sends. A key stays on record when it is retired."""

client_tokens = Table(
    "client_tokens",
    metadata,
    Column("token_id", Text, primary_key=True),
    Column("token_hash", LargeBinary, nullable=False),
    Column("unit", Text, nullable=False),
    Column("client", Text, nullable=False),
    Column("scopes", ARRAY(Text), nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("good_until", DateTime(timezone=True), nullable=False),
    Column("used_at", DateTime(timezone=True)),
    Column("revoked_at", DateTime(timezone=True)),
)
"""接口令牌: by which a unit's own system (``client``) comes to the API. Only the hash is kept."""
Index(None, client_tokens.c.unit, client_tokens.c.client)

identities = Table(
    "identities",
    metadata,
    Column("subject_hash", LargeBinary, primary_key=True),
    Column("person_id", Text, nullable=False, unique=True),
    Column("linked_by", Text, nullable=False),
    Column("linked_at", DateTime(timezone=True), nullable=False),
)
"""统一身份: whose account of ours an account at the province's platform opens. Only a hash of issuer and subject is kept."""

sign_in_flows = Table(
    "sign_in_flows",
    metadata,
    Column("flow_hash", LargeBinary, primary_key=True),
    Column("good_until", DateTime(timezone=True), nullable=False),
    Column("said", Text, nullable=False),
)
"""Sign-ins under way by the platform: what the way back is compared with, good once. Nothing of a person but his id is in it."""
Index(None, sign_in_flows.c.good_until)

drafts = Table(
    "drafts",
    metadata,
    Column("person_id", Text, primary_key=True),
    Column("place", Text, primary_key=True),
    Column("saved_at", DateTime(timezone=True), nullable=False),
    Column("key_id", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)
"""草稿: what somebody has typed into a form and not sent yet, sealed. ``place``: the form's address."""
Index(None, drafts.c.saved_at)

draft_files = Table(
    "draft_files",
    metadata,
    Column("person_id", Text, primary_key=True),
    Column("place", Text, primary_key=True),
    Column("file_id", Text, primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("saved_at", DateTime(timezone=True), nullable=False),
    Column("key_id", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)
"""What is attached to a draft: part 0 says what it is, the others are its bytes; sealed, and gone with the draft."""
Index(None, draft_files.c.saved_at)

query_codes = Table(
    "query_codes",
    metadata,
    Column("code_hash", LargeBinary, primary_key=True),
    Column("dispute_id", Text, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
)
"""查询码: printed on a registration's receipt; only the hash is kept."""

callback_links = Table(
    "callback_links",
    metadata,
    Column("link_hash", LargeBinary, primary_key=True),
    Column("dispute_id", Text, nullable=False),
    Column("task_id", Text, nullable=False),
    Column("person_id", Text, nullable=False),
    Column("post_id", Text, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("good_until", DateTime(timezone=True), nullable=False),
    Column("used_at", DateTime(timezone=True)),
    Column("key_id", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)
"""回访链接: good once, for one callback task; only the hash is kept. ``sealed``: whom it was sent to, of a group."""
Index(None, callback_links.c.dispute_id, callback_links.c.task_id)

imports = Table(
    "imports",
    metadata,
    Column("import_id", Text, primary_key=True),
    Column("unit", Text, nullable=False),
    Column("person_id", Text, nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("exported_at", DateTime(timezone=True), nullable=False),
    Column("number", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("filed_at", DateTime(timezone=True)),
    Column("stopped", Text),
    Column("key_id", Text, nullable=False),
    Column("name", LargeBinary, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)
"""导入: a hotline's export, sealed with its name. ``filed_at``: when a row of it was registered last."""
Index(None, imports.c.unit, imports.c.made_at)

import_rows = Table(
    "import_rows",
    metadata,
    Column("import_id", Text, primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("outcome", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("change", LargeBinary),
    Column("filing", Text),
    Column("case_no", Text),
    Column("problem", Text),
)
"""Its rows: what each says and was decided, sealed, and what was done with it."""

lookup_tries = Table(
    "lookup_tries",
    metadata,
    Column("what", Text, primary_key=True),
    Column("since", DateTime(timezone=True), nullable=False),
    Column("tries", Integer, nullable=False),
)
"""How often an address tried wrong codes, or one code was looked up, since a moment."""
Index(None, lookup_tries.c.since)

request_buckets = Table(
    "request_buckets",
    metadata,
    Column("what", Text, primary_key=True),
    Column("available", Double, nullable=False),
    Column("drawn", Integer, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    prefixes=["UNLOGGED"],
)
"""How many requests are left of a person's, a system's or an address's minute. ``drawn``: what was had last. Lost in a crash."""
Index(None, request_buckets.c.at)

ACCESS_TABLES = (
    persons, posts, sessions, attempts, slips, audit, task_looks, drafts, draft_files, query_codes, callback_links, imports,
    import_rows, lookup_tries, signal_keys, client_tokens, identities, sign_in_flows, request_buckets,
)  # fmt: skip
