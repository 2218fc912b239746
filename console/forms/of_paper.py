"""What is done with one 文书: each paper by a form of its own, which asks at once for what that paper lacks."""

from typing import NamedTuple

from domain.actions import FORMS
from domain.offers import Field
from domain.policy import Policy

KINDS = ("review_paper", "issue_paper", "serve_paper", "revoke_paper")
"""The verbs that are about one paper, in the order in which it comes to them."""
PAPER, GAPS = "paper", "gaps"


class Link(NamedTuple):
    """A form about one paper."""

    address: str
    label: str


def number(kind: str, text: str | None) -> int | None:
    """The paper that an address or a form names, by its place in the matter."""
    return int(text) if kind in KINDS and text and text.isdecimal() and len(text) < 5 else None


def address(matter: str, kind: str, paper: int) -> str:
    """Where the form about this paper is."""
    return f"/matters/{matter}/do/{kind}?{PAPER}={paper}"


def suggested(fields: list[Field]) -> int | None:
    """The paper that a form is about where none was named."""
    return next((f.suggested for f in fields if f.name == PAPER and isinstance(f.suggested, int)), None)


def others(matter: str, kind: str, fields: list[Field], paper: int | None) -> list[Link]:
    """The forms about the other papers, given the form about any."""
    found = [c for f in fields if f.name == PAPER for c in f.choices if c.value != paper]
    return [Link(address(matter, kind, int(c.value)), c.label) for c in found]


def asked(fields: list[Field]) -> list[Field]:
    """The form of one paper, without asking what is missing where nothing is."""
    return [f for f in fields if f.name != GAPS or any(c.choices for c in f.rows)]


def verb(policy: Policy, kind: str) -> str:
    """What a link to it says."""
    return policy.say(FORMS[kind].verb)
