"""What a policy says of a matter's way besides its route: who receives it, how a tier ends, where else it may go."""

from pydantic import Field

from domain.words import Model


class TierCallback(Model):
    """回访 of one tier.

    ``rounds``: 0 none, 1 after the notice, 2 once more after execution. ``clock``, ``again``: the clocks of the first and
    of every later callback. ``by``: ``center``, ``lead`` or a role.
    """

    rounds: int = Field(default=2, ge=0, le=2)
    clock: str = "first_callback"
    again: str = "second_callback"
    by: str = "center"
