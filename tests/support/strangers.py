"""Units that have nothing to do with a matter, found without asking the software's own table."""

from domain.dispute import Dispute
from domain.policy import Policy

NO_PART = ("wrong_unit", "no_task", "no_clock")
"""The codes of a refusal for want of a part."""


def strangers(d: Dispute, policy: Policy) -> list[str]:
    """Units without a role in the county whose name stands nowhere in the matter and that are not of its place."""
    units, towns = policy.units, policy.county.towns
    base = [pattern.replace("*", "") for pattern in (*units.patterns, *units.center_patterns)]
    far = [town.removesuffix(name[:1]) + name for town in towns for name in base]
    said = d.model_dump_json(exclude={"documents"})
    places = [town for town in towns if town in said]
    candidates = [u for u in (*units.others, *far) if units.knows(u) and not units.roles_of(u)]
    return [u for u in candidates if u not in said and not any(u.startswith(place) for place in places)]
