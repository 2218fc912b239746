"""The Temporal namespace: made, kept for long enough, and able to be searched by what officers ask for."""

import asyncio
import time
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from google.protobuf.duration_pb2 import Duration
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.namespace.v1 import NamespaceConfig
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import (
    DescribeNamespaceRequest,
    RegisterNamespaceRequest,
    UpdateNamespaceRequest,
)
from temporalio.client import Client
from temporalio.common import SearchAttributeKey
from temporalio.service import RPCError, RPCStatusCode

from domain.policy_units import MECHANISM
from hosting.embedded.errors import CannotStart

RETENTION = timedelta(days=90)
"""How long a closed dispute's history can be read in Temporal; the ledger keeps its events for good."""
VISIBLE_LIMIT = 60.0
"""Seconds until what was registered must be known to every part of the server."""
POLL = 0.1

Keys = Iterable[SearchAttributeKey[Any]]


async def prepare_namespace(client: Client, keys: Keys) -> None:
    """Bring the client's namespace to what is wanted; what is already so stays untouched.

    Raises CannotStart when a search attribute exists with another type, RPCError when the server refuses.
    """
    try:
        wanted = DescribeNamespaceRequest(namespace=client.namespace)
        known = await client.workflow_service.describe_namespace(wanted)
    except RPCError as error:
        if error.status != RPCStatusCode.NOT_FOUND:
            raise
        await _register(client)
    else:
        if known.config.workflow_execution_retention_ttl.ToTimedelta() != RETENTION:
            config = NamespaceConfig(workflow_execution_retention_ttl=_duration(RETENTION))
            await client.workflow_service.update_namespace(
                UpdateNamespaceRequest(namespace=client.namespace, config=config)
            )
    await add_search_attributes(client, keys)


async def add_search_attributes(client: Client, keys: Keys) -> None:
    """Add the search attributes that are missing and wait until they are known.

    Raises CannotStart when one exists with another type.
    """
    wanted = {key.name: IndexedValueType.ValueType(key.indexed_value_type) for key in keys}
    known = await _known(client)
    for name in wanted.keys() & known.keys():
        if wanted[name] != known[name]:
            raise CannotStart(
                f"Temporal 命名空间 {client.namespace} 中检索属性 {name} 的类型是"
                f" {IndexedValueType.Name(known[name])}，须为 {IndexedValueType.Name(wanted[name])}。"
                "请由管理员删除该属性后重试。"
            )
    missing = {name: kind for name, kind in wanted.items() if name not in known}
    if not missing:
        return
    await client.operator_service.add_search_attributes(
        AddSearchAttributesRequest(namespace=client.namespace, search_attributes=missing)
    )
    deadline = time.monotonic() + VISIBLE_LIMIT
    while missing.keys() - (await _known(client)).keys():
        if time.monotonic() > deadline:
            raise CannotStart(f"检索属性 {'、'.join(missing)} 已登记，但在 {VISIBLE_LIMIT:.0f} 秒内仍未生效")
        await asyncio.sleep(POLL)


async def _register(client: Client) -> None:
    await client.workflow_service.register_namespace(
        RegisterNamespaceRequest(
            namespace=client.namespace,
            description=f"枫桥：{MECHANISM}",
            workflow_execution_retention_period=_duration(RETENTION),
        )
    )


async def _known(client: Client) -> dict[str, IndexedValueType.ValueType]:
    """The namespace's own search attributes; a namespace just made becomes known only after a moment."""
    deadline = time.monotonic() + VISIBLE_LIMIT
    while True:
        try:
            answer = await client.operator_service.list_search_attributes(
                ListSearchAttributesRequest(namespace=client.namespace)
            )
            return dict(answer.custom_attributes)
        except RPCError as error:
            if error.status != RPCStatusCode.NOT_FOUND or time.monotonic() > deadline:
                raise
        await asyncio.sleep(POLL)


def _duration(length: timedelta) -> Duration:
    duration = Duration()
    duration.FromTimedelta(length)
    return duration
