"""Where messages to other systems may go: an address that somebody typed must not lead into the office's own network."""

from datetime import timedelta
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import NamedTuple
from urllib.parse import urlsplit

from domain.webhooks import Patience, Platform

IP = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

LONGEST_ADDRESS = 500
_NEVER = tuple(
    ip_network(net)
    for net in (
        "169.254.0.0/16",
        "fe80::/10",
        "100.100.100.200/32",
        "fd00:ec2::254/128",
        "0.0.0.0/8",
        "::/128",
    )
)
"""Link-local, and where clouds hand out their machines' secrets: no setting opens these."""
_NAT64 = ip_network("64:ff9b::/96")


class BadAddress(ValueError):
    """An address to which nothing is sent; the message, in Chinese, says why and repeats nothing of it."""


class Reach(NamedTuple):
    """``networks``: the county's own, opened by the deployment. ``loopback``: this machine, a demonstration's alone."""

    networks: tuple[Network, ...] = ()
    loopback: bool = False

    def allows(self, ip: IP) -> bool:
        """Whether a message may go to this machine."""
        ip = _plain(ip)
        if any(ip in net for net in _NEVER if net.version == ip.version) or ip.is_multicast:
            return False
        if ip.is_loopback:
            return self.loopback
        return ip.is_global or any(ip in net for net in self.networks if net.version == ip.version)


def _plain(ip: IP) -> IP:
    """The IPv4 address that an IPv6 one stands for, if it does."""
    if isinstance(ip, IPv4Address):
        return ip
    if ip in _NAT64:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or ip


class Outbound(NamedTuple):
    """How an office reaches others: where to, how long it tries messages and notices, which platforms take results."""

    reach: Reach = Reach()
    patience: Patience = Patience()
    platform: Platform = Platform()
    notices_patience: Patience = Patience(total=timedelta(hours=4))
    """Less than a working day, so that one put off for the night is given up on the next."""


USUAL = Outbound()
"""To the public network alone, and to no platform."""


class Target(NamedTuple):
    """An address, taken apart. ``host``: a name, or an IP without brackets."""

    host: str
    port: int
    secure: bool


def target_of(address: str, reach: Reach) -> Target:
    """Where an address leads, as far as it says by itself. Raises BadAddress; a name is looked up when it is called."""
    if len(address) > LONGEST_ADDRESS or not address.isascii() or not address.isprintable() or " " in address:
        raise BadAddress(f"地址须为至多 {LONGEST_ADDRESS} 个英文字符，不含空格")
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise BadAddress("地址写法有误，应形如 https://主机/路径") from None
    if parts.scheme not in ("https", "http") or not host:
        raise BadAddress("地址应形如 https://主机/路径")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise BadAddress("地址中不能带用户名、口令或 # 号")
    ip = _ip(host)
    if ip is not None and not reach.allows(ip):
        raise BadAddress("地址在本机或内部网络，不能推送；确属本县系统的，请系统管理员开放其网段")
    secure = parts.scheme == "https"
    if not secure and not (ip is not None and ip.is_loopback):
        raise BadAddress("地址须以 https:// 开头")
    return Target(host, port or (443 if secure else 80), secure)


def same_place(one: str, other: str) -> bool:
    """Whether two addresses, each of which can be taken apart, lead to one place however they are written."""
    return _place(one) == _place(other)


def _place(address: str) -> tuple[str, str | None, int, str, str]:
    parts = urlsplit(address)
    usual = 443 if parts.scheme == "https" else 80
    return parts.scheme, parts.hostname, parts.port or usual, parts.path or "/", parts.query


def _ip(host: str) -> IP | None:
    """An IP, if the host is one. Raises BadAddress for a name that some systems would read as one (0x7f.1, 2130706433)."""
    try:
        return ip_address(host)
    except ValueError:
        last = host.rstrip(".").rpartition(".")[2]
        if last.isdecimal() or last.startswith("0x"):
            raise BadAddress("地址中的主机写法有误") from None
        if last == "localhost":
            raise BadAddress("地址在本机，不能推送；开发时请写 127.0.0.1") from None
        return None


def networks_of(text: str) -> tuple[Network, ...]:
    """The networks of a setting, ``10.20.0.0/16,2001:db8::/32``. Raises ValueError."""
    return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())
