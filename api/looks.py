"""Looks at identities: by right and reason, each in the matter's record and in the audit before anything is shown."""

from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Request
from pydantic import Field

from api.access.guard import Handler, InPost
from api.actions import Key, act_id, by_of_caller
from api.known import Known, known
from api.problems import Problem, refused
from api.site import Site, site_of
from domain.declined import Declined
from domain.events import VIEW, Identity
from domain.reasons import LONGEST_REASON
from domain.rights import Sight
from domain.words import Model
from ledger.audit import record
from ledger.unmask import Look, identities, note_look

router = APIRouter(tags=["办理"])

VERB = "查看身份信息"


class LookAsked(Model):
    """A look at an identity."""

    whose: Identity = Field(title="查看谁的", description="parties 当事人，reporter 举报人")
    reason: str = Field(title="事由", min_length=1, max_length=LONGEST_REASON)


@router.post("/disputes/{matter}/looks", summary=VERB)
def look(matter: str, look: LookAsked, key: Key, caller: Handler, request: Request) -> dict[str, Any]:
    """说明事由后查看当事人或举报人的身份信息；每次查看记入案件和审计."""
    return looked(site_of(request), caller, matter, look, key)


def looked(site: Site, caller: InPost, matter: str, look: LookAsked, key: str) -> dict[str, Any]:
    """The identities, once the look is noted. Raises Problem."""
    it = known(site, caller.post, matter)
    note(site, caller, it, look.whose, look.reason, key)
    try:
        facts = identities(site.ledger, it.d.id, look.whose)
    except Declined as error:
        raise refused(error) from None
    return facts.model_dump(mode="json", by_alias=True, include={"applicant", "respondents"})


def note(
    site: Site, caller: InPost, it: Known, whose: Identity, reason: str, key: str, paper: int | None = None
) -> None:
    """Put a look down in the matter's record and in the audit, where a refused one stands as well; ``paper``: at one that he
    reads. Raises Problem."""
    if it.seen < Sight.WHOLE and not paper:
        said = "您的岗位与本案的关系不能查看身份信息"
        record(site.ledger, caller.acting.entry(VERB, it.d.case_no, said))
        raise Problem(HTTPStatus.FORBIDDEN, "no_look", said)
    by = by_of_caller(caller, VIEW, it.policy)
    seen = Look(whose, caller.post.unit, caller.session.name, reason, act_id(caller, key), by, paper)
    try:
        note_look(site.ledger, it.d.id, seen)
    except Declined as error:
        record(site.ledger, caller.acting.entry(VERB, it.d.case_no, str(error)))
        raise refused(error) from None
    record(site.ledger, caller.acting.entry(VERB, it.d.case_no))
