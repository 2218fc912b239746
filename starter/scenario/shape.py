"""A registration as a scenario file has it, in the shape of the program's own: what it has no place for is a remark."""

from typing import Any, cast, get_args

from pydantic import BaseModel

from domain.intake import Intake

Data = dict[str, Any]


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
