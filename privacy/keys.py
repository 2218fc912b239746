"""Key rings: the keys of one purpose. The first one writes, every one reads."""

import base64
import binascii
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from privacy.box import Box
from privacy.ciphers import Algorithm


class KeyProblem(Exception):
    """A key that is missing, unreadable or unknown; the message is for the administrator and shows no key."""


class Purpose(StrEnum):
    """What a ring's keys protect. Each is held by those alone who need it."""

    PAYLOAD = "payload"
    """What passes through Temporal and is stored there."""
    LEDGER = "ledger"
    """The data keys of the ledger's matters."""
    SEARCH = "search"
    """The keyed hash by which people are found again."""
    VAULT = "vault"
    """Reporters' identities (信访工作条例 30)."""


@dataclass(frozen=True)
class Key:
    """One key. Its id is no secret and stands beside whatever it sealed."""

    id: str
    algorithm: Algorithm
    secret: bytes = field(repr=False)

    @cached_property
    def box(self) -> Box:
        """The box under this key."""
        return Box(self.algorithm, self.secret)

    def line(self) -> str:
        """The key as a key file writes it."""
        return f"{self.id} {self.algorithm} {base64.b64encode(self.secret).decode()}"


@dataclass(frozen=True)
class Ring:
    """The keys of one purpose, the one that writes first."""

    purpose: Purpose
    keys: tuple[Key, ...]

    @property
    def active(self) -> Key:
        """The key that writes."""
        return self.keys[0]

    def key(self, key_id: str) -> Key:
        """A key by its id. Raises KeyProblem."""
        for key in self.keys:
            if key.id == key_id:
                return key
        raise KeyProblem(
            f"缺少密钥：{self.purpose} 用途的密钥“{key_id}”不在密钥文件中。"
            "请从备份中找回该行补入文件末尾；没有它，用它加密的内容无法读取"
        )

    def digest(self, kind: str, text: str) -> bytes:
        """The keyed hash of something a person is found by; ``kind`` keeps a name from meeting a number."""
        return _digest(self.active, kind, text)

    def digests(self, kind: str, text: str) -> list[bytes]:
        """The hashes under every key: whatever was written under an older one is found as well."""
        return [_digest(key, kind, text) for key in self.keys]


def _digest(key: Key, kind: str, text: str) -> bytes:
    return hmac.digest(key.secret, f"{kind}\0{text}".encode(), "sha256")[:16]


Rings = Mapping[Purpose, Ring]
"""The rings a process holds."""


@dataclass(frozen=True)
class Keys:
    """The rings at hand. Asking for one that is not is an error, never a way without encryption."""

    rings: Rings

    def ring(self, purpose: Purpose) -> Ring:
        """The ring of a purpose. Raises KeyProblem."""
        if purpose not in self.rings:
            raise KeyProblem(f"缺少 {purpose} 用途的密钥：本进程没有得到 {purpose}.keys")
        return self.rings[purpose]


_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def read_ring(purpose: Purpose, text: str, source: str) -> Ring:
    """The ring written in a key file: a line for each key, ``ID ALGORITHM BASE64``. Raises KeyProblem."""
    lines = [(n, line.split()) for n, line in enumerate(text.splitlines(), 1)]
    keys = [_key(purpose, words, f"{source} 第 {n} 行") for n, words in lines if words and words[0][0] != "#"]
    if not keys:
        raise KeyProblem(
            f"{source} 中没有密钥。每行一个：编号 算法 密钥（base64）；可用 fengqiao keys new {purpose} 生成"
        )
    if len({key.id for key in keys}) != len(keys):
        raise KeyProblem(f"{source} 中有编号相同的密钥；编号用过就不能再用")
    return Ring(purpose, tuple(keys))


def _key(purpose: Purpose, words: list[str], where: str) -> Key:
    fits = (Algorithm.HMAC,) if purpose == Purpose.SEARCH else (Algorithm.AES, Algorithm.SM4)
    if len(words) != 3 or not _ID.fullmatch(words[0]):
        raise KeyProblem(f"{where}：应写成“编号 算法 密钥（base64）”")
    if words[1] not in fits:
        raise KeyProblem(f"{where}：{purpose} 用途的算法只能是 {'、'.join(fits)}")
    algorithm = Algorithm(words[1])
    try:
        secret = base64.b64decode(words[2], validate=True)
    except (binascii.Error, ValueError):
        raise KeyProblem(f"{where}：密钥不是 base64") from None
    if len(secret) != algorithm.length:
        raise KeyProblem(f"{where}：{algorithm} 的密钥应为 {algorithm.length} 字节，现为 {len(secret)} 字节")
    return Key(words[0], algorithm, secret)
