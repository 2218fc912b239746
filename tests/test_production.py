"""The production shape: what docker-compose.yml promises, and its scripts and programs on the real servers."""

import asyncio
import json
import os
import re
import ssl
import subprocess
import sys
import tempfile
from datetime import timedelta
from graphlib import TopologicalSorter
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import create_engine, inspect, text
from temporalio.client import Client
from temporalio.envconfig import ClientConfig
from temporalio.service import TLSConfig
from temporalio.worker import Worker

from hosting import limits, platform
from hosting.embedded.paths import hold
from hosting.embedded.postgres import PACKAGE, PROGRAMS, Postgres, postgres
from hosting.embedded.processes import Report
from hosting.polling import is_polling
from hosting.prepare import prepare
from ledger.connection import POOL_SIZE
from ledger.rights import APP
from tests.support.keys import ENVIRONMENT
from tests.support.sleeper import Sleeper
from worker import GRACE, LAST_CALL

ROOT = Path(__file__).parents[1]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
ONE_OFF = {"temporal-schema", "prepare"}
ON_DEMAND = {"backup", "office"}
WRITES_ITS_OWN_CONFIGURATION = {"temporal", "temporal-ui"}
OF_THE_EMBEDDED = {"FENGQIAO_HOME", "FENGQIAO_CACHE"}
"""Settings of an installation on one machine without containers."""
LEFT_AS_THEY_ARE = {
    "FENGQIAO_CODEC_ADDRESS", "FENGQIAO_CODEC_ORIGINS", "FENGQIAO_CODEC_TOKEN",
    *platform.SETTINGS, *limits.VARIABLES.values(),
}  # fmt: skip
"""Settings whose default serves (no platform to sign in by, the usual limits), or whose place a file takes."""
TEMPORAL_SERVICES = 4
VISIBILITY_CONNECTIONS = 10
"""For each of them, by the server image's default."""
SPARE = 30
"""Connections for the command line, backups and an administrator."""


