"""How a hotline's export is read, as data: column names and the words of callers and platforms (policies/hotline)."""

import re
from pathlib import Path
from typing import Any, Self, cast

import yaml
from pydantic import ValidationError, model_validator

import policies
from domain.webhooks import Answer
from domain.words import Channel, ClaimType, Insurance, Model
from importing.rule_words import (
    AmountWords,
    Bundle,
    Column,
    ColumnRule,
    Consultation,
    HeadcountWords,
    NameWords,
    OtherMatter,
    Places,
    Redirect,
    RegimeWords,
    Says,
    ScopeRule,
    Signs,
    TimeWords,
    UnitWords,
)

HOTLINES = Path(policies.__file__).parent / "hotline"


class RulesError(ValueError):
    """A rule file that cannot be used; the message, in Chinese, lists what is wrong where."""


class Rules(Model):
    """One platform's rules. Patterns are searched in half-width text."""

    channel: Channel
    columns: dict[Column, ColumnRule]
    caller_group: re.Pattern[str]
    required: tuple[Column, ...]
    ticket_date: re.Pattern[str]
    export_time: Says
    earliest_year: int
    blank: frozenset[str]
    words: dict[str, str]
    time_words: TimeWords
    amount_words: AmountWords
    headcount_words: HeadcountWords
    phone_hidden: frozenset[str]
    names: NameWords
    units: UnitWords
    places: Places
    kinds: dict[Insurance, re.Pattern[str]]
    bundles: tuple[Bundle, ...]
    all_in_column: re.Pattern[str]
    any_kind: re.Pattern[str]
    benefit_kinds: re.Pattern[str]
    not_social: re.Pattern[str]
    no_complaint: re.Pattern[str]
    regimes: RegimeWords
    lead_length: int
    short_length: int
    rivals: re.Pattern[str]
    types: dict[ClaimType, Says]
    hints: dict[ClaimType, re.Pattern[str]]
    reported: re.Pattern[str]
    weak_signs: dict[ClaimType, re.Pattern[str]]
    benefit_signs: re.Pattern[str]
    benefit_too: re.Pattern[str]
    other_levy: dict[str, re.Pattern[str]]
    decisive: dict[str, re.Pattern[str]]
    still_owed: re.Pattern[str]
    transfer: str
    """The 其他征缴 that is a record's move from place to place."""
    default_type: ClaimType
    out_of_scope: tuple[ScopeRule, ...]
    place_redirect: Redirect
    anonymous_redirect: Redirect
    no_premium: tuple[OtherMatter, ...]
    consultation: Consultation
    repeat: re.Pattern[str]
    signs: Signs
    results: dict[str, Answer] = {}
    """How the platforms of this channel take a ticket's result, each by the name the administrator chooses it by."""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        missing = [c for c in Column if c not in self.columns] + [t for t in ClaimType if t not in self.types]
        if missing:
            raise ValueError(f"缺少 {'、'.join(missing)}")
        return self

    def label(self, column: Column) -> str:
        """The county's word for a column."""
        return self.columns[column].label


def rules_of(policy: str) -> str | Path:
    """Where the rules that go with a policy are: under its name, or beside its file in the folder ``hotline``."""
    path = Path(policy)
    return path.parent / HOTLINES.name / path.name if path.suffix in (".yaml", ".yml") else policy


def rules_for(policy: str) -> Rules | None:
    """The rules that go with a policy; ``None`` where the county has written none. Raises RulesError for faulty ones."""
    where = rules_of(policy)
    return load_rules(where) if _file(where).is_file() else None


def _file(name_or_path: str | Path) -> Path:
    path = Path(name_or_path)
    return path if path.suffix in (".yaml", ".yml") else HOTLINES / f"{name_or_path}.yaml"


def load_rules(name_or_path: str | Path = "pianguan") -> Rules:
    """The rules by the name of a file in policies/hotline, or by a path. Raises RulesError."""
    path = _file(name_or_path)
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        return Rules.model_validate(_expanded(data))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        mark = error.problem_mark if isinstance(error, yaml.MarkedYAMLError) else None
        where = f" 第 {mark.line + 1} 行" if mark else ""
        raise RulesError(f"读不出列名对照文件 {path}{where}（{type(error).__name__}）") from error
    except ValidationError as error:
        faults = [f"{'.'.join(map(str, e['loc'])) or '全文'}：{e['msg']}" for e in error.errors()]
        raise RulesError(f"列名对照文件 {path.name} 有误：\n" + "\n".join(faults)) from error


def _expanded(data: Any) -> Any:
    """The data with 〈word〉 replaced by its pattern, 〈地〉 by the neighbours' names, 〈远〉 by those further away."""
    if not isinstance(data, dict):
        raise RulesError("列名对照文件须由“键: 值”组成")
    content = cast("dict[str, Any]", data)
    words = {**content.get("words", {})}
    places = content.get("places", {})
    near, home, far = ("|".join(places.get(key, ())) for key in ("neighbours", "home", "far"))
    words["远"] = f"(?:{far})"
    words["地"] = f"(?:{near}|(?!{home}|[本全外该邻我这那各咱])[一-龥]{{2}}县(?!城))"
    for _ in words:  # a word may use another
        words = {k: _filled(v, words) for k, v in words.items()}
    return {k: v if k == "words" else _filled(v, words) for k, v in content.items()}


def _filled(value: Any, words: dict[str, str]) -> Any:
    if isinstance(value, str):
        return re.sub("〈(.+?)〉", lambda found: words.get(found[1], found[0]), value)
    if isinstance(value, list):
        return [_filled(v, words) for v in cast("list[Any]", value)]
    if isinstance(value, dict):
        return {k: _filled(v, words) for k, v in cast("dict[Any, Any]", value).items()}
    return value


def found(patterns: Says, text: str) -> re.Match[str] | None:
    """The earliest match of any of the patterns."""
    hits = [hit for pattern in patterns if (hit := pattern.search(text))]
    return min(hits, key=lambda hit: hit.start(), default=None)
