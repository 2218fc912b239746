"""A county's policy as data: the national layer, the counties' files, and the loader that checks them.

One YAML file makes a county; :func:`load` merges it over ``national.yaml``, validates it and proves what must
hold of any policy (:mod:`domain.policy_check`).
"""

from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from domain.policy import Policy, content_version
from domain.policy_check import check
from papers.check import form_problems
from policies import _layers
from policies._field_words import BASIS, FIELD_WORDS, TAG
from policies._forms import add_forms, stray
from policies._left_out import LeftOut
from policies._source import KeyPath, PolicyError, Source, as_map, read

__all__ = ["PolicyError", "available", "load"]

_HERE = Path(__file__).parent
_NATIONAL = "national"


def available() -> list[str]:
    """The names of the counties whose files come with the software."""
    return sorted(p.stem for p in _HERE.glob("*.yaml") if p.stem != _NATIONAL)


def load(name_or_path: str | Path = "pianguan") -> Policy:
    """The county's policy, by the name of a file here or by a path.

    Raises PolicyError, in Chinese, listing every fault with file:line, place, what is wrong and what to do.
    """
    path = Path(name_or_path)
    if path.suffix not in (".yaml", ".yml"):
        path = _HERE / f"{name_or_path}.yaml"
    if not path.is_file() or path == _HERE / f"{_NATIONAL}.yaml":
        raise PolicyError(
            f"没有县级政策“{name_or_path}”，可用：{'、'.join(available())}，或写出 YAML 文件的路径"
        )
    national, county = read(_HERE / f"{_NATIONAL}.yaml"), read(path)
    faults = list(_layers.loosened(national, county))
    forms = path.parent / path.stem / "papers"
    policy, slips, left_out = _validated(national, county, forms)
    faults += slips
    if policy:
        found = _checked(policy, left_out)
        # What stands in the national file is at fault only through what the county loosened: that is told already.
        own = [f for f in found if not faults or not _is_national(f, national, county)]
        faults += own
    if faults or policy is None:
        _fail(faults, national, county)
    assert policy
    return policy.model_copy(update={"version": content_version(policy.stored())})


def _is_national(fault: _layers.Fault, national: Source, county: Source) -> bool:
    return _layers.line_of(fault[0], national, county).startswith(f"{_NATIONAL}.")


def _checked(policy: Policy, left_out: LeftOut) -> list[_layers.Fault]:
    """What the checks find, each at its place in the file; nothing that is only so because a faulty entry was left out."""
    found = [(tuple(p.path.split(".")), p.what, p.fix) for p in (*check(policy), *form_problems(policy))]
    return [
        (left_out.place(path), what, fix) for path, what, fix in found if not left_out.explains(path, what)
    ]


def _validated(
    national: Source, county: Source, forms: Path
) -> tuple[Policy | None, list[_layers.Fault], LeftOut]:
    """The policy, the slips in how it is written, and what was left out because of them so that the rest can be checked.

    ``forms``: the folder with the county's own forms of papers.

    No policy where it cannot even be read without the faulty entries.
    """
    left_out = LeftOut()
    try:
        data = _layers.merged(national, county)
    except ValueError as error:
        what = f"日期有误（{error}）"
        return None, [(("calendar",), what, "写成 2026-10-01 或 2026-10-01/2026-10-07")], left_out
    _name_by_key(data, "clocks")
    _name_by_key(data, "ladders")
    _address(data)
    add_forms(data, _HERE / "papers", forms)
    slips: list[_layers.Fault] = list(stray(data, forms))
    while True:
        try:
            return Policy.model_validate(data), slips, left_out
        except ValidationError as error:
            faults = [_fault(e) for e in error.errors()]
            slips += [(left_out.place(path), what, fix) for path, what, fix in faults]
            if not left_out.take(data, [path for path, _, _ in faults]):
                return None, slips, left_out


def _name_by_key(data: dict[str, Any], section: str) -> None:
    """An entry's id is its key; nobody has to write it twice."""
    for key, entry in as_map(data.get(section)).items():
        if fields := as_map(entry):
            data[section][key] = {"id": key, **fields}


def _address(data: dict[str, Any]) -> None:
    """A paper addressed to a role is addressed to the county's unit; several addressees are parted by a stroke."""
    roles = as_map(as_map(data.get("units")).get("roles"))
    for name, rule in as_map(data.get("documents")).items():
        to = as_map(rule).get("to")
        if isinstance(to, str):
            named = "/".join(str(roles.get(word, word)) for word in to.split("/"))
            data["documents"][name] = {**as_map(rule), "to": named}


