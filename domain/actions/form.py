"""What a form is: fields with a Chinese title, an order, a widget, a condition; choices are chosen, never worded.

A field that the plan or the law makes something depend on is required and typed; text stands beside it, and no rule
reads it. What holds only under an answer (``when``) is asked only then.
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    ClassVar,
    Literal,
    NamedTuple,
    Self,
    Union,
    cast,
    get_args,
    get_origin,
    get_type_hints,
)

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    Field,
    ModelWrapValidatorHandler,
    PlainSerializer,
    ValidationError,
    model_validator,
)
from pydantic.fields import FieldInfo
from pydantic_core import InitErrorDetails, PydanticCustomError, PydanticUndefined

from domain import intake
from domain.actions.conditions import When, told_when, when, when_of
from domain.intake import Location
from domain.words import Model, UnitName

# --- spans and texts ---------------------------------------------------------------------------------------------

LONGEST_SPAN: dict[str, int] = {"wd": 250, "d": 366, "h": 24 * 366}
"""A year: nobody is given longer, and no calendar reaches much further."""
UNWRITTEN = "时长须写成"
SPAN_UNITS = {"wd": "工作日", "d": "日", "h": "小时"}


class Span(Model):
    """A length of time: working days (wd), natural days (d) or hours (h); written ``10工作日``, ``15日``, ``24小时``."""

    length: int = Field(ge=1)
    unit: Literal["wd", "d", "h"]

    @model_validator(mode="after")
    def _no_longer_than_a_year(self) -> Self:
        if self.length > (most := LONGEST_SPAN[self.unit]):
            raise ValueError(f"时长过长，至多 {most}{SPAN_UNITS[self.unit]}，请核对")
        return self

    def __str__(self) -> str:
        return f"{self.length}{SPAN_UNITS[self.unit]}"


def _parse_span(value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool):
        return Span(length=value, unit="wd")
    if not isinstance(value, str):
        return value
    found = re.fullmatch(
        r"(\d+)\s*(working days?|wd|工作日|个工作日|days?|d|日|天|hours?|h|小时)", value.strip()
    )
    if not found:
        raise ValueError(f"{UNWRITTEN}“10工作日”“15日”或“24小时”")
    word = found[2]
    unit = "wd" if "w" in word or "工作" in word else "h" if word[0] == "h" or word == "小时" else "d"
    return Span(length=int(found[1]), unit=unit)


Days = Annotated[Span, BeforeValidator(_parse_span), PlainSerializer(str, when_used="json")]


def _no_hours(span: Span) -> Span:
    if span.unit == "h":
        raise ValueError("期限按工作日或者日写，如“10工作日”“15日”，不写小时")
    return span


WholeDays = Annotated[Days, AfterValidator(_no_hours)]
"""What a party is given: the law counts it in days."""

LONGEST_TEXT, LONGEST_LONG_TEXT = 200, 4000


class Widget(NamedTuple):
    """How a field is asked for where its type alone does not say it."""

    name: str


class Serves(NamedTuple):
    """Marks an officer who must be one of a unit's people, where it has any."""


def _said(longest: int) -> Callable[[str], str]:
    def check(text: str) -> str:
        if not text.strip():
            raise ValueError("须填写内容，不能为空")
        if len(text.strip()) > longest:
            raise ValueError(f"至多 {longest} 字，请缩短；详细材料请存档后写引用")
        return text.strip()

    return check


Text = Annotated[str, AfterValidator(_said(LONGEST_TEXT))]
"""One line that says something."""
LongText = Annotated[str, AfterValidator(_said(LONGEST_LONG_TEXT)), Widget("longtext")]
"""Several lines that say something."""
LongTextOrNothing = Annotated[str, Widget("longtext")]
Unit = Annotated[UnitName, Widget("unit")]
OfficerName = Annotated[str, AfterValidator(_said(100)), Widget("officer")]
Successor = Annotated[OfficerName, Serves()]
"""Who takes over (:mod:`domain.colleagues`)."""
PersonName = Annotated[str, AfterValidator(_said(100)), Widget("person")]
YearMonth = Annotated[intake.YearMonth, Widget("month")]


def _declared(value: bool) -> bool:
    if not value:
        raise ValueError("须勾选确认")
    return value


Moment = Annotated[AwareDatetime, Widget("datetime")]


Confirmed = Annotated[bool, AfterValidator(_declared), Widget("confirm")]
"""A declaration that must be ticked."""


