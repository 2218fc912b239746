"""A sealed text opens in its own place alone, and shows any change."""

import pytest

from privacy.box import Box, Unsealable
from privacy.ciphers import Algorithm, new_secret

SEALING = [Algorithm.AES, Algorithm.SM4]


@pytest.mark.parametrize("algorithm", SEALING)
@pytest.mark.parametrize("text", [b"", "温玉强".encode(), "社会保险费争议。".encode() * 500])
def test_what_was_sealed_opens_again(algorithm: Algorithm, text: bytes) -> None:
    box = Box(algorithm, new_secret(algorithm))
    sealed = box.seal(text, "here")
    assert box.open(sealed, "here") == text
    assert not text or text not in sealed


def test_long_texts_are_compressed_before_they_are_sealed() -> None:
    box = Box(Algorithm.AES, new_secret(Algorithm.AES))
    text = "社会保险费争议。".encode() * 500
    assert len(box.seal(text, "here")) < len(text) / 10


def test_the_same_text_never_looks_the_same() -> None:
    box = Box(Algorithm.AES, new_secret(Algorithm.AES))
    assert box.seal(b"text", "here") != box.seal(b"text", "here")


@pytest.mark.parametrize("algorithm", SEALING)
def test_a_change_of_any_byte_is_noticed(algorithm: Algorithm) -> None:
    box = Box(algorithm, new_secret(algorithm))
    sealed = box.seal(b"text", "here")
    for place in range(len(sealed)):
        changed = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]
        with pytest.raises(Unsealable):
            box.open(changed, "here")


@pytest.mark.parametrize("algorithm", SEALING)
@pytest.mark.parametrize("cut", [0, 1, 12, 13, 28])
def test_a_text_cut_short_is_noticed(algorithm: Algorithm, cut: int) -> None:
    box = Box(algorithm, new_secret(algorithm))
    with pytest.raises(Unsealable):
        box.open(box.seal(b"text", "here")[:cut], "here")


def test_a_text_moved_elsewhere_does_not_open() -> None:
    box = Box(Algorithm.AES, new_secret(Algorithm.AES))
    with pytest.raises(Unsealable):
        box.open(box.seal(b"text", "matter-1/event/2"), "matter-2/event/2")


def test_another_key_does_not_open() -> None:
    one, other = (Box(Algorithm.AES, new_secret(Algorithm.AES)) for _ in range(2))
    with pytest.raises(Unsealable):
        other.open(one.seal(b"text", "here"), "here")
