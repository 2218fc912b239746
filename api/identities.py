"""统一身份: the administrator says which account at the platform opens whose account here, and takes that back."""

from http import HTTPStatus

from fastapi import APIRouter, Request
from pydantic import Field

from api.access import by_platform
from api.access.guard import Administrator
from api.site import site_of
from domain.words import Model
from ledger import identities

router = APIRouter(tags=["账号和审计"])


class Identity(Model):
    """An account at the platform."""

    subject: str = Field(
        title="平台账号标识", description="平台给出的 sub，由平台管理员提供", min_length=1, max_length=255
    )


@router.put("/accounts/{person}/identity", status_code=HTTPStatus.NO_CONTENT, summary="绑定统一身份")
def link(person: str, identity: Identity, caller: Administrator, request: Request) -> None:
    """此后以这个平台账号登录的，就是这个人；只绑定已有的账号，不给予任何岗位."""
    by_platform.link(site_of(request), caller.acting, person, identity.subject)


@router.delete("/accounts/{person}/identity", status_code=HTTPStatus.NO_CONTENT, summary="解除统一身份")
def unlink(person: str, caller: Administrator, request: Request) -> None:
    """此后不能再以平台账号登录这个账号."""
    identities.unlink(site_of(request).ledger, caller.acting, person)
