"""查毒: a clamd that the office has, spoken to in its own protocol (INSTREAM), or none."""

import socket
import struct
from collections.abc import Iterable
from typing import NamedTuple, Protocol

CONNECT_S = 2.0
ANSWER_S = 60.0
"""Seconds between two bytes of the answer; a large file takes a while to look through."""
_PART = 65536
_LONGEST_ANSWER = 4096


class ScannerAway(Exception):
    """The scanner does not answer, or cannot say. The message, in Chinese, is for the office's log."""


class Scanner(Protocol):
    """Looks for viruses."""

    def found(self, parts: Iterable[bytes]) -> str | None:
        """The name of what was found in a file, or nothing. Raises ScannerAway."""
        ...


class Clamd(NamedTuple):
    """A clamd: ``address`` is a host and port, or the path of a socket."""

    address: tuple[str, int] | str

    def found(self, parts: Iterable[bytes]) -> str | None:
        """The name of what was found in a file, or nothing. Raises ScannerAway."""
        try:
            with self._reached() as line:
                line.settimeout(ANSWER_S)
                line.sendall(b"zINSTREAM\0")
                for part in parts:
                    for start in range(0, len(part), _PART):
                        piece = part[start : start + _PART]
                        line.sendall(struct.pack(">I", len(piece)) + piece)
                line.sendall(struct.pack(">I", 0))
                answer = _answer(line)
        except OSError as error:
            raise ScannerAway(f"查毒服务连不上：{error}") from error
        return _read(answer)

    def _reached(self) -> socket.socket:
        if not isinstance(self.address, str):
            return socket.create_connection(self.address, timeout=CONNECT_S)
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(CONNECT_S)
        try:
            line.connect(self.address)
        except OSError:
            line.close()
            raise
        return line


def _answer(line: socket.socket) -> str:
    said = b""
    while not said.endswith(b"\0") and len(said) < _LONGEST_ANSWER:
        part = line.recv(_LONGEST_ANSWER)
        if not part:
            break
        said += part
    return said.rstrip(b"\0\n").decode("utf-8", "replace")


def _read(answer: str) -> str | None:
    _, _, verdict = answer.partition(": ")
    if verdict == "OK":
        return None
    if verdict.endswith(" FOUND"):
        return verdict.removesuffix(" FOUND")
    raise ScannerAway(f"查毒服务没有给出结果：{answer[:200] or '没有回答'}")


def scanner_at(address: str | None) -> Scanner | None:
    """The scanner at ``host:port`` or ``unix:/path``; none without an address. Raises ValueError, in Chinese."""
    if not address:
        return None
    if address.startswith("unix:"):
        return Clamd(address.removeprefix("unix:"))
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal():
        raise ValueError("查毒服务的地址应写成 主机:端口 或 unix:套接字路径")
    return Clamd((host.strip("[]"), int(port)))
