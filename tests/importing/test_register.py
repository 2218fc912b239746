"""Asking the ledger about many matters at once."""

import asyncio

from ledger.store import Ledger
from starter.filing import register
from starter.filing.register import Register
from tests.support.keys import KEYS


async def test_what_is_asked_together_is_asked_in_few_queries(postgres_url: str, monkeypatch) -> None:
    ledger = Ledger.connect(postgres_url, KEYS)
    asked: list[int] = []
    real = register.case_numbers

    def counted(engine, matters):
        asked.append(len(matters))
        return real(engine, matters)

    monkeypatch.setattr(register, "case_numbers", counted)
    seen = Register(ledger)
    assert await asyncio.gather(*(seen.case_no(f"m{n}") for n in range(200))) == [None] * 200
    assert sum(asked) == 200
    assert len(asked) <= 2
    ledger.close()


async def test_patience_ends(postgres_url: str) -> None:
    ledger = Ledger.connect(postgres_url, KEYS)
    assert await Register(ledger).wait("nobody", 0.3) is None
    ledger.close()
