"""The two layers: a county's file over the national one, which it may tighten and never loosen."""

from collections.abc import Iterator
from datetime import date
from typing import Any, cast

from domain.calendar import spread
from policies._source import KeyPath, Source, as_list, as_map
from policies._tighter import access_loosened, rights_loosened

Data = dict[str, Any]
Fault = tuple[KeyPath, str, str]
"""Where, what is wrong, what to do."""

WORDINGS = ("agreement", "guidance")


def merged(national: Source, county: Source) -> Data:
    """The policy's content: maps merge key by key, anything else is replaced; the bans are added to."""
    data = _over(national.data, county.data)
    for section in WORDINGS:
        own = as_list(as_map(county.data.get(section)).get("forbidden"))
        data[section]["forbidden"] = [*national.data[section]["forbidden"], *own]
    data["calendar"] = _calendar(national.data["calendar"], as_map(county.data.get("calendar")))
    return data


def line_of(path: KeyPath, national: Source, county: Source) -> str:
    """``file:line`` of a value of the merged content, or of the nearest thing around it."""
    if len(path) > 2 and path[0] in WORDINGS and path[1] == "forbidden":
        place = int(path[2]) - len(national.data[path[0]]["forbidden"])
        lines = national.lines if place < 0 else county.lines
        shifted = path if place < 0 else (*path[:2], str(place), *path[3:])
        return _nearest(shifted, lines)
    around = path
    while around:
        if found := county.lines.get(around) or national.lines.get(around):
            return found
        around = around[:-1]
    return county.lines[()]


def _nearest(path: KeyPath, lines: dict[KeyPath, str]) -> str:
    while path not in lines:
        path = path[:-1]
    return lines[path]


def loosened(national: Source, county: Source) -> Iterator[Fault]:
    """What the county's file would loosen that it may not; empty for a lawful file."""
    yield from _clocks(as_map(national.data["clocks"]), as_map(county.data.get("clocks")))
    for section in WORDINGS:
        if section in county.data:
            yield from _wordings(section, national.data[section], county.data[section])
    yield from _masks(national.data["masks"], as_map(county.data.get("masks")))
    yield from _identities(national.data["identities"], as_map(county.data.get("identities")))
    yield from _investigators(national.data["investigators"], as_map(county.data.get("investigators")))
    yield from _documents(national.data["documents"], as_map(county.data.get("documents")))
    yield from _remedies(national.data["remedies"], as_map(county.data.get("remedies")))
    yield from rights_loosened(national.data["rights"], as_map(county.data.get("rights")))
    yield from access_loosened(national.data["access"], as_map(county.data.get("access")))
    calendar = as_map(county.data.get("calendar"))
    if (calendar.get("off") or calendar.get("work")) and "version" not in calendar:
        yield ("calendar",), "改了放假安排而没有新的日历版本", "请写明 version"
    for section in ("channel_clocks", "source_clocks"):
        yield from _brought(section, national.data[section], as_map(county.data.get(section)))
    law = {"inspection_clocks": national.data["inspection_clocks"]}
    own = {key: county.data[key] for key in law if key in county.data}
    yield from _brought("", law, own)


def _clocks(law: Data, given: Data) -> Iterator[Fault]:
    for clock_id in law.keys() & given.keys():
        legal, path = as_map(law[clock_id]), ("clocks", clock_id)
        rule = {**legal, **as_map(given[clock_id])}
        name, length = legal["name"], rule["length"]
        if "kind" not in legal:  # internal: a default of this software's, the county's own to set
            continue
        changed = [key for key in ("unit", "kind", "start") if rule.get(key) != legal.get(key)]
        if changed:
            yield (
                (*path, changed[0]),
                f"法定时限“{name}”的 {changed[0]} 不得更改",
                f"请改回 {legal[changed[0]]}",
            )
        elif not isinstance(length, int):
            continue
        elif legal["kind"] == "window" and length != legal["length"]:
            yield (*path, "length"), f"法定的可办期限“{name}”不得更改", f"请改回 {legal['length']}"
        elif legal["kind"] == "not_before" and length < legal["length"]:
            yield (*path, "length"), f"“{name}”不得短于法定的 {legal['length']}", "请改为不短于法定期限"
        elif legal["kind"] != "not_before" and length > legal["length"]:
            yield (*path, "length"), f"法定时限“{name}”不得长于 {legal['length']}", "请改为不长于法定期限"
        if (rule.get("max_extension") or 0) > (legal.get("max_extension") or 0):
            yield (*path, "max_extension"), f"法定时限“{name}”不得延长", "请删去 max_extension"


