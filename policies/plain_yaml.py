"""YAML as people write it: ``no`` is a word, a date is text, only true and false are truth values (YAML 1.2)."""

import re
from typing import Any, NamedTuple

import yaml

_WORDS = (
    ("bool", r"true|True|false|False", "tTfF"),
    ("null", r"null|~|", "n~"),
    ("int", r"-?(?:0|[1-9][0-9]*)", "-0123456789"),
    ("float", r"-?[0-9]+\.[0-9]+", "-0123456789"),
)
"""What is resolved; everything else stays the text it is (``off`` a word, 08:30 no number)."""


def _plain(made: type[Any]) -> type[Any]:
    loader: Any = made
    resolvers: dict[str, Any] = {}
    loader.yaml_implicit_resolvers = resolvers
    for tag, regex, first in _WORDS:
        loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{regex})$"), list(first))
    resolvers[""] = resolvers["n"]
    return loader


@_plain
class PlainLoader(yaml.SafeLoader):
    """PyYAML's own reader: slow, and says best where a file is wrong."""


@_plain
class _Quick(yaml.CSafeLoader):
    """libyaml, in a tenth of the time: every command reads a policy."""


class Tree(NamedTuple):
    """A file as nodes, each with its line, and what makes values of them."""

    node: yaml.Node | None
    loader: Any


def tree(text: str) -> Tree:
    """Parse a file of one document; one that is wrong is read once more for what is wrong with it. Raises YAMLError."""
    try:
        quick = _Quick(text)
        return Tree(quick.get_single_node(), quick)
    except yaml.YAMLError:
        slow = PlainLoader(text)
        return Tree(slow.get_single_node(), slow)
