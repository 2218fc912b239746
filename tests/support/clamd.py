"""A clamd that speaks the real protocol (INSTREAM) and knows one virus, EICAR's test file: the real one cannot run here."""

import socketserver
import struct
import threading
from collections.abc import Generator
from contextlib import contextmanager

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""Harmless, and by agreement every scanner finds it (https://www.eicar.org)."""


class _Session(socketserver.StreamRequestHandler):
    server: "Clamd"

    def handle(self) -> None:
        command = b""
        while not command.endswith(b"\0"):
            command += self.rfile.read(1)
        if command != b"zINSTREAM\0":
            self.wfile.write(b"UNKNOWN COMMAND\0")
            return
        whole = b""
        while length := struct.unpack(">I", self.rfile.read(4))[0]:
            whole += self.rfile.read(length)
            if len(whole) > self.server.largest:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.server.seen.append(len(whole))
        found = b"Win.Test.EICAR_HDB-1 FOUND" if EICAR in whole else b"OK"
        self.wfile.write(b"stream: " + found + b"\0")


class Clamd(socketserver.ThreadingTCPServer):
    """``seen``: how many bytes of each file came. ``largest``: of one stream (StreamMaxLength)."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.seen: list[int] = []
        self.largest = 25_000_000

    @property
    def address(self) -> str:
        """As the office's setting names it."""
        return f"127.0.0.1:{self.server_address[1]}"


@contextmanager
def clamd() -> Generator[Clamd]:
    """A running one."""
    with Clamd() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
