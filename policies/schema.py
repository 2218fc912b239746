"""The JSON Schema of a county's file, with a Chinese description of every item: for editors that complete and check."""

from pathlib import Path
from typing import Any

from domain.policy import Policy
from policies._field_words import BASIS, FIELD_WORDS, TAG
from policies._source import as_map, read

WRITTEN_BY_THE_LOADER = {
    "Policy": ("version",),
    "ClockRule": ("id",),
    "Ladder": ("id",),
    "DocumentRule": ("text", "docx"),
}
PARTLY_NATIONAL = (
    "ClockRule", "Ladder", "DocumentRule", "RefusalRule", "MaskRule", "IdentityRule", "Power", "Powers",
    "InvestigatorRule", "WorkCalendar", "WordingRules", "ExtensionRules", "StatisticsRules", "CardRules",
    "NoticeRules", "NoticeTemplate", "Rights", "VerbGroup", "RoleRights", "DestructionRights", "AccessRules",
    "PasswordRules", "LockRules", "SessionRules", "Remedies", "Way", "ReviewBody", "RemedyRule", "GuidanceRule",
)  # fmt: skip
"""What the national layer has entries of: a county writes only what it changes."""
DAYS = {"type": "array", "items": {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}(/\d{4}-\d{2}-\d{2})?$"}}


def policy_schema() -> dict[str, Any]:
    """What a county's file may hold."""
    schema = Policy.model_json_schema()
    schema["title"], schema["description"] = "县级政策", "写在国家层之上的县级政策文件"
    models = {"Policy": schema, **schema["$defs"]}
    for name, words in FIELD_WORDS.items():
        _describe(name, models[name], words)
    given = read(Path(__file__).parent / "national.yaml").data
    schema["required"] = [key for key in schema["required"] if key not in given]
    calendar = models["WorkCalendar"]["properties"]
    calendar["off"] |= DAYS
    calendar["work"] |= DAYS
    calendar["festivals"]["additionalProperties"] = DAYS
    supervisor = models["Ladder"]["properties"]["supervisor"]
    lists = {key: supervisor.pop(key) for key in ("type", "items", "minItems") if key in supervisor}
    supervisor["anyOf"] = [{"type": "string"}, lists]
    return schema


def _describe(name: str, model: dict[str, Any], words: dict[str, str]) -> None:
    model.pop("title", None) if name != "Policy" else None
    if name != "Policy":
        model.pop("description", None)
    fields: dict[str, Any] = as_map(model["properties"])
    for key in WRITTEN_BY_THE_LOADER.get(name, ()):
        fields.pop(key, None)
        if key in model.get("required", ()):
            model["required"].remove(key)
    for key, field in fields.items():
        field.pop("title", None)
        if said := {"basis": BASIS, "tag": TAG}.get(key) or words.get(key):
            field["description"] = said
    if name in PARTLY_NATIONAL:
        model.pop("required", None)
