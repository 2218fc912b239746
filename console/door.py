"""Who looks at a page, and what a form brought: the session, the post, the token of the form."""

from collections.abc import AsyncGenerator, Callable
from http import HTTPStatus
from typing import Annotated, Any, NamedTuple
from urllib.parse import urlsplit

from fastapi import Depends, Request

from api.access.guard import Caller, InPost, OpenTo, cookie_of, signed_in, token_of
from api.book import OVERSEERS
from api.problems import Problem
from api.site import Site, site_of
from api.uploads import MOST_FIELDS, Form, form_of
from console import tokens
from domain.access import Post, Role
from domain.destruction import has_part
from domain.policy import Policy

Pairs = list[tuple[str, str]]
"""What a form brought, in its order; a name may come several times."""

STALE = "页面已放置过久或来自另一次登录，没有办理；请重新打开这一页再试"


class Visitor(NamedTuple):
    """Somebody who is signed in and acts in a post, with what a page needs of it."""

    caller: Caller
    acts: InPost
    """The same as the API's functions know him."""
    token: str
    """The session's; nothing but :mod:`console.tokens` reads it."""
    site: Site

    @property
    def post(self) -> Post:
        """The post he acts in."""
        return self.acts.post

    @property
    def name(self) -> str:
        """As an action names the officer."""
        return self.caller.session.name

    @property
    def person(self) -> str:
        """Whose drafts and looks these are."""
        return self.caller.session.person


class Visiting(OpenTo):
    """The rule of a page: open to posts of these roles, once the password is one's own. Raises Problem."""

    async def __call__(  # pyright: ignore[reportIncompatibleMethodOverride]
        self, request: Request, caller: Annotated[Caller, Depends(signed_in)]
    ) -> Visitor:
        """Whoever looks at the page."""
        if caller.session.must_change:
            raise Problem(HTTPStatus.FORBIDDEN, "change_password", "请先换一个口令")
        acts = await super().__call__(request, caller)
        site = site_of(request)
        return Visitor(caller, acts, request.cookies.get(cookie_of(site), ""), site)


async def sent(
    request: Request, token: Annotated[str, Depends(token_of)], _: Annotated[Caller, Depends(signed_in)]
) -> Pairs:
    """What a form of this very session brought, without its token. Raises Problem."""
    return _own(await pairs_of(request), token)


def _own(pairs: Pairs, token: str) -> Pairs:
    if not tokens.fits(token, dict(pairs).get(tokens.FIELD, "")):
        raise Problem(HTTPStatus.FORBIDDEN, "stale_form", STALE)
    return [(name, value) for name, value in pairs if name != tokens.FIELD]


async def pairs_of(request: Request) -> Pairs:
    """What a form brought, files left out. Raises Problem."""
    form = await form_sent(request)
    form.close()
    return form.pairs


async def form_sent(request: Request) -> Form:
    """What a form brought, with its files; whoever asked for it closes it. Raises Problem."""
    if request.headers.get("content-type", "").startswith("multipart/"):
        return await form_of(request, site_of(request).policy.materials)
    form = await request.form(max_fields=MOST_FIELDS, max_files=0)
    return Form([(name, value) for name, value in form.multi_items() if isinstance(value, str)], [], [])


async def brought(
    request: Request, token: Annotated[str, Depends(token_of)], _: Annotated[Caller, Depends(signed_in)]
) -> AsyncGenerator[Form]:
    """The same of a form of this very session, without its token; its files go when the answer is made. Raises Problem."""
    form = await form_sent(request)
    try:
        pairs = _own(form.pairs, token)
        yield form._replace(pairs=pairs)
    finally:
        form.close()