class Months(Model):
    """所属期: whole months, both ends included."""

    from_: YearMonth = Field(title="起", alias="from")
    to: YearMonth = Field(title="止")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.to < self.from_:
            raise ValueError("止月不能早于起月")
        return self


WIDGETS = (
    "choice", "yesno", "confirm", "text", "longtext", "money", "int", "date", "datetime", "month", "months", "span", "unit",
    "officer", "person", "material", "rows",
)  # fmt: skip
"""The closed set; any of them may be asked for several times over (a list)."""

# --- what is asked for -------------------------------------------------------------------------------------------

ChoicesFrom = Literal[
    "claims", "own_claims", "disputed_claims", "premium_claims", "refund_claims", "levels", "other_levels", "paths",
    "refusal_codes", "review_codes", "open_items", "clocks", "instalments", "sources", "members", "categories",
    "payments", "own_cards", "standing_cards", "invitable", "files", "papers_to_review", "papers_to_issue", "paper_gaps",
    "papers_to_serve", "issued_papers", "parties", "respondents", "other_hands", "units",
]  # fmt: skip
"""Where a choice's options come from when they come from the matter or its policy (:mod:`domain.choices`)."""


def asks(
    title: str,
    help: str | None = None,
    *,
    default: Any = PydanticUndefined,
    when: When | None = None,
    optional: bool = False,
    needed: str | None = None,
    choices: ChoicesFrom | None = None,
    unit: str | None = None,
    **rules: Any,
) -> Any:
    """A field of a form.

    ``when``: asked for only then, and required then unless ``optional``. ``needed``: in words, when the matter itself
    makes it required (the decision insists on it). ``unit``: what a number is counted in.
    """
    told: dict[str, Any] = {
        "choices_from": choices,
        "unit": unit,
        "needed": needed,
        "when": when and told_when(when),
        "optional": optional or None,
    }
    if (when or needed) and default is PydanticUndefined:
        default = None
    extra: Any = {key: value for key, value in told.items() if value is not None}
    return Field(default, title=title, description=help, json_schema_extra=extra, **rules)


def extra_of(field: FieldInfo) -> dict[str, Any]:
    """What a field was asked for with, besides its title and help."""
    extra = field.json_schema_extra
    return cast("dict[str, Any]", extra) if isinstance(extra, dict) else {}


@cache
def conditions(model: type[Model]) -> dict[str, When]:
    """The fields of a model that are asked for only under a condition."""
    told = {name: extra_of(field).get("when") for name, field in model.model_fields.items()}
    return {name: when_of(when) for name, when in told.items() if when}


def widget_of(annotation: Any) -> str:
    """How a field of this type is asked for."""
    if named := next((mark.name for mark in marks(annotation) if isinstance(mark, Widget)), None):
        return named
    return _widget_of_type(_bare(annotation))


def is_several(annotation: Any) -> bool:
    """Whether several answers may be given."""
    return get_origin(_bare(annotation)) is list


def _bare(annotation: Any) -> Any:
    """The type behind ``Annotated`` and ``| None``."""
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    if get_origin(annotation) in (UnionType, Union):
        (only,) = [part for part in get_args(annotation) if part is not NoneType]
        return _bare(only)
    return annotation


def _widget_of_type(kind: Any) -> str:
    if get_origin(kind) is list:
        return widget_of(get_args(kind)[0])
    if get_origin(kind) is Literal or (isinstance(kind, type) and issubclass(kind, StrEnum)):
        return "choice"
    if isinstance(kind, type):
        for base, widget in _BY_TYPE:
            if issubclass(kind, base):
                return widget
    raise TypeError(f"no widget for {kind!r}")


def options_of(annotation: Any) -> list[str]:
    """What may be chosen, when the type itself says it."""
    kind = _bare(annotation)
    if get_origin(kind) is list:
        return options_of(get_args(kind)[0])
    if get_origin(kind) is Literal:
        return [str(value) for value in get_args(kind)]
    return [str(v) for v in kind] if isinstance(kind, type) and issubclass(kind, StrEnum) else []


def rows_of(annotation: Any) -> "type[Asked] | None":
    """The model of one row, when a field is asked for in rows."""
    kind = _bare(annotation)
    inner = _bare(get_args(kind)[0]) if get_origin(kind) is list else kind
    return inner if isinstance(inner, type) and issubclass(inner, Asked) else None


def marks(annotation: Any) -> list[Any]:
    """What an annotation is marked with, at any depth: widgets, days (:mod:`domain.actions.days`)."""
    found: list[Any] = list(getattr(annotation, "__metadata__", ()))
    for part in get_args(annotation):
        found += marks(part)
    return found


