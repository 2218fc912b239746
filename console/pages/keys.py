"""密钥: which keys there are, by their numbers and never themselves: the office's own, and those of units' own systems."""

import asyncio
from datetime import UTC, datetime

from fastapi import APIRouter
from starlette.responses import Response

from api.clients import NewToken, made_of
from console import made as shown_once
from console.door import Administrator, Sent, Visitor, shell
from console.forms.acting import Filled
from console.forms.taking import taken
from console.forms.token import SCOPES
from console.forms.token import token as fields_of
from console.showing.staffing import lawful_units, served_by
from console.told import NOTHING, Heard, Told, onward
from console.view import form_page, page
from domain.words import SHANGHAI, UnitName
from ledger import accounts, clients, signal_keys
from ledger.key_checks import key_states
from privacy.keys import Purpose

router = APIRouter()

HERE = "/keys"
MADE = f"{HERE}/made"
PURPOSES = {
    Purpose.PAYLOAD: "流程引擎里的内容",
    Purpose.LEDGER: "台账里各案件的数据密钥",
    Purpose.SEARCH: "按姓名、号码检索",
    Purpose.VAULT: "举报人身份",
}


@router.get(HERE)
async def show(visitor: Administrator, done: Heard) -> Response:
    """Every key; ``done``: what was just done with one."""
    return await _all(visitor, done=done)


@router.post(HERE)
async def make(visitor: Administrator, pairs: Sent) -> Response:
    """A new token of a unit's system; it is shown this once."""
    made, filled = await taken(
        fields_of(await units_at(visitor)),
        pairs,
        NewToken,
        lambda new: made_of(visitor.site, visitor.acts, new),
    )
    if made is None:
        return await _all(visitor, filled)
    client, token = made
    what = {"token": token, "unit": client.unit, "name": client.name}
    return shown_once.onward(visitor, MADE, what | {"until": client.good_until.isoformat()})


@router.get(MADE)
async def show_token(visitor: Administrator, sealed: shown_once.Sealed = "") -> Response:
    """The token that was just made."""
    what = shown_once.shown(visitor, MADE, sealed)
    until = datetime.fromisoformat(what["until"])
    return page("token_made.html", title="接口令牌", shell=shell(visitor, HERE), made=what, until=until)


@router.post(HERE + "/{token}/end")
async def revoke(token: str, visitor: Administrator, _: Sent) -> Response:
    """Take a token back."""
    await asyncio.to_thread(clients.revoke, visitor.site.ledger, visitor.acts.acting, token)
    return onward(visitor, HERE, "接口令牌已收回，立即生效")


async def units_at(visitor: Visitor) -> list[UnitName]:
    """The county's units that a system may be of."""
    people = await asyncio.to_thread(accounts.everybody, visitor.site.ledger)
    return lawful_units(visitor.site.policy, served_by(people))


async def _all(visitor: Visitor, refused: Filled | None = None, done: Told = NOTHING) -> Response:
    ledger, now = visitor.site.ledger, datetime.now(SHANGHAI)
    own = await asyncio.to_thread(key_states, ledger)
    signing = await asyncio.to_thread(signal_keys.list_signal_keys, ledger)
    tokens = await asyncio.to_thread(clients.list_clients, ledger)
    fields = fields_of(await units_at(visitor))
    drawn, summary = (refused or Filled(fields, {"days": 365}, None, {})).drawn()
    return form_page(
        "keys.html",
        refused,
        title="密钥",
        shell=shell(visitor, HERE),
        own=own,
        purposes=PURPOSES,
        signing=[(key, key.standing(now)) for key in signing],
        tokens=[(client, client.stands(datetime.now(UTC))) for client in tokens],
        scopes=SCOPES,
        controls=drawn,
        faults=summary,
        done=done,
    )
