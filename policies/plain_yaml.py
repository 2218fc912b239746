"""YAML as people write it: ``no`` is a word, a date is text, only true and false are truth values (YAML 1.2)."""

import re
from typing import Any, cast

import yaml


class PlainLoader(yaml.SafeLoader):
    """Resolves null, true/false and numbers; everything else stays the text it is (``off`` a word, 08:30 no number)."""


PlainLoader.yaml_implicit_resolvers = {}
for _tag, _regex, _first in (
    ("bool", r"true|True|false|False", "tTfF"),
    ("null", r"null|~|", "n~"),
    ("int", r"-?(?:0|[1-9][0-9]*)", "-0123456789"),
    ("float", r"-?[0-9]+\.[0-9]+", "-0123456789"),
):
    cast("Any", PlainLoader).add_implicit_resolver(
        f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_regex})$"), list(_first)
    )
PlainLoader.yaml_implicit_resolvers[""] = PlainLoader.yaml_implicit_resolvers["n"]
