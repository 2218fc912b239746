"""登录、退出、选岗位、换口令、开通凭条."""

import asyncio
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import RedirectResponse, Response

from api.access import by_platform, change, passwords, sign_in
from api.access.guard import Caller, SignedIn, address_of, cookie_of, require_own_page, token_of
from api.problems import Problem
from api.site import Site, site_of
from console import tokens
from console.door import Pairs, Sent, own_address, pairs_of
from console.drafts import give_back
from console.view import page
from ledger import accounts, sessions

router = APIRouter()

CARRIED = "_carried."
"""What stands before the fields of a form whose session ended while it was filled in."""
WHO = "_who"
"""Whose form it was: nobody else is given it back."""

Then = Annotated[str, Query(max_length=2000)]


def sign_in_page(site: Site, *, status: int = HTTPStatus.OK, **shown: Any) -> Response:
    """The page to sign in, with what is shown beside the form."""
    given: dict[str, Any] = {
        "then": "/",
        "error": "",
        "login": "",
        "carried": [],
        "ended": False,
        "left": False,
        "wants_code": False,
        **by_platform.shown(site),
    }
    return page("sign_in.html", status=status, county=site.policy.county, **{**given, **shown})


@router.get("/sign-in")
async def ask(request: Request, then: Then = "/", left: Annotated[str, Query(max_length=1)] = "") -> Response:
    """The page to sign in; ``left``: to whoever has just signed out."""
    return sign_in_page(site_of(request), then=own_address(then), left=bool(left))


def asked_again(request: Request, pairs: Pairs) -> Response:
    """The page to sign in for whoever sent a form after the session had ended; it keeps what he had typed."""
    carried = [(CARRIED + name, value) for name, value in pairs if name != tokens.FIELD]
    then = own_address(dict(pairs).get("_form"))
    return sign_in_page(
        site_of(request),
        status=HTTPStatus.UNAUTHORIZED,
        then=then,
        carried=carried if then != "/" else [],
        ended=True,
    )


@router.post("/sign-in")
async def enter(request: Request) -> Response:
    """Sign in and go on to where one wanted; what was typed before lies there as a draft."""
    require_own_page(request)
    site, pairs = site_of(request), await pairs_of(request)
    given = dict(pairs)
    carried = [(name, value) for name, value in pairs if name.startswith(CARRIED)]
    then = own_address(given.get("then"))
    try:
        done = await sign_in.sign_in(
            site.ledger,
            site.rules,
            login=given.get("login", "")[:100],
            password=given.get("password", "")[: passwords.LONGEST],
            code=given.get("code", "")[:20],
            address=address_of(request),
            agent=request.headers.get("user-agent", ""),
        )
    except sign_in.Refused as refused:
        return sign_in_page(
            site,
            status=HTTPStatus.TOO_MANY_REQUESTS if refused.wait else HTTPStatus.UNAUTHORIZED,
            error=str(refused),
            login=given.get("login", ""),
            then=then,
            carried=carried,
        )
    before = [(name.removeprefix(CARRIED), value) for name, value in carried]
    await asyncio.to_thread(give_back, site.ledger, done.person, dict(before).get(WHO), then, before)
    answer = RedirectResponse("/password" if done.must_change else then, HTTPStatus.SEE_OTHER)
    answer.set_cookie(
        cookie_of(site), done.token, httponly=True, secure=site.secure, samesite="lax", path="/"
    )
    return answer


@router.post("/sign-out")
async def leave(request: Request, token: Annotated[str, Depends(token_of)], _: Sent) -> Response:
    """Sign out."""
    site = site_of(request)
    await asyncio.to_thread(sessions.end, site.ledger, token)
    answer = RedirectResponse("/sign-in?left=1", HTTPStatus.SEE_OTHER)
    answer.delete_cookie(cookie_of(site), path="/", secure=site.secure, httponly=True, samesite="lax")
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@router.get("/post")
async def posts(request: Request, caller: SignedIn, then: Then = "/") -> Response:
    """Which post to act in."""
    return page(
        "post.html", **_plain(request), posts=caller.posts, then=own_address(then), chosen=caller.post
    )


@router.post("/post")
async def choose(
    caller: SignedIn, request: Request, token: Annotated[str, Depends(token_of)], pairs: Sent
) -> Response:
    """Act in this post from now on."""
    given = dict(pairs)
    post = next((p for p in caller.posts if p.id == given.get("post")), None)
    if post is None:
        raise Problem(HTTPStatus.FORBIDDEN, "no_such_post", "您没有这个岗位，请重新选择")
    await asyncio.to_thread(sessions.choose_post, site_of(request).ledger, token, post.id)
    return RedirectResponse(own_address(given.get("then")), HTTPStatus.SEE_OTHER)


@router.get("/password")
async def password(request: Request, caller: SignedIn) -> Response:
    """Another password."""
    return _password(request, caller)


@router.post("/password")
async def change_password(request: Request, caller: SignedIn, pairs: Sent) -> Response:
    """Change it; every other session of this person ends, and this one too."""
    site, given = site_of(request), dict(pairs)
    if given.get("password") != given.get("again"):
        return _password(request, caller, "两次输入的新口令不一样，请再输一次")
    try:
        await change.password(site.ledger, site.rules, caller.acting, caller.session.login, caller.session.name,
                              old=given.get("old", ""), new=given.get("password", ""))  # fmt: skip
    except (passwords.WeakPassword, sign_in.Refused) as refused:
        return _password(request, caller, str(refused))
    return sign_in_page(site, login=caller.session.login, error="", ended=False, changed=True)


@router.get("/slip")
async def slip(request: Request) -> Response:
    """Open an account by the slip one was handed."""
    return _slip(request)


@router.post("/slip")
async def open_account(request: Request) -> Response:
    """Open the account with the password chosen."""
    require_own_page(request)
    site, given = site_of(request), dict(await pairs_of(request))
    if given.get("password") != given.get("again"):
        return _slip(request, "两次输入的口令不一样，请再输一次", given.get("slip", ""))
    try:
        passwords.check(given.get("password", ""), site.rules.passwords)
        kept = await passwords.hashed(given.get("password", ""))
        person = await asyncio.to_thread(
            accounts.use_slip, site.ledger, given.get("slip", "").strip(), kept, address_of(request)
        )
    except (passwords.WeakPassword, accounts.NotGranted) as refused:
        return _slip(request, str(refused), given.get("slip", ""))
    return sign_in_page(site, login=person.login, changed=True)


def _slip(request: Request, error: str = "", slip: str = "") -> Response:
    site = site_of(request)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK
    shown = {"county": site.policy.county, "rules": site.rules.passwords}
    return page("slip.html", status=status, error=error, slip=slip, **shown)


def _password(request: Request, caller: Caller, error: str = "") -> Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK
    rules = site_of(request).rules.passwords
    return page(
        "password.html",
        status=status,
        error=error,
        rules=rules,
        forced=caller.session.must_change,
        login=caller.session.login,
        **by_platform.shown(site_of(request)),
        **_plain(request),
    )


def _plain(request: Request) -> dict[str, Any]:
    """What a page before the desk needs."""
    site = site_of(request)
    token = tokens.made(request.cookies.get(cookie_of(site), ""))
    return {"county": site.policy.county, "token": token, "token_field": tokens.FIELD}
