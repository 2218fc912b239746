"""Which unit somebody means: an unknown one is refused, where it would otherwise look like one with nothing to do."""

from cli.output import Exit, fail
from domain.policy_units import UnknownUnit
from domain.words import UnitName
from ledger.queries import saved_policies
from ledger.store import Ledger


def known_unit(ledger: Ledger, name: str, *, as_json: bool = False) -> UnitName:
    """The unit by its name or role; leaves with the nearest names when no policy ever in force here has it."""
    problems: list[UnknownUnit] = []
    for policy in saved_policies(ledger.engine):
        try:
            return policy.units.unit(name)
        except UnknownUnit as unknown:
            problems.append(unknown)
    if problems:
        fail(Exit.USAGE, str(problems[0]), as_json=as_json)
    return name
