"""The front office: everybody who registers, acts or looks comes through here."""

from starter.office.declined import Declined
from starter.office.office import Office

__all__ = ["Declined", "Office"]
