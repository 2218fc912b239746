"""统一身份认证平台 as the deployment names it; without an issuer there is none."""

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from api.access.platform import Platform
from hosting.embedded.errors import CannotStart
from hosting.embedded.temporal import LOOPBACK
from privacy.keys import KeyProblem
from privacy.store import require_closed

ISSUER = "FENGQIAO_OIDC_ISSUER"
CLIENT = "FENGQIAO_OIDC_CLIENT"
SECRET_FILE = "FENGQIAO_OIDC_SECRET_FILE"
NAME = "FENGQIAO_OIDC_NAME"
SETTINGS = (ISSUER, CLIENT, SECRET_FILE, NAME)
USUAL_NAME = "省统一身份认证平台"


def platform_named(environ: Mapping[str, str] = os.environ) -> Platform | None:
    """The platform that the environment names. Raises CannotStart for one named by half, or spoken to in the clear."""
    issuer = environ.get(ISSUER)
    if not issuer:
        return None
    client, file = environ.get(CLIENT), environ.get(SECRET_FILE)
    if not client or not file:
        raise CannotStart(
            f"设置了 {ISSUER}，还须用 {CLIENT} 写明本系统在平台的编号，用 {SECRET_FILE} 指明密码文件"
        )
    parts = urlsplit(issuer)
    if parts.scheme != "https" and parts.hostname != LOOPBACK:
        raise CannotStart(f"{ISSUER} 须是 https 地址，照平台公布的一字不差填写")
    return Platform(issuer, client, _secret(Path(file)), environ.get(NAME) or USUAL_NAME)


def _secret(file: Path) -> str:
    try:
        require_closed(file)
        secret = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError, KeyProblem) as error:
        raise CannotStart(
            f"{SECRET_FILE} 指明的文件 {file} 不能用（须只有本人可读）：{type(error).__name__}"
        ) from None
    if not secret:
        raise CannotStart(f"{SECRET_FILE} 指明的文件 {file} 是空的")
    return secret
