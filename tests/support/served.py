"""The application behind a real server on loopback, as the desk runs it."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from hosting.web import serving


@asynccontextmanager
async def served(app: FastAPI) -> AsyncIterator[str]:
    """Its address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        async with serving(app, listener):
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
