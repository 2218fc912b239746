"""Who is asking: a person by the session that the cookie names, in one post; a unit's own system by its bearer token."""

import asyncio
from collections.abc import Collection
from http import HTTPStatus
from typing import Annotated, NamedTuple
from urllib.parse import urlsplit

from fastapi import Depends, Request

from api.limits import Meter
from api.problems import Problem
from api.site import Site, site_of
from api.unseen import acts
from domain import machines
from domain.access import Post, Role
from domain.machines import Scope
from domain.words import SHANGHAI
from ledger import clients, sessions
from ledger.accounts import Acting
from ledger.audit import record
from ledger.clients import Client
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


def meter_of(request: Request) -> Meter:
    """What counts requests in this process."""
    return request.app.state.meter


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


class InPost(NamedTuple):
    """Somebody signed in who acts in a post; or a unit's own system (``client``), which acts like an officer of its unit."""

    session: Session
    post: Post
    client: Client | None = None

    @property
    def acting(self) -> Acting:
        """As the audit names him."""
        return Acting(self.session.person, self.post.id, self.session.address)


def bearer_of(request: Request) -> str | None:
    """The bearer token, if one is sent."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


async def asking(request: Request, token: Annotated[str, Depends(token_of)]) -> "Caller | InPost":
    """Whoever asks: a system by its token, which then counts alone; else the person who is signed in. Raises Problem."""
    bearer = bearer_of(request)
    if bearer is not None:
        return await _system(request, bearer)
    return await _person(request, token)


async def _system(request: Request, bearer: str) -> InPost:
    site = site_of(request)
    client = await asyncio.to_thread(clients.find, site.ledger, bearer)
    if client is None or not site.policy.units.knows(client.unit):
        said = "接口令牌无效、已到期或已收回，请向账号管理员申请"
        headers = {"WWW-Authenticate": "Bearer"}
        raise Problem(HTTPStatus.UNAUTHORIZED, "no_client", said, headers=headers)
    meter = meter_of(request)
    await meter.count(client.account, meter.limits.system)
    role = machines.role_of(client.unit, site.policy)
    day = client.made_at.astimezone(SHANGHAI).date()
    post = Post(client.id, client.account, client.unit, role, day, None)
    session = Session(
        client.account, "", client.name, client.id, 1, client.made_at, address_of(request), must_change=False
    )
    return InPost(session, post, client)


async def _person(request: Request, token: str) -> Caller:
    site = site_of(request)
    session: Session | None = None
    if token:
        acts = not _is_stream(request)
        session = await asyncio.to_thread(sessions.find, site.ledger, token, site.rules.sessions, acts=acts)
    if session is None:
        raise Problem(HTTPStatus.UNAUTHORIZED, "sign_in", "尚未登录，或登录已过期，请重新登录")
    meter = meter_of(request)
    await meter.count(f"person {session.person}", meter.limits.person)
    held = session.held
    post = next((p for p in held if p.id == session.post), held[0] if len(held) == 1 else None)
    return Caller(session, post, [*held])


async def signed_in(request: Request, caller: Annotated[Caller | InPost, Depends(asking)]) -> Caller:
    """Whoever is signed in, in whatever post or none; a system is not. Raises Problem."""
    if isinstance(caller, InPost):
        raise await _refusal(request, caller, "not_for_machines", "接口不能使用这一功能，请由本人登录后办理")
    return caller


async def _refusal(request: Request, caller: Caller | InPost, code: str, said: str) -> Problem:
    """The refusal of a route, once it is in the audit."""
    entry = caller.acting.entry("访问", request.scope["route"].path, said)
    await asyncio.to_thread(record, site_of(request).ledger, entry)
    return Problem(HTTPStatus.FORBIDDEN, code, said)


def _is_stream(request: Request) -> bool:
    """A stream that stays open, or opens anew by itself, is no act of its person's."""
    return request.url.path.endswith("/live")


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
            raise await _refusal(request, caller, "not_your_role", f"{post.role.word}不能使用这一功能")
        acts(request, caller.acting)
        return InPost(caller.session, post)


class OpenToSystems(OpenTo):
    """The same, open also to units' own systems whose token has this scope."""

    def __init__(self, roles: Collection[Role], scope: Scope) -> None:
        super().__init__(roles)
        self.scope = scope

    async def __call__(self, request: Request, caller: Annotated[Caller | InPost, Depends(asking)]) -> InPost:
        """Whoever acts in a post of one of the roles, or a system in its place."""
        if isinstance(caller, Caller):
            return await super().__call__(request, caller)
        if caller.client is None or self.scope not in caller.client.scopes:
            raise await _refusal(request, caller, "not_for_machines", "这个接口令牌没有这一用途")
        if caller.post.role not in self.roles:
            raise await _refusal(
                request, caller, "not_your_role", f"{caller.post.unit}的接口不能使用这一功能"
            )
        acts(request, caller.acting)
        return caller


def anybody() -> None:
    """The rule of a route that is open without signing in."""


PUBLIC = Depends(anybody)
SignedIn = Annotated[Caller, Depends(signed_in)]
_HANDLE = [role for role in Role if role.handles_disputes]
_RECEIVE = [Role.OPERATOR, Role.OFFICER, Role.HEAD, Role.MEDIATOR, Role.GRID, Role.OFFICE]
Handler = Annotated[InPost, Depends(OpenTo(_HANDLE))]
"""Whoever handles disputes, in whatever role; what of them is seen and done is said by :mod:`domain.rights`."""
Doer = Annotated[InPost, Depends(OpenToSystems(_HANDLE, Scope.ACT))]
Reader = Annotated[InPost, Depends(OpenToSystems(_HANDLE, Scope.READ_OWN))]
Receiver = Annotated[InPost, Depends(OpenTo(_RECEIVE))]
"""Whoever a party may come to first."""
Registrar = Annotated[InPost, Depends(OpenToSystems(_RECEIVE, Scope.REGISTER))]
Operator = Annotated[InPost, Depends(OpenTo([Role.OPERATOR]))]
MaterialReader = Annotated[InPost, Depends(OpenToSystems(_HANDLE, Scope.MATERIALS))]
MaterialGiver = Annotated[InPost, Depends(OpenToSystems(_RECEIVE, Scope.MATERIALS))]
TicketTaker = Annotated[InPost, Depends(OpenToSystems([Role.OPERATOR], Scope.REGISTER))]
Administrator = Annotated[InPost, Depends(OpenTo([Role.ADMINISTRATOR]))]
Keeper = Annotated[InPost, Depends(OpenTo([Role.ADMINISTRATOR, Role.HEAD]))]
"""Whoever looks after accounts: all of them, or those of the own unit."""
Auditor = Annotated[InPost, Depends(OpenTo([Role.AUDITOR]))]
