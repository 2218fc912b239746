"""Where keys come from: the environment, else a folder with a file for each purpose."""

import os
import stat
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from privacy.ciphers import Algorithm, new_secret
from privacy.keys import Key, KeyProblem, Keys, Purpose, Ring, read_ring

FOLDER = "FENGQIAO_KEYS"
"""Names the folder; the files in it are ``payload.keys``, ``ledger.keys``, ``search.keys``, ``vault.keys``."""
CLOSED = 0o600
CLOSED_FOLDER = 0o700


def variable(purpose: Purpose) -> str:
    """The environment variable that may hold a purpose's key lines themselves."""
    return f"FENGQIAO_{purpose.upper()}_KEYS"


def are_named(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether the environment says where keys are."""
    return FOLDER in environ or any(variable(p) in environ for p in Purpose)


def folder_of(default: Path | None, environ: Mapping[str, str] = os.environ) -> Path | None:
    """The folder of the key files: the environment's, else the default; ``None`` when it holds the keys themselves."""
    if any(variable(p) in environ for p in Purpose):
        return None
    named = environ.get(FOLDER)
    return Path(named).expanduser() if named else default


def load(folder: Path | None = None, environ: Mapping[str, str] = os.environ) -> Keys:
    """Every ring at hand. Raises KeyProblem when none is, or one cannot be read.

    A purpose whose file is missing is left out: its first use says so. ``folder`` is used where the environment names none.
    """
    named = environ.get(FOLDER)
    place = Path(named).expanduser() if named else folder
    rings: dict[Purpose, Ring] = {}
    for purpose in Purpose:
        if text := environ.get(variable(purpose)):
            rings[purpose] = read_ring(purpose, text, f"环境变量 {variable(purpose)}")
        elif place and (file := key_file(place, purpose)).exists():
            rings[purpose] = read_ring(purpose, _text(file), str(file))
    if not rings:
        where = f"目录 {place} 中没有密钥文件" if place else f"没有设置 {FOLDER}"
        raise KeyProblem(
            f"找不到密钥：{where}。请用 {FOLDER} 指明存放 payload.keys 等文件的目录；"
            "首次部署可用 fengqiao keys make 目录 生成，请另行备份：密钥丢失，加密的数据不可恢复"
        )
    return Keys(rings)


def make(folder: Path, algorithm: Algorithm = Algorithm.AES) -> list[Purpose]:
    """Make the rings that ``folder`` lacks, closed to everybody else; the purposes made. Never replaces a key."""
    folder.mkdir(mode=CLOSED_FOLDER, parents=True, exist_ok=True)
    lacking = [purpose for purpose in Purpose if not key_file(folder, purpose).exists()]
    for purpose in lacking:
        write_closed(key_file(folder, purpose), new_key(purpose, algorithm).line() + "\n", replace=False)
    return lacking


def add(folder: Path, purpose: Purpose, algorithm: Algorithm = Algorithm.AES) -> Key:
    """Put a new key at the head of a ring: it writes from the next start on, the others still read."""
    file = key_file(folder, purpose)
    before = _text(file)
    read_ring(purpose, before, str(file))
    key = new_key(purpose, algorithm)
    write_closed(file, f"{key.line()}\n{before}", replace=True)
    return key


def new_key(purpose: Purpose, algorithm: Algorithm) -> Key:
    """A key from the system's randomness, named by the moment it was made."""
    fits = Algorithm.HMAC if purpose == Purpose.SEARCH else algorithm
    return Key(f"{purpose}-{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}", fits, new_secret(fits))


def key_file(folder: Path, purpose: Purpose) -> Path:
    """The file of a purpose's ring."""
    return folder / f"{purpose}.keys"


def _text(file: Path) -> str:
    try:
        require_closed(file)
        return file.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise KeyProblem(f"读不出密钥文件 {file}（{type(error).__name__}）") from None


def require_closed(file: Path) -> None:
    """Refuse one's own key file when others may read it. One of another owner was handed in by whoever runs the containers."""
    status = file.stat()
    if status.st_uid == os.getuid() and stat.S_IMODE(status.st_mode) & 0o077:
        raise KeyProblem(
            f"密钥文件 {file} 对其他用户开放，不能使用；请先运行 chmod 600 {file}，并考虑更换密钥"
        )


def write_closed(file: Path, text: str, *, replace: bool) -> None:
    """Write a secret: the file appears whole or not at all, closed to everybody else from its first moment."""
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")  # 0600 from its first moment
    part = Path(name)
    try:
        with open(handle, "w", encoding="ascii") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        if replace:
            part.replace(file)
        else:
            os.link(part, file)
    finally:
        part.unlink(missing_ok=True)
    _sync(file.parent)


def _sync(folder: Path) -> None:
    """Keys that a power cut takes away, while the data they seal stay, would be the loss of those data."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
