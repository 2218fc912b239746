"""Signing in and out, and the post one acts in."""

import asyncio
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field

from api.access import passwords, sign_in
from api.access.guard import PUBLIC, Caller, SignedIn, address_of, cookie_of, token_of
from api.problems import Problem
from api.site import site_of
from domain.access import Post
from domain.words import Model
from ledger import accounts, sessions

router = APIRouter(tags=["登录"])

Secret = Annotated[str, Field(max_length=passwords.LONGEST)]


class Credentials(Model):
    """What one signs in with."""

    login: Annotated[str, Field(title="登录名", min_length=1, max_length=100)]
    password: Annotated[Secret, Field(title="口令", min_length=1)]
    code: Annotated[str, Field(title="验证码", max_length=20)] = ""


class Opening(Model):
    """A slip, and the password that one chooses."""

    slip: Annotated[str, Field(title="开通凭条的号码", min_length=1, max_length=100)]
    password: Annotated[Secret, Field(title="新口令", min_length=1)]


class Choice(Model):
    """The post to act in."""

    post: Annotated[str, Field(title="岗位", max_length=100)]


@router.post("/session", dependencies=[PUBLIC], status_code=HTTPStatus.CREATED, summary="登录")
async def begin(credentials: Credentials, request: Request, response: Response) -> dict[str, Any]:
    """Sign in; the cookie that comes back is the session."""
    site = site_of(request)
    try:
        done = await sign_in.sign_in(
            site.ledger,
            site.rules,
            login=credentials.login,
            password=credentials.password,
            code=credentials.code,
            address=address_of(request),
            agent=request.headers.get("user-agent", ""),
        )
    except sign_in.Refused as refused:
        wait = {"Retry-After": str(int(refused.wait.total_seconds()) + 1)} if refused.wait else None
        status = HTTPStatus.TOO_MANY_REQUESTS if wait else HTTPStatus.UNAUTHORIZED
        raise Problem(status, "not_signed_in", str(refused), headers=wait) from None
    response.set_cookie(
        cookie_of(site), done.token, httponly=True, secure=site.secure, samesite="lax", path="/"
    )
    return {"must_change": done.must_change}


@router.delete("/session", dependencies=[PUBLIC], status_code=HTTPStatus.NO_CONTENT, summary="退出")
async def end(request: Request, response: Response, token: Annotated[str, Depends(token_of)]) -> None:
    """Sign out, whether signed in or not."""
    site = site_of(request)
    if token:
        await asyncio.to_thread(sessions.end, site.ledger, token)
    response.delete_cookie(cookie_of(site), path="/", secure=site.secure, httponly=True, samesite="lax")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'


@router.post("/slips", dependencies=[PUBLIC], status_code=HTTPStatus.CREATED, summary="用开通凭条设口令")
async def open_account(opening: Opening, request: Request) -> dict[str, Any]:
    """Open an account, or choose another password, by the slip that was handed over."""
    site = site_of(request)
    try:
        passwords.check(opening.password, site.rules.passwords)
    except passwords.WeakPassword as weak:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "weak_password", str(weak), field="password") from None
    kept = await passwords.hashed(opening.password)
    person = await asyncio.to_thread(accounts.use_slip, site.ledger, opening.slip, kept, address_of(request))
    return {"login": person.login, "name": person.name}


@router.get("/me", summary="我的账号")
async def me(caller: SignedIn) -> dict[str, Any]:
    """Who is signed in, the posts he holds, the one he acts in."""
    return {
        "login": caller.session.login,
        "name": caller.session.name,
        "post": shown_post(caller.post) if caller.post else None,
        "posts": [shown_post(post) for post in caller.posts],
    }


@router.put("/me/post", summary="选定岗位")
async def choose(
    choice: Choice, request: Request, caller: SignedIn, token: Annotated[str, Depends(token_of)]
) -> dict[str, Any]:
    """Act in this post from now on."""
    post = next((p for p in caller.posts if p.id == choice.post), None)
    if post is None:
        raise Problem(HTTPStatus.FORBIDDEN, "no_such_post", "您没有这个岗位", field="post")
    await asyncio.to_thread(sessions.choose_post, site_of(request).ledger, token, post.id)
    return await me(Caller(caller.session, post, caller.posts))


@router.get("/me/sessions", summary="我的登录")
async def mine(request: Request, caller: SignedIn) -> list[dict[str, Any]]:
    """Where one is signed in, so that a session that is not one's own is seen."""
    found = await asyncio.to_thread(sessions.of_person, site_of(request).ledger, caller.session.person)
    return [{"began_at": s.began_at, "address": s.address, "factors": s.factors} for s in found]


@router.delete("/me/sessions", status_code=HTTPStatus.NO_CONTENT, summary="结束我的全部登录")
async def end_all(request: Request, caller: SignedIn) -> None:
    """End every session of one's own."""
    await asyncio.to_thread(sessions.end_all, site_of(request).ledger, caller.acting)


def shown_post(post: Post) -> dict[str, Any]:
    """A post as it is told of."""
    return {
        "id": post.id,
        "unit": post.unit,
        "role": post.role,
        "word": post.role.word,
        "ends": post.ends,
        "deputy": post.deputy_for is not None,
    }
