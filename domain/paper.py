"""文书 as it stands: drawn up by an act, reviewed where the policy asks for it, issued, served, perhaps revoked."""

from datetime import date
from enum import StrEnum
from typing import Any

from pydantic import AwareDatetime

from domain.persons import Doer
from domain.words import Model, UnitName


class PaperState(StrEnum):
    """How far a paper is."""

    DRAFT = "待制发"
    TO_REVIEW = "待审核"
    SENT_BACK = "审核退回"
    ISSUED = "已制发"
    SERVED = "已送达"
    REVOKED = "已撤销"


class Issued(Model):
    """制发: from here on nothing of the paper changes. ``sha256``: of its bytes; ``code``: by which anybody can verify it."""

    number: str
    code: str
    sha256: str
    signed_by: str
    """签发人."""
    at: AwareDatetime


class Revoked(Issued):
    """An issue that was taken back, and why."""

    revoked_at: AwareDatetime
    reason: str


class Service(Model):
    """送达 to one addressee. ``done_on``: when it was handed over, posted, announced; ``served_on``: from when terms count."""

    to: str
    way: str
    done_on: date
    served_on: date
    proof: str
    at: AwareDatetime
    unit: UnitName
    officer: str


class Document(Model):
    """文书. ``asked``: what was missing when it was to be issued, by the name of the field."""

    number: str
    name: str
    issuer: UnitName
    together: list[UnitName] = []
    to: str
    at: AwareDatetime
    action_id: str
    fields: dict[str, Any] = {}
    asked: dict[str, str] = {}
    drawn_by: Doer | None = None
    """Who acted when it was drawn up; the system where it came about by itself."""
    reviewed: bool | None = None
    """What the review said of it as it stands; ``None`` before one."""
    issued: Issued | None = None
    services: list[Service] = []
    revoked: list[Revoked] = []
    given_up: bool = False
    """Whether it was revoked without another to be issued in its place."""

    @property
    def issuers(self) -> str:
        """Everybody who issued it."""
        return "、".join([self.issuer, *self.together])

    @property
    def issues(self) -> list[Issued]:
        """Every issue there ever was of it, the oldest first."""
        return [*self.revoked, *([self.issued] if self.issued else [])]

    def state(self, *, reviewed: bool) -> PaperState:
        """How far it is; ``reviewed``: whether the policy asks for a review before it is issued."""
        if self.given_up:
            return PaperState.REVOKED
        if self.issued:
            return PaperState.SERVED if self.services else PaperState.ISSUED
        if reviewed and not self.reviewed:
            return PaperState.TO_REVIEW if self.reviewed is None else PaperState.SENT_BACK
        return PaperState.DRAFT
