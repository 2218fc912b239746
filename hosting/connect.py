"""Connecting to Temporal: the SDK's own settings (environment and TOML profile), the project's own configuration."""

from temporalio.client import Client
from temporalio.envconfig import ClientConfig

from privacy.keys import Keys
from workflows.plugin import FengqiaoPlugin

NAMESPACE = "fengqiao"


async def connect_client(keys: Keys, address: str | None = None) -> Client:
    """A client for ``address``, or for whatever ``temporalio.envconfig`` names (TLS and API key included)."""
    if address:
        return await Client.connect(address, namespace=NAMESPACE, plugins=[FengqiaoPlugin(keys)])
    settings = ClientConfig.load_client_connect_config()
    settings.setdefault("namespace", NAMESPACE)
    return await Client.connect(**settings, plugins=[FengqiaoPlugin(keys)])
