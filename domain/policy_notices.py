"""通知的规则: what a party is told, in which words, and who brings a letter."""

from string import Formatter
from typing import Self

from pydantic import Field, model_validator

from domain.clocks import Tag
from domain.intake import APPLICANT, Whose
from domain.words import Model

SAYABLE = frozenset(("case_no", "unit"))
"""What a template may be filled with: nothing of a person, of the other side, or of what the matter is about."""


class NoticeTemplate(Model):
    """One notice to parties. ``on``: the actions that bring it about; ``to``: who hears of it; ``texts``: by language."""

    subject: str = Field(min_length=1)
    on: tuple[str, ...] = Field(min_length=1)
    to: tuple[Whose, ...] = Field(default=(APPLICANT,), min_length=1)
    texts: dict[str, str] = Field(min_length=1)
    basis: str = Field(min_length=1)
    tag: Tag

    @model_validator(mode="after")
    def _sayable(self) -> Self:
        for text in self.texts.values():
            for _, name, form, conversion in Formatter().parse(text):
                if name is not None and (name not in SAYABLE or form or conversion):
                    raise ValueError(f"通知模板中只能用 {'、'.join(sorted(SAYABLE))}（写在花括号内）")
        return self


class NoticeRules(Model):
    """``receipt_within_h``: hours after which a notice that the gateway took and of
    which nothing was heard counts as lost. ``letter_by``: roles that bring a letter, the first that the county has."""

    templates: dict[str, NoticeTemplate] = {}
    receipt_within_h: int = Field(default=24, ge=1)
    letter_by: tuple[str, ...] = ()

    def on(self, kind: str) -> list[NoticeTemplate]:
        """What the party hears of an action of this kind."""
        return [template for template in self.templates.values() if kind in template.on]
