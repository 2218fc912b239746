"""What acts of intake, handling and side-steps mean."""

from datetime import date
from typing import Literal

from pydantic import AwareDatetime

from domain.intake import ClaimNo, DuplicateHint, Whose
from domain.words import Model, UnitName


class TriageNoted(Model):
    """What acceptance settles besides level and units."""

    type: Literal["triage_noted"] = "triage_noted"
    confidential: bool


class PartyContacted(Model):
    """联系当事人 at the first review: when and how, or why nobody was reached."""

    type: Literal["party_contacted"] = "party_contacted"
    way: str
    on: date | None = None
    unreached: str | None = None


class HandlersNoted(Model):
    """Who handled the matter, and so may never make its callback."""

    type: Literal["handlers_noted"] = "handlers_noted"
    officers: list[str]


class HubChanged(Model):
    """移交: another hub has the matter. ``failed``: whether a hub gave it up, not only the unit that received it."""

    type: Literal["hub_changed"] = "hub_changed"
    to: UnitName
    failed: bool


class TransferredOut(Model):
    """移送外地."""

    type: Literal["transferred_out"] = "transferred_out"
    area: str
    to: str


class TaskSigned(Model):
    """签收."""

    type: Literal["task_signed"] = "task_signed"
    task_id: str


class TaskReturned(Model):
    """退单."""

    type: Literal["task_returned"] = "task_returned"
    task_id: str
    reason_code: str


class ClaimsRefused(Model):
    """不予受理 of these claims; of the whole matter when none is named."""

    type: Literal["claims_refused"] = "claims_refused"
    codes: list[str]
    ways: list[str]
    claims: list[ClaimNo] = []


class LegalReviewGiven(Model):
    """法制审核."""

    type: Literal["legal_review_given"] = "legal_review_given"
    result: str


class ExtensionAsked(Model):
    """延期申请 for one clock."""

    type: Literal["extension_asked"] = "extension_asked"
    clock_id: str
    length: int
    unit: Literal["wd", "d", "h"]
    reason: str


class ExtensionDecided(Model):
    """延期审批 of one clock."""

    type: Literal["extension_decided"] = "extension_decided"
    clock_id: str
    granted: bool


class CardAppealed(Model):
    """申诉 of a 黄牌 or 红牌, by its number in the matter."""

    type: Literal["card_appealed"] = "card_appealed"
    no: int
    ground: str


class CardDecided(Model):
    """A card upheld, or withdrawn and why."""

    type: Literal["card_decided"] = "card_decided"
    no: int
    withdrawn: bool
    ground: str | None = None


class WithdrawalAsked(Model):
    """撤回申请. ``whole``: by all of them; otherwise by so many people, on these lines of the roll, for themselves."""

    type: Literal["withdrawal_asked"] = "withdrawal_asked"
    whole: bool
    people: int
    lines: list[int] = []


class WithdrawalDecided(Model):
    """撤回核实."""

    type: Literal["withdrawal_decided"] = "withdrawal_decided"
    allowed: bool


class CasesLinked(Model):
    """关联."""

    type: Literal["cases_linked"] = "cases_linked"
    to: str
    matter: str
    """The other's id."""


class Merged(Model):
    """并案, under this source number, in the matter of this id and case number."""

    type: Literal["merged"] = "merged"
    into: str
    matter: str
    case_no: str


class SourceAbsorbed(Model):
    """The parent of a merger takes over a source number."""

    type: Literal["source_absorbed"] = "source_absorbed"
    channel: str
    source_no: str
    received_at: AwareDatetime
    handed_over_by: UnitName | None = None


class PartyCorrected(Model):
    """更正: what of one party is registered otherwise now. ``place``: the respondent's number from 1, or the line of the roll.

    ``duplicates``: what the matter looks like now; ``None``: as before.
    """

    type: Literal["party_corrected"] = "party_corrected"
    whose: Whose
    place: int
    values: dict[str, str | bool]
    duplicates: list[DuplicateHint] | None = None
