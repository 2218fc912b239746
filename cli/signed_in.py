"""login, logout, whoami: the desk that one is signed in at, and the session, kept in one's own folder for oneself alone."""

import getpass
import json
import os
import stat
import sys
from pathlib import Path
from typing import Annotated, Any, NamedTuple, NoReturn, cast
from urllib.parse import urlsplit

import httpx
import typer

from cli.matters import Json
from cli.output import Exit, fail, out, print_json
from privacy.store import CLOSED_FOLDER, write_closed

FILE = "login.json"
ANSWERS_WITHIN_S = 30.0
"""Seconds; the desk itself answers within eight."""
LOOPBACK = ("127.0.0.1", "localhost", "::1")
NOT_SIGNED_IN = "尚未登录：请先运行 fengqiao login 办案平台的地址"
ENDED = "登录已过期或已在别处结束，请重新运行 fengqiao login"

Address = Annotated[
    str | None, typer.Argument(help="办案平台的地址，如 https://desk.example；不写则用上次的")
]
Login = Annotated[str | None, typer.Option("--login", help="登录名，不写则询问")]
ChosenPost = Annotated[str | None, typer.Option("--post", help="有几个岗位的，以哪个办理：单位或单位/角色")]


class Kept(NamedTuple):
    """A session at a desk: the address, and the cookie by which it is known."""

    address: str
    cookie: str
    token: str


class Desk:
    """A desk's API, as whoever is signed in there."""

    def __init__(self, address: str, cookies: dict[str, str], *, as_json: bool) -> None:
        here = urlsplit(address).hostname in LOOPBACK
        self.client = httpx.Client(
            base_url=f"{address}/api/v1", cookies=cookies, timeout=ANSWERS_WITHIN_S, trust_env=not here
        )
        self._as_json = as_json

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Ask; leaves when the desk cannot be reached, or nobody is signed in there any more."""
        try:
            answer = self.client.request(method, path, **more)
        except httpx.HTTPError as error:
            said = f"连接不上办案平台 {self.client.base_url.host}（{type(error).__name__}），请稍后再试"
            fail(Exit.UNREACHABLE, said, as_json=self._as_json)
        if answer.status_code == 401 and path != "/session":
            fail(Exit.DECLINED, ENDED, as_json=self._as_json)
        return answer

    def told(self, method: str, path: str, **more: Any) -> Any:
        """The answer's content; leaves with the reason when it is a refusal."""
        answer = self.ask(method, path, **more)
        if answer.is_error:
            self.refused(answer)
        return answer.json() if answer.content else None

    def refused(self, answer: httpx.Response) -> NoReturn:
        """Say why, each field by its name, and leave."""
        kind = answer.headers.get("content-type", "")
        problem: dict[str, Any] = answer.json() if "json" in kind else {}
        code = {404: Exit.NOT_FOUND, 422: Exit.USAGE, 429: Exit.UNREACHABLE, 503: Exit.UNREACHABLE}
        problems = cast("list[dict[str, str]]", problem.get("problems", []))
        lines = [problem.get("detail", "请求没有办理"), *(f"  {p['field']}：{p['reason']}" for p in problems)]
        lines += [f"  其间：{event['text']}" for event in problem.get("changed", [])]
        more = {name: problem[name] for name in ("code", "field") if name in problem}
        exit_code = code.get(answer.status_code, Exit.DECLINED)
        fail(exit_code, "\n".join(lines), as_json=self._as_json, **more)


def place() -> Path:
    """Where the session is kept."""
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "fengqiao" / FILE


def kept(*, as_json: bool = False) -> Kept | None:
    """The session, if there is one; leaves when others could have read it."""
    file = place()
    try:
        mode = stat.S_IMODE(file.stat().st_mode)
        if mode & 0o077:
            said = f"{file} 对其他用户开放，不能使用：请运行 fengqiao logout 后重新登录"
            fail(Exit.DECLINED, said, as_json=as_json)
        return Kept(**json.loads(file.read_text(encoding="ascii")))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError):
        fail(Exit.DECLINED, f"读不出 {file}，请重新运行 fengqiao login", as_json=as_json)


