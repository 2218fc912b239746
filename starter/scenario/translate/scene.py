"""What a translator works with: what a step says, the matter as it stands, what the story did before and does later."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, NamedTuple, TypeVar, cast

from domain.actions import Action
from domain.actions.form import LONGEST_TEXT, Asked
from domain.declined import Declined
from domain.dispute import Dispute
from domain.draft import Draft
from domain.policy import Policy
from domain.policy_units import UnknownUnit
from domain.suggest import suggestions
from domain.words import MOST_YUAN, SHANGHAI
from starter.scenario.step import Step

CENT = Decimal("0.01")
SOMEBODY = "经办人"
IN_THE_FILE = "见案卷材料"
"""What is written where a form wants a text and the story has none."""


Data = dict[str, Any]
"""What a step says, by the format's keys."""


class NotTranslatable(ValueError):
    """A step that no form can say; it counts as turned down. The message is for an officer, in Chinese."""


class Sent(NamedTuple):
    """One act to send. ``aside``: it goes along with the step's own act, which alone carries the step's number."""

    unit: str
    officer: str
    body: Action
    task: str | None = None
    aside: bool = False


class Context(NamedTuple):
    """Where a story stands when a step is taken: the matter it is about, and the other steps of its script."""

    dispute: Dispute
    policy: Policy
    now: datetime
    later: Sequence[Step] = ()
    earlier: Sequence[Step] = ()


A = TypeVar("A", bound=Asked)


def make(form: type[A], /, **fields: Any) -> A:
    """A form, or a row of one, filled in; what is not known is left out. Raises ValidationError."""
    return form.model_validate({name: value for name, value in fields.items() if value is not None})


def short(text: str) -> str:
    """A text cut to one line of a form."""
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…"


class Scene:
    """One step before its matter."""

    def __init__(self, step: Step, context: Context) -> None:
        self.step = step
        self.context = context
        self.d = context.dispute
        self.policy = context.policy
        self.now = context.now.astimezone(SHANGHAI)
        self.day = self.now.date()
        self.officer = step.officer or SOMEBODY
        self.unit = self.known(step.unit)

    def known(self, unit: str) -> str:
        """A unit by the county's name for it; as it is written where the county has none so called."""
        try:
            return self.policy.unit(unit)
        except UnknownUnit:
            return unit

    # --- what the step says ---------------------------------------------------------------------------------

    def said(self, *keys: str) -> Any:
        """The first of these that is said."""
        return next((v for key in keys if (v := self.step.data.get(key)) is not None), None)

    def must(self, key: str) -> Any:
        """What the format says is always there."""
        value = self.said(key)
        if value is None:
            raise NotTranslatable(f"第 {self.step.step} 步 {self.step.action} 缺少 {key}")
        return value

    def text(self, *keys: str) -> str | None:
        """The first of these that is said in words, as one text; yes and no are no words."""
        worded = (as_text(self.step.data.get(key)) for key in keys)
        return next((text for text in worded if text), None)

    def texts(self, *keys: str) -> list[str]:
        """The first of these that is said, as a list of texts."""
        return as_texts(self.said(*keys))

    def rows(self, key: str) -> list[Data]:
        """What is said in rows. Raises NotTranslatable for anything else."""
        return as_rows(self.said(key), key)

    def table(self, key: str) -> Data:
        """What is said by name, as {县税务局: …}. Raises NotTranslatable for anything else."""
        value = self.said(key)
        if value is not None and not isinstance(value, dict):
            raise NotTranslatable(f"{key} 应为对照表")
        return {str(k): v for k, v in cast("Data", value or {}).items()}

    def money(self, *keys: str) -> Decimal | None:
        """The first of these that is said, as a sum in yuan."""
        return next((sum_ for key in keys if (sum_ := as_money(self.step.data.get(key))) is not None), None)

    def words(self, *keys: str) -> str:
        """All these together, to look for words in."""
        return " ".join(filter(None, (as_text(self.step.data.get(key)) for key in keys)))

    # --- the rest of the story ------------------------------------------------------------------------------

    def later(self, *actions: str) -> Iterator[Step]:
        """The steps of these kinds that follow on the same case and are taken."""
        return self._of(self.context.later, actions)

    def earlier(self, *actions: str) -> Iterator[Step]:
        """The steps of these kinds that went before on the same case and were taken, the last first."""
        return self._of(reversed(self.context.earlier), actions)

    def _of(self, steps: Iterable[Step], actions: tuple[str, ...]) -> Iterator[Step]:
        own = (s for s in steps if s.happens and not s.refused and s.case == self.step.case)
        return (s for s in own if s.action in actions)

    def officer_of(self, unit: str) -> str:
        """Who acts for a unit in this story: whoever did last, else whoever will."""
        if unit == self.unit:
            return self.officer
        everybody = [*reversed(self.context.earlier), *self.context.later]
        return next((s.officer for s in everybody if s.officer and self.known(s.unit) == unit), SOMEBODY)

    # --- the matter -----------------------------------------------------------------------------------------

    def draft(self, unit: str | None = None) -> Draft:
        """The acting unit before the matter, to ask the domain what it would suggest."""
        unit = unit or self.unit
        return Draft(self.d, self.policy, now=self.now, unit=unit, officer=self.officer, action_id="")

    def suggested(self, kind: str) -> dict[str, Any]:
        """What the software fills in by itself in a form of this kind."""
        try:
            return {
                name: s.value for name, s in suggestions(kind, self.draft()).items() if s.value is not None
            }
        except Declined:
            return {}

    @property
    def center(self) -> str:
        """The matter's own 综治中心."""
        return self.d.center or self.policy.unit("center")

    def claims(self) -> list[str]:
        """The numbers of the matter's claims."""
        return list(self.d.sub_items) or [r.no for r in self.d.routed] or ["1"]

    def claim(self) -> str | None:
        """The claim that the step names."""
        number = self.said("sub_item", "claim")
        return None if number is None else str(number)

    def is_party(self, unit: str | None = None) -> bool:
        """Whether the applicant or the respondent acts."""
        return not self.policy.units.roles_of(unit or self.unit).isdisjoint(("applicant", "respondent"))

    # --- acts -----------------------------------------------------------------------------------------------

    def own(self, body: Asked, task: str | None = None) -> Sent:
        """The act that the step is about."""
        return Sent(self.step.unit, self.officer, cast("Action", body), task)

    def aside(self, body: Asked, unit: str | None = None) -> Sent:
        """An act that goes along with it, by the same officer or by another unit's."""
        unit = unit or self.step.unit
        return Sent(unit, self.officer_of(self.known(unit)), cast("Action", body), aside=True)