class TestCompose:
    def test_it_is_valid_by_the_compose_specification(self) -> None:
        validator = Path(sys.executable).with_name("check-jsonschema")
        schema = ["--builtin-schema", "vendor.compose-spec"]
        said = subprocess.run(
            [validator, *schema, ROOT / "docker-compose.yml"], capture_output=True, text=True, check=False
        )
        assert said.returncode == 0, said.stdout

    def test_every_image_is_pinned(self) -> None:
        tags = {name: service["image"].rpartition(":")[2] for name, service in SERVICES.items()}
        assert {n: t for n, t in tags.items() if not re.match(r"\d+\.\d+", t)} == {}
        bases = re.findall(r"^FROM (\S+)", (ROOT / "docker" / "Dockerfile").read_text(encoding="utf-8"), re.M)
        assert len(bases) == 2
        assert all(re.search(r":\d+\.\d+\.\d+-", base) for base in bases)

    def test_what_stays_up_is_watched_and_what_ends_is_waited_for(self) -> None:
        assert {n for n, s in SERVICES.items() if "healthcheck" not in s} == ONE_OFF | ON_DEMAND
        assert {n for n, s in SERVICES.items() if "profiles" in s} == ON_DEMAND
        for name, service in SERVICES.items():
            for needed, how in service.get("depends_on", {}).items():
                expected = "service_completed_successfully" if needed in ONE_OFF else "service_healthy"
                assert how == {"condition": expected}, f"{name} -> {needed}"

    def test_nothing_waits_for_what_waits_for_it(self) -> None:
        order = TopologicalSorter({n: s.get("depends_on", {}) for n, s in SERVICES.items()})
        assert set(order.static_order()) == set(SERVICES)

    def test_passwords_are_files_and_stand_nowhere_else(self) -> None:
        for name, secret in COMPOSE["secrets"].items():
            assert secret == {"file": f"docker/secrets/{name}"}
        for name, service in SERVICES.items():
            for key, value in service.get("environment", {}).items():
                named = re.search(r"PASS|PWD|SECRET|TOKEN|KEYS", key)
                assert not named or str(value).startswith("/run/secrets"), f"{name}: {key}"
                assert not re.search(r"://[^/@]*:[^/@]*@", str(value)), f"{name}: {key}"
        ignored = subprocess.run(["git", "check-ignore", "docker/secrets/x"], cwd=ROOT, check=False)
        assert ignored.returncode == 0
        assert "docker/secrets" in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()

    def test_every_service_is_given_the_secrets_it_names_and_no_others(self) -> None:
        for name, service in SERVICES.items():
            given = set(service.get("secrets", []))
            scripts = [f for v in service.get("volumes", []) if (f := ROOT / v.split(":")[0]).is_file()]
            said = json.dumps(service) + "".join(f.read_text(encoding="utf-8") for f in scripts)
            keys = {s for s in given if s.endswith(".keys")}
            assert bool(keys) == ("FENGQIAO_KEYS" in service.get("environment", {})), name
            named = keys | {s for s in COMPOSE["secrets"] if f"/{s}" in said}
            address = service.get("environment", {}).get("FENGQIAO_DATABASE_URL", "")
            role = address.removeprefix("postgresql://").partition("@")[0]
            entry = {f"{role}_password"} if "build" in service and "entrypoint" not in service else set()
            assert given == named | entry, name
        assert {s for s in SERVICES["codec"]["secrets"] if s.endswith(".keys")} == {"payload.keys"}
        assert [n for n, s in SERVICES.items() if "vault.keys" in s.get("secrets", [])] == [
            "prepare",
            "desk",
            "office",
        ]
        assert [n for n, s in SERVICES.items() if "ledger_password" in s.get("secrets", [])] == [
            "postgres",
            "prepare",
        ]
        used = {secret for service in SERVICES.values() for secret in service.get("secrets", [])}
        assert used == COMPOSE["secrets"].keys()

    def test_nobody_is_root_and_everything_has_its_limits(self) -> None:
        for name, service in SERVICES.items():
            assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", service["user"]), name
            assert service["cap_drop"] == ["ALL"], name
            assert service["security_opt"] == ["no-new-privileges:true"], name
            assert service["deploy"]["resources"]["limits"].keys() == {"cpus", "memory", "pids"}, name
            assert service.get("read_only") is True or name in WRITES_ITS_OWN_CONFIGURATION, name
        assert "USER fengqiao" in (ROOT / "docker" / "Dockerfile").read_text(encoding="utf-8")

    def test_two_workers_the_desk_and_a_door_for_this_host_alone(self) -> None:
        assert SERVICES["worker"]["deploy"]["replicas"] == 2
        published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
        # The UI would let anybody end a workflow.
        assert published == {"codec": ["127.0.0.1:8081:8081"], "desk": ["443:8443"]}
        assert COMPOSE["networks"]["back"] == {"internal": True}
        assert SERVICES["codec"]["networks"] == ["front"]

    def test_a_worker_is_given_longer_to_stop_than_it_takes(self) -> None:
        assert SERVICES["worker"]["stop_grace_period"] == "1m"
        assert timedelta(minutes=1) > LAST_CALL > GRACE

    def test_the_desk_speaks_tls_under_the_office_s_role(self) -> None:
        given = SERVICES["desk"]["environment"]
        assert given["FENGQIAO_DATABASE_URL"].startswith(f"postgresql://{APP}@")
        assert given["FENGQIAO_DESK_ADDRESS"].rpartition(":")[2] == "8443"
        assert {given["FENGQIAO_DESK_CERTIFICATE"], given["FENGQIAO_DESK_CERTIFICATE_KEY"]} == {
            "/run/secrets/desk.crt",
            "/run/secrets/desk.key",
        }

    def test_the_connections_suffice(self) -> None:
        most = int(re.search(r"max_connections=(\d+)", " ".join(SERVICES["postgres"]["command"]))[1])  # type: ignore[index]
        ours = (SERVICES["worker"]["deploy"]["replicas"] + 1) * POOL_SIZE  # and the desk
        temporal = TEMPORAL_SERVICES * (
            int(SERVICES["temporal"]["environment"]["SQL_MAX_CONNS"]) + VISIBILITY_CONNECTIONS
        )
        assert ours + temporal + SPARE <= most

    def test_every_setting_the_code_reads_is_set_or_known_to_be_another_s(self) -> None:
        folders = ("api", "cli", "hosting", "importing", "policies", "starter")
        product = [*(f for name in folders for f in (ROOT / name).rglob("*.py")), ROOT / "worker.py"]
        read = {
            name
            for file in product
            for name in re.findall(r"\"(FENGQIAO_[A-Z_]+)\"", file.read_text(encoding="utf-8"))
        }
        given = {name for service in SERVICES.values() for name in service.get("environment", {})}
        assert read - given - OF_THE_EMBEDDED - LEFT_AS_THEY_ARE == set()
        assert {"FENGQIAO_METRICS_ADDRESS", "FENGQIAO_HEALTH_ADDRESS"} <= read & given

    def test_every_file_it_mounts_and_copies_exists(self) -> None:
        mounts = [
            v.split(":")[0] for s in SERVICES.values() for v in s.get("volumes", []) if v.startswith(".")
        ]
        dockerfile = (ROOT / "docker" / "Dockerfile").read_text(encoding="utf-8")
        copied = [
            name
            for line in re.findall(r"^COPY (?!--from)(.*)$", dockerfile, re.M)
            for name in line.split()[:-1]
            if not name.startswith("--")
        ]
        assert len(mounts) == 5
        assert {"api", "cli", "hosting", "importing", "starter"} <= set(copied)
        assert [name for name in (*mounts, *copied) if not (ROOT / name).exists()] == []

    def test_whoever_speaks_to_temporal_shows_a_certificate(self) -> None:
        server = SERVICES["temporal"]["environment"]
        assert server["TEMPORAL_TLS_REQUIRE_CLIENT_AUTH"] == "true"
        for end in ("FRONTEND", "INTERNODE"):
            assert server[f"TEMPORAL_TLS_{end}_SERVER_NAME"] == "temporal"
        speaks = {n for n, s in SERVICES.items() if "TEMPORAL_ADDRESS" in s.get("environment", {})}
        shows = {n for n, s in SERVICES.items() if any(c.endswith(".crt") for c in s.get("secrets", []))}
        assert shows == speaks | {"temporal"}
        assert [n for n, s in SERVICES.items() if "temporal.key" in s.get("secrets", [])] == ["temporal"]
        assert not any("tls_ca.key" in json.dumps(service) for service in SERVICES.values())


