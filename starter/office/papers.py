"""文书 as they are listed, read and handed out: the one place for the API and the pages."""

from datetime import date, datetime
from typing import Any

from domain.dispute import Dispute
from domain.masking import mask_name
from domain.paper import Document
from domain.paper_content import content, gaps, is_a_partys
from domain.paper_waiting import OF_ISSUERS, OF_REVIEWERS
from domain.policy import Policy
from domain.policy_rules import DocumentRule
from domain.words import SHANGHAI
from ledger.papers import paper_bytes
from ledger.store import Ledger
from papers.filling import BadForm
from papers.press import pressed
from papers.reading import Block, blocks
from starter.office.views import Veil

NEVER_ISSUED = "未制发"
"""Of a matter that was archived before."""
NOT_YET = {"number": "制发时编号", "code": "制发时生成", "signed_by": "待签发"}
"""Of a draft; without brackets, for a form may put some around them."""


def paper_of(d: Dispute, no: int) -> Document | None:
    """A paper by its place among the matter's papers, from 1."""
    return d.documents[no - 1] if 0 < no <= len(d.documents) else None


def listed(d: Dispute, policy: Policy, veil: Veil) -> list[dict[str, Any]]:
    """A matter's papers, the oldest first, without anybody's identity."""
    return [_row(d, policy, veil, no, paper) for no, paper in enumerate(d.documents, 1)]


def _row(d: Dispute, policy: Policy, veil: Veil, no: int, paper: Document) -> dict[str, Any]:
    _, rule = policy.paper_rule(paper.name)
    issued = paper.issued
    return {
        "no": no,
        "name": veil.say(paper.name),
        "registered_as": paper.number,
        "number": issued.number if issued else None,
        "state": _state(d, paper, rule),
        "issuer": paper.to.replace("/", "、")
        if (from_party := is_a_partys(policy, paper))
        else paper.issuers,
        "from_party": paper.issuer if from_party else None,
        "to": veil.text(paper.to),
        "drawn_at": paper.at,
        "issued_at": issued.at if issued else None,
        "sha256": issued.sha256 if issued else None,
        "services": [
            s.model_dump(mode="json", include={"to", "way", "done_on", "served_on"})
            | {"proof": veil.text(s.proof)}
            for s in paper.services
        ],
        "revoked": [
            r.model_dump(mode="json", include={"number", "revoked_at", "reason"}) for r in paper.revoked
        ],
        "missing": [] if issued or d.is_over else gaps(policy, d, paper),
    }


def _state(d: Dispute, paper: Document, rule: DocumentRule) -> str:
    """How far a paper is; of a matter that is over none waits any more."""
    state = paper.state(reviewed=rule.reviewed)
    if not rule.mark:
        return "不编文号"
    return NEVER_ISSUED if d.is_over and state in (*OF_REVIEWERS, *OF_ISSUERS) else state.value


def whole_bytes(ledger: Ledger, d: Dispute, paper: Document) -> bytes:
    """An issued paper as it went out, with everybody's names. Raises LookupError for one not issued, LedgerBroken."""
    if paper.issued is None:
        raise LookupError("这份文书尚未制发，没有可以下载、打印的原件")
    return paper_bytes(ledger, d.id, paper.issued.number, paper.issued.sha256)


def read(ledger: Ledger, d: Dispute, policy: Policy, paper: Document, now: datetime) -> list[Block]:
    """What a paper says: as it was issued, else as it would be. Raises LookupError, in Chinese, where it has no form."""
    if paper.issued:
        return blocks(whole_bytes(ledger, d, paper))
    _, rule = policy.paper_rule(paper.name)
    missing = {field: f"〔待补：{field}〕" for field in gaps(policy, d, paper)}
    values = content(policy, d, paper, on=_day(now), asked=missing, **NOT_YET)
    try:
        return blocks(pressed(policy, rule, values))
    except BadForm as error:
        raise LookupError(f"《{paper.name}》不能显示：{error}") from None


def _day(moment: datetime) -> date:
    return moment.astimezone(SHANGHAI).date()


def veiled(found: list[Block], d: Dispute, veil: Veil) -> list[Block]:
    """The same without anybody's identity."""
    short = [name for name in d.names() if len(name) == 1]

    def hide(text: str) -> str:
        hidden = veil.text(text)
        return mask_name(hidden) if hidden.rstrip("：") in short else hidden

    return [
        Block(b.look, hide(b.text), tuple(tuple(hide(cell) for cell in row) for row in b.rows)) for b in found
    ]