def _wordings(section: str, law: Data, given: object) -> Iterator[Fault]:
    rules = as_map(given)
    if not isinstance(given, dict) or ("forbidden" in rules and not rules["forbidden"]):
        yield (section, "forbidden"), "国家层的禁止事项不得清空", "只能增加条目，或把这一项删去"
    for key in rules.keys() - {"words", "forbidden"}:
        yield (section, key), "国家层的规定不得更改", "请删去这一项"
    for word in as_map(rules.get("words")).keys() & law["words"].keys():
        yield (section, "words", word), "国家层的词组不得更改", "请另起一个词组名"
    known = {rule["id"] for rule in law["forbidden"]}
    first = len(law["forbidden"])
    for n, rule in enumerate(as_list(rules.get("forbidden"))):
        if as_map(rule).get("id") in known:
            path = (section, "forbidden", str(first + n), "id")
            yield path, f"国家层的禁止事项“{rule['id']}”不得更改", "请删去这一条，或另起一个 id"


def _masks(law: Data, given: Data) -> Iterator[Fault]:
    for name in law.keys() & given.keys():
        for key in ("head", "tail"):
            shown, legal = as_map(given[name]).get(key, 0), law[name].get(key, 0)
            if isinstance(shown, int) and shown > legal:
                yield (
                    ("masks", name, key),
                    f"遮蔽规则“{name}”显示的字符多于国家层的 {legal}",
                    f"请改为不超过 {legal}",
                )


def _identities(law: Data, given: Data) -> Iterator[Fault]:
    for whose in law.keys() & given.keys():
        allowed = law[whose]["may_view"]
        for word in as_list(as_map(given[whose]).get("may_view")):
            if word not in allowed:
                what = f"可查看身份信息者“{word}”超出国家层的范围"
                yield ("identities", whose, "may_view"), what, f"只能从 {'、'.join(allowed)} 中减少"


def _documents(law: Data, given: Data) -> Iterator[Fault]:
    for name in law.keys() & given.keys():
        if law[name]["tag"] == "F" and as_map(given[name]).get("omit"):
            what = f"“{name}”依{law[name]['basis']}，不得省略"
            yield ("documents", name, "omit"), what, "请删去 omit；叫法可用 name 改"


def _investigators(law: Data, given: Data) -> Iterator[Fault]:
    least = given.get("least", law["least"])
    if isinstance(least, int) and least < law["least"]:
        what = f"调查人数不得少于法定的 {law['least']} 人"
        yield ("investigators", "least"), what, f"请改为不少于 {law['least']}"
    missing = [unit for unit in law["units"] if unit not in as_list(given.get("units", law["units"]))]
    if missing:
        what = f"须派足人数的单位缺少 {missing[0]}"
        yield ("investigators", "units"), what, "只能增加，不能减少；本县没有的角色也可照写"


def _remedies(law: Data, given: Data) -> Iterator[Fault]:
    """What the law says of 救济途径 stands; a county names its bodies and adds what its own units need."""
    for key in given.keys() - {"bodies", "guidance"}:
        yield (
            ("remedies", key),
            "救济途径由法律规定，不得更改",
            "只可写 bodies（机关名称）和 guidance（机构、材料）",
        )
    for name in law["bodies"].keys() & as_map(given.get("bodies")).keys():
        for key in as_map(given["bodies"][name]).keys() - {"to"}:
            yield ("remedies", "bodies", name, key), "国家层的复议机关只可改写名称", "请只写 to"
    for name in law["guidance"].keys() & as_map(given.get("guidance")).keys():
        for key in as_map(given["guidance"][name]).keys() - {"body", "materials"}:
            yield ("remedies", "guidance", name, key), "时效由法律规定，不得更改", "请只写 body、materials"


def _brought(section: str, law: Data, given: Data) -> Iterator[Fault]:
    for key in law.keys() & given.keys():
        missing = [clock for clock in law[key] if clock not in as_list(given[key])]
        if missing:
            path = (section, key) if section else (key,)
            yield path, f"“{key}”缺少法定时限 {missing[0]}", "只能增加，不能减少"


def _over(below: Data, above: Data) -> Data:
    result = dict(below)
    for key, value in above.items():
        old = result.get(key)
        both = isinstance(old, dict) and isinstance(value, dict)
        result[key] = _over(cast("Data", old), cast("Data", value)) if both else value
    return result


def _calendar(law: Data, given: Data) -> Data:
    """The county's own table wins day by day: a day it works is not off, a day it is off is not worked."""
    off, work = _days(given.get("off")), _days(given.get("work"))
    return {
        **law,
        **given,
        "off": sorted((_days(law["off"]) - work) | off),
        "work": sorted((_days(law["work"]) - off) | work),
    }


def _days(entries: object) -> set[date]:
    return {date.fromisoformat(str(day)) for day in as_list(spread(entries))}
