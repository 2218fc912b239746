"""A form as a file: commented YAML, prefilled with what is suggested; and the command that sends it."""

from typing import Any, cast

import yaml

from domain.offers import Field, Offer

WIDGETS = {
    "choice": "选择", "yesno": "true 是 / false 否", "confirm": "true（须确认）", "text": "一行文字", "longtext": "文字",
    "money": "金额（元，两位小数）", "int": "整数", "date": "日期，如 2026-09-03",
    "datetime": "时间，如 2026-09-03T09:00:00+08:00", "month": "年月，如 2024-03", "months": "{from: 2024-01, to: 2024-12}",
    "span": "时长，如 10工作日、15日", "unit": "单位", "officer": "姓名", "person": "姓名",
    "material": "{name: 材料名称, location: 存放位置}", "rows": "逐项填写",
}  # fmt: skip


def template(verb: str, kind: str, fields: list[Field], *, head: list[str]) -> str:
    """The YAML form of one verb. What is required stands open, what is not is commented out."""
    lines = [*(f"# {line}" for line in (verb, *head)), f"kind: {kind}"]
    for field in fields:
        lines += _lines(field)
    return "\n".join(lines) + "\n"


def _lines(field: Field) -> list[str]:
    lines = [f"# {field.title}{_rule(field)}"]
    if field.choices and field.widget == "choice":
        lines.append("#   可选：" + "、".join(_choice(c.value, c.label) for c in field.choices))
    if field.help:
        lines.append(f"#   {field.help}")
    if field.why:
        lines.append(f"#   建议的理由：{field.why}")
    open_now = field.required or field.suggested not in (None, [], "")
    written = _written(field)
    return lines + [line if open_now else f"# {line}" for line in written]


def _choice(value: str | int, label: str) -> str:
    return label if str(value) == label else f"{value}（{label}）"


def _rule(field: Field) -> str:
    word = "必填" if field.required else "选填"
    if field.when:
        word = f"{field.when['words']}时{'可填' if field.optional else '必填'}"
    elif field.needed:
        word = field.needed
    several = "，可多项" if field.several and field.widget != "rows" else ""
    unit = f"，{field.unit}" if field.unit else ""
    return f"（{word}；{WIDGETS[field.widget]}{several}{unit}）"


def _written(field: Field) -> list[str]:
    if field.widget == "rows":
        return _rows(field)
    text = yaml.safe_dump(
        {field.name: _plain(field.suggested)}, allow_unicode=True, sort_keys=False, width=10_000
    )
    if field.suggested in (None, ""):
        return [f"{field.name}: {'[]' if field.several else ''}".rstrip()]
    return text.rstrip().splitlines()


def _rows(field: Field) -> list[str]:
    suggested: list[dict[str, Any]] = field.suggested or ([{}] if field.required else [])
    lines = [f"{field.name}:" if suggested else f"{field.name}: []"]
    for number, row in enumerate(suggested):
        for position, column in enumerate(field.rows):
            value = _plain(row.get(column.name))
            shown = yaml.safe_dump(value, allow_unicode=True).splitlines()[0] if value is not None else ""
            open_now = column.required or value is not None
            note = _column(column) if number == 0 else ""
            mark = "  - " if position == 0 else "    " if open_now else "    # "
            lines.append(f"{mark}{column.name}: {shown}".rstrip() + note)
    if not suggested:
        lines.append(f"#   每项：{'、'.join(f'{c.name} {c.title}' for c in field.rows)}")
    return lines


def _column(column: Field) -> str:
    said = [column.title + _rule(column)]
    if column.choices and column.widget == "choice":
        said.append("、".join(_choice(c.value, c.label) for c in column.choices))
    return f"  # {'：'.join(said)}"


def said(field: Field, value: Any) -> str:
    """An answer as an officer reads it."""
    if isinstance(value, list):
        return "；".join(said(field, each) for each in cast("list[Any]", value))
    if isinstance(value, dict):
        titles = {c.name: c.title for c in field.rows}
        row = cast("dict[str, Any]", value)
        return "，".join(f"{titles.get(name, name)} {_plain(each)}" for name, each in row.items())
    if isinstance(value, bool):
        return "是" if value else "否"
    labels = {c.value: c.label for c in field.choices}
    return labels.get(value) or str(_plain(value))


def _plain(value: Any) -> Any:
    """As YAML writes it and the form reads it."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, list):
        return [_plain(each) for each in cast("list[Any]", value)]
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in cast("dict[str, Any]", value).items()}
    return value.isoformat() if hasattr(value, "isoformat") else f"{value:.2f}"


def command(case_no: str, offer: Offer, unit: str, *, demonstration: bool) -> str:
    """What to type for a verb at hand; in a demonstration, where nobody signs in, it names who acts."""
    who = f" --as {unit}/<经办人>" if demonstration else ""
    if offer.task and offer.kind == "sign_for":
        return f"fengqiao sign {case_no}/{offer.task}{who}"
    if offer.task:
        form = f"{case_no}/{offer.task}"
        return f"fengqiao complete {form} --action {offer.kind}{who} --set 字段=值（表样：template {form}）"
    form = f"{case_no} --action {offer.kind} --as {unit}"
    return f"fengqiao act {case_no} {offer.kind}{who} --set 字段=值（表样：template {form}）"
