"""Keys come from files or the environment; a missing, unknown or unreadable one is a clear error that shows no key."""

import base64
import stat
from pathlib import Path

import pytest

from privacy import store
from privacy.ciphers import Algorithm
from privacy.keys import Key, KeyProblem, Keys, Purpose, Ring, read_ring

GOOD = base64.b64encode(b"k" * 32).decode()


def test_an_installation_s_keys_are_made_once_and_closed(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    assert set(store.make(folder)) == set(Purpose)
    before = {f.name: f.read_text() for f in folder.iterdir()}
    assert store.make(folder) == []
    assert {f.name: f.read_text() for f in folder.iterdir()} == before
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(f.stat().st_mode) for f in folder.iterdir()} == {0o600}
    keys = store.load(folder, {})
    assert set(keys.rings) == set(Purpose)
    assert len({ring.active.secret for ring in keys.rings.values()}) == len(Purpose)


def test_a_new_key_writes_and_the_old_one_still_reads(tmp_path: Path) -> None:
    store.make(tmp_path)
    before = store.load(tmp_path, {}).ring(Purpose.PAYLOAD)
    key = store.add(tmp_path, Purpose.PAYLOAD, Algorithm.SM4)
    after = store.load(tmp_path, {}).ring(Purpose.PAYLOAD)
    assert (after.active.id, after.active.algorithm) == (key.id, Algorithm.SM4)
    assert after.key(before.active.id) == before.active
    assert stat.S_IMODE(store.key_file(tmp_path, Purpose.PAYLOAD).stat().st_mode) == 0o600


def test_the_environment_goes_before_files(tmp_path: Path) -> None:
    store.make(tmp_path)
    keys = store.load(tmp_path, {"FENGQIAO_PAYLOAD_KEYS": f"env aes256gcm {GOOD}"})
    assert keys.ring(Purpose.PAYLOAD).active.id == "env"
    assert keys.ring(Purpose.LEDGER).active.id.startswith("ledger-")
    other = tmp_path / "other"
    store.make(other)
    assert store.load(tmp_path, {"FENGQIAO_KEYS": str(other)}) == store.load(other, {})


def test_a_purpose_that_is_not_at_hand_is_never_gone_without(tmp_path: Path) -> None:
    keys = store.load(None, {"FENGQIAO_PAYLOAD_KEYS": f"k1 aes256gcm {GOOD}"})
    with pytest.raises(KeyProblem, match=r"缺少 ledger 用途的密钥"):
        keys.ring(Purpose.LEDGER)
    with pytest.raises(KeyProblem, match="找不到密钥"):
        store.load(tmp_path / "nowhere", {})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "没有密钥"),
        ("# only a remark\n\n", "没有密钥"),
        (f"k1 {GOOD}", "第 1 行：应写成"),
        (f"张三 aes256gcm {GOOD}", "第 1 行：应写成"),
        (f"\nk1 rot13 {GOOD}", "第 2 行：payload 用途的算法只能是 aes256gcm、sm4gcm"),
        (f"k1 hmacsha256 {GOOD}", "算法只能是"),
        ("k1 aes256gcm not-base64!", "不是 base64"),
        (f"k1 sm4gcm {GOOD}", "应为 16 字节，现为 32 字节"),
        (f"k1 aes256gcm {GOOD}\nk1 aes256gcm {GOOD}", "编号相同"),
    ],
)
def test_a_faulty_key_file_is_refused_by_line_and_shows_no_key(text: str, said: str) -> None:
    with pytest.raises(KeyProblem) as refused:
        read_ring(Purpose.PAYLOAD, text, "payload.keys")
    assert said in str(refused.value)
    assert GOOD not in str(refused.value)


def test_a_key_shows_itself_to_nobody() -> None:
    key = Key("k1", Algorithm.AES, b"s" * 32)
    keys = Keys({Purpose.PAYLOAD: Ring(Purpose.PAYLOAD, (key,))})
    assert "ssss" not in f"{keys} {keys!r} {key}"


def test_an_unknown_key_is_named() -> None:
    ring = read_ring(Purpose.PAYLOAD, f"k1 aes256gcm {GOOD}", "payload.keys")
    with pytest.raises(KeyProblem, match="payload 用途的密钥“k0”不在密钥文件中"):
        ring.key("k0")


def test_a_name_never_meets_a_number() -> None:
    ring = read_ring(Purpose.SEARCH, f"k1 hmacsha256 {GOOD}", "search.keys")
    assert ring.digest("name", "1") != ring.digest("phone", "1")
    assert ring.digest("name", "温玉强") in ring.digests("name", "温玉强")


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660])
def test_a_key_file_that_others_may_open_is_refused(tmp_path: Path, mode: int) -> None:
    store.make(tmp_path)
    store.key_file(tmp_path, Purpose.LEDGER).chmod(mode)
    with pytest.raises(KeyProblem, match="chmod 600"):
        store.load(tmp_path, {})
