"""The kinds of columns that the ledger's tables are made of."""

from typing import Any

from sqlalchemy import Boolean, Column, DateTime, LargeBinary, Numeric, Text
from sqlalchemy.dialects.postgresql import ARRAY


def moment(name: str, *, nullable: bool = True) -> Column[Any]:
    """A moment, in UTC as PostgreSQL keeps it."""
    return Column(name, DateTime(timezone=True), nullable=nullable)


def text(name: str, *, key: bool = False, nullable: bool = True) -> Column[Any]:
    """A text; a ``key`` is never empty."""
    return Column(name, Text, primary_key=key, nullable=nullable and not key)


def sealed(name: str) -> Column[Any]:
    """What only a data key opens."""
    return Column(name, LargeBinary, nullable=False)


def flag(name: str, *, nullable: bool = False) -> Column[Any]:
    """Yes or no."""
    return Column(name, Boolean, nullable=nullable)


def yuan(name: str, *, nullable: bool = False) -> Column[Any]:
    """Yuan with two decimals."""
    return Column(name, Numeric(18, 2), nullable=nullable)


def words(name: str) -> Column[Any]:
    """Several words."""
    return Column(name, ARRAY(Text), nullable=False)


def digest(name: str) -> Column[Any]:
    """A keyed hash, by which something is found; where there is nothing, none."""
    return Column(name, LargeBinary)