def desk(*, as_json: bool) -> Desk:
    """The desk that one is signed in at; leaves when one is not."""
    found = kept(as_json=as_json)
    if found is None:
        fail(Exit.DECLINED, NOT_SIGNED_IN, as_json=as_json)
    return Desk(found.address, {found.cookie: found.token}, as_json=as_json)


def login(
    address: Address = None, login: Login = None, post: ChosenPost = None, as_json: Json = False
) -> None:
    """Sign in at a desk; password and code are asked for, or read from the standard input, a line each."""
    where = _address(address, as_json)
    at = Desk(where, {}, as_json=as_json)
    given = {"login": login or _asked("登录名："), "password": _secret("口令：")}
    given["code"] = _asked("验证码（没有绑定动态验证码的直接回车）：")
    answer = at.ask("POST", "/session", json=given)
    if answer.is_error:
        at.refused(answer)
    (cookie,) = answer.cookies.jar
    if answer.json()["must_change"]:
        at.ask("DELETE", "/session")
        fail(Exit.DECLINED, f"这个口令须先换掉：请用浏览器打开 {where} 登录后更换", as_json=as_json)
    _choose(at, post, as_json)
    keep(Kept(where, cookie.name, cookie.value or ""))
    _say(at, where, as_json)


def logout(as_json: Json = False) -> None:
    """End the session there and forget it here."""
    file = place()
    if not file.exists():
        fail(Exit.DECLINED, NOT_SIGNED_IN, as_json=as_json)
    try:
        found = Kept(**json.loads(file.read_text(encoding="ascii")))
    except (ValueError, TypeError):
        found = None
    file.unlink()
    if found:
        Desk(found.address, {found.cookie: found.token}, as_json=as_json).ask("DELETE", "/session")
    print_json({"ok": True}) if as_json else out.print("已退出")


def whoami(as_json: Json = False) -> None:
    """Who is signed in where, in which post."""
    at = desk(as_json=as_json)
    _say(at, str(at.client.base_url).removesuffix("/api/v1/"), as_json)


def _address(given: str | None, as_json: bool) -> str:
    before = kept(as_json=as_json) if given is None else None
    text = (given or (before.address if before else "")).rstrip("/")
    if not text:
        fail(Exit.USAGE, "请写明办案平台的地址，如 fengqiao login https://desk.example", as_json=as_json)
    parts = urlsplit(text)
    if parts.scheme != "https" and (parts.scheme != "http" or parts.hostname not in LOOPBACK):
        fail(Exit.USAGE, "地址须以 https:// 开头（本机的可用 http://）", as_json=as_json)
    return text


def _asked(question: str) -> str:
    return input(question) if sys.stdin.isatty() else sys.stdin.readline().strip()


def _secret(question: str) -> str:
    """A password is never shown, and never stands on the command line, which others can read."""
    return getpass.getpass(question) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")


def _choose(at: Desk, wanted: str | None, as_json: bool) -> None:
    me = at.told("GET", "/me")
    if me["post"] is not None and wanted is None:
        return
    named = {f"{p['unit']}/{p['word']}": p["id"] for p in me["posts"]}
    if not named:
        fail(Exit.DECLINED, "您还没有岗位，请联系账号管理员", as_json=as_json)
    fitting = [id for name, id in named.items() if wanted in (name, name.partition("/")[0])]
    if len(fitting) != 1:
        at.ask("DELETE", "/session")
        fail(Exit.USAGE, f"请用 --post 写明以哪个岗位办理：{'、'.join(named)}", as_json=as_json)
    at.told("PUT", "/me/post", json={"post": fitting[0]})


def keep(session: Kept) -> None:
    """Keep a session for oneself alone."""
    file = place()
    file.parent.mkdir(mode=CLOSED_FOLDER, parents=True, exist_ok=True)
    write_closed(file, json.dumps(session._asdict()), replace=True)


def _say(at: Desk, where: str, as_json: bool) -> None:
    me = at.told("GET", "/me")
    if as_json:
        print_json({"address": where, **me})
        return
    post = me["post"]
    acts = f"，以{post['unit']} {post['word']}办理" if post else "，尚未选定岗位"
    out.print(f"{me['name']}（{me['login']}）已登录 {where}{acts}", highlight=False, soft_wrap=True)
