"""Reading the YAML files that people hand to the command line."""

from pathlib import Path
from typing import Any

import yaml

from policies.plain_yaml import PlainLoader


def load_yaml(path: Path) -> Any:
    """The content of a YAML or JSON file. Raises OSError, UnicodeDecodeError or yaml.YAMLError."""
    return yaml.load(path.read_text(encoding="utf-8-sig"), Loader=PlainLoader)


def unread(error: OSError | UnicodeDecodeError | yaml.YAMLError) -> str:
    """Why :func:`load_yaml` could not read a file, in Chinese."""
    match error:
        case FileNotFoundError():
            return "没有这个文件"
        case IsADirectoryError():
            return "这是文件夹，不是文件"
        case PermissionError():
            return "没有读取的权限"
        case UnicodeDecodeError():
            return "不是 UTF-8 文字"
        case yaml.MarkedYAMLError(problem_mark=yaml.Mark(line=line)):
            return f"第 {line + 1} 行不合 YAML 的写法"
        case yaml.YAMLError():
            return "不合 YAML 的写法"
        case _:
            return f"系统不让读（{type(error).__name__}）"