@pytest.fixture
def certificates(tmp_path: Path) -> Path:
    """A folder of certificates, made as the head of the compose file says."""
    script = ROOT / "docker" / "certificates.sh"
    folder = tmp_path / "certificates"
    folder.mkdir()
    for _ in range(2):
        subprocess.run(["/bin/sh", script, folder], check=True, capture_output=True)
    return folder


def _inside(path: str, folder: Path) -> str:
    return str(folder / Path(path).name)


@pytest.mark.parametrize("client", ["temporal_office", "temporal_ui", "temporal", None])
def test_the_certificates_let_in_whoever_has_one(certificates: Path, client: str | None) -> None:
    """Over real TLS, by the files that the compose file gives each; the server itself was not run so."""
    given = SERVICES["temporal"]["environment"]
    ours = ssl.create_default_context(
        ssl.Purpose.CLIENT_AUTH, cafile=_inside(given["TEMPORAL_TLS_CLIENT1_CA_CERT"], certificates)
    )
    ours.load_cert_chain(
        _inside(given["TEMPORAL_TLS_FRONTEND_CERT"], certificates),
        _inside(given["TEMPORAL_TLS_FRONTEND_KEY"], certificates),
    )
    ours.verify_mode = ssl.CERT_REQUIRED
    theirs = ssl.create_default_context(cafile=str(certificates / "tls_ca.crt"))
    if client:
        theirs.load_cert_chain(certificates / f"{client}.crt", certificates / f"{client}.key")
    if client is None:
        with pytest.raises(ssl.SSLError, match=r"CERTIFICATE_REQUIRED|PEER_DID_NOT_RETURN_A_CERTIFICATE"):
            _shaken(ours, theirs)
        return
    assert _shaken(ours, theirs) == client


