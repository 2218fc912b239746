"""What a script says, in the shape of the program's models.

The format is older than this program and looser than its forms: a key that no form has a place for is a remark to
keep, and so is an optional value in a shape that cannot be read. Only what an action must have is insisted on.
"""

from typing import Any, cast, get_args

from pydantic import BaseModel, ValidationError

from domain.actions import Action, Body
from domain.intake import Intake

Data = dict[str, Any]

BODIES: dict[str, type[Body]] = {
    body.model_fields["kind"].default: body for body in get_args(get_args(Action)[0])
}
"""Each action's form by its name."""

_RENAMED = {"legal_document": {"kind": "document"}}
_NOT_OURS = ("expect", "case", "kind")


def intake_of(data: Any) -> Any:
    """The registration, ready to be validated; what the form has no place for becomes its ``remarks``."""
    remarks: Data = {}
    fitted = _fitted(Intake, data, remarks, "")
    if not isinstance(fitted, dict):
        return fitted
    intake = cast("Data", fitted)
    seen = cast("Data", intake.get("indicators") or {})
    if seen.get("respondent_cooperative", True) not in (True, False, "不明"):
        remarks["indicators.respondent_cooperative"] = seen.pop("respondent_cooperative")
    return {**intake, "remarks": remarks} if remarks else intake


def body_of(action: str, data: Data) -> Body:
    """The action's form, filled in. Raises ValidationError when a key it must have is missing or wrong."""
    form = BODIES[action]
    renamed = _RENAMED.get(action, {})
    given = {renamed.get(k, k): v for k, v in data.items() if k in renamed or k not in _NOT_OURS}
    remarks: Data = {}
    fitted = cast("Data", _fitted(form, given, remarks, ""))
    try:
        return form.model_validate({**fitted, "remarks": remarks})
    except ValidationError as error:
        reshaped, odd = _reshaped(form, fitted, error)
        return form.model_validate({**reshaped, "remarks": {**remarks, **odd}})


def _fitted(model: type[BaseModel], data: Any, left: Data, at: str) -> Any:
    """``data`` without what the model has no place for, which goes to ``left``; a bare null is nothing said."""
    if not isinstance(data, dict):
        return data
    fields = {field.alias or name: field for name, field in model.model_fields.items()}
    kept: Data = {}
    for key, value in cast("Data", data).items():
        field = fields.get(key)
        if field is None:
            left[f"{at}{key}"] = value
        elif value is not None or field.is_required():
            kept[key] = _inside(_model_in(field.annotation), value, left, f"{at}{key}.")
    return kept


def _inside(model: type[BaseModel] | None, value: Any, left: Data, at: str) -> Any:
    if model is None:
        return value
    if isinstance(value, list):
        entries = cast("list[Any]", value)
        return [_fitted(model, entry, left, f"{at}{n}.") for n, entry in enumerate(entries, start=1)]
    return _fitted(model, value, left, at)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model inside an annotation such as ``list[Model]`` or ``Model | None``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model_in(part))), None)


def _reshaped(form: type[Body], data: Data, error: ValidationError) -> tuple[Data, Data]:
    """The data with lists and texts turned into each other where the form wants so; what stays odd, apart."""
    kept, odd = dict(data), Data()
    for fault in error.errors():
        place = fault["loc"]
        if not place or place[0] not in kept:
            continue
        key = str(place[0])
        value = kept[key]
        if fault["type"] == "string_type" and len(place) == 1:
            parts = cast("list[Any]", value) if isinstance(value, list) else [value]
            kept[key] = "、".join(map(str, parts))
        elif fault["type"] == "list_type" and len(place) == 1:
            kept[key] = [value]
        elif not form.model_fields[key].is_required():
            odd[key] = kept.pop(key)
    return kept, odd
