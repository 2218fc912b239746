"""Connecting to PostgreSQL: the engine, its time limits, and the one way a transaction is run."""

import time
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.rows import namedtuple_row
from sqlalchemy import ClauseElement, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.exc import ArgumentError, DBAPIError, DisconnectionError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

POOL_SIZE = 16
"""Connections: more than a worker has threads that ask the ledger, for commits, notices and other systems together."""
COMMIT_BOUND_S = 2.0
"""What a workflow allows a local commit (``workflows.timing.COMMIT_LOCALLY``, by a test). Whoever still waited here after
it would hold a thread for an answer that nobody hears: a ledger that is busy for longer is away.
"""
POOL_WAIT_S = COMMIT_BOUND_S / 4
LOCK_TIMEOUT_MS = int(COMMIT_BOUND_S * 1000 * 5 / 8)
"""With the wait for a connection still below the bound."""
CONNECT_TIMEOUT_S = int(COMMIT_BOUND_S)
"""At the bound, for psycopg takes no less than two seconds. A connection is made once and kept."""
STATEMENT_TIMEOUT_MS = 20_000
IDLE_IN_TRANSACTION_MS = 60_000
"""A process that hangs inside a transaction must not keep a matter locked."""
PEER_SILENT_MS = 10_000
IDLE_S = 1.0
"""A connection used within this time is taken to be alive."""
RESTS_SINCE = "rests_since"


class LedgerUnavailable(Exception):
    """PostgreSQL cannot be reached or is too busy; nothing was stored, or the answer was lost. Try again."""


class LedgerBroken(Exception):
    """The ledger contradicts itself or the software. Never carries what a row contains."""


class Unstorable(LedgerBroken):
    """What was asked holds a character that no text of PostgreSQL's can: NUL, or half of one."""


def open_engine(url: str) -> Engine:
    """An engine for ``postgresql://…``. Raises ValueError, in Chinese, when the address cannot be read."""
    try:
        address = make_url(url)
    except ArgumentError:
        raise ValueError("数据库地址写法有误，应形如 postgresql://用户:口令@主机:5432/库名") from None
    if address.get_backend_name() not in ("postgresql", "postgres"):
        raise ValueError(f"台账只能使用 PostgreSQL，不能使用 {address.get_backend_name()}")
    settings = {
        "lock_timeout": LOCK_TIMEOUT_MS,
        "statement_timeout": STATEMENT_TIMEOUT_MS,
        "idle_in_transaction_session_timeout": IDLE_IN_TRANSACTION_MS,
        "timezone": "Asia/Shanghai",
    }
    engine = create_engine(
        address.set(drivername="postgresql+psycopg"),
        pool_size=POOL_SIZE,
        max_overflow=0,
        pool_timeout=POOL_WAIT_S,
        hide_parameters=True,
        connect_args={
            "connect_timeout": CONNECT_TIMEOUT_S,
            "tcp_user_timeout": PEER_SILENT_MS,
            "application_name": "fengqiao",
            "options": " ".join(f"-c {name}={value}" for name, value in settings.items()),
        },
    )
    _ask_the_idle(engine)
    return engine


def _ask_the_idle(engine: Engine) -> None:
    """Ask a connection that lay idle whether it still is one; a busy worker's need no round trip for that."""

    @event.listens_for(engine, "checkin")
    def _rests(connection: Any, record: ConnectionPoolEntry) -> None:  # pyright: ignore[reportUnusedFunction]
        record.info[RESTS_SINCE] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def _wakes(  # pyright: ignore[reportUnusedFunction]
        connection: Any, record: ConnectionPoolEntry, proxy: PoolProxiedConnection
    ) -> None:
        if time.monotonic() - record.info.get(RESTS_SINCE, time.monotonic()) < IDLE_S:
            return
        try:
            engine.dialect.do_ping(connection)
        except psycopg.Error as error:
            raise DisconnectionError from error


@contextmanager
def writing(engine: Engine) -> Generator[Connection]:
    """One transaction; committed at the end, rolled back by any exception.

    Raises LedgerUnavailable when PostgreSQL is away or too busy, LedgerBroken when it refuses a row. Neither message
    repeats the row: PostgreSQL quotes it, and it holds people's data.
    """
    with _translated(), engine.begin() as connection:
        yield connection


@contextmanager
def reading(engine: Engine, *, snapshot: bool = False) -> Generator[Connection]:
    """A read-only transaction. ``snapshot``: every statement sees the same moment, however long it takes."""
    with _translated(), engine.connect() as connection:
        connection.execution_options(postgresql_readonly=True)
        if snapshot:
            connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield connection


def without_time_limit(connection: Connection) -> None:
    """Let this transaction's statements take as long as they need."""
    connection.execute(text("SET LOCAL statement_timeout = 0"))
    connection.execute(text("SET LOCAL lock_timeout = 0"))
    connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))


@contextmanager
def directly(connection: Connection) -> Generator[psycopg.Connection[Any]]:
    """The driver's own connection, in the same transaction: for what is said too often to have SQLAlchemy build it."""
    driver: psycopg.Connection[Any] = connection.connection.driver_connection  # pyright: ignore[reportAssignmentType]
    try:
        yield driver
    except BaseException:
        if driver.pgconn.transaction_status == TransactionStatus.ACTIVE:
            connection.invalidate()  # left in the middle, by a time limit or a stop: nothing more can be said on it
        raise


def prepared(statement: ClauseElement) -> str:
    """A statement as the driver takes it, built once: what is asked with every request is built too often otherwise."""
    return str(statement.compile(dialect=PGDialect_psycopg()))


def ask(connection: Connection, statement: str, **given: Any) -> list[Any]:
    """The rows of a prepared statement, by column names."""
    with directly(connection) as driver, driver.cursor(row_factory=namedtuple_row) as cursor:
        return cursor.execute(statement.encode(), given).fetchall()


@contextmanager
def _translated() -> Generator[None]:
    try:
        yield
    except (OperationalError, InterfaceError, PoolTimeout, psycopg.OperationalError, psycopg.InterfaceError):
        raise LedgerUnavailable("台账数据库暂时连接不上或过于繁忙，请稍后重试") from None
    except DBAPIError as error:
        raise _refused(error.orig) from None
    except psycopg.Error as error:
        raise _refused(error) from None


def _refused(cause: BaseException | None) -> LedgerBroken:
    if (
        isinstance(cause, psycopg.DataError) and cause.sqlstate is None
    ):  # refused by the driver, before it is sent
        return Unstorable("内容中有不能使用的字符，请删去后重试")
    if isinstance(cause, psycopg.errors.InsufficientPrivilege):
        return LedgerBroken(
            "台账数据库不允许本账号这样做：办理用的账号只能查看和追加，这一操作须用台账所有者的账号（见 docs/operations.md）"
        )
    return LedgerBroken(f"台账数据库拒绝了这次操作（{_where(cause)}），请联系管理员")


def _where(cause: BaseException | None) -> str:
    """What went wrong, by the names of table and constraint alone."""
    diag = getattr(cause, "diag", None)
    named = [getattr(diag, part, None) for part in ("table_name", "constraint_name", "message_primary")]
    code = getattr(cause, "sqlstate", None)
    return " ".join(str(part) for part in (type(cause).__name__, code, *named) if part)