def _shaken(ours: ssl.SSLContext, theirs: ssl.SSLContext) -> str:
    """Whom the server has seen when the two have shaken hands."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    server = ours.wrap_bio(to_server, to_client, server_side=True)
    client = theirs.wrap_bio(to_client, to_server, server_hostname="temporal")
    ends = [client, server]
    while ends:
        for end in list(ends):
            try:
                end.do_handshake()
                ends.remove(end)
            except ssl.SSLWantReadError:
                pass
    shown = server.getpeercert()
    assert shown
    return str(dict(pair for part in shown["subject"] for pair in part)["commonName"])  # type: ignore[misc]


def test_a_worker_reads_its_certificate_from_the_settings_it_is_given(certificates: Path) -> None:
    given = {
        name: _inside(value, certificates) if value.startswith("/run/secrets/") else value
        for name, value in SERVICES["worker"]["environment"].items()
    }
    settings = ClientConfig.load_client_connect_config(disable_file=True, override_env_vars=given)
    tls = settings["tls"]  # type: ignore[typeddict-item]
    assert isinstance(tls, TLSConfig)
    assert tls.domain == "temporal"
    assert tls.client_cert == (certificates / "temporal_office.crt").read_bytes()
    assert tls.client_private_key == (certificates / "temporal_office.key").read_bytes()
    assert tls.server_root_ca_cert == (certificates / "tls_ca.crt").read_bytes()


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    folder = tmp_path / "secrets"
    folder.mkdir()
    for name in COMPOSE["secrets"]:
        (folder / name).write_text(f"it's {name}\n", encoding="utf-8")
    return folder


async def test_the_databases_are_made_each_with_an_owner_of_its_own(report: Report, secrets: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="fengqiao-test-") as folder, hold(Path(folder)):
        async with postgres(Path(folder), report) as server:
            _owners(server, secrets)


def _owners(postgres_server: Postgres, secrets: Path) -> None:
    programs = Path(str(distribution(PACKAGE).locate_file(PROGRAMS))) / "bin"
    env = {
        "PATH": f"{programs}:{os.defpath}",
        "PGHOST": str(postgres_server.socket),
        "POSTGRES_USER": "fengqiao",
        "SECRETS": str(secrets),
    }
    subprocess.run(["/bin/sh", ROOT / "docker" / "initdb.sh"], env=env, check=True)
    with create_engine(postgres_server.url("postgres")).connect() as link:
        owners = link.execute(
            text(
                "SELECT datname, rolname, rolsuper, rolpassword LIKE 'SCRAM-SHA-256$%' AS closed"
                " FROM pg_database JOIN pg_authid ON datdba = pg_authid.oid WHERE rolname <> 'fengqiao'"
            )
        )
        assert sorted(tuple(row) for row in owners) == [
            ("ledger", "ledger", False, True),
            ("temporal", "temporal", False, True),
            ("temporal_visibility", "temporal", False, True),
        ]
        others = (
            "SELECT rolsuper, rolpassword LIKE 'SCRAM-SHA-256$%' FROM pg_authid WHERE rolname = 'ledger_app'"
        )
        assert tuple(link.execute(text(others)).one()) == (False, True)


@pytest.mark.parametrize("role", ["ledger", "ledger_app"])
def test_a_command_gets_its_role_s_password_from_its_file(secrets: Path, role: str) -> None:
    script = ROOT / "docker" / "with-password.sh"
    run = subprocess.run(
        [script, "/bin/sh", "-c", 'printf %s "$PGPASSWORD"'],
        env={"SECRETS": str(secrets), "FENGQIAO_DATABASE_URL": f"postgresql://{role}@postgres:5432/ledger",
             "PATH": os.defpath}, check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert run.stdout == f"it's {role}_password"
    missing = subprocess.run(
        [script, "/bin/true"],
        env={
            "SECRETS": "/nonexistent",
            "FENGQIAO_DATABASE_URL": f"postgresql://{role}@here/ledger",
            "PATH": os.defpath,
        },
        check=False,
        capture_output=True,
    )
    assert missing.returncode != 0


async def test_preparing_brings_both_stores_up_to_date_and_can_be_repeated(
    temporal_address: str, bare_postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", temporal_address)
    for name, lines in ENVIRONMENT.items():
        monkeypatch.setenv(name, lines)
    await prepare(bare_postgres_url)
    tables = inspect(create_engine(bare_postgres_url)).get_table_names()
    await prepare(bare_postgres_url)
    assert "events" in tables
    assert set(inspect(create_engine(bare_postgres_url)).get_table_names()) == set(tables)


async def test_a_worker_is_seen_while_it_asks_for_work(temporal_client: Client) -> None:
    me = temporal_client.identity
    assert not await is_polling(temporal_client, "watched", me)
    async with Worker(temporal_client, task_queue="watched", workflows=[Sleeper]), asyncio.timeout(60):
        while not await is_polling(temporal_client, "watched", me):
            pass
        assert not await is_polling(temporal_client, "watched", "1@another-machine")
