"""Reading the YAML files that people hand to the command line."""

from pathlib import Path
from typing import Any

import yaml

from policies.plain_yaml import PlainLoader


def load_yaml(path: Path) -> Any:
    """The content of a YAML or JSON file. Raises OSError, UnicodeDecodeError or yaml.YAMLError."""
    return yaml.load(path.read_text(encoding="utf-8-sig"), Loader=PlainLoader)
