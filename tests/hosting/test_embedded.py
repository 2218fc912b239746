"""The embedded servers are the real ones, found, started and stopped as promised."""

import asyncio
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Generator
from datetime import timedelta
from pathlib import Path

import psutil
import pytest
from sqlalchemy import create_engine, text
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client
from temporalio.common import SearchAttributeKey
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from hosting.embedded import deaths
from hosting.embedded.errors import CannotStart
from hosting.embedded.namespace import add_search_attributes, prepare_namespace
from hosting.embedded.paths import data_folder, hold
from hosting.embedded.postgres import Postgres, postgres
from hosting.embedded.processes import Child, end_orphan
from hosting.embedded.servers import start
from hosting.embedded.supervisor import Supervisor
from hosting.embedded.temporal import dev_server
from hosting.embedded.temporal_program import VERSION, find_temporal
from tests.support.sleeper import NEXT_DUE, Sleeper
from tests.support.timeskip import NoTimeSkipping, find_server
from workflows.display import SEARCH_ATTRIBUTES

UNREACHABLE = "http://127.0.0.1:9"


@pytest.fixture
def home() -> Generator[Path]:
    """A data folder that PostgreSQL's own user can reach, whoever runs the tests."""
    with tempfile.TemporaryDirectory(prefix="fengqiao-home-") as folder:
        yield Path(folder)


