"""The administrator's token: from the environment or a file, compared in constant time, never shown."""

import hmac
import os
import re
import secrets
import time
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

from privacy import store
from privacy.keys import KeyProblem

TOKEN = "FENGQIAO_CODEC_TOKEN"
TOKEN_FILE = "FENGQIAO_CODEC_TOKEN_FILE"
FILE = "codec.token"
SHORTEST = 32
SESSION = timedelta(hours=8)
"""How long a browser stays signed in: a working day."""

_FIT = re.compile(r"[!-~]+")


class Token:
    """What an administrator proves the right to read by. Raises KeyProblem when it is too easy to guess."""

    def __init__(self, text: str, source: str) -> None:
        if not _FIT.fullmatch(text):
            raise KeyProblem(f"{source}：令牌只能由可见的 ASCII 字符组成，且不能为空")
        if len(text) < SHORTEST:
            raise KeyProblem(
                f"{source}：令牌至少 {SHORTEST} 个字符，现为 {len(text)} 个；可用 openssl rand -hex 32 生成"
            )
        self.text = text

    def is_borne_by(self, authorization: str) -> bool:
        """Whether an ``Authorization`` header carries the token."""
        scheme, _, said = authorization.partition(" ")
        return scheme.lower() == "bearer" and self.is_said(said.strip())

    def is_said(self, said: str) -> bool:
        """Whether this is the token."""
        return hmac.compare_digest(said.encode(), self.text.encode())

    def session(self) -> str:
        """A browser's pass. It holds no token, ends by itself, and ends with the token."""
        until = f"{time.time() + SESSION.total_seconds():.0f}"
        return f"{until}.{self._mark(until)}"

    def admits(self, session: str) -> bool:
        """Whether a browser's pass is ours and still good."""
        until, _, mark = session.partition(".")
        ours = hmac.compare_digest(mark.encode(), self._mark(until).encode())
        return ours and time.time() < int(until)

    def _mark(self, until: str) -> str:
        return hmac.digest(self.text.encode(), f"session\0{until}".encode(), "sha256").hex()


def configured(environ: Mapping[str, str] = os.environ) -> Token | None:
    """The token the environment gives, itself or by a file; ``None`` when it gives none. Raises KeyProblem."""
    if text := environ.get(TOKEN):
        return Token(text.strip(), f"环境变量 {TOKEN}")
    if named := environ.get(TOKEN_FILE):
        return _read(Path(named).expanduser())
    return None


def required() -> Token:
    """The token of a production server. Raises KeyProblem."""
    token = configured()
    if token is None:
        raise KeyProblem(f"没有设置解码服务的令牌：请用 {TOKEN} 给出，或用 {TOKEN_FILE} 指明存放令牌的文件")
    return token


def known(folder: Path) -> Token | None:
    """The token the environment gives, else the one in ``folder``; ``None`` when there is none. Raises KeyProblem."""
    file = folder / FILE
    return configured() or (_read(file) if file.exists() else None)


def embedded(folder: Path) -> Token:
    """The token the environment gives, else the one in ``folder``, made at the first start. Raises KeyProblem."""
    if token := known(folder):
        return token
    folder.mkdir(mode=store.CLOSED_FOLDER, parents=True, exist_ok=True)
    store.write_closed(folder / FILE, secrets.token_urlsafe(32) + "\n", replace=False)
    return _read(folder / FILE)


def address(door: str, token: Token) -> str:
    """What an administrator opens. It lets in whoever has it."""
    return f"{door}/?token={quote(token.text, safe='')}"


def _read(file: Path) -> Token:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise KeyProblem(f"读不出令牌文件 {file}（{type(error).__name__}）") from None
    return Token(text.strip(), f"令牌文件 {file}")
