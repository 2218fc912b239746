"""The Temporal server of a cluster, natively: built by ``go install``, on PostgreSQL, with several history shards."""

import asyncio
import os
import shutil
import tempfile
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from temporalio.client import Client

from hosting.embedded.errors import CannotStart
from hosting.embedded.paths import cache_folder, private_folder
from hosting.embedded.processes import POLL, Child, Failed, Report, end_orphan, run_tool
from scripts.addresses import free_addresses
from scripts.native_postgres import SUPERUSER, FullPostgres

VERSION = "v1.29.1"
"""The newest that ``go install`` builds."""
MODULES = {
    "temporal-server": f"go.temporal.io/server/cmd/server@{VERSION}",
    "temporal-sql-tool": f"go.temporal.io/server/cmd/tools/sql@{VERSION}",
}
BUILD_LIMIT = 3600.0
TOOL_LIMIT = 300.0
START_LIMIT = 120.0
SHARDS = 8
PLUGIN = "postgres12"
NAME = "Temporal-cluster"
SERVICES = ("frontend", "history", "matching", "worker")
ROOT = Path(__file__).parents[1]


class Cluster(NamedTuple):
    """A running server."""

    child: Child
    address: str
    version: str


async def find_programs(report: Report) -> Path:
    """The folder with the server and its SQL tool, built once into the cache. Raises CannotStart."""
    folder = private_folder(cache_folder() / f"temporal-server-{VERSION}")
    missing = {name: module for name, module in MODULES.items() if not (folder / name).exists()}
    if not missing:
        return folder
    go = shutil.which("go")
    if not go:
        raise CannotStart(f"构建 Temporal 服务器 {VERSION} 需要 Go")
    report(f"正在用 Go 构建 Temporal 服务器 {VERSION}（两核约需五至十分钟，仅此一次）…")
    with tempfile.TemporaryDirectory(prefix="build-", dir=folder) as part:
        for name, module in missing.items():
            try:
                await run_tool([go, "install", module], limit=BUILD_LIMIT, env={**os.environ, "GOBIN": part})
            except Failed as error:
                raise CannotStart(f"构建 {module} 失败：{error}") from error
            built = module.partition("@")[0].rpartition("/")[2]
            (Path(part) / built).replace(folder / name)
    return folder


async def set_up_databases(postgres: FullPostgres, programs: Path, secrets: Path) -> None:
    """Roles, databases and Temporal's tables, by the very scripts of the compose file."""
    env = {
        "PATH": os.pathsep.join([str(programs), str(postgres.programs), os.defpath]),
        "PGHOST": postgres.host,
        "PGPORT": str(postgres.port),
        "PGPASSWORD": postgres.password,
        "POSTGRES_USER": SUPERUSER,
        "SECRETS": str(secrets),
        "SQL_PLUGIN": PLUGIN,
        "SQL_HOST": postgres.host,
        "SQL_PORT": str(postgres.port),
        "SQL_USER": "temporal",
    }
    await run_tool(["/bin/sh", ROOT / "docker" / "initdb.sh"], limit=TOOL_LIMIT, env=env)
    for _ in ("made", "brought up to date"):
        await run_tool(["/bin/sh", ROOT / "docker" / "temporal-schema.sh"], limit=TOOL_LIMIT, env=env)


@asynccontextmanager
async def cluster(
    programs: Path, home: Path, postgres: FullPostgres, secrets: Path, report: Report
) -> AsyncGenerator[Cluster]:
    """The server with all its services, stopped at the end. ``home`` is held. Raises CannotStart."""
    await end_orphan(NAME, home, report)
    folder = private_folder(home / "temporal-cluster")
    ports = iter(int(address.partition(":")[2]) for address in free_addresses(2 * len(SERVICES)))
    rpc = {service: {"grpcPort": next(ports), "membershipPort": next(ports)} for service in SERVICES}
    password = (secrets / "temporal_password").read_text(encoding="utf-8")
    stores = {
        "default": {"sql": _store(postgres, "temporal", password, 20)},
        "visibility": {"sql": _store(postgres, "temporal_visibility", password, 10)},
    }
    (folder / "production.yaml").write_text(yaml.safe_dump(_config(stores, rpc)), encoding="utf-8")
    program = programs / "temporal-server"
    version = (await run_tool([program, "--version"], limit=TOOL_LIMIT)).split()[-1]
    argv = [program, "--root", folder, "--config", ".", "--env", "production", "--allow-no-auth", "start"]
    child = Child.start(NAME, argv, home, cwd=folder)
    try:
        address = f"127.0.0.1:{rpc['frontend']['grpcPort']}"
        await _ready(child, address)
        yield Cluster(child, address, version)
    finally:
        await child.stop()


def _config(stores: dict[str, Any], rpc: dict[str, dict[str, int]]) -> dict[str, Any]:
    frontend = f"127.0.0.1:{rpc['frontend']['grpcPort']}"
    return {
        "log": {"stdout": True, "level": "warn"},
        "persistence": {
            "numHistoryShards": SHARDS,
            "defaultStore": "default",
            "visibilityStore": "visibility",
            "datastores": stores,
        },
        "global": {"membership": {"maxJoinDuration": "30s", "broadcastAddress": "127.0.0.1"}},
        "services": {name: {"rpc": {**ports, "bindOnLocalHost": True}} for name, ports in rpc.items()},
        "clusterMetadata": {
            "enableGlobalNamespace": False,
            "failoverVersionIncrement": 10,
            "masterClusterName": "active",
            "currentClusterName": "active",
            "clusterInformation": {
                "active": {
                    "enabled": True,
                    "initialFailoverVersion": 1,
                    "rpcName": "frontend",
                    "rpcAddress": frontend,
                }
            },
        },
        "dcRedirectionPolicy": {"policy": "noop"},
        "publicClient": {"hostPort": frontend},
        "dynamicConfigClient": {
            "filepath": str(ROOT / "docker" / "temporal-dynamic-config.yaml"),
            "pollInterval": "60s",
        },
    }


def _store(postgres: FullPostgres, database: str, password: str, connections: int) -> dict[str, Any]:
    return {
        "pluginName": PLUGIN,
        "databaseName": database,
        "connectAddr": f"{postgres.host}:{postgres.port}",
        "connectProtocol": "tcp",
        "user": "temporal",
        "password": password,
        "maxConns": connections,
        "maxIdleConns": connections,
        "maxConnLifetime": "1h",
    }


async def _ready(child: Child, address: str) -> None:
    deadline = time.monotonic() + START_LIMIT
    while True:
        try:
            client = await Client.connect(address)
            if await client.service_client.check_health():
                return
        except RuntimeError as error:
            if not child.is_running:
                raise child.failure() from error
        if time.monotonic() > deadline:
            raise child.slow(START_LIMIT)
        await asyncio.sleep(POLL)
