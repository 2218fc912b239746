"""Logging, configured once: JSON for machines, lines for people; never a person's data."""

import logging
import sys
import traceback
from pathlib import Path
from typing import Any, TextIO, cast

import structlog
from structlog.types import EventDict
from temporalio import activity, workflow

_TEMPORAL = ("temporal_workflow", "temporal_activity")
_SAID = ("workflow_id", "run_id", "workflow_type", "activity_type", "attempt", "update_name")


def configure(*, json: bool = True, level: int = logging.INFO, to: TextIO = sys.stderr) -> None:
    """Route structlog and the standard library's loggers to ``to`` in one format."""
    shared: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
        _name_error,
    ]
    plain = structlog.dev.ConsoleRenderer(colors=to.isatty())
    renderer = structlog.processors.JSONRenderer(ensure_ascii=False) if json else plain
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(to)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[
                structlog.stdlib.ExtraAdder(allow=(*_TEMPORAL, "dispute_id")),
                _correlate,
                *shared,
            ],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for talkative in ("alembic", "httpx", "httpcore", "urllib3"):
        logging.getLogger(talkative).setLevel(logging.WARNING)
    workflow.logger.workflow_info_on_message = False
    activity.logger.activity_info_on_message = False


def _correlate(logger: object, method: str, event: EventDict) -> EventDict:
    """The SDK's own lines by the names that ours use."""
    for name in _TEMPORAL:
        told: dict[str, object] = event.pop(name, None) or {}
        event.update({key: told[key] for key in _SAID if key in told})
    return event


def _name_error(logger: object, method: str, event: EventDict) -> EventDict:
    """An error by its kind and place alone: its message may quote what somebody wrote."""
    given = event.pop("exc_info", None)
    error = given if isinstance(given, BaseException) else _of(given)
    if error is not None:
        event["error"] = " < ".join(_kinds(error))
        event["at"] = [
            f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in traceback.extract_tb(error.__traceback__)
        ]
    return event


def _of(given: Any) -> BaseException | None:
    if isinstance(given, tuple):
        return cast("tuple[Any, ...]", given)[1]
    return sys.exc_info()[1] if given else None


def _kinds(error: BaseException | None) -> list[str]:
    kinds: list[str] = []
    while error is not None and len(kinds) < 8:
        kinds.append(type(error).__name__)
        error = error.__cause__ or error.__context__
    return kinds
