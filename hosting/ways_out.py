"""How this installation reaches other systems, from its settings and the county's hotline rules."""

import os

from domain.outbound import Outbound, Reach, networks_of
from domain.webhooks import Platform
from hosting.embedded.errors import CannotStart
from importing.rules import Rules

NETWORKS = "FENGQIAO_WEBHOOK_NETWORKS"
"""The county's own networks, with commas, in which webhooks may be: 10.20.0.0/16. Without it, the public network alone."""


def ways_out(tickets: Rules | None, *, loopback: bool = False) -> Outbound:
    """Where webhooks may lead, and how platforms take results. ``loopback``: a demonstration's. Raises CannotStart."""
    try:
        networks = networks_of(os.environ.get(NETWORKS, ""))
    except ValueError:
        raise CannotStart(f"{NETWORKS} 应写成网段，用逗号分开，例如 10.20.0.0/16") from None
    platform = Platform(tickets.channel, tickets.results) if tickets else Platform()
    return Outbound(Reach(networks, loopback), platform=platform)
