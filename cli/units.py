"""Which unit somebody means, on the command line."""

from cli.output import Exit, fail
from domain.policy_units import UnknownUnit
from domain.words import UnitName
from ledger.store import Ledger
from starter.office import views


def known_unit(ledger: Ledger, name: str, *, as_json: bool = False) -> UnitName:
    """The unit by its name or role; leaves with the nearest names when there is none such."""
    try:
        return views.known_unit(ledger, name)
    except UnknownUnit as unknown:
        fail(Exit.USAGE, str(unknown), as_json=as_json)
