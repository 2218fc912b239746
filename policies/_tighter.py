"""Rights and signing in, which a county may only tighten: fewer verbs, less to be seen, stricter rules."""

from collections.abc import Iterator
from typing import Any, get_args

from domain.policy_rights import Seen
from policies._source import KeyPath, as_list, as_map

Data = dict[str, Any]
_SIGHTS: tuple[str, ...] = get_args(Seen)
_AT_LEAST = ("shortest", "kinds", "kept", "longest_s", "locked_min")
"""Rules of signing in of which more is stricter; of any other, less is."""


def rights_loosened(law: Data, given: Data) -> Iterator[tuple[KeyPath, str, str]]:
    """What a county's rights would open that the national layer does not. 兼岗 (merged_posts) is the county's own to set."""
    for name, group in as_map(given.get("groups")).items():
        path = ("rights", "groups", str(name), "verbs")
        allowed = as_map(law["groups"].get(name)).get("verbs", [])
        yield from _more(path, "操作", as_list(as_map(group).get("verbs")), allowed)
    for role, held in as_map(given.get("roles")).items():
        path, legal = ("rights", "roles", str(role)), as_map(law["roles"].get(role))
        yield from _more((*path, "may"), "操作分组", as_list(as_map(held).get("may")), legal.get("may", []))
        for relation, seen in as_map(as_map(held).get("sees")).items():
            most = as_map(legal.get("sees")).get(relation, "nothing")
            if seen in _SIGHTS and _SIGHTS.index(seen) > _SIGHTS.index(most):
                where = (*path, "sees", str(relation))
                yield where, f"可见范围 {seen} 超出国家层的 {most}", f"请改为不超过 {most}"


def _more(
    path: KeyPath, what: str, given: list[Any], allowed: list[str]
) -> Iterator[tuple[KeyPath, str, str]]:
    for word in given:
        if word not in allowed:
            only = f"只能从 {'、'.join(allowed)} 中减少" if allowed else "请删去"
            yield path, f"{what}“{word}”超出国家层的范围", only


def access_loosened(law: Data, given: Data) -> Iterator[tuple[KeyPath, str, str]]:
    """What would make signing in easier than the national layer has it; ``null`` sets no limit."""
    limits = _flat(law)
    for path, value in _flat(given).items():
        limit = limits.get(path)
        if not isinstance(limit, int) or not isinstance(value, int | None):
            continue
        at_least = path[-1] in _AT_LEAST
        if value is None or (value < limit if at_least else value > limit):
            word = "小于" if at_least else "大于"
            what = f"登录规则只能更严，{path[-1]} 不得{word}国家层的 {limit}"
            yield ("access", *path), what, f"请改为不{word} {limit}"


def _flat(rules: Data) -> dict[KeyPath, Any]:
    single = {(name,): value for name, value in rules.items() if not isinstance(value, dict)}
    return single | {(part, name): v for part in rules for name, v in as_map(rules[part]).items()}
