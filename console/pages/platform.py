"""统一身份登录: off to the province's platform and back, the code of the second factor, linking one's own account."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from api.access import by_platform
from api.access.by_platform import Arrived
from api.access.guard import SignedIn, address_of, cookie_of, require_own_page, token_of
from api.access.platform import Platform
from api.access.sign_in import Refused
from api.problems import Problem, hidden
from api.site import Site, site_of
from console.door import Sent, own_address, pairs_of
from console.pages.signing import Then, sign_in_page
from console.view import page

router = APIRouter()

PATH = "/sign-in/oidc"


def flow_cookie(site: Site) -> str:
    """The cookie's name while a sign-in is under way; it is sent to these pages alone, so it cannot be ``__Host-``."""
    return "__Secure-fengqiao-oidc" if site.secure else "fengqiao-oidc"


def the_platform(request: Request) -> Platform:
    """The platform; without one these pages do not exist. Raises Problem."""
    platform = site_of(request).platform
    if platform is None:
        raise hidden()
    return platform


Platformed = Annotated[Platform, Depends(the_platform)]


@router.get(PATH)
async def leave(request: Request, platform: Platformed, then: Then = "/") -> Response:
    """Off to the platform."""
    site = site_of(request)
    try:
        where, flow = await by_platform.begin(site, platform, back=_back(request), then=own_address(then))
    except Refused as refused:
        return _refused(site, refused, then=own_address(then))
    return _kept(site, RedirectResponse(where, HTTPStatus.SEE_OTHER), flow)


@router.get(PATH + "/back")
async def arrive(
    request: Request, platform: Platformed, session: Annotated[str, Depends(token_of)]
) -> Response:
    """Back from the platform."""
    site = site_of(request)
    try:
        done = await by_platform.come_back(
            site,
            platform,
            flow=request.cookies.get(flow_cookie(site), ""),
            came=dict(request.query_params),
            session=session,
            address=address_of(request),
            agent=request.headers.get("user-agent", ""),
        )
    except Refused as refused:
        return _refused(site, refused)
    if done.flow:
        shown = page("platform_code.html", county=site.policy.county)
        return _kept(site, shown, done.flow)
    if done.session is None:
        return _gone(site, _link_page(site, platform))
    return _signed_in(site, done)


@router.post(PATH + "/code")
async def code(request: Request, _: Platformed) -> Response:
    """The second factor's code."""
    require_own_page(request)
    site = site_of(request)
    try:
        done = await by_platform.second(
            site,
            flow=request.cookies.get(flow_cookie(site), ""),
            code=dict(await pairs_of(request)).get("code", "")[:20],
            address=address_of(request),
            agent=request.headers.get("user-agent", ""),
        )
    except Refused as refused:
        return _refused(site, refused)
    return _signed_in(site, done)


@router.post(PATH + "/link")
async def link(request: Request, platform: Platformed, caller: SignedIn, _: Sent) -> Response:
    """Link one's own account. A page leads on: ``form-action`` lets no form lead elsewhere."""
    if caller.session.must_change:
        raise Problem(HTTPStatus.FORBIDDEN, "change_password", "请先换一个口令")
    site = site_of(request)
    try:
        where, flow = await by_platform.begin(
            site, platform, back=_back(request), then="/", link=caller.session.person
        )
    except Refused as refused:
        raise Problem(HTTPStatus.SERVICE_UNAVAILABLE, "platform", str(refused)) from None
    return _kept(site, _link_page(site, platform, where), flow)


def _link_page(site: Site, platform: Platform, where: str = "") -> Response:
    return page("platform_link.html", county=site.policy.county, platform=platform.name, where=where)


def _back(request: Request) -> str:
    """Where the platform sends the browser back to: it knows this address and takes no other."""
    scheme = "https" if site_of(request).secure else "http"
    return f"{scheme}://{request.headers.get('host', '')}{PATH}/back"


def _signed_in(site: Site, done: Arrived) -> Response:
    answer = RedirectResponse(done.then, HTTPStatus.SEE_OTHER)
    answer.set_cookie(
        cookie_of(site), done.session or "", httponly=True, secure=site.secure, samesite="lax", path="/"
    )
    return _gone(site, answer)


def _refused(site: Site, refused: Refused, then: str = "/") -> Response:
    status = HTTPStatus.TOO_MANY_REQUESTS if refused.wait else HTTPStatus.UNAUTHORIZED
    return _gone(site, sign_in_page(site, status=status, error=str(refused), then=then))


def _kept(site: Site, answer: Response, flow: str) -> Response:
    answer.set_cookie(
        flow_cookie(site),
        flow,
        max_age=int(by_platform.GOOD_FOR.total_seconds()),
        httponly=True,
        secure=site.secure,
        samesite="lax",
        path=PATH,
    )
    return answer


def _gone(site: Site, answer: Response) -> Response:
    answer.delete_cookie(flow_cookie(site), path=PATH, secure=site.secure, httponly=True, samesite="lax")
    return answer
