"""The first administrator, by the link that the first start prints."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import Field

from api.access import passwords
from api.access.founding import found as by_slip
from api.access.guard import PUBLIC, address_of
from api.problems import Problem
from api.session import Secret
from api.site import site_of
from domain.words import Model

router = APIRouter(tags=["登录"])


class Founding(Model):
    """The slip in the link, and what the first administrator says of himself."""

    slip: Annotated[str, Field(title="链接中的号码", min_length=1, max_length=100)]
    login: Annotated[str, Field(title="登录名", min_length=1, max_length=100)]
    name: Annotated[str, Field(title="姓名", min_length=1, max_length=100)]
    password: Annotated[Secret, Field(title="口令", min_length=1)]


@router.post("/founding", dependencies=[PUBLIC], status_code=HTTPStatus.CREATED, summary="首次开通")
async def found(founding: Founding, request: Request) -> dict[str, Any]:
    """Make the first account, an administrator's. The link is used up; once there is an account, none is good any more."""
    try:
        person = await by_slip(
            site_of(request),
            slip=founding.slip,
            login=founding.login,
            name=founding.name,
            password=founding.password,
            address=address_of(request),
        )
    except passwords.WeakPassword as weak:
        raise Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "weak_password", str(weak), field="password") from None
    return {"login": person.login, "name": person.name}
