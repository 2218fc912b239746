"""An archive with old files in it, reached as the office's own processes reach it, and the people who may destroy them."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

import pytest
from sqlalchemy import make_url, text

from domain.access import Post, Role
from domain.words import SHANGHAI
from ledger import accounts, destruction
from ledger.accounts import Acting, today
from ledger.destruction import Carried
from ledger.periods import Period
from ledger.rights import APP
from ledger.store import Ledger
from tests.access.test_accounts import County
from tests.ledger import support
from tests.ledger.support import CENTER, Books, an_intake
from tests.ledger.test_materials import give
from tests.ledger.test_papers import issue
from tests.support.keys import KEYS

LONG_AGO = datetime(2012, 9, 3, 9, 0, tzinfo=SHANGHAI)
"""A Monday; a file of 低 archived then has been due for years, whatever day it is today."""


YEAR = Period.days(date(2012, 1, 1), date(2013, 1, 1))


class Who(NamedTuple):
    """Somebody in a post."""

    post: Post
    by: Acting


class Archive(NamedTuple):
    """A county with old files, and the people who may have to do with them."""

    books: Books
    owner: Ledger
    keeper: Who
    head: Who
    office: Who
    tax: Who

    @property
    def ledger(self) -> Ledger:
        return self.books.ledger

    def due(self) -> list[str]:
        return [d.dispute_id for d in destruction.due(self.ledger, self.books.policy.county.name, today())]

    def propose(self, *matters: str, by: Who | None = None) -> str:
        who = by or self.keeper
        return destruction.propose(
            self.ledger, self.books.policy, who.post, who.by, matters, "鉴定意见〔2026〕1号"
        )

    def vote(self, who: Who, number: str, *, agrees: bool = True) -> None:
        said = "" if agrees else "尚有诉讼"
        destruction.vote(
            self.ledger, self.books.policy, who.post, who.by, number, agrees=agrees, opinion=said
        )

    def carry_out(self, number: str, by: Who | None = None) -> Carried:
        who = by or self.keeper
        return destruction.carry_out(self.ledger, self.books.policy, who.post, who.by, number)

    def approved(self, *matters: str) -> str:
        number = self.propose(*matters)
        self.vote(self.head, number)
        self.vote(self.office, number)
        return number

    def destroyed(self, matter: str) -> str:
        number = self.approved(matter)
        assert self.carry_out(number) == Carried(1, 0, [])
        return number


@pytest.fixture
def archive(books: Books, ledger_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Archive]:
    """Reached as the office's own processes reach it, under the role that can change none of the record."""
    monkeypatch.setattr(support, "MONDAY", LONG_AGO)
    county = County(books.ledger)
    url = make_url(ledger_url).set(username=APP).render_as_string(hide_password=False)
    ledger = Ledger.connect(url, KEYS)

    def who(login: str, role: Role, unit: str) -> Who:
        person = county.head(unit) if role is Role.HEAD else county.person(login)
        if role is not Role.HEAD:
            proposed = county.person(f"head-of-{login}")
            county.grant(proposed, Role.HEAD, unit)
            county.grant(person, role, unit, proposed_by=proposed)
        (post,) = accounts.posts_of(books.ledger, person, today())
        return Who(post, Acting(person, post.id, "10.0.0.3"))

    yield Archive(
        Books(ledger, books.policy),
        books.ledger,
        who("keeper", Role.OPERATOR, CENTER),
        who("head", Role.HEAD, CENTER),
        who("office", Role.OFFICE, "联席会议办公室"),
        who("tax", Role.HEAD, "县税务局"),
    )
    ledger.close()


@pytest.fixture
def old(archive: Archive) -> str:
    """An old file with a paper and a material in it."""
    books = archive.books
    matter = books.register(an_intake("OLD-1"))
    books.accept(matter)
    issue(books, matter)
    give(books, matter)
    books.live_on(matter)
    return matter


def keys_of(archive: Archive, matter: str) -> int:
    with archive.ledger.engine.connect() as connection:
        found = text("SELECT count(*) FROM data_keys WHERE dispute_id = :id")
        return connection.scalar(found, {"id": matter}) or 0
