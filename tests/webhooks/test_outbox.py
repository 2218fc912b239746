"""What is put down with its cause: for whom, of what, and of which ticket."""

from typing import Any

import pytest
from sqlalchemy import text

from domain.policy import Policy
from domain.webhooks import Delivery, Happening, content, happening_of, may_hear, message_id
from domain.words import Channel
from ledger import outbox, webhooks
from ledger.store import Ledger
from ledger.webhooks import Webhook
from tests.access.test_accounts import County
from tests.ledger.conftest import books, ledger, ledger_url, policy
from tests.ledger.support import CENTER, TAX, Books, an_intake

__all__ = ["books", "ledger", "ledger_url", "policy"]


@pytest.fixture
def county(ledger: Ledger) -> County:
    return County(ledger)


def registered(county: County, unit: str = CENTER, **more: Any) -> Webhook:
    given = {"client": "某平台", "address": "https://x.example.cn/", "happenings": list(Happening), **more}
    return webhooks.register(county.ledger, county.admin, unit=unit, **given)[0]


def put_down(ledger: Ledger, hook: Webhook) -> list[Any]:
    with ledger.engine.connect() as connection:
        wanted = text(
            "SELECT dispute_id, seq, ticket, happening FROM deliveries WHERE webhook_id = :id ORDER BY made_at, seq"
        )
        return [tuple(row) for row in connection.execute(wanted, {"id": hook.id})]


def test_a_cause_leaves_one_message_and_its_repetition_none(books: Books, county: County) -> None:
    hook = registered(county)
    told = registered(county, address="https://y.example.cn/", happenings=[Happening.TOLD, Happening.CLOSED])
    matter = books.live_through(an_intake())
    books.register(an_intake())  # the same once more
    events = books.ledger.events(matter)
    causes = [(matter, e.seq, "", h.value) for e in events if (h := happening_of(e))]
    assert put_down(books.ledger, hook) == causes
    assert [h for *_, h in put_down(books.ledger, told)] == ["告知", "办结"]
    webhooks.revoke(books.ledger, county.admin, hook.id)
    assert {m.state for m in outbox.messages_of(books.ledger.engine, hook.id)} == {Delivery.DROPPED}
    books.register(an_intake("PG12345-0002"))
    assert put_down(books.ledger, hook) == causes


def test_a_unit_is_told_of_what_happens_while_it_may_see_the_matter(books: Books, county: County) -> None:
    hook = registered(county, TAX)
    matter = books.live_through(an_intake())
    events = books.ledger.events(matter)
    heard = {seq for _, seq, *_ in put_down(books.ledger, hook)}
    accepted = next(e.action_id for e in events if e.fact.type == "accepted")
    begins = next(e.seq for e in events if e.action_id == accepted)
    assert heard == {e.seq for e in events if happening_of(e) and e.seq >= begins}
    d = books.ledger.state(matter)
    assert may_hear(d, TAX, books.policy)
    assert not may_hear(d, "县医保局", books.policy)
    assert not may_hear(d, "没有的局", books.policy)


def test_what_a_message_says_is_how_far_the_matter_was_then(books: Books, policy: Policy) -> None:
    matter = books.live_through(an_intake())
    d, events = books.ledger.state(matter), books.ledger.events(matter)
    for event in (e for e in events if happening_of(e)):
        said = content(d, event, message_id("w", matter, event.seq))
        assert said.keys() == {"id", "type", "timestamp", "data"}
        if event.fact.type == "stage_entered":
            assert said["data"]["stage"] == event.fact.stage


def test_a_merged_ticket_is_answered_by_the_matter_it_went_into(books: Books, county: County) -> None:
    closing = {"happenings": [Happening.CLOSED], "answer": "某种", "channel": Channel.HOTLINE}
    hook = registered(county, **closing)
    webhooks.keep_sender(books.ledger, Channel.HOTLINE, "P-3", CENTER, "另一平台")
    parent = books.register(an_intake("P-1"))
    for number in ("P-2", "P-3"):
        child = books.register(an_intake(number))
        books.act(child, "merge_cases", into="P-1")
        books.absorb(parent, child)
    books.accept(parent)
    assert put_down(books.ledger, hook) == []
    books.act(parent, "record_withdrawal", after=3)
    books.act(parent, "verify_withdrawal", f"{CENTER}/杜远", after=4)
    books.act(parent, "close_case", f"{CENTER}/杜远", after=5)
    (ended,) = [e.seq for e in books.ledger.events(parent) if e.fact.type == "ended"]
    assert sorted(put_down(books.ledger, hook)) == [
        (parent, ended, number, "办结") for number in ("P-1", "P-2")
    ]
