"""A row's words made ready for searching, and its clauses."""

from typing import NamedTuple

from importing.parties import Employer
from importing.plain import searchable, tight
from importing.rules import Rules

SENTENCE_ENDS = "。；！？\n"
PART_ENDS = f"，{SENTENCE_ENDS}"
CLAUSE_ENDS = f"{PART_ENDS}、"


class Told(NamedTuple):
    """A row's words. ``text``: the narrative without 公积金, 商业保险 and what is said to be in order; ``column``: 险种."""

    text: str
    whole: str
    column: str
    employer: Employer
    anonymous: bool
    firm: bool = False
    """Whether an employer applies."""

    @classmethod
    def of(
        cls,
        narrative: str,
        column: str,
        employer: Employer,
        rules: Rules,
        *,
        anonymous: bool,
        firm: bool = False,
    ) -> "Told":
        """Prepare a row's words for searching."""
        whole = searchable(narrative)
        text = rules.no_complaint.sub("", rules.not_social.sub("□", whole))
        return cls(text, whole, tight(column), employer, anonymous, firm)


def clause(text: str, span: tuple[int, int], marks: str = CLAUSE_ENDS) -> str:
    """The clause around a span."""
    start, end = clause_span(text, span, marks)
    return text[start:end]


def clause_span(text: str, span: tuple[int, int], marks: str = CLAUSE_ENDS) -> tuple[int, int]:
    """Where the clause around a span begins and ends."""
    start = max(text.rfind(mark, 0, span[0]) for mark in marks) + 1
    ends = [at for mark in marks if (at := text.find(mark, span[1])) >= 0]
    return start, min(ends, default=len(text))


def social(text: str, rules: Rules) -> bool:
    """Whether it mentions social insurance."""
    return bool(rules.any_kind.search(text) or any(p.search(text) for p in rules.kinds.values()))