def _fail(faults: list[_layers.Fault], national: Source, county: Source) -> None:
    if faults:
        lines = [
            f"{_layers.line_of(path, national, county)} [{'.'.join(path) or '全文'}] {what}；{fix}"
            for path, what, fix in faults
        ]
        raise PolicyError("\n".join(dict.fromkeys(lines)))


_MESSAGES = {
    "missing": ("缺少这一项", "请补上"),
    "extra_forbidden": ("没有这个键", "请核对拼写，或删去"),
    "string_type": ("须为文字", "请加引号或改写"),
    "int_type": ("须为整数", "请改写"),
    "int_parsing": ("须为整数", "请改写"),
    "int_from_float": ("须为整数", "请改写"),
    "bool_type": ("须为 true 或 false", "请改写"),
    "bool_parsing": ("须为 true 或 false", "请改写"),
    "decimal_parsing": ("须为数字", "请改写"),
    "decimal_type": ("须为数字", "请改写"),
    "dict_type": ("须为“键: 值”", "请检查缩进"),
    "model_type": ("须为“键: 值”", "请检查缩进"),
    "model_attributes_type": ("须为“键: 值”", "请检查缩进"),
    "tuple_type": ("须为列表", "请写成 [甲, 乙] 或每行一个“- ”"),
    "date_from_datetime_parsing": ("不是日期", "写成 2026-10-01"),
    "date_parsing": ("不是日期", "写成 2026-10-01"),
    "time_parsing": ("不是时间", "写成 08:30"),
    "string_pattern_mismatch": ("格式不对", "日期写成 2026-10-01 或 10-01"),
    "string_too_short": ("不能为空", "请填写"),
    "too_short": ("不能为空", "请至少写一项"),
}


_SECTIONS = {
    "county": "County", "units": "Units", "tiers": "Tier", "clocks": "ClockRule", "ladders": "Ladder",
    "indicators": "IndicatorRule", "documents": "DocumentRule", "routing": "RoutingRules", "callback": "CallbackRules",
    "retention": "Retention", "receiving": "ReceivingRules", "hubs": "HubRule", "transfer": "TransferRules",
    "reviews": "ReviewRule", "time_nodes": "TimeNode", "facts": "OwnFact", "statistics": "StatisticsRules",
}  # fmt: skip


def _words_around(path: KeyPath) -> dict[str, str]:
    """The keys that may stand beside this one, with what each means."""
    common = {"basis": BASIS, "tag": TAG}
    if len(path) == 1:
        return FIELD_WORDS["Policy"]
    if "route" in path[1:-1]:
        return FIELD_WORDS["RouteStep"]
    if path[0] == "tiers" and path[-2] == "callback":
        return FIELD_WORDS["TierCallback"]
    return {**FIELD_WORDS.get(_SECTIONS.get(path[0], ""), {}), **common}


def _meaning(path: KeyPath) -> str | None:
    """What an item is, in a writer's words."""
    return _words_around(path).get(path[-1]) if path else None


def _near(path: KeyPath) -> str:
    return "、".join(get_close_matches(path[-1], _words_around(path), n=2, cutoff=0.6)) if path else ""


def _fault(error: ErrorDetails) -> _layers.Fault:
    """One validation error in the words of the county's officer."""
    path: KeyPath = tuple(str(part) for part in error["loc"] if part != "[key]")
    context = error.get("ctx") or {}
    kind = error["type"]
    if kind == "value_error":
        return path, str(context["error"]), "请修改"
    if kind in ("literal_error", "enum"):
        return (
            path,
            f"没有“{error['input']}”这个取值",
            f"可取：{str(context['expected']).replace(' or ', ', ')}",
        )
    if kind in ("greater_than", "greater_than_equal", "less_than", "less_than_equal"):
        limit = next(iter(context.values()))
        word = {"greater_than": "大于", "greater_than_equal": "不小于", "less_than": "小于"}.get(
            kind, "不大于"
        )
        return path, f"须{word} {limit}", "请改写"
    what, fix = _MESSAGES.get(kind, (f"写法有误（{error['msg']}）", "请改写"))
    if kind == "missing" and (meaning := _meaning(path)):
        fix = f"请补上（{meaning}）"
    if kind == "extra_forbidden" and (near := _near(path)):
        fix = f"是否为：{near}；或删去"
    return path, what, fix
