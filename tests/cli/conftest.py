"""The command line on a ledger alone, which it finds by its environment."""

import pytest

from ledger.key_checks import check_keys
from ledger.store import Ledger
from policies import load
from tests.ledger.lives import keep_sample
from tests.support.keys import ENVIRONMENT, KEYS


@pytest.fixture
def kept(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    """The ledger of two samples: 01 of March and 08 of the summer."""
    policy = load("pianguan")
    ledger = Ledger.connect(postgres_url, KEYS)
    check_keys(ledger)
    ledger.save_policy(policy)
    for sample in ("01", "08"):
        keep_sample(ledger, policy, sample)
    ledger.close()
    for name, value in {**ENVIRONMENT, "FENGQIAO_DATABASE_URL": postgres_url, "COLUMNS": "200"}.items():
        monkeypatch.setenv(name, value)
    return ledger
