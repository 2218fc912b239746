"""政策: the versions that were in force here, how many matters go by each, and what is different between two of them."""

import asyncio
from itertools import pairwise
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.problems import hidden
from api.site import Site
from console.door import Administrator, shell
from console.view import page
from domain.policy import Policy
from ledger.queries import PolicyVersion, policy_versions
from policies.changes import Change, changes

router = APIRouter()

HERE = "/policies"
Named = Annotated[str | None, Query(max_length=64)]


class Difference(NamedTuple):
    """Two versions and the sentences of what is different, by the part of the policy."""

    before: str
    after: str
    parts: dict[str, list[str]]

    @property
    def number(self) -> int:
        """How many sentences there are."""
        return sum(map(len, self.parts.values()))


@router.get(HERE)
async def show(visitor: Administrator, before: Named = None, after: Named = None) -> Response:
    """Every version, and the differences of two; of the one in force and the one before it unless asked otherwise."""
    site = visitor.site
    found = await asyncio.to_thread(policy_versions, site.ledger.engine)
    now = site.policy.version
    others = [one.version for one in found if one.version != now]
    after = after or now
    before = before or (others[0] if others else None)
    difference = await asyncio.to_thread(_difference, site, before, after) if before else None
    return page(
        "policies.html",
        title="政策",
        shell=shell(visitor, HERE),
        policy=site.policy,
        versions=found,
        known=any(one.version == now for one in found),
        earlier=_earlier(found),
        choices=list(dict.fromkeys([now, *(one.version for one in found)])),
        difference=difference,
    )


def _earlier(found: list[PolicyVersion]) -> dict[str, str]:
    """By each version the one before it; the first has none."""
    return {later.version: earlier.version for later, earlier in pairwise(found)}


def _difference(site: Site, before: str, after: str) -> Difference:
    parts: dict[str, list[str]] = {}
    for change in _changes(_policy(site, before), _policy(site, after)):
        parts.setdefault(change.section, []).append(change.said)
    return Difference(before, after, parts)


def _changes(before: Policy, after: Policy) -> list[Change]:
    return changes(before, after) if before.version != after.version else []


def _policy(site: Site, version: str) -> Policy:
    """A version that this ledger knows. Raises Problem for another."""
    if version == site.policy.version:
        return site.policy
    try:
        return site.ledger.policy(version)
    except LookupError:
        raise hidden() from None
