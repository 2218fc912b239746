"""One configuration for client, worker and replayer alike."""

from dataclasses import replace

from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.plugin import SimplePlugin
from temporalio.worker import WorkflowRunner
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

PURE = (
    "domain",
    "activities",
    "ledger",
    "pydantic",
    "pydantic_core",
    "annotated_types",
    "structlog",
    "sqlalchemy",
    "psycopg",
)
"""Modules the sandbox need not load anew for every workflow: pure ones, and those a workflow only names."""


def _runner(runner: WorkflowRunner | None) -> WorkflowRunner:
    if isinstance(runner, SandboxedWorkflowRunner):
        return replace(runner, restrictions=runner.restrictions.with_passthrough_modules(*PURE))
    return runner or SandboxedWorkflowRunner()


class FengqiaoPlugin(SimplePlugin):
    """Pydantic payloads and the workflow sandbox."""

    def __init__(self) -> None:
        super().__init__(  # pyright: ignore[reportUnknownMemberType]
            "fengqiao", data_converter=pydantic_data_converter, workflow_runner=_runner
        )
