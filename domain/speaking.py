"""The county's own words for the software's: put in place wherever something is told, never in what is kept."""

import re
from collections.abc import Iterable, Mapping


def say(words: Mapping[str, str], text: str) -> str:
    """The text in the county's words; the longest word that fits goes first, and nothing is replaced twice."""
    if not words:
        return text
    longest_first = sorted(words, key=len, reverse=True)
    return re.sub("|".join(map(re.escape, longest_first)), lambda found: words[found[0]], text)


def spoken(words: Mapping[str, str], names: Iterable[str]) -> dict[str, str]:
    """The words, and every name that holds one of them, which stays as it is."""
    kept = {name: name for name in names if any(word in name for word in words)}
    return {**words, **kept}
