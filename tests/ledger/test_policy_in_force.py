"""A running office whose new policy file is faulty goes on with the version it has."""

from pathlib import Path

import pytest

from hosting.policy_in_force import policy_in_force
from ledger.store import Ledger
from policies import PolicyError
from tests.ledger.support import Books
from tests.support.county import FILES, YUNXI


def test_a_faulty_file_changes_nothing_in_an_office_that_runs(books: Books, tmp_path: Path) -> None:
    file = tmp_path / "yunxi.yaml"
    file.write_text((FILES / "yunxi.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    assert policy_in_force(books.ledger, file) == YUNXI
    books.ledger.save_policy(YUNXI)
    file.write_text(file.read_text(encoding="utf-8").replace("rank: 2", "rank: 1"), encoding="utf-8")
    assert policy_in_force(books.ledger, file) == YUNXI


def test_a_new_office_does_not_start_on_a_faulty_file(ledger: Ledger, tmp_path: Path) -> None:
    file = tmp_path / "empty.yaml"
    file.write_text("county: {}", encoding="utf-8")
    with pytest.raises(PolicyError):
        policy_in_force(ledger, file)
