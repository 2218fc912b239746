"""What a matter is found by of what was told when it was registered, as an officer may read it.

Names, numbers and addresses are masked before anything is hashed (:mod:`ledger.pairs`): nobody is found by them.
"""

import re
from collections.abc import Callable, Iterable, Sequence

from domain.dispute import Dispute
from domain.masking import mask_text
from domain.policy import Policy
from ledger.names import fold_name
from ledger.pairs import SHORTEST, Pairs
from ledger.read_tables import texts
from privacy.keys import Ring

PAIRS = Pairs("text_pair", 3, texts.c.pairs)


def pairs_of(search: Ring, d: Dispute, policy: Policy) -> list[int]:
    """What a matter's own words are found by, under the key that writes."""
    names, address = d.names(), d.facts.applicant.address
    return PAIRS.of(search, _folded(mask_text(text, policy.masks, names, address) for text in d.facts.texts))


def words_of(text: str) -> list[str] | None:
    """The words that are looked for, all of them together; nothing where one is too short to be looked for."""
    words = [word for said in re.split(r"[\s,，、;；。]+", text) if (word := fold_name(said))]
    return words if words and all(len(word) >= SHORTEST for word in words) else None


def says(d: Dispute, shown: Callable[[str], str], words: Sequence[str]) -> bool:
    """Whether a matter's own words, as they are shown, hold all of these."""
    told = list(_folded(shown(text) for text in d.facts.texts))
    return all(any(word in text for text in told) for word in words)


def _folded(shown: Iterable[str]) -> Iterable[str]:
    """Texts without spaces, points and variant characters; what stands on both sides of a mask is not side by side."""
    for text in shown:
        yield from (folded for part in text.split("*") if (folded := fold_name(part)))
