"""推送: other systems that are told of matters, and what did not reach them; for the administrator alone."""

import asyncio

from fastapi import APIRouter
from starlette.responses import Response

from api.webhooks import NewWebhook, counted, made_of, shown
from console import made as shown_once
from console.door import Administrator, Sent, Visitor, shell
from console.forms.acting import Filled
from console.forms.taking import taken
from console.forms.webhook import webhook as fields_of
from console.pages.keys import units_at
from console.told import NOTHING, Heard, Told, onward
from console.view import form_page, page
from domain.offers import Field
from domain.webhooks import Delivery
from ledger import outbox, webhooks
from ledger.webhooks import Webhook

router = APIRouter()

HERE = "/webhooks"


@router.get(HERE)
async def all_of_them(visitor: Administrator, done: Heard) -> Response:
    """Every webhook; ``done``: what was just done with one."""
    return await _all(visitor, done=done)


@router.post(HERE)
async def register(visitor: Administrator, pairs: Sent) -> Response:
    """A new webhook; its secret is shown this once."""
    made, filled = await taken(
        await _fields(visitor), pairs, NewWebhook, lambda new: made_of(visitor.site, visitor.acts, new)
    )
    return _on_to_secret(visitor, *made) if made else await _all(visitor, filled)


@router.get(HERE + "/{webhook}")
async def one(webhook: str, visitor: Administrator, done: Heard) -> Response:
    """One webhook with what it was told lately, dead letters first."""
    ledger = visitor.site.ledger
    hook = await asyncio.to_thread(webhooks.find, ledger, webhook)
    dead = await asyncio.to_thread(outbox.messages_of, ledger.engine, webhook, Delivery.DEAD)
    lately = await asyncio.to_thread(outbox.messages_of, ledger.engine, webhook)
    return page(
        "webhook.html",
        title=f"推送　{hook.unit} {hook.client}",
        shell=shell(visitor, HERE),
        hook=shown(hook),
        dead=dead,
        lately=[message for message in lately if message.state is not Delivery.DEAD],
        overlap=webhooks.OVERLAP.days,
        done=done,
    )


@router.post(HERE + "/{webhook}/secret")
async def rotate(webhook: str, visitor: Administrator, _: Sent) -> Response:
    """Another secret, shown this once."""
    made = await asyncio.to_thread(webhooks.rotate, visitor.site.ledger, visitor.acts.acting, webhook)
    return _on_to_secret(visitor, *made)


@router.post(HERE + "/{webhook}/end")
async def revoke(webhook: str, visitor: Administrator, _: Sent) -> Response:
    """Tell it nothing any more."""
    await asyncio.to_thread(webhooks.revoke, visitor.site.ledger, visitor.acts.acting, webhook)
    return _done(visitor, webhook, "已停用，还没送出的不再送")


@router.post(HERE + "/{webhook}/deliveries/{message}/again")
async def again(webhook: str, message: str, visitor: Administrator, _: Sent) -> Response:
    """Send a dead letter once more."""
    acting = visitor.acts.acting
    await asyncio.to_thread(webhooks.send_again, visitor.site.ledger, acting, webhook, message)
    return _done(
        visitor, webhook, "已重新排队，同一案件有正在重试的排在它之后，至多一小时；送达与否稍后刷新本页查看"
    )


def _done(visitor: Visitor, webhook: str, said: str) -> Response:
    return onward(visitor, f"{HERE}/{webhook}", said)


async def _fields(visitor: Visitor) -> list[Field]:
    return fields_of(await units_at(visitor), visitor.site.outbound.platform.answers)


async def _all(visitor: Visitor, refused: Filled | None = None, done: Told = NOTHING) -> Response:
    found = await asyncio.to_thread(webhooks.list_webhooks, visitor.site.ledger)
    drawn, summary = (refused or Filled(await _fields(visitor), {}, None, {})).drawn()
    return form_page(
        "webhooks.html",
        refused,
        title="推送",
        shell=shell(visitor, HERE),
        hooks=[counted(hook) for hook in found],
        controls=drawn,
        faults=summary,
        done=done,
    )


def _on_to_secret(visitor: Visitor, hook: Webhook, secret: str) -> Response:
    return shown_once.onward(visitor, _secret_at(hook.id), {"secret": secret})


def _secret_at(webhook: str) -> str:
    return f"{HERE}/{webhook}/secret"


@router.get(HERE + "/{webhook}/secret")
async def show_secret(webhook: str, visitor: Administrator, sealed: shown_once.Sealed = "") -> Response:
    """The secret that was just made."""
    secret = shown_once.shown(visitor, _secret_at(webhook), sealed)["secret"]
    hook = await asyncio.to_thread(webhooks.find, visitor.site.ledger, webhook)
    return page(
        "webhook_secret.html",
        title="推送密钥",
        shell=shell(visitor, HERE),
        hook=shown(hook),
        secret=secret,
        overlap=webhooks.OVERLAP.days,
    )
