"""What acts on a paper mean."""

from datetime import date
from typing import Literal

from domain.words import Model


class PaperReviewed(Model):
    """审核 of a paper, by its place among the matter's papers, from 1. ``called``: as whoever reads the record knows it."""

    type: Literal["paper_reviewed"] = "paper_reviewed"
    paper: int
    called: str
    passed: bool


class PaperIssued(Model):
    """制发. ``asked``: what had been missing. ``sha256``: of the bytes, which the ledger keeps beside the events."""

    type: Literal["paper_issued"] = "paper_issued"
    paper: int
    called: str
    number: str
    code: str
    sha256: str
    signed_by: str
    asked: dict[str, str] = {}


class PaperServed(Model):
    """送达 to one addressee; ``served_on``: from when its terms count."""

    type: Literal["paper_served"] = "paper_served"
    paper: int
    called: str
    to: str
    way: str
    done_on: date
    served_on: date
    proof: str


class PaperRevoked(Model):
    """撤销 of an issue; ``again``: whether it is put right and issued again, under another number."""

    type: Literal["paper_revoked"] = "paper_revoked"
    paper: int
    called: str
    reason: str
    again: bool
