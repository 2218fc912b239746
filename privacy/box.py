"""A box: seals texts under one key, each for one place, compressed where that helps."""

import os
import zlib

from cryptography.exceptions import InvalidTag

from privacy.ciphers import NONCE, TAG, Algorithm, cipher

_PLAIN, _DEFLATED = b"\x00", b"\x01"
WORTH_COMPRESSING = 256
"""Bytes. A sealed text cannot be compressed any more, neither by PostgreSQL nor on the way."""


class Unsealable(Exception):
    """A sealed text that this key does not open: changed, moved to another place, or sealed by another key."""


class Box:
    """Seals under one key. ``place`` is part of what is sealed: a text moved elsewhere does not open."""

    def __init__(self, algorithm: Algorithm, secret: bytes) -> None:
        self._cipher = cipher(algorithm, secret)

    def seal(self, text: bytes, place: str) -> bytes:
        """The sealed text: a byte for its form, the nonce, the cipher's text with its tag."""
        form, body = _PLAIN, text
        if len(text) >= WORTH_COMPRESSING:
            form, body = _DEFLATED, zlib.compress(text, 1)
        nonce = os.urandom(NONCE)
        return form + nonce + self._cipher.encrypt(nonce, body, form + place.encode())

    def open(self, sealed: bytes, place: str) -> bytes:
        """The text. Raises Unsealable."""
        form, nonce, body = sealed[:1], sealed[1 : 1 + NONCE], sealed[1 + NONCE :]
        if form not in (_PLAIN, _DEFLATED) or len(body) < TAG:
            raise Unsealable("不是封存的内容")
        try:
            text = self._cipher.decrypt(nonce, body, form + place.encode())
        except InvalidTag:
            raise Unsealable("封存的内容打不开：被改动、被移动，或密钥不对") from None
        return zlib.decompress(text) if form == _DEFLATED else text
