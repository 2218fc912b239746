"""What stands closed in the ledger: each matter has a data key of its own, kept wrapped under the ledger's key ring.

Changing the ring's key wraps the data keys anew (:mod:`ledger.key_checks`); the record and its chain of hashes stay as they were.
"""

from typing import Any, NamedTuple

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert

from ledger.connection import LedgerBroken
from ledger.tables import data_keys, key_checks
from privacy.box import Box, Unsealable
from privacy.ciphers import Algorithm, new_secret
from privacy.keys import Key, Keys, Purpose, Ring

Row = dict[str, Any]

PLACE = "data-key"


class MatterBox(NamedTuple):
    """Seals what belongs to one matter. ``place`` says where in it: nothing can be moved elsewhere unseen."""

    dispute_id: str
    box: Box

    def seal(self, text: str, place: str) -> bytes:
        """The sealed text."""
        return self.seal_bytes(text.encode(), place)

    def seal_bytes(self, content: bytes, place: str) -> bytes:
        """The same for what is no text."""
        return self.box.seal(content, f"{self.dispute_id}/{place}")

    def open(self, sealed: bytes, place: str) -> str:
        """The text. Raises LedgerBroken, naming the matter."""
        return self.open_bytes(sealed, place).decode()

    def open_bytes(self, sealed: bytes, place: str) -> bytes:
        """The same for what is no text. Raises LedgerBroken, naming the matter."""
        try:
            return self.box.open(sealed, f"{self.dispute_id}/{place}")
        except Unsealable:
            raise LedgerBroken(
                f"案件 {self.dispute_id} 的内容打不开（{place.partition(chr(10))[0]}），已损坏或被改动，"
                "请运行 fengqiao ledger verify 核验"
            ) from None


class Sealer:
    """Makes and opens matters' boxes, and hashes what people are found by."""

    def __init__(self, keys: Keys) -> None:
        """Raises KeyProblem for a ring that is not at hand."""
        self._ring = keys.ring(Purpose.LEDGER)
        self.search: Ring = keys.ring(Purpose.SEARCH)

    def make(self, dispute_id: str) -> tuple[Row, MatterBox]:
        """A new data key: its row of ``data_keys``, and the box under it."""
        algorithm = self._ring.active.algorithm
        secret = new_secret(algorithm)
        row = {"dispute_id": dispute_id, **self._wrapped(dispute_id, algorithm, secret)}
        return row, MatterBox(dispute_id, Box(algorithm, secret))

    def open(self, dispute_id: str, key_id: str, wrapped: bytes) -> MatterBox:
        """The box of a matter. Raises KeyProblem; LedgerBroken when its data key does not open."""
        try:
            return MatterBox(dispute_id, Box(*self._unwrapped(dispute_id, key_id, wrapped)))
        except Unsealable:
            raise LedgerBroken(f"案件 {dispute_id} 的数据密钥打不开，已损坏或被改动") from None

    def find(self, connection: Connection, dispute_id: str) -> MatterBox | None:
        """The box of a matter that the ledger knows. Raises KeyProblem, LedgerBroken."""
        wanted = select(data_keys.c.key_id, data_keys.c.wrapped).where(data_keys.c.dispute_id == dispute_id)
        found = connection.execute(wanted).one_or_none()
        return self.open(dispute_id, found.key_id, found.wrapped) if found else None

    def need(self, connection: Connection, dispute_id: str) -> MatterBox:
        """The box of a matter that was registered. Raises KeyProblem; LedgerBroken, too, when its data key is gone."""
        box = self.find(connection, dispute_id)
        if box is None:
            raise keyless(dispute_id)
        return box

    def rewrapped(self, dispute_id: str, key_id: str, wrapped: bytes) -> Row:
        """The same data key under the active key. Raises KeyProblem, Unsealable."""
        return self._wrapped(dispute_id, *self._unwrapped(dispute_id, key_id, wrapped))

    def _wrapped(self, dispute_id: str, algorithm: Algorithm, secret: bytes) -> Row:
        key = self._ring.active
        text = f"{algorithm}:".encode() + secret
        return {"key_id": key.id, "wrapped": key.box.seal(text, _place(dispute_id))}

    def _unwrapped(self, dispute_id: str, key_id: str, wrapped: bytes) -> tuple[Algorithm, bytes]:
        text = self._ring.key(key_id).box.open(wrapped, _place(dispute_id))
        name, _, secret = text.partition(b":")
        return Algorithm(name.decode()), secret


def kept_box(connection: Connection, sealer: Sealer, id: str) -> MatterBox:
    """The box of something that is no matter; its data key, kept beside the matters', is made when first asked for."""
    box = sealer.find(connection, id)
    if box is None:
        row, box = sealer.make(id)
        connection.execute(insert(data_keys), row)
    return box


def paper_place(number: str) -> str:
    """Where the bytes of a 文书 are sealed."""
    return f"paper/{number}"


def _place(dispute_id: str) -> str:
    return f"{PLACE}/{dispute_id}"


def keyless(dispute_id: str) -> LedgerBroken:
    """A data key that was lost comes back from a backup; a new one in its place would shut that out."""
    return LedgerBroken(f"案件 {dispute_id} 的数据密钥丢失，请从备份恢复 data_keys 中的这一行")


CHECK = "fengqiao"


def check_mark(key: Key) -> bytes:
    """What proves later that a key of this id is this very key."""
    if key.algorithm == Algorithm.HMAC:
        return Ring(Purpose.SEARCH, (key,)).digest(CHECK, CHECK)
    return key.box.seal(CHECK.encode(), CHECK)


def remember_key(connection: Connection, ring: Ring) -> None:
    """Note that the ring's active key is written with from now on."""
    row = {"purpose": ring.purpose.value, "key_id": ring.active.id, "mark": check_mark(ring.active)}
    connection.execute(insert(key_checks).on_conflict_do_nothing(), row)


def is_same_key(key: Key, mark: bytes) -> bool:
    """Whether ``mark`` was made by this key."""
    if key.algorithm == Algorithm.HMAC:
        return check_mark(key) == mark
    try:
        return key.box.open(mark, CHECK) == CHECK.encode()
    except Unsealable:
        return False
