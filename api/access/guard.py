"""Who is asking: by the session that the cookie names, in one post."""

import asyncio
from collections.abc import Collection
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, NamedTuple
from urllib.parse import urlsplit

from fastapi import Depends, Request

from api.problems import Problem
from api.site import Site, site_of
from domain.access import Post, Role
from domain.words import SHANGHAI
from ledger import accounts, sessions
from ledger.accounts import Acting
from ledger.audit import record
from ledger.sessions import Session

READS = ("GET", "HEAD", "OPTIONS")


class Caller(NamedTuple):
    """Somebody signed in. ``post``: the one he acts in; ``posts``: all he holds today."""

    session: Session
    post: Post | None
    posts: list[Post]

    @property
    def acting(self) -> Acting:
        """As the audit names him."""
        return Acting(self.session.person, self.post and self.post.id, self.session.address)


def address_of(request: Request) -> str:
    """Where the request comes from."""
    return request.client.host if request.client else ""


def cookie_of(site: Site) -> str:
    """The cookie's name: bound to host, path and TLS where there is TLS."""
    return "__Host-fengqiao" if site.secure else "fengqiao"


def token_of(request: Request) -> str:
    """The session's token, or nothing. Raises Problem for a request that another site's page had made."""
    token = request.cookies.get(cookie_of(site_of(request)), "")
    if token and request.method not in READS:
        require_own_page(request)
    return token


def require_own_page(request: Request) -> None:
    """Whether one of our own pages sent this. Raises Problem."""
    origin = request.headers.get("origin")
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none") or (
        origin is not None and urlsplit(origin).netloc != request.headers.get("host")
    ):
        raise Problem(
            HTTPStatus.FORBIDDEN, "foreign_page", "请求来自别的网页，没有办理；请在本系统页面中重新操作"
        )


async def signed_in(request: Request, token: Annotated[str, Depends(token_of)]) -> Caller:
    """Whoever is signed in, in whatever post or none. Raises Problem."""
    site = site_of(request)
    session: Session | None = None
    if token:
        acts = not _is_stream(request)
        session = await asyncio.to_thread(sessions.find, site.ledger, token, site.rules.sessions, acts=acts)
    if session is None:
        raise Problem(HTTPStatus.UNAUTHORIZED, "sign_in", "尚未登录，或登录已过期，请重新登录")
    held = await asyncio.to_thread(
        accounts.posts_of, site.ledger, session.person, datetime.now(SHANGHAI).date()
    )
    post = next((p for p in held if p.id == session.post), held[0] if len(held) == 1 else None)
    return Caller(session, post, held)


def _is_stream(request: Request) -> bool:
    """A stream that stays open, or opens anew by itself, is no act of its person's."""
    return request.url.path.endswith("/live")


class InPost(NamedTuple):
    """Somebody signed in who acts in a post."""

    session: Session
    post: Post

    @property
    def acting(self) -> Acting:
        """As the audit names him."""
        return Acting(self.session.person, self.post.id, self.session.address)


class OpenTo:
    """The rule of a route: open to posts of these roles. Raises Problem for everybody else."""

    def __init__(self, roles: Collection[Role]) -> None:
        self.roles = frozenset(roles)

    async def __call__(self, request: Request, caller: Annotated[Caller, Depends(signed_in)]) -> InPost:
        """Whoever acts in a post of one of the roles; a refusal is in the audit."""
        post = caller.post
        if post is None:
            code, said = (
                ("choose_post", "您有几个岗位，请先选定一个")
                if caller.posts
                else ("no_post", "您还没有岗位，请联系账号管理员")
            )
            raise Problem(HTTPStatus.FORBIDDEN, code, said)
        if post.role not in self.roles:
            said = f"{post.role.word}不能使用这一功能"
            entry = caller.acting.entry("访问", request.scope["route"].path, said)
            await asyncio.to_thread(record, site_of(request).ledger, entry)
            raise Problem(HTTPStatus.FORBIDDEN, "not_your_role", said)
        return InPost(caller.session, post)


def anybody() -> None:
    """The rule of a route that is open without signing in."""


PUBLIC = Depends(anybody)
SignedIn = Annotated[Caller, Depends(signed_in)]
Handler = Annotated[InPost, Depends(OpenTo([role for role in Role if role.handles_disputes]))]
"""Whoever handles disputes, in whatever role; what of them is seen and done is said by :mod:`domain.rights`."""
Receiver = Annotated[
    InPost,
    Depends(OpenTo([Role.OPERATOR, Role.OFFICER, Role.HEAD, Role.MEDIATOR, Role.GRID, Role.OFFICE])),
]
"""Whoever a party may come to first."""
Operator = Annotated[InPost, Depends(OpenTo([Role.OPERATOR]))]
Administrator = Annotated[InPost, Depends(OpenTo([Role.ADMINISTRATOR]))]
Keeper = Annotated[InPost, Depends(OpenTo([Role.ADMINISTRATOR, Role.HEAD]))]
"""Whoever looks after accounts: all of them, or those of the own unit."""
Auditor = Annotated[InPost, Depends(OpenTo([Role.AUDITOR]))]
