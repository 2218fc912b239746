"""What acts of 会商, 联席会议 and joint investigation mean."""

from datetime import date
from typing import Literal

from pydantic import AwareDatetime

from domain.intake import ClaimNo
from domain.words import Model, Money, Step, UnitName

MeetingForm = Literal["会商", "联席会议"]


class ObjectionRaised(Model):
    """A unit disagrees about these claims; ``stance``: what it would have instead."""

    type: Literal["objection_raised"] = "objection_raised"
    by: UnitName
    claims: list[ClaimNo]
    stance: str


class UnitInvited(Model):
    """邀请介入."""

    type: Literal["unit_invited"] = "unit_invited"
    unit: UnitName
    purpose: str


class InvitationAnswered(Model):
    """答复介入邀请 of the unit invited last for this."""

    type: Literal["invitation_answered"] = "invitation_answered"
    unit: UnitName
    answer: Literal["参加", "不参加", "提交书面意见"]
    officers: list[str] = []


class JointMeetingProposed(Model):
    """提请召开联席会议."""

    type: Literal["joint_meeting_proposed"] = "joint_meeting_proposed"
    units: list[UnitName]
    topics: list[str]
    held_at: AwareDatetime


class JointProposalAnswered(Model):
    """答复提请: ``granted``; where not, whether it went back for more or was turned down. ``held_at``: when to meet."""

    type: Literal["joint_proposal_answered"] = "joint_proposal_answered"
    answer: Literal["granted", "back", "refused"]
    held_at: AwareDatetime | None = None


class MeetingConvened(Model):
    """A sitting is called: about what, when, and where or how."""

    type: Literal["meeting_convened"] = "meeting_convened"
    form: MeetingForm
    units: list[UnitName]
    topics: list[str]
    held_at: AwareDatetime
    mode: str | None = None
    place: str | None = None
    chair: str | None = None


class ItemAgreed(Model):
    """One 议定事项."""

    no: int
    unit: UnitName
    text: str
    due: date


class MeetingConcluded(Model):
    """A sitting has its minutes."""

    type: Literal["meeting_concluded"] = "meeting_concluded"
    form: MeetingForm
    agreed: bool
    heard: list[UnitName] = []
    """The units that were there, and those that one of them spoke for."""
    items: list[ItemAgreed] = []


class ResolutionCompleted(Model):
    """议定事项 done."""

    type: Literal["resolution_completed"] = "resolution_completed"
    no: int


class Supervised(Model):
    """督办. ``units``: whom it is about."""

    type: Literal["supervised"] = "supervised"
    units: list[UnitName]


class ReportedUp(Model):
    """提请上级协调."""

    type: Literal["reported_up"] = "reported_up"
    to: UnitName
    step: Step


class RepliedFromAbove(Model):
    """上级答复; ``settles``: whether the matter is carried out as the unit above says.

    ``further``: whether somebody further up is to be asked.
    """

    type: Literal["replied_from_above"] = "replied_from_above"
    settles: bool
    further: bool = False


class InvestigationOpened(Model):
    """启动调查核实, or more units join: what each finds out."""

    type: Literal["investigation_opened"] = "investigation_opened"
    units: dict[UnitName, list[str]]


class FindingsSubmitted(Model):
    """One unit's findings; ``sums``: the principal due by claim, yuan; ``beside``: units whose officers took part."""

    type: Literal["findings_submitted"] = "findings_submitted"
    unit: UnitName
    relation: str
    sums: dict[ClaimNo, Money] = {}
    beside: list[UnitName] = []


class InvestigationReported(Model):
    """调查核实报告 by these units; ``otherwise``: those that found otherwise than it says."""

    type: Literal["investigation_reported"] = "investigation_reported"
    relation: str
    by: list[UnitName]
    otherwise: list[UnitName] = []
