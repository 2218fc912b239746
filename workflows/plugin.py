"""One configuration for client, worker and replayer alike."""

from dataclasses import replace

from temporalio.contrib.pydantic import PydanticPayloadConverter
from temporalio.converter import (
    CompositePayloadConverter,
    DataConverter,
    DefaultFailureConverterWithEncodedAttributes,
)
from temporalio.plugin import SimplePlugin
from temporalio.worker import WorkflowRunner
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from activities.correlation import CorrelatedLogs
from privacy.keys import Keys, Purpose
from workflows.codec import SealingCodec
from workflows.origin import Origin

PURE = (
    "domain",
    "activities",
    "ledger",
    "privacy",
    "cryptography",
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


_ENCODINGS = tuple(PydanticPayloadConverter().converters.values())


class PydanticPayloads(CompositePayloadConverter):
    """Pydantic's converters, built once: the SDK makes a payload converter anew for every activation."""

    def __init__(self) -> None:
        super().__init__(*_ENCODINGS)


def sealed_converter(keys: Keys) -> DataConverter:
    """Pydantic payloads, sealed by the office; messages and stack traces of failures too. Raises KeyProblem."""
    return DataConverter(
        payload_converter_class=PydanticPayloads,
        payload_codec=SealingCodec(keys.ring(Purpose.PAYLOAD), Origin.OFFICE),
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
    )


class FengqiaoPlugin(SimplePlugin):
    """Sealed Pydantic payloads, the workflow sandbox, correlated logs. Raises KeyProblem."""

    def __init__(self, keys: Keys) -> None:
        super().__init__(  # pyright: ignore[reportUnknownMemberType]
            "fengqiao",
            data_converter=sealed_converter(keys),
            workflow_runner=_runner,
            interceptors=[CorrelatedLogs()],
        )