@pytest.fixture
def said() -> list[str]:
    """What was reported."""
    return []


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without the Temporal program and without a network: an empty cache, an empty PATH."""
    programs = tmp_path / "bin"
    programs.mkdir()
    monkeypatch.setenv("FENGQIAO_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.delenv("TEMPORAL_CLI", raising=False)
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, UNREACHABLE)
    return programs


def script(path: Path, *lines: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(("#!/bin/sh", *lines)) + "\n", encoding="utf-8")
    path.chmod(0o755)
    return path


CLI = "echo 'temporal version 9.9.9'"


class TestFindingTemporal:
    async def test_a_named_program_comes_first_then_path_then_the_cache(
        self, nowhere: Path, tmp_path: Path, said: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        cached = script(tmp_path / "cache" / "bin" / "temporal", CLI)
        assert await find_temporal(said.append) == cached
        assert "缓存" in said[-1]

        on_path = script(nowhere / "temporal", CLI)
        assert await find_temporal(said.append) == on_path
        assert "PATH" in said[-1]

        named = script(tmp_path / "mine", CLI)
        monkeypatch.setenv("TEMPORAL_CLI", str(named))
        assert await find_temporal(said.append) == named
        assert "TEMPORAL_CLI" in said[-1]

    @pytest.mark.parametrize("body", [None, "echo 'some other program 1.0'", "exit 3"])
    async def test_a_wrong_named_program_is_an_error_even_when_another_would_do(
        self,
        body: str | None,
        nowhere: Path,
        tmp_path: Path,
        said: list[str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        script(nowhere / "temporal", CLI)
        named = tmp_path / "mine"
        if body:
            script(named, body)
        monkeypatch.setenv("TEMPORAL_CLI", str(named))
        with pytest.raises(CannotStart, match=r"TEMPORAL_CLI 指向的 .*mine 不能用"):
            await find_temporal(said.append)

    async def test_a_broken_program_on_path_is_passed_over(
        self, nowhere: Path, tmp_path: Path, said: list[str]
    ) -> None:
        script(nowhere / "temporal", "exit 1")
        cached = script(tmp_path / "cache" / "bin" / "temporal", CLI)
        assert await find_temporal(said.append) == cached

    async def test_go_builds_the_pinned_version_into_the_cache(
        self, nowhere: Path, tmp_path: Path, said: list[str]
    ) -> None:
        build = f'printf "#!/bin/sh\\n{CLI}\\n" > "$GOBIN/temporal"'
        script(nowhere / "go", f'echo "$@" > "{tmp_path}/asked"', build, '/bin/chmod 755 "$GOBIN/temporal"')
        cached = tmp_path / "cache" / "bin" / "temporal"
        assert await find_temporal(said.append) == cached
        assert (tmp_path / "asked").read_text().split() == [
            "install", "-v", f"github.com/temporalio/cli/cmd/temporal@{VERSION}",
        ]  # fmt: skip
        assert list(cached.parent.iterdir()) == [cached]

        (nowhere / "go").unlink()
        assert await find_temporal(said.append) == cached

    async def test_when_nothing_helps_the_message_lists_what_was_tried(
        self, nowhere: Path, said: list[str]
    ) -> None:
        script(nowhere / "go", "echo 'go: module not found' >&2", "exit 1")
        with pytest.raises(CannotStart) as failure:
            await find_temporal(said.append)
        message = str(failure.value)
        for step in (
            "TEMPORAL_CLI：未设置",
            "PATH 中的 temporal：没有",
            "缓存",
            "SDK 下载",
            "module not found",
        ):
            assert step in message
        assert any("正在通过 Temporal SDK 下载" in line for line in said)
        assert any("正在用 Go 构建" in line for line in said)


class TestDataFolder:
    def test_it_can_be_named(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("FENGQIAO_HOME", str(tmp_path / "here"))
        assert data_folder() == tmp_path / "here"

    def test_two_processes_never_share_one(self, tmp_path: Path) -> None:
        taken = f"import sys; from hosting.embedded.paths import hold; from pathlib import Path\n" \
                f"with hold(Path({str(tmp_path)!r})): print('held', flush=True); sys.stdin.read()"  # fmt: skip
        with subprocess.Popen(
            [sys.executable, "-c", taken], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as other:
            assert other.stdout
            assert other.stdout.readline() == "held\n"
            with pytest.raises(CannotStart, match=rf"进程号 {other.pid}.*FENGQIAO_HOME"), hold(tmp_path):
                pass
            other.communicate()
        with hold(tmp_path):
            assert (tmp_path / "lock").read_text() == str(os.getpid())

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another user for PostgreSQL")
    async def test_root_opens_nothing_above_its_data(self, home: Path, said: list[str]) -> None:
        private = home / "private"
        private.mkdir(mode=0o700)
        inside = private / "data"
        with hold(inside), pytest.raises(CannotStart, match=r"进不了 .*private.*FENGQIAO_HOME"):
            async with postgres(inside, said.append):
                pass
        assert stat.S_IMODE(private.stat().st_mode) == 0o700


class TestPostgres:
    def test_it_is_durable_and_closed_to_the_network(
        self, postgres_server: Postgres, postgres_url: str
    ) -> None:
        query = text("SELECT name, setting FROM pg_settings WHERE name = ANY(:names)")
        wanted = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "listen_addresses": ""}
        with create_engine(postgres_url).connect() as link:
            found = {row.name: row.setting for row in link.execute(query, {"names": list(wanted)})}
        assert found == wanted
        assert stat.S_IMODE(postgres_server.socket.stat().st_mode) == 0o700

    async def test_a_database_can_be_copied(self, postgres_server: Postgres) -> None:
        original = create_engine(await postgres_server.ensure("original"))
        with original.begin() as link:
            link.execute(text("CREATE TABLE mark AS SELECT 7 AS value"))
        original.dispose()
        copy = await postgres_server.ensure("copied", template="original")
        with create_engine(copy).connect() as link:
            assert link.execute(text("SELECT value FROM mark")).scalar_one() == 7
        await postgres_server.drop("copied")
        await postgres_server.drop("original")

    async def test_a_path_too_long_for_a_socket_is_no_obstacle(self, home: Path, said: list[str]) -> None:
        home.chmod(0o711)
        deep = home / ("很深的目录" * 8)
        deep.mkdir(mode=0o711)
        with hold(deep / "data"):
            async with postgres(deep / "data", said.append) as server:
                assert server.socket != deep / "data" / "postgres"
                url = await server.ensure("fengqiao")
                with create_engine(url).connect() as link:
                    assert link.execute(text("SELECT 1")).scalar_one() == 1
            assert not server.socket.exists()


class TestTemporal:
    async def test_the_namespace_keeps_histories_for_ninety_days(self, temporal_client: Client) -> None:
        wanted = DescribeNamespaceRequest(namespace=temporal_client.namespace)
        known = await temporal_client.workflow_service.describe_namespace(wanted)
        assert temporal_client.namespace == "fengqiao"
        assert known.config.workflow_execution_retention_ttl.ToTimedelta() == timedelta(days=90)

    async def test_preparing_again_changes_nothing_and_a_shorter_retention_is_mended(
        self, temporal_client: Client
    ) -> None:
        await prepare_namespace(temporal_client, SEARCH_ATTRIBUTES)
        await prepare_namespace(temporal_client, SEARCH_ATTRIBUTES)
        # The server's own namespace, made with a day's retention.
        default = Client(temporal_client.service_client, namespace="default")
        wanted = DescribeNamespaceRequest(namespace="default")
        before = await default.workflow_service.describe_namespace(wanted)
        assert before.config.workflow_execution_retention_ttl.ToTimedelta() != timedelta(days=90)
        await prepare_namespace(default, [])
        after = await default.workflow_service.describe_namespace(wanted)
        assert after.config.workflow_execution_retention_ttl.ToTimedelta() == timedelta(days=90)

    async def test_a_search_attribute_of_another_type_is_named(self, temporal_client: Client) -> None:
        with pytest.raises(CannotStart, match=r"检索属性 Stage 的类型是 INDEXED_VALUE_TYPE_KEYWORD"):
            await add_search_attributes(temporal_client, [SearchAttributeKey.for_int("Stage")])

    async def test_occupied_ports_are_avoided_and_reported(
        self, home: Path, temporal_program: Path, said: list[str]
    ) -> None:
        with (
            socket.create_server(("127.0.0.1", 0)) as first,
            socket.create_server(("127.0.0.1", 0)) as second,
        ):
            taken, taken_ui = first.getsockname()[1], second.getsockname()[1]
            with hold(home):
                async with dev_server(
                    temporal_program, home, said.append,
                    namespace="trial", search_attributes=[], port=taken, ui_port=taken_ui,
                ) as server:  # fmt: skip
                    port = int(server.address.rpartition(":")[2])
                    assert port not in (taken, taken_ui)
                    assert f"端口 {taken} 已被占用，改用 {port}" in said
                    assert server.ui_url
                    with urllib.request.urlopen(server.ui_url) as page:
                        assert page.status == 200
                        assert b"<html" in page.read().lower()

    async def test_a_program_that_cannot_serve_is_explained_by_its_log(
        self, home: Path, tmp_path: Path, said: list[str]
    ) -> None:
        broken = script(tmp_path / "broken", "echo 'Error: disk is full' >&2", "exit 4")
        with hold(home), pytest.raises(CannotStart, match=r"(?s)退出码 4.*disk is full"):
            async with dev_server(
                broken, home, said.append, namespace="trial", search_attributes=[], port=0, ui_port=0
            ):
                pass


class TestTogether:
    async def test_started_again_they_have_their_data_unless_told_otherwise(
        self, home: Path, said: list[str]
    ) -> None:
        async with Supervisor() as run:
            first = await start(run, home, said.append, namespace="trial", search_attributes=[NEXT_DUE])
            with create_engine(first.owner_url).begin() as link:
                link.execute(text("CREATE TABLE kept AS SELECT 1 AS value"))
            client = await Client.connect(first.temporal_address, namespace="trial")
            await client.start_workflow(Sleeper.run, 1, id="kept", task_queue="nobody")
        assert not run.interrupted

        async with Supervisor() as run:
            again = await start(run, home, said.append, namespace="trial", search_attributes=[NEXT_DUE])
            with create_engine(again.owner_url).connect() as link:
                assert link.execute(text("SELECT value FROM kept")).scalar_one() == 1
            client = await Client.connect(again.temporal_address, namespace="trial")
            described = await client.get_workflow_handle("kept").describe()
            assert described.workflow_type == "Sleeper"

        async with Supervisor() as run:
            empty = await start(
                run, home, said.append, namespace="trial", search_attributes=[], headless=True, fresh=True
            )
            assert empty.ui_url is None
            with create_engine(empty.owner_url).connect() as link:
                assert link.execute(text("SELECT to_regclass('kept')")).scalar_one() is None

    async def test_a_server_that_is_killed_comes_back_where_it_was(self, home: Path, said: list[str]) -> None:
        async with Supervisor() as run, asyncio.timeout(60):
            there = await start(
                run, home, said.append, namespace="trial", search_attributes=[NEXT_DUE], headless=True
            )
            client = await Client.connect(there.temporal_address, namespace="trial")
            await client.start_workflow(Sleeper.run, 1, id="kept", task_queue="nobody")
            before = _pids(home)
            for name, pid in before.items():
                os.kill(pid, signal.SIGKILL)
                await _until(lambda name=name: any(line.startswith(f"{name} 已重启") for line in said))
                assert f"{name} 意外停止（被信号 SIGKILL 终止），1 秒后自动重启…" in said
            assert before.keys() == _pids(home).keys() == {"Temporal", "PostgreSQL"}
            assert not before.items() & _pids(home).items()
            described = await client.get_workflow_handle("kept").describe()
            assert described.workflow_type == "Sleeper"
            with create_engine(there.owner_url).connect() as link:
                assert link.execute(text("SELECT 1")).scalar_one() == 1
        assert not list((home / "run").iterdir())

    async def test_a_server_that_dies_again_and_again_is_given_up_loudly(
        self, home: Path, said: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(deaths, "FIRST_PAUSE", 0.01)
        broken = script(home / "broken", "echo 'disk is full'", "exit 4")

        async def run_and_lose() -> None:
            async with Supervisor() as run, asyncio.timeout(30):
                child = Child.start("Temporal", [broken], home, cwd=home)
                run.keep(child, lambda: asyncio.sleep(0), said.append)
                await asyncio.Event().wait()

        with pytest.raises(CannotStart, match=r"(?s)连续停止 6 次，不再重启.*退出码 4.*disk is full"):
            await run_and_lose()

    async def test_one_that_runs_without_serving_is_stopped_and_started_anew(
        self, home: Path, said: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(deaths, "FIRST_PAUSE", 0.01)
        serves = iter([False, True])

        async def ready() -> None:
            if not next(serves):
                raise TimeoutError("no answer")

        async with Supervisor() as run, asyncio.timeout(30):
            child = Child.start("Temporal", ["/bin/sleep", "600"], home, cwd=home)
            first = child.pid
            run.keep(child, ready, said.append)
            os.kill(first, signal.SIGKILL)
            await _until(lambda: said and said[-1].startswith("Temporal 已重启，恢复服务"))
            assert "Temporal 已重启，但没有恢复服务：no answer" in said
            assert child.is_running
        await child.stop()

    async def test_the_death_of_a_server_that_is_only_watched_ends_everything(self, home: Path) -> None:
        async def run_and_lose() -> None:
            async with Supervisor() as run, asyncio.timeout(30):
                child = Child.start("PostgreSQL", ["/bin/sleep", "600"], home, cwd=home)
                run.watch(child)
                os.kill(child.pid, signal.SIGKILL)
                await asyncio.Event().wait()

        with pytest.raises(CannotStart, match=r"PostgreSQL 意外停止（被信号 SIGKILL 终止）.*log"):
            await run_and_lose()

    async def test_an_impatient_interrupt_stops_all_and_nothing_else(
        self, home: Path, said: list[str]
    ) -> None:
        with subprocess.Popen(["/bin/sleep", "600"]) as bystander:
            async with Supervisor() as run, asyncio.timeout(30):
                await start(run, home, said.append, namespace="trial", search_attributes=[], headless=True)
                ours = list(_pids(home).values())
                asyncio.get_running_loop().call_later(0.3, os.kill, os.getpid(), signal.SIGINT)
                os.kill(os.getpid(), signal.SIGINT)
                await asyncio.Event().wait()
            assert run.interrupted
            assert not [pid for pid in ours if psutil.pid_exists(pid)]
            assert bystander.poll() is None
            bystander.terminate()

    async def test_what_a_killed_run_left_is_ended_first(self, home: Path, said: list[str]) -> None:
        with hold(home):
            left = Child.start("Temporal", ["/bin/sleep", "600"], home, cwd=home)
            await end_orphan("Temporal", home, said.append)
            assert not left.is_running
            assert said == [f"上次运行没有正常结束，正在停止遗留的 Temporal（进程号 {left.pid}）…"]

    async def test_a_stranger_with_a_recycled_process_id_is_left_alone(
        self, home: Path, said: list[str]
    ) -> None:
        with hold(home), subprocess.Popen(["/bin/sleep", "600"]) as stranger:
            note = {
                "pid": stranger.pid,
                "started": psutil.Process(stranger.pid).create_time() - 3600,
                "signal": 15,
            }
            (home / "run").mkdir()
            (home / "run" / "Temporal.json").write_text(json.dumps(note))
            await end_orphan("Temporal", home, said.append)
            assert stranger.poll() is None
            assert said == []
            stranger.terminate()


async def _until(held: Callable[[], object]) -> None:
    while not held():
        await asyncio.sleep(0.05)


def _pids(home: Path) -> dict[str, int]:
    return {note.stem: json.loads(note.read_text())["pid"] for note in (home / "run").iterdir()}


class TestTimeSkipping:
    async def test_sixty_days_pass_at_once(self, time_skipping_env: WorkflowEnvironment) -> None:
        client = time_skipping_env.client
        async with Worker(client, task_queue="sleepers", workflows=[Sleeper]):
            before = await time_skipping_env.get_current_time()
            woke = await client.execute_workflow(Sleeper.run, 60, id="sleeper", task_queue="sleepers")
        assert timedelta(days=60) <= woke - before < timedelta(days=61)

    async def test_without_a_way_to_get_it_the_message_says_what_to_install(
        self, nowhere: Path, said: list[str]
    ) -> None:
        with pytest.raises(
            NoTimeSkipping, match=r"(?s)the SDK's download.*is not installed.*Install Java and Maven"
        ):
            await find_server(said.append)


class TestEnding:
    def test_a_run_leaves_at_once_with_pytests_own_code_and_summary(self, tmp_path: Path) -> None:
        lines = [
            "import atexit",
            "atexit.register(print, 'too late')",
            "def test_a(): pass",
            "def test_b(): assert 0",
        ]
        (tmp_path / "test_it.py").write_text("\n".join(lines), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "tests.conftest", tmp_path / "test_it.py"],
            cwd=Path(__file__).parents[2], check=False, capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 1
        assert "1 failed, 1 passed" in done.stdout.splitlines()[-1]
        assert "too late" not in done.stdout
