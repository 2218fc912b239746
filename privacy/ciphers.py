"""The ciphers: each seals and opens bytes with associated data, and notices any change."""

import os
from collections.abc import Callable
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher as Primitive
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import GCM

NONCE = 12
"""Bytes; drawn at random for every text (NIST SP 800-38D 8.2.2: at most 2**32 texts under one key)."""
TAG = 16


class Algorithm(StrEnum):
    """What a key is for."""

    AES = "aes256gcm"
    SM4 = "sm4gcm"
    """GB/T 32907. A certified module may still be asked for (GB/T 39786); this is the library's."""
    HMAC = "hmacsha256"

    @property
    def word(self) -> str:
        """As an administrator reads it."""
        return _WORDS[self]

    @property
    def length(self) -> int:
        """Bytes of a key."""
        return 16 if self is Algorithm.SM4 else 32


_WORDS = MappingProxyType(
    {
        Algorithm.AES: "AES-256 加密",
        Algorithm.SM4: "国密 SM4 加密",
        Algorithm.HMAC: "SHA-256 摘要（只比对，不能还原）",
    }
)


class Cipher(Protocol):
    """An authenticated cipher under one key."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        """The sealed text, its tag behind it."""
        ...

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        """The text. Raises InvalidTag."""
        ...


class _Sm4Gcm:
    def __init__(self, secret: bytes) -> None:
        self._algorithm = SM4(secret)

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        work = Primitive(self._algorithm, GCM(nonce)).encryptor()
        work.authenticate_additional_data(associated_data or b"")
        return work.update(data) + work.finalize() + work.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        if len(data) < TAG:
            raise InvalidTag
        work = Primitive(self._algorithm, GCM(nonce, data[-TAG:])).decryptor()
        work.authenticate_additional_data(associated_data or b"")
        return work.update(data[:-TAG]) + work.finalize()


_CIPHERS: dict[Algorithm, Callable[[bytes], Cipher]] = {Algorithm.AES: AESGCM, Algorithm.SM4: _Sm4Gcm}


def cipher(algorithm: Algorithm, secret: bytes) -> Cipher:
    """The cipher of a sealing algorithm. Raises KeyError for one that does not seal."""
    return _CIPHERS[algorithm](secret)


def new_secret(algorithm: Algorithm) -> bytes:
    """A key from the system's randomness."""
    return os.urandom(algorithm.length)
