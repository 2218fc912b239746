"""Health over HTTP: ``/livez`` (the process works) and ``/readyz`` (and reaches all it needs).

``python -m hosting.health`` asks this machine's worker, for containers: exit code 0 when it is ready.
"""

import asyncio
import http.client
import json
import os
import sys
from collections.abc import Awaitable, Callable, Generator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

ADDRESS = "FENGQIAO_HEALTH_ADDRESS"
LIVE, READY = "/livez", "/readyz"
ANSWER_LIMIT = 5.0
"""Seconds a check may take; what is slower counts as away."""
PROBE_LIMIT = 10.0

Check = Callable[[], Awaitable[bool]]


class Health:
    """What is asked of a process. ``alive`` is said by its event loop: one that hangs is not alive."""

    def __init__(self, alive: Callable[[], bool], needs: Mapping[str, Check]) -> None:
        self._loop = asyncio.get_running_loop()
        self._alive = alive
        self._needs = needs

    def answer(self, path: str) -> dict[str, bool] | None:
        """Each thing asked for and whether it is well; ``None`` for a path that is not served."""
        if path not in (LIVE, READY):
            return None
        asked = asyncio.run_coroutine_threadsafe(self._look(self._needs if path == READY else {}), self._loop)
        try:
            return asked.result(2 * ANSWER_LIMIT)
        except TimeoutError:
            asked.cancel()
            return {"alive": False}

    async def _look(self, needs: Mapping[str, Check]) -> dict[str, bool]:
        found = await asyncio.gather(*(_well(check) for check in needs.values()))
        return {"alive": self._alive(), **dict(zip(needs, found, strict=True))}


async def _well(check: Check) -> bool:
    try:
        async with asyncio.timeout(ANSWER_LIMIT):
            return await check()
    except Exception:  # whatever went wrong, the answer is no
        return False


@contextmanager
def serving_health(address: str, health: Health) -> Generator[str]:
    """Answer at ``host:port`` (port 0: any) from a thread of its own. Yields the address. Raises OSError."""
    host, _, port = address.rpartition(":")
    server = ThreadingHTTPServer((host, int(port)), _handler(health))
    server.daemon_threads = True
    Thread(target=server.serve_forever, name="health", daemon=True).start()
    try:
        yield f"{host}:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def _handler(health: Health) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = PROBE_LIMIT

        def do_GET(self) -> None:
            found = health.answer(self.path)
            body = json.dumps(found or {}).encode()
            if found is None:
                status = HTTPStatus.NOT_FOUND
            else:
                status = HTTPStatus.OK if all(found.values()) else HTTPStatus.SERVICE_UNAVAILABLE
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """A probe every few seconds is no news."""

    return Handler


def is_ready(address: str) -> bool:
    """Whether the worker that serves its health at ``address`` is ready."""
    host, _, port = address.rpartition(":")
    link = http.client.HTTPConnection(
        "127.0.0.1" if host == "0.0.0.0" else host, int(port), timeout=PROBE_LIMIT
    )
    try:
        link.request("GET", READY)
        return link.getresponse().status == HTTPStatus.OK
    except OSError:
        return False
    finally:
        link.close()


if __name__ == "__main__":
    sys.exit(0 if is_ready(os.environ[ADDRESS]) else 1)
