"""Fixtures on the real servers: one PostgreSQL and one Temporal for the whole run, a database for each test."""

import gc
import os
import shutil
import sys
import tempfile
import uuid
from collections.abc import AsyncGenerator, Generator
from pathlib import Path

import pytest
from hypothesis import settings
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import WorkflowRunner

import worker
from api import actions
from hosting.connect import NAMESPACE, connect_client
from hosting.embedded.paths import hold
from hosting.embedded.postgres import Postgres, postgres
from hosting.embedded.processes import Report
from hosting.embedded.temporal import DevServer, dev_server
from hosting.embedded.temporal_program import find_temporal
from ledger.store import Ledger
from starter.office import patience
from tests.support.keys import KEYS
from tests.support.left_running import Started
from tests.support.timeskip import start_time_skipping
from workflows.display import SEARCH_ATTRIBUTES
from workflows.plugin import FengqiaoPlugin

settings.register_profile("fengqiao", deadline=None)  # no test is timed against the wall clock
settings.load_profile("fengqiao")

SESSION = pytest.StashKey[pytest.Session]()
TABLES = "tables"
MEMORY = Path("/dev/shm")
ROOM = 6 * 2**30
"""Bytes that must be free there."""


@pytest.fixture(scope="session")
def report(request: pytest.FixtureRequest) -> Report:
    """Tells the person watching what takes long: a first run may download or build a server."""
    terminal = request.config.pluginmanager.get_plugin("terminalreporter")
    return terminal.write_line if terminal else print


@pytest.fixture(scope="session")
def servers_home() -> Generator[Path]:
    """The data folder of the run's servers, removed at the end."""
    with tempfile.TemporaryDirectory(prefix="fengqiao-test-") as folder, hold(Path(folder)):
        yield Path(folder)


@pytest.fixture(scope="session")
async def temporal_program(report: Report) -> Path:
    """Temporal's program."""
    return await find_temporal(report)


@pytest.fixture(scope="session")
async def postgres_server(servers_home: Path, report: Report) -> AsyncGenerator[Postgres]:
    """Real PostgreSQL."""
    async with postgres(servers_home, report) as server:
        yield server


@pytest.fixture(scope="session")
async def tables(postgres_server: Postgres) -> str:
    """A database with the tables and nothing in them, to copy: making them takes five times as long as a copy."""
    ledger = Ledger.connect(await postgres_server.ensure(TABLES), KEYS)
    ledger.migrate()
    ledger.close()
    return TABLES


@pytest.fixture
async def postgres_url(postgres_server: Postgres, tables: str) -> AsyncGenerator[str]:
    """A database of the test's own, its tables empty."""
    name = f"test_{uuid.uuid4().hex}"
    yield await postgres_server.ensure(name, template=tables)
    await postgres_server.drop(name)


@pytest.fixture
async def bare_postgres_url(postgres_server: Postgres) -> AsyncGenerator[str]:
    """A database of the test's own with nothing in it."""
    name = f"test_{uuid.uuid4().hex}"
    yield await postgres_server.ensure(name)
    await postgres_server.drop(name)


@pytest.fixture(scope="session")
async def temporal_server(
    temporal_program: Path, servers_home: Path, report: Report
) -> AsyncGenerator[DevServer]:
    """The real Temporal server with its UI, its namespace and search attributes ready."""
    async with dev_server(
        temporal_program,
        servers_home,
        report,
        namespace=NAMESPACE,
        search_attributes=SEARCH_ATTRIBUTES,
        port=0,
        ui_port=0,
    ) as server:
        yield server


@pytest.fixture(scope="session")
def temporal_address(temporal_server: DevServer) -> str:
    """Host and port of the Temporal server."""
    return temporal_server.address


@pytest.fixture(scope="session")
async def connected(temporal_address: str) -> Client:
    """The run's connection, with the project's configuration."""
    return await connect_client(KEYS, temporal_address)


@pytest.fixture
async def temporal_client(connected: Client) -> AsyncGenerator[Client]:
    """A client of the test's own; what it started is ended with it."""
    config, started = connected.config(), Started()
    config["interceptors"] = [*config["interceptors"], started]
    client = Client(**config)
    yield client
    await started.end(client)


@pytest.fixture
def runner() -> WorkflowRunner:
    """How workflows are run: as in production. Where whole lives are driven, the sandbox watches (decision 9)."""
    return worker.PLAIN


@pytest.fixture
async def time_skipping_env(report: Report) -> AsyncGenerator[WorkflowEnvironment]:
    """The official time-skipping server, its clock at now, with the project's configuration."""
    async with await start_time_skipping(
        report, search_attributes=SEARCH_ATTRIBUTES, plugins=[FengqiaoPlugin(KEYS)]
    ) as environment:
        yield environment


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--cache-off``: every workflow task starts from the whole history, as after a worker's restart."""
    parser.addoption("--cache-off", action="store_true", help="run every worker with the workflow cache off")


def pytest_configure(config: pytest.Config) -> None:
    """Before any test starts a worker or a server.

    The servers are the real ones with all their syncing; where there is room their files lie in memory, for most of a
    run's time would be the disk's. Requests are held as long as a busy machine may take.
    """
    actions.ANSWERS_WITHIN = 120.0
    if "TMPDIR" not in os.environ and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)
    if config.getoption("--cache-off"):
        worker.CACHED_WORKFLOWS = 0
        # Without a cache the SDK now and then loses a local activity's answer ("untracked local activity"); the server
        # gives the task out again after ten seconds, several times in a row on a slow machine.
        patience.PATIENCE = 180.0


def pytest_collection_finish(session: pytest.Session) -> None:
    """What is there now stays to the end: to look through it for garbage again and again took a sixth of a run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)


def pytest_sessionstart(session: pytest.Session) -> None:
    """Remember the session, which knows the exit status at the end."""
    session.config.stash[SESSION] = session


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave at once when all is said: the SDK may abort at interpreter exit on Python 3.11 (sdk-python#300)."""
    session = config.stash.get(SESSION, None)
    if session is None or hasattr(config, "workerinput"):
        return
    config.get_terminal_writer().flush()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(int(session.exitstatus))
