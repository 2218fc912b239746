"""Loopback addresses that nobody listens on."""

import random
import socket

LOWEST, HIGHEST = 20_000, 32_767
"""Below the system's own range; Temporal on PostgreSQL keeps its members' ports in a smallint."""


def free_addresses(count: int) -> list[str]:
    """So many different ones."""
    probes: list[socket.socket] = []
    try:
        while len(probes) < count:
            probe = socket.socket()
            try:
                probe.bind(("127.0.0.1", random.randint(LOWEST, HIGHEST)))
            except OSError:
                probe.close()
            else:
                probes.append(probe)
        return [f"127.0.0.1:{probe.getsockname()[1]}" for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def free_address() -> str:
    """One."""
    return free_addresses(1)[0]
