"""The desk's process as production runs it: TLS alone, the office's own role, no account and no password of its own making."""

import asyncio
import signal
import ssl
from pathlib import Path

import httpx
import pytest

from hosting.desk import CERTIFICATE, CERTIFICATE_KEY
from ledger import accounts
from tests.support.certificate import own_certificate

from .conftest import Site, free_address, until_ready


async def test_it_serves_behind_tls_and_ends_in_good_order(site: Site, tmp_path: Path) -> None:
    files, address, healthy = own_certificate(tmp_path), free_address(), free_address()
    env = {
        "FENGQIAO_DESK_ADDRESS": address,
        CERTIFICATE: str(files.chain),
        CERTIFICATE_KEY: str(files.key),
        "FENGQIAO_HEALTH_ADDRESS": healthy,
    }
    async with site.process("hosting.desk", **env) as process:
        await until_ready(healthy, process)
        own = f"https://localhost:{address.rpartition(':')[2]}"
        trusted = ssl.create_default_context(cafile=str(files.chain))
        async with httpx.AsyncClient(verify=trusted, trust_env=False, base_url=own, timeout=60) as browser:
            refused = await browser.get("/api/v1/me")
            assert (refused.status_code, refused.json()["code"]) == (401, "sign_in")
            assert "Strict-Transport-Security" in refused.headers
        with pytest.raises(httpx.HTTPError):
            await asyncio.to_thread(httpx.get, f"http://{address}/api/v1/me", trust_env=False)
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(60):
            said, _ = await process.communicate()
        assert process.returncode == 0
    assert "口令" not in said.decode()
    assert accounts.founding_slip(site.ledger, minutes=1), "nobody was made"


async def test_without_a_certificate_it_does_not_start(site: Site) -> None:
    async with site.process("hosting.desk") as process:
        async with asyncio.timeout(60):
            assert await process.wait() == 2
