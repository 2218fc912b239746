"""Finding firms by a part of what they call themselves (:mod:`ledger.pairs`)."""

from domain.dispute import Dispute
from ledger.names import own_name
from ledger.pairs import SHORTEST, Pairs
from ledger.read_tables import parties
from privacy.keys import Ring

PAIRS = Pairs("firm_pair", 2, parties.c.parts)


def parts(search: Ring, name: str, county: str) -> list[int]:
    """What a firm's name is found by, under the key that writes."""
    return PAIRS.of(search, [own_name(name, county)])


def part_of(text: str, county: str) -> str | None:
    """The part of a firm's name that is looked for; nothing where it is too short to tell one firm from another."""
    part = own_name(text, county)
    return part if len(part) >= SHORTEST else None


def accused(d: Dispute, part: str) -> bool:
    """Whether a 被反映单位 of a matter has this in its name."""
    return any(part in own_name(r.name, d.county) for r in d.facts.respondents)
