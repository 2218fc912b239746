"""The official time-skipping test server: cached, downloaded by the SDK, or resolved by Maven."""

import os
import shutil
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from pathlib import Path

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.client import Plugin
from temporalio.testing import WorkflowEnvironment

from hosting.embedded.download import NotHere, download
from hosting.embedded.namespace import Keys
from hosting.embedded.paths import cache_folder, private_folder
from hosting.embedded.processes import Failed, Report, run_tool

VERSION = "1.38.0"
MAIN = "io.temporal.testserver.TestServer"
POM = f"""<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>fengqiao</groupId>
  <artifactId>time-skipping</artifactId>
  <version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>io.temporal</groupId>
      <artifactId>temporal-test-server</artifactId>
      <version>{VERSION}</version>
    </dependency>
    <dependency>
      <groupId>org.slf4j</groupId>
      <artifactId>slf4j-nop</artifactId>
      <version>1.7.36</version>
    </dependency>
  </dependencies>
</project>
"""
COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
RESOLVE_LIMIT = 900.0
START_LIMIT = timedelta(seconds=60)
"""The SDK's own five seconds are short for a Java machine on a busy computer."""


class NoTimeSkipping(Exception):
    """The server cannot be had; the message says what was tried and what to install."""


async def start_time_skipping(
    report: Report, *, search_attributes: Keys, plugins: Sequence[Plugin] = ()
) -> WorkflowEnvironment:
    """An environment whose clock jumps over idle time, the search attributes known. Raises NoTimeSkipping."""
    program = await find_server(report)
    environment = await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=str(program), test_server_startup_timeout=START_LIMIT, plugins=plugins
    )
    # This server cannot list what it has, so the embedded server's way of adding what is missing does not fit.
    wanted = {key.name: IndexedValueType.ValueType(key.indexed_value_type) for key in search_attributes}
    await environment.client.operator_service.add_search_attributes(
        AddSearchAttributesRequest(namespace=environment.client.namespace, search_attributes=wanted)
    )
    return environment


async def find_server(report: Report) -> Path:
    """The server's program: from the cache, the SDK's download, or Maven. Raises NoTimeSkipping."""
    folder = cache_folder() / f"time-skipping-{VERSION}"
    for program in (folder / "downloaded", folder / "server"):
        if program.exists():
            return program
    steps: tuple[Callable[[Path, Report], Awaitable[Path]], ...] = (_downloaded, _by_maven)
    tried: list[str] = []
    for step in steps:
        try:
            return await step(folder, report)
        except NotHere as reason:
            tried.append(f"{step.__doc__}: {reason}")
    raise NoTimeSkipping(
        "The time-skipping test server is needed for the long deadlines and was not found. Tried:\n  "
        + "\n  ".join(tried)
        + "\nInstall Java and Maven, or run once on a network from which the SDK can download it."
    )


async def _downloaded(folder: Path, report: Report) -> Path:
    """the SDK's download"""

    def start(into: str) -> Awaitable[WorkflowEnvironment]:
        return WorkflowEnvironment.start_time_skipping(download_dest_dir=into)

    return await download(start, folder / "downloaded", report)


async def _by_maven(folder: Path, report: Report) -> Path:
    """Maven"""
    java, maven = _java(), shutil.which("mvn")
    if not java or not maven:
        raise NotHere(f"{'java' if not java else 'mvn'} is not installed")
    report("Resolving the time-skipping test server by Maven…")
    with tempfile.TemporaryDirectory(prefix="maven-", dir=private_folder(folder)) as work:
        pom = Path(work, "pom.xml")
        pom.write_text(POM, encoding="utf-8")
        jars = Path(work, "jars")
        try:
            await run_tool(
                [maven, "-q", "-B", "-f", pom, COPY, f"-DoutputDirectory={jars}", "-DincludeScope=runtime"],
                limit=RESOLVE_LIMIT,
            )
        except Failed as error:
            raise NotHere(str(error)) from error
        shutil.rmtree(folder / "jars", ignore_errors=True)
        jars.rename(folder / "jars")
        script = Path(work, "server")
        script.write_text(
            f'#!/bin/sh\nexec "{java}" -XX:TieredStopAtLevel=1 -cp "{folder}/jars/*" {MAIN} "$@"\n',
            encoding="utf-8",
        )
        script.chmod(0o755)
        return script.replace(folder / "server")


def _java() -> str | None:
    home = os.environ.get("JAVA_HOME")
    if home and (named := Path(home, "bin", "java")).exists():
        return str(named)
    return shutil.which("java")