class Asked(Model):
    """A model whose fields are asked for: a form, or a row of one. Every fault is told at once."""

    @model_validator(mode="wrap")
    @classmethod
    def _answered(cls, value: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        faults: list[InitErrorDetails] = []
        made: Self | None = None
        try:
            made = handler(value)
        except ValidationError as error:
            faults += [_again(fault) for fault in error.errors(include_url=False)]
        answers = _answers(made if made is not None else value)
        faults += _by_condition(cls, answers)
        if faults or made is None:
            raise ValidationError.from_exception_data(cls.__name__, faults)
        return made


_OURS = ("not_asked", "value_error")
"""Told in our own words already; in a row, by the row's own model."""


def _again(fault: Any) -> InitErrorDetails:
    """A fault found below, to be told together with those found here."""
    kind = fault["type"]
    if kind == "value_error" and "error" in fault["ctx"]:
        reason = PydanticCustomError(kind, "{reason}", {"reason": str(fault["ctx"]["error"])})
        return InitErrorDetails(type=reason, loc=fault["loc"], input=None)
    if kind in _OURS:
        reason = PydanticCustomError(kind, "{reason}", fault["ctx"])
        return InitErrorDetails(type=reason, loc=fault["loc"], input=None)
    return InitErrorDetails(type=kind, loc=fault["loc"], input=None, ctx=fault.get("ctx", {}))


def _answers(value: Any) -> dict[str, Any]:
    if isinstance(value, Model):
        return {name: getattr(value, name) for name in type(value).model_fields}
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _by_condition(model: type[Model], answers: dict[str, Any]) -> list[InitErrorDetails]:
    faults: list[InitErrorDetails] = []
    for name, told in conditions(model).items():
        field = model.model_fields[name]
        given = answers.get(field.alias or name, answers.get(name))
        empty = given is None or given in ("", [])
        if told.holds(answers):
            if empty and not extra_of(field).get("optional"):
                faults.append(InitErrorDetails(type="missing", loc=(name,), input=None))
        elif not empty:
            reason = f"仅在{words_of(model, told)}时填写，请删去"
            fault = PydanticCustomError("not_asked", "{reason}", {"reason": reason})
            faults.append(InitErrorDetails(type=fault, loc=(name,), input=None))
    return faults


def words_of(model: type[Model], told: When) -> str:
    """A condition in words: “措施”为“退费”."""
    titles = "或".join(f"“{_title(model, field.split('.'))}”" for field in told.fields)
    if not told.values:
        return f"填写了{titles}"
    values = "、".join(
        {True: "是", False: "否"}.get(v, str(v)) if isinstance(v, bool) else str(v) for v in told.values
    )
    return f"{titles}{'不为' if told.other else '为'}“{values}”"


def _title(model: type[Model], path: list[str]) -> str:
    """The title of a field, of one in rows too."""
    row = rows_of(get_type_hints(model, include_extras=True)[path[0]]) if len(path) > 1 else None
    return _title(row, path[1:]) if row else model.model_fields[path[0]].title or path[0]


class Form(Asked):
    """One kind of action. ``verb`` is what an officer calls it; ``final``: it cannot be undone and is checked first.

    ``internal``: sent by the software itself, offered to nobody. ``handles``: whoever does it has handled the matter.
    """

    verb: ClassVar[str]
    basis: ClassVar[str]
    """The article of law or of the plan."""
    final: ClassVar[bool] = False
    internal: ClassVar[bool] = False
    handles: ClassVar[bool] = False


class Material(Asked):
    """A reference to material, never its bytes: what it is, and where the county's archive or the matter itself has it."""

    name: Text = asks("材料名称")
    location: Location | None = asks("存放位置", "档案系统中的相对路径或网址", default=None)
    file: str | None = asks("已收存的文件", default=None, choices="files", max_length=16)


class Approval(Form):
    """A request decided: 同意 or 不同意, never by a keypress."""

    decision: Literal["同意", "不同意"] = asks("审批意见")
    reason: Text | None = asks("理由", when=when("decision", "不同意"))

    @property
    def approved(self) -> bool:
        """Whether it was granted."""
        return self.decision == "同意"


_BY_TYPE: tuple[tuple[type, str], ...] = (
    (bool, "yesno"),
    (int, "int"),
    (Decimal, "money"),
    (datetime, "datetime"),
    (date, "date"),
    (Span, "span"),
    (Months, "months"),
    (Material, "material"),
    (Asked, "rows"),
    (str, "text"),
)
"""The first that fits; ``bool`` before ``int``, a moment before a day."""
