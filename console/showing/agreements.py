"""调解协议草案: every version that was put on the table, the newest first, and what became of it."""

from typing import NamedTuple

from console.forms.said import Said, answered
from console.showing.matter import Opened
from domain.actions import Action
from domain.events import Acted, Event
from domain.meanings.mediating import AgreementConcluded, AgreementDrafted, AgreementReviewed
from domain.offers import form_of

WAITS, PASSED, REJECTED, SIGNED = "未审查", "审查通过", "审查未通过", "已签订"


class Version(NamedTuple):
    """One draft as it was submitted. ``state``: whether it was reviewed or signed since."""

    number: int
    event: Event
    state: str
    said: Said


def versions(m: Opened) -> list[Version]:
    """Every version, for whoever sees the matter wholly; names in it stay masked."""
    if not m.whole:
        return []
    found: list[Version] = []
    for event in m.events:
        if not isinstance(event.fact, Acted):
            continue
        for meaning in event.fact.means:
            match meaning:
                case AgreementDrafted():
                    said = _said(m, event, event.fact.body)
                    found.append(Version(meaning.version, event, WAITS, said))
                case AgreementReviewed():
                    found[-1] = found[-1]._replace(state=PASSED if meaning.passed else REJECTED)
                case AgreementConcluded():
                    found[-1] = found[-1]._replace(state=SIGNED)
                case _:
                    pass
    return found[::-1]


def _said(m: Opened, event: Event, body: Action) -> Said:
    """The form as it was filled in."""
    fields = form_of(m.d, event.unit, m.policy, m.now, body.kind)
    given = body.model_dump(mode="json", by_alias=True, exclude_none=True)
    return [(title, [m.veil.text(text) for text in texts]) for title, texts in answered(fields, given)]
