"""Signing in by the province's platform: it says who somebody is; whose account that is, and what he may do, is said here.

Nobody is made by it, a suspended account stays closed, and where the platform proved one factor alone the account's own second
is asked.
"""

import asyncio
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from api.access import second_factor
from api.access.platform import NotBelieved, Platform, Told, Unreachable
from api.access.sign_in import WRONG, Refused, waits
from api.site import Site
from domain.access import AccountState, NotGranted, Post
from domain.words import SHANGHAI
from ledger import accounts, identities, sessions
from ledger.accounts import Acting
from ledger.audit import record
from ledger.sessions import Known

VERB = "统一身份登录"
GOOD_FOR = timedelta(minutes=10)
"""From the button to the way back, and again for the code of the second factor."""
AWAY = "统一身份认证平台暂时连不上，请稍后再试，或用本系统的口令登录"
NOT_BELIEVED = "没有登录成：统一身份认证平台的答复不完整、已用过或已过期，请重新登录"
UNLINKED = "您的平台账号还没有绑定本系统的账号：请先用本系统的口令登录后自行绑定，或请账号管理员绑定"
CLOSED = "您在本系统的账号已停用或尚未开通，请联系账号管理员"
OTHER_UNIT = "平台登记的单位与您在本系统的岗位不一致，没有登录，请联系账号管理员核对"
NO_PLATFORM = "本系统没有接入统一身份认证平台"


class Arrived(NamedTuple):
    """What the way back came to: ``session``, signed in; ``flow``, a code is still asked for; neither, the account was linked."""

    then: str
    session: str | None = None
    flow: str | None = None


async def begin(
    site: Site, platform: Platform, *, back: str, then: str, link: str | None = None
) -> tuple[str, str]:
    """Where the browser is sent, and the token it keeps meanwhile. ``link``: whose account is to be linked. Raises Refused."""
    try:
        where, kept = await platform.ask(back)
    except Unreachable:
        raise Refused(AWAY) from None
    except NotBelieved as error:
        await _audit(site, Acting(None), "", str(error))
        raise Refused(NOT_BELIEVED) from None
    flow = await asyncio.to_thread(
        identities.keep_flow, site.ledger, {**kept, "then": then, "link": link}, GOOD_FOR
    )
    return where, flow


async def come_back(
    site: Site, platform: Platform, *, flow: str, came: dict[str, str], session: str, address: str, agent: str
) -> Arrived:
    """Whoever came back from the platform, by the token his browser kept and the query. Raises Refused, NotGranted."""
    kept = await asyncio.to_thread(identities.take_flow, site.ledger, flow)
    if kept is None or "state" not in kept:
        raise Refused(NOT_BELIEVED)
    try:
        told = await platform.told(kept, came)
    except Unreachable:
        raise Refused(AWAY) from None
    except NotBelieved as error:
        await _audit(site, Acting(None, address=address), "", str(error))
        raise Refused(NOT_BELIEVED) from None
    if kept["link"]:
        await _link(site, kept["link"], session, told, address)
        return Arrived(kept["then"])
    known = await _holder(site, told, address)
    if told.factors < 2 and known.seed is not None:
        waiting = {"login": await _login(site, told), "then": kept["then"]}
        return Arrived(
            kept["then"], flow=await asyncio.to_thread(identities.keep_flow, site.ledger, waiting, GOOD_FOR)
        )
    return Arrived(kept["then"], await _begin(site, known, told.factors, address, agent))


async def second(site: Site, *, flow: str, code: str, address: str, agent: str) -> Arrived:
    """The second factor's code after the platform's one; a wrong one begins anew at the platform. Raises Refused."""
    kept = await asyncio.to_thread(identities.take_flow, site.ledger, flow)
    if kept is None or "login" not in kept:
        raise Refused(NOT_BELIEVED)
    login = kept["login"]
    await waits(site.ledger, site.rules, login, address)
    known = await asyncio.to_thread(sessions.known, site.ledger, login)
    if known is None or known.status != AccountState.ACTIVE:
        raise Refused(CLOSED)
    if not await asyncio.to_thread(second_factor.fits, site.ledger, known, code):
        await asyncio.to_thread(sessions.failed, site.ledger, login, address, "验证码不对")
        raise Refused(WRONG)
    return Arrived(kept["then"], await _begin(site, known, 2, address, agent))


async def _login(site: Site, told: Told) -> str:
    found = await asyncio.to_thread(identities.holder_of, site.ledger, told.subject)
    return found.login if found else ""


async def _holder(site: Site, told: Told, address: str) -> Known:
    """Whose account it is, if it is open and of the unit that the platform names. Raises Refused, once it is in the audit."""
    login = await _login(site, told)
    known = await asyncio.to_thread(sessions.known, site.ledger, login) if login else None
    if known is None:
        await _audit(site, Acting(None, address=address), told.subject.hex()[:12], "平台账号没有绑定")
        raise Refused(UNLINKED)
    by = Acting(known.person, address=address)
    if known.status != AccountState.ACTIVE:
        await _audit(site, by, login, f"账号{known.status}")
        raise Refused(CLOSED)
    today = datetime.now(SHANGHAI).date()
    posts = await asyncio.to_thread(accounts.posts_of, site.ledger, known.person, today)
    if told.unit is not None and not _serves(site, told.unit, posts):
        await _audit(site, by, login, "单位不符")
        raise Refused(OTHER_UNIT)
    return known


def _serves(site: Site, unit: str, posts: list[Post]) -> bool:
    """Whether one of the posts is of the unit that the platform names; it gives none."""
    return any(post.unit == unit or site.policy.units.same(post.unit, unit) for post in posts)


async def _begin(site: Site, known: Known, factors: int, address: str, agent: str) -> str:
    return await asyncio.to_thread(
        lambda: sessions.begin(
            site.ledger,
            known.person,
            factors=factors,
            post=None,
            address=address,
            agent=agent,
            rules=site.rules.sessions,
            verb=VERB,
        )
    )


async def _link(site: Site, person: str, session: str, told: Told, address: str) -> None:
    """Link one's own account, in the session in which one asked for it. Raises Refused, NotGranted."""
    found = (
        await asyncio.to_thread(sessions.find, site.ledger, session, site.rules.sessions) if session else None
    )
    if found is None or found.person != person:
        raise Refused(NOT_BELIEVED)
    await asyncio.to_thread(
        identities.link, site.ledger, Acting(person, found.post, address), person, told.subject
    )


async def _audit(site: Site, by: Acting, object: str, why: str) -> None:
    await asyncio.to_thread(record, site.ledger, by.entry(VERB, object, why))


def link(site: Site, by: Acting, person: str, subject: str) -> None:
    """An administrator links somebody's account by the platform's subject. Raises NotGranted."""
    if site.platform is None:
        raise NotGranted(NO_PLATFORM)
    identities.link(site.ledger, by, person, identities.subject_hash(site.platform.issuer, subject.strip()))


def shown(site: Site) -> dict[str, Any]:
    """What the page to sign in shows of it: the platform's name, none where there is none."""
    return {"platform": site.platform.name if site.platform else None}
