"""Ed25519 keys by which a department's own system signs what it sends: made, read from its file, used, verified."""

import json
import warnings
from pathlib import Path
from typing import Any, cast

from joserfc import jws
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import OKPKey

from privacy import store
from privacy.keys import KeyProblem

CURVE = "Ed25519"
ALGORITHMS = ("Ed25519", "EdDSA")
"""The name of RFC 9864, by which we sign, and the older one that most libraries still write."""

# Only the name is deprecated, for it stands for other curves too; the key says which one it is.
warnings.filterwarnings("ignore", "EdDSA is deprecated", SecurityWarning)


def make(file: Path, named: dict[str, str]) -> dict[str, str]:
    """Make a private key in ``file``, closed to everybody else, with what it is to be known by; its public part.

    Its id is its own fingerprint (RFC 7638), so that no two keys share one. Raises KeyProblem when the file exists or cannot be
    written.
    """
    key = _new()
    whole = cast("dict[str, str]", key.as_dict(private=True)) | {"kid": key.thumbprint()} | named
    try:
        store.write_closed(file, json.dumps(whole, indent=2) + "\n", replace=False)
    except FileExistsError:
        raise KeyProblem(f"{file} 已存在，没有覆盖；请另取文件名") from None
    except OSError as error:
        raise KeyProblem(f"写不出签名密钥文件 {file}（{type(error).__name__}）") from None
    return public_part(whole)


def _new() -> OKPKey:
    """A key whose id can be typed as a word: one that began with a dash would be an option of whatever command."""
    while (key := OKPKey.generate_key(CURVE)).thumbprint().startswith("-"):
        pass
    return key


def public_part(key: dict[str, str]) -> dict[str, str]:
    """What may be handed out of a key."""
    return {name: value for name, value in key.items() if name != "d"}


def read(file: Path) -> dict[str, str]:
    """A key from its file; a private one must be closed to others. Raises KeyProblem."""
    try:
        found: Any = json.loads(file.read_text(encoding="ascii"))
        key = OKPKey.import_key(found)
    except (OSError, ValueError, TypeError, AttributeError, JoseError) as error:
        raise KeyProblem(f"读不出签名密钥文件 {file}（{type(error).__name__}）") from None
    if key.curve_name != CURVE or found.get("kid") != key.thumbprint():
        raise KeyProblem(f"{file} 不是 fengqiao signing new 生成的 {CURVE} 密钥")
    if key.is_private:
        store.require_closed(file)
    return found


def sign(key: dict[str, str], header: dict[str, str], content: str) -> str:
    """A compact JWS over ``content`` under a private key. Raises KeyProblem for a public one."""
    if "d" not in key:
        raise KeyProblem("这是公钥，不能签名；请用 signing new 生成的私钥文件")
    whole = {"alg": ALGORITHMS[0], "kid": key["kid"], **header}
    return jws.serialize_compact(whole, content, OKPKey.import_key(_material(key)), algorithms=ALGORITHMS)


def is_signed(signed: str, public: str) -> bool:
    """Whether a compact JWS was signed by the key with this public part (``x`` of its JWK)."""
    key = OKPKey.import_key({"kty": "OKP", "crv": CURVE, "x": public})
    try:
        jws.deserialize_compact(signed, key, algorithms=ALGORITHMS)
    except (JoseError, ValueError):
        return False
    return True


def _material(key: dict[str, str]) -> Any:
    return {name: key[name] for name in ("kty", "crv", "x", "d")}
