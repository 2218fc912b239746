"""A form for a registration, and for any answer: commented YAML, an answer's made from its own JSON Schema."""

from pathlib import Path
from typing import Any

from domain.actions import ACTION

SKIPPED = ("kind", "remarks")

TASK_ACTIONS = {
    "triage": "triage_confirm", "urgent_report": "urgent_report", "register_lead": "register_lead",
    "refusal_notice": "notify_party", "lead_check": "investigate_report", "handle": "submit_opinion",
    "assist": "submit_opinion", "redispatch": "dispatch", "extension": "approve_extension",
    "override_approval": "approve_override", "risk_recheck": "override_risk", "legal_review": "legal_review",
    "convene": "convene_meeting", "convene_joint": "convene_meeting", "minutes": "minutes",
    "guide": "guide_to_arbitration", "dispose": "submit_opinion",
    "objection": "convene_meeting", "resolution": "resolution_done", "supervise": "supervise",
    "escalate_city": "escalate_city", "city_reply": "city_reply", "mediate": "mediate_agreed",
    "investigate": "investigate_report", "await_choice": "legal_document", "suspension": "legal_document",
    "inform": "notify_party", "execute": "enforce_report", "callback": "callback_answer", "reopen": "reopen",
    "rehandle": "notify_party", "explain": "notify_party", "withdraw_check": "withdraw_confirm",
    "close": "close_case", "archive": "close_case",
}  # fmt: skip
"""What usually completes a task of each kind."""


def kinds() -> list[str]:
    """Every action there is."""
    return sorted(ACTION.json_schema()["discriminator"]["mapping"])


REGISTRATION = "register"


def registration_form() -> str:
    """The YAML form of a registration, as ``fengqiao register`` takes it."""
    return Path(__file__).with_name("registration_form.yaml").read_text(encoding="utf-8")


def template(kind: str) -> str:
    """The YAML form of an action: every field with its type, whether it is needed, and what it may be."""
    schema = ACTION.json_schema()
    model = schema["$defs"][schema["discriminator"]["mapping"][kind].rsplit("/", 1)[1]]
    lines = [f"# {model.get('description', kind)}".splitlines()[0], f"kind: {kind}"]
    needed = set(model.get("required", []))
    for name, field in model["properties"].items():
        if name in SKIPPED:
            continue
        word = "必填" if name in needed else "选填"
        line = f"{name}:  # {word}；{_type(field, schema)}"
        lines.append(line if name in needed else f"# {line}")
    return "\n".join(lines) + "\n"


def _type(field: dict[str, Any], schema: dict[str, Any]) -> str:
    if "$ref" in field:
        return _type(schema["$defs"][field["$ref"].rsplit("/", 1)[1]], schema)
    if "enum" in field:
        return "、".join(map(str, field["enum"]))
    if "const" in field:
        return str(field["const"])
    if "anyOf" in field:
        return " 或 ".join(dict.fromkeys(_type(f, schema) for f in field["anyOf"] if f.get("type") != "null"))
    if field.get("type") == "array":
        return f"列表（{_type(field.get('items', {}), schema)}）"
    if field.get("type") == "object" and "properties" in field:
        return "{" + "、".join(field["properties"]) + "}"
    words = {
        "string": "文字",
        "integer": "整数",
        "number": "数字（元）",
        "boolean": "true/false",
        "object": "对照表",
    }
    return "日期 YYYY-MM-DD" if field.get("format") == "date" else words.get(field.get("type", ""), "任意")