def as_text(value: Any) -> str | None:
    """What is said in words, lists and tables joined; ``None`` for nothing, and for yes and no."""
    if value is None or isinstance(value, bool):
        return None
    if isinstance(value, dict):
        return "；".join(f"{k}：{v}" for k, v in cast("dict[str, Any]", value).items())
    if isinstance(value, list):
        return "、".join(map(str, cast("list[Any]", value)))
    return str(value)


def as_texts(value: Any) -> list[str]:
    """A list of texts, from a list or from one text."""
    if value is None or isinstance(value, bool):
        return []
    several = cast("list[Any]", value) if isinstance(value, list) else [value]
    return [str(entry) for entry in several]


def as_rows(value: Any, key: str) -> list[Data]:
    """Rows of a table. Raises NotTranslatable for anything else."""
    rows = cast("list[Any]", value) if isinstance(value, list) else [] if value is None else [value]
    if not all(isinstance(row, dict) for row in rows):
        raise NotTranslatable(f"{key} 应逐行填写")
    return cast("list[Data]", rows)


def as_money(value: Any) -> Decimal | None:
    """A sum in yuan, as a number or as its digits."""
    if value is None or isinstance(value, bool):
        return None
    try:
        sum_ = Decimal(str(value).replace(",", "").removesuffix("元").strip())
    except InvalidOperation:
        return None
    if not sum_.is_finite():
        return None
    return sum_.quantize(CENT, ROUND_HALF_UP) if abs(sum_) < MOST_YUAN else sum_


def sum_in(text: str | None) -> Decimal | None:
    """The sum that stands in a text, as in 补发津贴 17640.00 元."""
    found = re.search(r"(\d[\d,]*(?:\.\d+)?)\s*(万)?元", text or "")
    if found is None:
        return None
    return as_money(Decimal(found[1].replace(",", "")) * (10_000 if found[2] else 1))


def as_day(value: Any) -> date | None:
    """A day, written or read as one."""
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
