"""How long the ledger lets anybody wait: no longer than a workflow waits for a local commit."""

import time

import pytest

from ledger.connection import COMMIT_BOUND_S, CONNECT_TIMEOUT_S, LOCK_TIMEOUT_MS, POOL_SIZE, POOL_WAIT_S
from ledger.locks import hold
from ledger.store import LedgerUnavailable
from tests.ledger.support import Books, an_intake
from workflows.timing import COMMIT_LOCALLY

BOUND = COMMIT_LOCALLY.total_seconds()


def test_the_waits_follow_from_the_bound_of_a_local_commit() -> None:
    assert COMMIT_BOUND_S == BOUND
    assert POOL_WAIT_S + LOCK_TIMEOUT_MS / 1000 < BOUND
    assert CONNECT_TIMEOUT_S <= BOUND


def test_a_commit_behind_another_gives_up_before_its_own_time_is_over(books: Books) -> None:
    intake = an_intake()
    with books.ledger.engine.begin() as other:
        hold(other, "m")
        began = time.monotonic()
        with pytest.raises(LedgerUnavailable):
            books.ledger.commit("m", "register", 0, books.registration(intake, "m"))
        assert time.monotonic() - began < BOUND
    assert not books.ledger.commit("m", "register", 0, books.registration(intake, "m")).repeated


def test_so_does_one_for_whom_no_connection_is_free(books: Books) -> None:
    taken = [books.ledger.engine.connect() for _ in range(POOL_SIZE)]
    began = time.monotonic()
    with pytest.raises(LedgerUnavailable):
        books.ledger.commit("m", "register", 0, books.registration(an_intake(), "m"))
    assert time.monotonic() - began < BOUND
    for connection in taken:
        connection.close()
