"""Finding firms by a part of their name, which stands nowhere in the clear.

Of what a firm calls itself each two neighbouring characters are kept as a number from 0 to 65535, of a keyed hash, without
order. Several pairs share a number: whoever looks for a part compares the names themselves of what he finds.
"""

from collections.abc import Callable

from sqlalchemy import ColumnElement, or_

from domain.dispute import Dispute
from ledger.names import own_name, pairs
from ledger.read_tables import parties
from privacy.keys import Ring

SHORTEST = 2
"""Characters of a name's part."""


def parts(search: Ring, name: str, county: str) -> list[int]:
    """What a firm's name is found by, under the key that writes."""
    return _numbers(own_name(name, county), lambda pair: search.digest(_KIND, pair))


def has_part(search: Ring, part: str) -> ColumnElement[bool]:
    """That a row of ``parties`` may be a firm's with this part in its name; under whichever key it was written."""
    own = [
        _numbers(part, lambda pair, at=at: search.digests(_KIND, pair)[at]) for at in range(len(search.keys))
    ]
    return or_(*(parties.c.parts.contains(numbers) for numbers in own))


def part_of(text: str, county: str) -> str | None:
    """The part of a firm's name that is looked for; nothing where it is too short to tell one firm from another."""
    part = own_name(text, county)
    return part if len(part) >= SHORTEST else None


def accused(d: Dispute, part: str) -> bool:
    """Whether a 被反映单位 of a matter has this in its name."""
    return any(part in own_name(r.name, d.county) for r in d.facts.respondents)


_KIND = "firm_pair"


def _numbers(name: str, digest: Callable[[str], bytes]) -> list[int]:
    return sorted({int.from_bytes(digest(pair)[:2]) for pair in pairs(name)})
