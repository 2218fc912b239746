"""首次开通: the page that the first start's link leads to."""

from http import HTTPStatus

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.access import passwords
from api.access.founding import found
from api.access.guard import address_of, require_own_page
from api.site import site_of
from console.door import pairs_of
from console.view import page
from domain.access import NotGranted

router = APIRouter()
LONGEST = 100
"""Characters of a login or a name."""


@router.get("/founding")
async def ask(request: Request, slip: str = "") -> Response:
    """Who the first administrator is."""
    return _page(request, {"slip": slip})


@router.post("/founding")
async def take(request: Request) -> Response:
    """Make him; he signs in next."""
    require_own_page(request)
    given = {
        name: value[:LONGEST] for name, value in await pairs_of(request) if name in ("slip", "login", "name")
    }
    secrets = {name: value for name, value in await pairs_of(request) if name in ("password", "again")}
    if not all(given.get(name, "").strip() for name in ("slip", "login", "name")):
        return _page(request, given, "请填写登录名和姓名")
    if secrets.get("password") != secrets.get("again"):
        return _page(request, given, "两次输入的口令不一样，请再输一次")
    try:
        await found(
            site_of(request), password=secrets.get("password", ""), address=address_of(request), **given
        )
    except (passwords.WeakPassword, NotGranted) as refused:
        return _page(request, given, str(refused))
    return RedirectResponse("/sign-in", HTTPStatus.SEE_OTHER)


def _page(request: Request, given: dict[str, str], error: str = "") -> Response:
    site = site_of(request)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK
    shown = {"county": site.policy.county, "rules": site.rules.passwords, "error": error}
    return page("founding.html", status=status, **{"slip": "", "login": "", "name": "", **given}, **shown)
