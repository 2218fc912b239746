"""A page of a foreign origin, open in a browser of this machine, reaches nothing of the embedded Temporal."""

import base64
import json
import uuid
from collections.abc import Callable

import httpx
import psutil
from temporalio.client import Client

from domain.intake import Intake
from hosting.embedded.temporal import LOOPBACK, DevServer
from tests.integration.conftest import Desk, desk, intake, policy

__all__ = ["desk", "intake", "policy"]

FOREIGN = {"Origin": "http://foreign.example", "Content-Type": "text/plain"}
"""What a browser sends without asking first."""


def listening(server: DevServer) -> list[int]:
    """Every port of the server's process but the one it is spoken to on."""
    connections = psutil.Process(server.child.pid).net_connections("tcp")
    known = int(server.address.rpartition(":")[2])
    return sorted({c.laddr.port for c in connections if c.status == psutil.CONN_LISTEN} - {known})


def forged(dispute_id: str) -> str:
    payload = {
        "metadata": {"encoding": base64.b64encode(b"json/plain").decode()},
        "data": base64.b64encode(b"{}").decode(),
    }
    signal = {"signal": "supervise", "identity": "foreign", "input": {"payloads": [payload]}}
    query = f"WorkflowId = 'dispute/{dispute_id}'"
    return json.dumps({"reason": "x", "visibilityQuery": query, "signalOperation": signal})


async def answers(port: int, namespace: str, body: str) -> list[int]:
    """What comes back on this port, for a signal to many and for a look at what there is. Empty: it is no HTTP."""
    root = f"http://{LOOPBACK}:{port}/api/v1/namespaces"
    async with httpx.AsyncClient(headers=FOREIGN, timeout=60) as browser:
        try:
            sent = await browser.post(f"{root}/{namespace}/batch-operations/{uuid.uuid4()}", content=body)
            seen = await browser.get(root)
        except httpx.HTTPError:
            return []
    return [sent.status_code, seen.status_code]


async def test_no_port_takes_a_foreign_page_s_signal(
    desk: Desk, intake: Callable[..., Intake], temporal_server: DevServer, temporal_client: Client
) -> None:
    receipt = await desk.office.register(intake())
    body = forged(receipt.dispute_id)
    told = {p: await answers(p, temporal_client.namespace, body) for p in listening(temporal_server)}
    assert [403, 403] in told.values(), "the HTTP interface was found, and is closed"
    assert not [port for port, codes in told.items() if any(code < 400 for code in codes[:1])]
    history = await temporal_client.get_workflow_handle(f"dispute/{receipt.dispute_id}").fetch_history()
    assert not [e for e in history.events if e.HasField("workflow_execution_signaled_event_attributes")]
