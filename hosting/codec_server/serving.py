"""Running the codec server inside a process that has work of its own."""

import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

from hosting.codec_server.app import build_app
from hosting.codec_server.token import Token, embedded
from hosting.embedded.processes import Report
from hosting.embedded.temporal import LOOPBACK, free_port
from hosting.web import serving
from privacy.keys import Keys, Purpose

PORT = 8234


class CodecServer(NamedTuple):
    """A running codec server."""

    url: str
    token: Token


@asynccontextmanager
async def codec_server(
    keys: Keys, folder: Path, ui: str, report: Report, *, port: int = PORT
) -> AsyncGenerator[CodecServer]:
    """The codec server with the door to ``ui``, on loopback; its token is kept in ``folder``.

    ``port`` is a wish: where occupied, another is taken and reported; 0 takes any. Raises KeyProblem, CannotStart.
    """
    token = embedded(folder)
    app = build_app(keys.ring(Purpose.PAYLOAD), token, origins=[ui], ui=ui)
    with socket.create_server((LOOPBACK, free_port(port, report))) as listener:
        async with serving(app, listener):
            yield CodecServer(f"http://{LOOPBACK}:{listener.getsockname()[1]}", token)
