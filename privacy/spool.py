"""A temporary file that nobody but its maker can read: what lies on the disk is under a key that is nowhere else."""

import io
import os
import tempfile
from collections.abc import Iterator
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

_BLOCK = 16


class Spool(io.RawIOBase):
    """Written once from beginning to end, read anywhere. Gone when it is closed, and unreadable when the process dies.

    Whether it was changed on the disk meanwhile it does not know: whoever keeps it compares hashes.
    """

    def __init__(self) -> None:
        super().__init__()
        self._file = tempfile.TemporaryFile(prefix="fengqiao-", buffering=0)  # noqa: SIM115 - closed with this one
        self._key, self._place = os.urandom(32), 0
        self.size = 0
        """Bytes."""

    def write(self, data: "ReadableBuffer", /) -> int:
        """Add to the end."""
        plain = bytes(data)
        self._file.seek(self.size)
        self._file.write(self._changed(plain, self.size))
        self.size += len(plain)
        return len(plain)

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        """Read from where the last reading ended."""
        view = memoryview(buffer).cast("B")
        self._file.seek(self._place)
        plain = self._changed(self._file.read(len(view)), self._place)
        view[: len(plain)] = plain
        self._place += len(plain)
        return len(plain)

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Read on from there."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self.size}[whence]
        self._place = max(0, start + offset)
        return self._place

    def tell(self) -> int:
        """Where is read next."""
        return self._place

    def readable(self) -> bool:
        """Yes."""
        return True

    def writable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def close(self) -> None:
        """The file goes, and with it what was in it."""
        self._file.close()
        super().close()

    def parts(self, length: int) -> Iterator[bytes]:
        """The whole content, ``length`` bytes at a time."""
        self.seek(0)
        while part := self.read(length):
            yield part

    def _changed(self, data: bytes, place: int) -> bytes:
        """To and fro: the key stream from this place on. No place is written twice under the key."""
        counter = (place // _BLOCK).to_bytes(_BLOCK, "big")
        stream = Cipher(AES(self._key), CTR(counter)).encryptor()
        stream.update(bytes(place % _BLOCK))
        return stream.update(data)
