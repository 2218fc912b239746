"""What is wrong with what somebody filled in: which field, what, and what to do, in Chinese, never the value itself."""

from collections.abc import Iterable
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from domain.actions import FORMS
from domain.intake import FINGERPRINT, MONTH

REASONS = {
    "missing": "缺少此项，请补填",
    "extra_forbidden": "没有此项，请核对名称",
    "union_tag_invalid": "没有这种操作，请核对名称（fengqiao template --list 列出全部）",
    "union_tag_not_found": "未写明是哪种操作（kind）",
    "string_type": "应为文字",
    "string_too_short": "不能为空，请填写",
    "string_pattern_mismatch": "格式不对，请核对",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_from_float": "应为整数",
    "bool_type": "请选择是（true）或否（false）",
    "bool_parsing": "请选择是（true）或否（false）",
    "decimal_type": "应为数字（元，两位小数）",
    "decimal_parsing": "应为数字（元，两位小数）",
    "greater_than_equal": "数值过小，不能小于 {ge}",
    "less_than_equal": "数值过大，不能大于 {le}",
    "date_type": "应为日期，如 2026-09-03",
    "date_parsing": "应为日期，如 2026-09-03",
    "date_from_datetime_parsing": "应为日期，如 2026-09-03",
    "datetime_type": "应为时间，如 2026-09-03T09:42:00+08:00",
    "datetime_parsing": "应为时间，如 2026-09-03T09:42:00+08:00",
    "datetime_from_date_parsing": "应为时间，如 2026-09-03T09:42:00+08:00",
    "timezone_aware": "须写明时区，如 2026-09-03T09:42:00+08:00",
    "list_type": "应为列表",
    "dict_type": "应为对照表（字段: 内容）",
    "model_type": "应为对照表（字段: 内容）",
    "too_short": "至少填写一项",
    "too_long": "太长，请缩短",
    "string_too_long": "太长，请缩短",
}


_BY_PATTERN = {MONTH: "应为年月，如 2026-03", FINGERPRINT: "应为文件的指纹（SHA-256，64 位小写十六进制）"}

LONGEST_PLACE = 120


def _place(loc: tuple[int | str, ...], model: type[BaseModel] | None) -> str:
    """Where it is wrong, by the titles of the form where it has them."""
    parts: list[str] = []
    for part in loc:
        if isinstance(part, int):
            parts.append(f"第{part + 1}项")
        elif part in FORMS:
            model = FORMS[part]
        elif model and (field := _field(model, part)):
            if part != "body":
                parts.append(field.title or part)
            model = _model_in(field.annotation)
        else:
            parts.append(part)
    place = "·".join(parts) or "整体"
    return place if len(place) <= LONGEST_PLACE else f"{place[:LONGEST_PLACE]}…"


def _field(model: type[BaseModel], name: str) -> FieldInfo | None:
    by_alias = (f for f in model.model_fields.values() if f.alias == name)
    return model.model_fields.get(name) or next(by_alias, None)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model inside an annotation such as ``list[Model]`` or ``Model | None``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = [m for part in get_args(annotation) if (m := _model_in(part))]
    return found[0] if len(found) == 1 else None


def field_problems(error: ValidationError, model: type[BaseModel] | None = None) -> list[dict[str, str]]:
    """Each wrong field, by its title in ``model``, with what is wrong. Choices are listed where there are few."""
    return problems_of(error.errors(include_input=False, include_url=False), model)


def problems_of(errors: Iterable[Any], model: type[BaseModel] | None = None) -> list[dict[str, str]]:
    """The same for errors as pydantic lists them."""
    return [{"field": _place(found["loc"], model), "reason": reason_of(found)} for found in errors]


def reason_of(found: Any) -> str:
    """What is wrong, of one error as pydantic lists them."""
    kind, context = found["type"], found.get("ctx", {})
    if kind in ("value_error", "not_asked"):
        return found["msg"].removeprefix("Value error, ")
    if kind in ("enum", "literal_error"):
        return f"应为以下之一：{str(context.get('expected', '')).replace(' or ', '、')}"
    if by_pattern := _BY_PATTERN.get(context.get("pattern", "")):
        return by_pattern
    return REASONS.get(kind, "填写有误，请核对").format_map(context)


MOST_LINES = 10


def field_lines(error: ValidationError, model: type[BaseModel] | None = None) -> str:
    """The same in one line, cut where somebody sent rubbish by the thousand."""
    problems = field_problems(error, model)
    lines = [f"{p['field']}：{p['reason']}" for p in problems[:MOST_LINES]]
    return "；".join([*lines, *([f"等共 {len(problems)} 处"] if len(problems) > MOST_LINES else [])])
