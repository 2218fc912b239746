"""The office's web application: beside the other parts on one machine, or as ``python -m hosting.desk`` in production.

It works under the same role of the database as a worker and never under the owner's.
"""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, nullcontext
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import structlog
from temporalio.client import Client

from api.site import Histories, Site
from console.site import create_app
from domain.channels import NO_CHANNELS, Channels
from domain.outbound import USUAL, Outbound
from domain.policy import Policy
from hosting import logs
from hosting.channels import channels
from hosting.connect import NAMESPACE
from hosting.embedded.errors import CannotStart
from hosting.embedded.processes import Report
from hosting.embedded.temporal import LOOPBACK, free_port
from hosting.health import ADDRESS as HEALTH_ADDRESS
from hosting.health import Health, serving_health
from hosting.limits import limits_named
from hosting.platform import platform_named
from hosting.serving import ask, policy_named, reach
from hosting.ways_out import ways_out
from hosting.web import Certificate, serving
from importing.rules import Rules, RulesError, rules_for
from ledger.store import Ledger
from policies import PolicyError
from privacy.keys import KeyProblem
from starter.materials.scanner import scanner_at
from starter.office import Office
from starter.office.pdf import converter

PORT = 8080
NAME = "办案平台"
ADDRESS = "FENGQIAO_DESK_ADDRESS"
CERTIFICATE = "FENGQIAO_DESK_CERTIFICATE"
CERTIFICATE_KEY = "FENGQIAO_DESK_CERTIFICATE_KEY"
USUAL_ADDRESS = "0.0.0.0:8443"
SCANNER = "FENGQIAO_CLAMD"
"""Where a clamd listens, ``host:port`` or ``unix:/path``; without it files are kept as 未扫描."""
TEMPORAL_PAGES = "FENGQIAO_TEMPORAL_PAGES"
"""The door to Temporal's pages as an administrator's browser reaches it, ``https://…``; without it there are no links to it."""
GRACE = 5
"""Seconds for requests under way when told to stop; open streams are cut, and their pages ask again."""
PROBE = timedelta(seconds=4)

log = structlog.get_logger(__name__)


def site_for(
    office: Office,
    ledger: Ledger,
    policy: Policy,
    *,
    secure: bool,
    tickets: Rules | None = None,
    outbound: Outbound = USUAL,
    channels: Channels = NO_CHANNELS,
    temporal_pages: str | None = None,
    demo: bool = False,
) -> Site:
    """The site, with the scanner, the platform and the limits that the environment names, and the machine's way to PDF.

    ``temporal_pages``: where a browser reaches Temporal's pages. Raises CannotStart.
    """
    try:
        scanner = scanner_at(os.environ.get(SCANNER))
    except ValueError as error:
        raise CannotStart(f"{SCANNER}：{error}") from None
    histories = Histories(temporal_pages.rstrip("/"), NAMESPACE) if temporal_pages else None
    return Site(
        office, ledger, policy, secure, tickets, outbound, channels, scanner, platform_named(), limits_named(), histories, demo,
        converter(),
    )  # fmt: skip


@asynccontextmanager
async def desk(site: Site, report: Report, *, port: int = PORT) -> AsyncGenerator[str]:
    """The application on loopback; its address.

    ``port`` is a wish: where occupied, another is taken and reported; 0 takes any. Raises CannotStart.
    """
    with socket.create_server((LOOPBACK, free_port(port, report))) as listener:
        async with serving(create_app(site), listener):
            yield f"http://{LOOPBACK}:{listener.getsockname()[1]}"


async def serve() -> None:
    """Serve the cluster and the database named by the environment, behind TLS, until told to stop.

    Raises CannotStart, KeyProblem, PolicyError, RulesError.
    """
    logs.configure()
    stop = asyncio.Event()
    for signum in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(signum, stop.set)
    certificate, host, port = _certificate(), *_address(os.environ.get(ADDRESS, USUAL_ADDRESS))
    client, ledger, policy = await reach()
    tickets = rules_for(policy_named())
    out = ways_out(tickets)
    office = Office(client, ledger)
    site = site_for(
        office, ledger, policy, secure=True, tickets=tickets, outbound=out, channels=channels(),
        temporal_pages=temporal_pages_named(),
    )  # fmt: skip
    app = create_app(site)
    asked = os.environ.get(HEALTH_ADDRESS)
    with (
        socket.create_server((host, port)) as listener,
        serving_health(asked, _health(client, ledger, stop)) if asked else nullcontext(),
    ):
        async with serving(app, listener, certificate=certificate, grace=GRACE, proxied=True):
            log.info("desk_started", policy=policy.version, port=port)
            await stop.wait()
            log.info("desk_stopping")


def _certificate() -> Certificate:
    chain, key = os.environ.get(CERTIFICATE), os.environ.get(CERTIFICATE_KEY)
    if not chain or not key:
        raise CannotStart(f"没有证书：请用 {CERTIFICATE} 与 {CERTIFICATE_KEY} 指明证书链与私钥（PEM 文件）")
    return Certificate(Path(chain), Path(key))


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal():
        raise CannotStart(f"{ADDRESS} 应写成 主机:端口，例如 {USUAL_ADDRESS}")
    return host, int(port)


def temporal_pages_named() -> str | None:
    """Where the environment says a browser reaches Temporal's pages. Raises CannotStart for what is no address."""
    said = os.environ.get(TEMPORAL_PAGES)
    parts = urlsplit(said or "")
    if said and (parts.scheme not in ("https", "http") or not parts.netloc or parts.query or parts.fragment):
        raise CannotStart(f"{TEMPORAL_PAGES} 应写成管理员入口的地址，例如 https://temporal.example.cn")
    return said or None


def _health(client: Client, ledger: Ledger, stop: asyncio.Event) -> Health:
    async def staying() -> bool:
        return not stop.is_set()

    async def temporal() -> bool:
        return await client.service_client.check_health(timeout=PROBE)

    async def answering() -> bool:
        await asyncio.to_thread(ask, ledger)
        return True

    return Health(lambda: True, {"staying": staying, "temporal": temporal, "ledger": answering})


def main() -> None:
    """Serve, then leave with the exit code: 2 when the settings do not allow it."""
    code = 0
    try:
        asyncio.run(serve())
    except (CannotStart, KeyProblem, PolicyError, RulesError) as problem:
        print(f"{NAME}不能启动：{problem}", file=sys.stderr)
        code = 2
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # the SDK may abort at interpreter exit (sdk-python#300)


if __name__ == "__main__":
    main()
