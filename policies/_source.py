"""YAML read with the line of every value, so that an error can name it."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import yaml

from policies.plain_yaml import tree

KeyPath = tuple[str, ...]


class PolicyError(ValueError):
    """A policy file that cannot be used; the message lists file:line, place, what is wrong, what to do."""


@dataclass
class Source:
    """A parsed file: its data, and ``file:line`` of every value by its path."""

    data: dict[str, Any]
    lines: dict[KeyPath, str] = field(default_factory=dict[KeyPath, str])


def as_map(value: object) -> dict[str, Any]:
    """The value when it is a map, else an empty one: what is malformed is reported by the models."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def as_list(value: object) -> list[Any]:
    """The value when it is a list, else an empty one."""
    return cast("list[Any]", value) if isinstance(value, list) else []


def read(path: Path) -> Source:
    """Parse one file. Raises PolicyError for what is no YAML, a key given twice, a file without keys."""
    try:
        node, loader = tree(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        unread = "不是 UTF-8 编码" if isinstance(error, UnicodeDecodeError) else "有看不见的控制字符"
        what = getattr(error, "problem", None) or unread
        raise PolicyError(f"{path.name}{line}：YAML 格式有误（{what}），请检查缩进、引号和冒号") from error
    if not isinstance(node, yaml.MappingNode):
        raise PolicyError(
            f"{path.name}:1：文件须由“键: 值”组成，不能为空；新的县请从 fengqiao policy new 打印的样本写起"
        )
    source = Source(data={})
    source.data = _converted(node, (), path.name, source.lines, loader)
    return source


def _converted(node: yaml.Node, at: KeyPath, file: str, lines: dict[KeyPath, str], loader: Any) -> Any:
    lines.setdefault(at, f"{file}:{node.start_mark.line + 1}")
    if isinstance(node, yaml.SequenceNode):
        return [_converted(n, (*at, str(i)), file, lines, loader) for i, n in enumerate(node.value)]
    if not isinstance(node, yaml.MappingNode):
        return loader.construct_object(node)
    data: dict[str, Any] = {}
    for key_node, value in node.value:
        key = str(key_node.value)
        here = f"{file}:{key_node.start_mark.line + 1}"
        if key in data:
            raise PolicyError(f"{here}：“{'.'.join((*at, key))}”写了两次，请只保留一处")
        lines[(*at, key)] = here
        data[key] = _converted(value, (*at, key), file, lines, loader)
    return data