Visit = Annotated[Visitor, Depends(Visiting([role for role in Role if role.handles_disputes]))]
"""Whoever handles disputes."""
Anybody = Annotated[Visitor, Depends(Visiting(list(Role)))]
Keeper = Annotated[Visitor, Depends(Visiting([Role.ADMINISTRATOR, Role.HEAD]))]
"""Whoever looks after accounts: all of them, or those of the own unit."""
Overseer = Annotated[Visitor, Depends(Visiting(OVERSEERS))]
"""Whoever takes the ledger out as a file."""
Administrator = Annotated[Visitor, Depends(Visiting([Role.ADMINISTRATOR]))]
Head = Annotated[Visitor, Depends(Visiting([Role.HEAD]))]
Auditor = Annotated[Visitor, Depends(Visiting([Role.AUDITOR]))]
REGISTRARS = (Role.OPERATOR, Role.OFFICER, Role.HEAD, Role.MEDIATOR, Role.GRID, Role.OFFICE)
Registrar = Annotated[Visitor, Depends(Visiting(REGISTRARS))]
"""Whoever a party may come to first."""
Sent = Annotated[Pairs, Depends(sent)]
Brought = Annotated[Form, Depends(brought)]


def _anybodys(post: Post, policy: Policy) -> bool:
    return True


class Entry(NamedTuple):
    """One link of the frame."""

    address: str
    word: str
    roles: tuple[Role, ...] = ()
    """Whose page it is; nobody in particular: everybody's who handles disputes."""
    also: Callable[[Post, Policy], bool] = _anybodys
    """What the policy must say besides."""

    def shown_to(self, post: Post, policy: Policy) -> bool:
        """Whether this post has it."""
        role = post.role
        return (role in self.roles if self.roles else role.handles_disputes) and self.also(post, policy)


NAVIGATION = (
    Entry("/", "工作台"),
    Entry("/register", "登记", REGISTRARS),
    Entry("/matters", "台账"),
    Entry("/search", "查人"),
    Entry("/statistics", "统计"),
    Entry("/supervision", "督办", (Role.OFFICE, Role.SUPERVISOR, Role.GOVERNMENT, Role.HEAD, Role.OPERATOR)),
    Entry("/meetings", "联席会议", (Role.OFFICE, Role.SUPERVISOR, Role.GOVERNMENT, Role.OPERATOR)),
    Entry("/archives", "档案", also=has_part),
    Entry("/accounts", "账号", (Role.ADMINISTRATOR, Role.HEAD)),
    *(
        Entry(address, word, (Role.ADMINISTRATOR,))
        for address, word in (
            ("/units", "单位"),
            ("/policies", "政策"),
            ("/calendar", "日历"),
            ("/checkup", "检查"),
            ("/keys", "密钥"),
            ("/webhooks", "推送"),
        )
    ),
    Entry("/audit", "审计", (Role.AUDITOR,)),
)
OWN = (
    Entry("/guide", "操作手册", tuple(Role)),
    Entry("/drafts", "我的草稿"),
    Entry("/notices", "通知方式"),
    Entry("/password", "换口令", tuple(Role)),
)
"""What stands under one's name."""


def shell(visitor: Visitor, here: str) -> dict[str, Any]:
    """What the frame of every page shows. ``here``: the address of the rail's line that is lit."""
    role, post, policy = visitor.post.role, visitor.post, visitor.site.policy
    own = [(e.address, e.word) for e in OWN if e.shown_to(post, policy)]
    return {
        "me": visitor.name,
        "unit": post.unit,
        "role": role.word,
        "own": [*own, *([("/post", "换岗位")] if len(visitor.caller.posts) > 1 else [])],
        "searches": role.handles_disputes,
        "rail": [(e.address, e.word, e.address == here) for e in NAVIGATION if e.shown_to(post, policy)],
        "county": policy.county,
        "token": tokens.made(visitor.token),
        "token_field": tokens.FIELD,
    }


def own_address(text: str | None) -> str:
    """Where to go on, if it is a page of ours; else the first page."""
    parts = urlsplit(text or "")
    safe = (
        text
        and text.startswith("/")
        and not text.startswith(("//", "/\\"))
        and not (parts.scheme or parts.netloc)
    )
    return text if safe and text else "/"
