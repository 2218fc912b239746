"""接口令牌: the administrator makes and takes back the tokens by which units' own systems come to the API."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Request
from pydantic import Field

from api.access.guard import Administrator, InPost
from api.site import Site, site_of
from domain.machines import LONGEST, Scope
from domain.posts import check_handles
from domain.words import Model
from ledger import clients
from ledger.clients import Client

router = APIRouter(tags=["账号和审计"])


class NewToken(Model):
    """A token to make."""

    unit: str = Field(title="单位", max_length=100)
    client: str = Field(title="系统名称", description="如 税务征管系统", pattern=r"^\S{2,60}$")
    scopes: frozenset[Scope] = Field(
        title="用途",
        description="register 登记，act 办理，read:own 查阅本单位有份的案件，materials 收存和下载材料",
        min_length=1,
    )
    days: int = Field(default=LONGEST.days, title="有效日数", ge=1, le=LONGEST.days)


@router.get("/clients", summary="接口令牌")
def tokens(caller: Administrator, request: Request) -> list[dict[str, Any]]:
    """签发过的全部接口令牌：单位、系统、用途、到期、最近使用；不含令牌本身."""
    now = datetime.now(UTC)
    return [_shown(client, now) for client in clients.list_clients(site_of(request).ledger)]


@router.post("/clients", status_code=HTTPStatus.CREATED, summary="签发接口令牌")
def make(new: NewToken, caller: Administrator, request: Request) -> dict[str, Any]:
    """答复中的令牌只给出这一次，交该单位保管；更换时新旧两个可以同时有效."""
    made, token = made_of(site_of(request), caller, new)
    return {**_shown(made, made.made_at), "token": token}


def made_of(site: Site, caller: InPost, new: NewToken) -> tuple[Client, str]:
    """A new token of a unit there is, with the token itself. Raises NotGranted."""
    check_handles(new.unit, site.policy)
    return clients.make(site.ledger, caller.acting, **dict(new))


@router.delete("/clients/{token}", status_code=HTTPStatus.NO_CONTENT, summary="收回接口令牌")
def revoke(token: str, caller: Administrator, request: Request) -> None:
    """按令牌编号立即收回."""
    clients.revoke(site_of(request).ledger, caller.acting, token)


def _shown(client: Client, now: datetime) -> dict[str, Any]:
    return {**client._asdict(), "scopes": sorted(client.scopes), "stands": client.stands(now)}
