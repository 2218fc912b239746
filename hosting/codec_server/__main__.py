"""The codec server of a production installation: ``python -m hosting.codec_server`` (docs/codec.md)."""

import os
import sys

import uvicorn

from hosting.codec_server.app import build_app
from hosting.codec_server.token import required
from hosting.connect import NAMESPACE
from hosting.logs import configure
from hosting.web import configuration
from privacy import store
from privacy.keys import KeyProblem, Purpose

ADDRESS = "FENGQIAO_CODEC_ADDRESS"
ORIGINS = "FENGQIAO_CODEC_ORIGINS"
UI_URL = "FENGQIAO_UI_URL"
USUAL_ADDRESS = "0.0.0.0:8081"
GRACE = 5
"""Seconds for requests under way when told to stop."""


def main() -> int:
    """Serve until told to stop; 2 when the settings do not allow it."""
    configure()
    try:
        ring = store.load().ring(Purpose.PAYLOAD)
        token = required()
        host, port = _address(os.environ.get(ADDRESS, USUAL_ADDRESS))
    except KeyProblem as problem:
        print(f"解码服务不能启动：{problem}", file=sys.stderr)
        return 2
    origins = [origin.rstrip("/") for origin in os.environ.get(ORIGINS, "").replace(",", " ").split()]
    namespace = os.environ.get("TEMPORAL_NAMESPACE", NAMESPACE)
    app = build_app(ring, token, origins=origins, ui=os.environ.get(UI_URL), namespace=namespace)
    uvicorn.Server(configuration(app, host=host, port=port, grace=GRACE)).run()
    return 0


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal():
        raise KeyProblem(f"{ADDRESS} 应写成 主机:端口，例如 {USUAL_ADDRESS}")
    return host.strip("[]"), int(port)


if __name__ == "__main__":
    sys.exit(main())
