"""A ledger of the test's own with accounts in it."""

from tests.ledger.conftest import ledger, ledger_url

__all__ = ["ledger", "ledger_url"]
