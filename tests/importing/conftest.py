"""The rules of the county's hotline, and the office of the integration tests."""

import pytest

from importing.rules import Rules, load_rules
from tests.integration.conftest import desk, policy

__all__ = ["desk", "policy", "rules"]


@pytest.fixture(scope="session")
def rules() -> Rules:
    return load_rules("pianguan")
