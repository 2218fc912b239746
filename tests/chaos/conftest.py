"""The office of the integration tests, officers who remember, and servers of a test's own."""

import os
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from hosting.embedded.paths import hold
from hosting.embedded.processes import Report
from tests.integration.conftest import Desk, desk, intake, policy, still
from tests.support.heard import Counted, Heard
from tests.support.parts import Parts

__all__ = ["desk", "intake", "policy", "still"]


@pytest.fixture
def heard(desk: Desk) -> Heard:
    return Heard(desk.office, desk.ledger)


@pytest.fixture
def tell(report: Report, request: pytest.FixtureRequest) -> Callable[[Counted], None]:
    """Say what was counted: the table in docs/reliability.md is made of these lines."""
    return lambda counted: report(f"\n{request.node.name}: {counted}")


@pytest.fixture
def own_home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="fengqiao-chaos-") as folder, hold(Path(folder)):
        os.chmod(folder, 0o711)
        yield Path(folder)


@pytest.fixture
async def parts(own_home: Path, temporal_program: Path, report: Report) -> AsyncIterator[Parts]:
    """Servers that the test starts, stops and kills."""
    parts = Parts(own_home, temporal_program, report)
    yield parts
    await parts.down()
