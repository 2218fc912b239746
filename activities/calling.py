"""One POST to another system: only where it may go, without redirects, within a time, its answer's body unread."""

import asyncio
import socket
import ssl
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from http import HTTPStatus
from ipaddress import ip_address
from urllib.parse import urlsplit, urlunsplit

import httpx
from standardwebhooks import Webhook

from domain.outbound import IP, BadAddress, Reach, Target, target_of

TOTAL_S = 20.0
"""Seconds for one attempt: looking the name up, connecting, sending, and the answer's status."""
CONNECT = httpx.Timeout(TOTAL_S, connect=5.0)


class Undelivered(Exception):
    """An attempt that failed; the message, in Chinese, repeats nothing of address, body or answer."""


def signed(secrets: Iterable[str], message: str, text: str) -> dict[str, str]:
    """The headers by which a receiver knows that a message is the office's (Standard Webhooks)."""
    now = datetime.now(UTC)
    return {
        "webhook-id": message,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(Webhook(secret).sign(message, now, text) for secret in secrets),
    }


async def post(address: str, content: bytes, headers: dict[str, str], reach: Reach) -> HTTPStatus | int:
    """The status that the receiver answered with. Raises Undelivered."""
    try:
        async with asyncio.timeout(TOTAL_S):
            target = target_of(address, reach)
            ip = await _looked_up(target, reach)
            return await _sent(address, target, ip, content, headers)
    except BadAddress as error:
        raise Undelivered(str(error)) from None
    except (TimeoutError, httpx.TimeoutException):
        raise Undelivered("答复超时") from None
    except (OSError, httpx.ConnectError):
        raise Undelivered("连接不上，或证书不被信任") from None
    except (httpx.HTTPError, httpx.InvalidURL):
        raise Undelivered("连接中断") from None


async def _looked_up(target: Target, reach: Reach) -> IP:
    """The machine to speak to. It is spoken to by this number, so that no second look-up leads elsewhere."""
    found = await asyncio.get_running_loop().getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    machines = [ip_address(place[0]) for *_, place in found]
    if not machines or not all(reach.allows(ip) for ip in machines):
        raise BadAddress("地址解析到本机或内部网络，没有推送")
    return machines[0]


async def _sent(address: str, target: Target, ip: IP, content: bytes, headers: dict[str, str]) -> int:
    parts = urlsplit(address)
    machine = f"[{ip}]" if ip.version == 6 else str(ip)
    url = urlunsplit(parts._replace(netloc=f"{machine}:{target.port}"))
    extensions = {"sni_hostname": target.host} if target.secure else {}
    async with (
        httpx.AsyncClient(verify=trusted(), timeout=CONNECT, trust_env=False) as client,
        client.stream(
            "POST", url, content=content, headers={**headers, "Host": parts.netloc}, extensions=extensions
        ) as answer,
    ):
        return answer.status_code


@cache
def trusted() -> ssl.SSLContext:
    """The machine's own authorities, to which an operator adds the county's by SSL_CERT_FILE."""
    return ssl.create_default_context()
