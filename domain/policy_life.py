"""What a policy says of a matter's way besides its route: who receives it, how a tier ends, where else it may go."""

from pydantic import Field

from domain.clocks import Tag
from domain.words import Model, UnitName


class TierCallback(Model):
    """回访 of one tier.

    ``rounds``: 0 none, 1 after the notice, 2 once more after execution. ``clock``, ``again``: the clocks of the first and
    of every later callback. ``by``: ``center``, ``lead`` or a role.
    """

    rounds: int = Field(default=2, ge=0, le=2)
    clock: str = "first_callback"
    again: str = "second_callback"
    by: str = "center"


class ReceivingRules(Model):
    """首问责任制: who, besides the hubs, may receive a matter and answers for it until a hub has it.

    ``units`` as in a power. ``clock``: within which the receiver finishes it, refuses it, or hands it over with its
    preliminary opinion.
    """

    units: tuple[str, ...] = Field(min_length=1)
    clock: str
    basis: str = Field(min_length=1)
    tag: Tag


class HubRule(Model):
    """The hub of these towns: what comes in elsewhere from there is its own."""

    towns: tuple[str, ...] = Field(min_length=1)
    hub: UnitName


class TransferRules(Model):
    """移送外地, a decision of its own. ``clock``: for telling the applicant and handing the papers over."""

    clock: str
    basis: str = Field(min_length=1)
    tag: Tag
