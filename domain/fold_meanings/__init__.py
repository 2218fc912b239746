"""What an action's meanings change in the state: each is copied to its place, none is interpreted."""

from collections.abc import Iterable

from domain.dispute import Dispute
from domain.events import Event
from domain.fold_meanings import concluding, conferring, handling, mediating, papers
from domain.fold_meanings.shape import Changes, FoldMeaning
from domain.meanings import Meaning
from domain.meanings.handling import ExtensionDecided

FOLDS: dict[str, FoldMeaning] = {
    **handling.FOLDS,
    **conferring.FOLDS,
    **mediating.FOLDS,
    **concluding.FOLDS,
    **papers.FOLDS,
}


def means(d: Dispute, e: Event, meanings: Iterable[Meaning]) -> Changes:
    """The changes that an action's meanings make, one after the other; 延期审批 alone makes none: the end of its task does."""
    changes: Changes = {}
    for meaning in meanings:
        if isinstance(meaning, ExtensionDecided):
            continue
        made = FOLDS[meaning.type](d, e, meaning)
        changes |= made
        d = d.model_copy(update=made)
    return changes
