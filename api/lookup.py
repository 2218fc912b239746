"""群众查询: by the code on the receipt, how far the matter is and who has it; nothing of what it is about."""

from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Request
from pydantic import Field

from api.access.guard import PUBLIC, address_of
from api.problems import Problem
from api.site import Site, site_of
from domain.dispute import Dispute
from domain.outcome import handling
from domain.policy import Policy
from domain.words import SHANGHAI, Model
from ledger.codes import TooOften, matter_of

router = APIRouter(tags=["群众查询"], dependencies=[PUBLIC])

WRONG = "查询码不对，请核对回执上的查询码；遗失的请到原登记单位补打"
"""The same for a code that is none and for one that was never given out."""


class Asked(Model):
    """What somebody typed; in the body, so that it stands in no log."""

    code: str = Field(
        title="查询码", description="回执上的16位，大小写、空格和横线不限", min_length=1, max_length=40
    )


@router.post("/lookup", summary="按查询码查办理进度")
def look_up(asked: Asked, request: Request) -> dict[str, Any]:
    """现在到哪一步、由谁办理、有关日期；不含任何个人信息."""
    return looked_up(site_of(request), asked.code, address_of(request))


def looked_up(site: Site, code: str, address: str) -> dict[str, Any]:
    """How far the matter of a code is. Raises Problem."""
    try:
        matter = matter_of(site.ledger, code, address)
    except TooOften as often:
        wait = {"Retry-After": str(int(often.wait.total_seconds()))}
        raise Problem(HTTPStatus.TOO_MANY_REQUESTS, "too_often", str(often), headers=wait) from None
    d = site.ledger.state(matter) if matter else None
    if d is None or not d.version:
        raise Problem(HTTPStatus.NOT_FOUND, "wrong_code", WRONG, field="code")
    return _shown(d, site.ledger.policy(d.policy_version))


def _shown(d: Dispute, policy: Policy) -> dict[str, Any]:
    """What the holder of a code may read over somebody's shoulder."""
    due = [c.due_on for c in d.open_clocks() if c.rule_id in d.totals]
    return {
        "stage": d.stage and d.say(d.stage.value),
        "handling": handling(d),
        "with": d.lead or d.center,
        "registered_on": min(s.received_at for s in d.sources).astimezone(SHANGHAI).date(),
        "due_on": min(due, default=None),
        "closed_on": d.closed_at and d.closed_at.astimezone(SHANGHAI).date(),
        "papers": [
            {"name": d.say(p.name), "on": p.at.astimezone(SHANGHAI).date()}
            for p in d.documents
            if any(policy.role_of(to) == "applicant" for to in p.to.split("、"))
        ],
    }
