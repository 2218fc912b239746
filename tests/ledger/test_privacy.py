"""Identities in the ledger: sealed, found by keyed hash, seen by right and reason, kept apart for reporters."""

import dataclasses
from typing import Any

import pytest
from sqlalchemy import text

from domain.draft import Refusal
from domain.events import Viewed
from domain.reporter import part
from ledger import people
from ledger.key_checks import check_keys, forget, in_use, rewrap
from ledger.rebuild import rebuild
from ledger.store import Ledger
from ledger.unmask import unmask
from ledger.vault import keep_reporter, reporter_of
from ledger.verify import verify
from privacy.keys import KeyProblem, Keys, Purpose, Ring
from tests.ledger.support import CENTER, HRSS, TAX, Books, a_firm, a_person, an_intake
from tests.support.keys import KEYS, a_key


def with_keys(of: Ledger, /, **rings: Ring) -> Ledger:
    """The same ledger, as a process with other keys sees it."""
    changed = {Purpose(purpose): ring for purpose, ring in rings.items()}
    return Ledger(of.engine, Keys({**KEYS.rings, **changed}))


def rotated(purpose: Purpose, *names: str) -> Ring:
    return Ring(purpose, tuple(a_key(purpose, name) for name in names))


# --- at rest ---------------------------------------------------------------------------------------------------


def test_no_identity_stands_in_any_table(books: Books) -> None:
    books.populate()
    with books.ledger.engine.connect() as connection:
        names = connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all()
        everything = "\n".join(
            row for name in names for row in connection.scalars(text(f"SELECT t::text FROM {name} t"))
        )
    assert "偏社争" in everything
    for known in (
        "温玉强",
        "席远",
        "142234197801018817",
        "19900001234",
        "19900005678",
        "望梅建材",
        "报了没缴",
    ):
        assert known not in everything
        assert known.encode().hex() not in everything


# --- found again ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "asked",
    [
        {"name": "温玉强"},
        {"name": " 温 玉强"},
        {"id_number": "14223419780101881７"},
        {"phone": "199-0000-1234"},
        {"uscc": "91140932ma0test00x"},
        {"name": "偏关县望梅建材"},
        {"name": "温玉强", "phone": "19900001234"},
    ],
)
def test_a_matter_is_found_by_who_is_in_it(books: Books, asked: Any) -> None:
    matter = books.register(an_intake())
    other = a_person(name="席远", id_number="14093219850310621X", phone="19900005678")
    books.register(an_intake("B-1", applicant=other, respondents=[a_firm(name="另一厂", uscc=None)]))
    (row,) = people.search(books.ledger, **asked)
    assert row["dispute_id"] == matter
    assert "温玉强" not in str(row)


def test_different_people_are_not_found_together(books: Books) -> None:
    books.register(an_intake())
    assert people.search(books.ledger, name="温玉强", phone="19900005678") == []
    assert people.search(books.ledger, name="温玉") == []
    with pytest.raises(ValueError, match="至少给出"):
        people.search(books.ledger)


def test_after_a_change_of_the_search_key_people_are_still_found(books: Books) -> None:
    matter = books.register(an_intake())
    both = with_keys(books.ledger, search=rotated(Purpose.SEARCH, "new", "test"))
    assert [r["dispute_id"] for r in people.search(both, name="温玉强")] == [matter]
    assert [b.problem for b in verify(both)] == ["查询表 parties 与事件不符，请重建"]
    rebuild(both)
    alone = with_keys(books.ledger, search=rotated(Purpose.SEARCH, "new"))
    assert [r["dispute_id"] for r in people.search(alone, name="温玉强")] == [matter]
    assert verify(alone) == []


# --- seen by right and reason ----------------------------------------------------------------------------------------


def look(books: Books, matter: str, **changes: Any) -> Any:
    given = {
        "whose": "parties",
        "unit": CENTER,
        "officer": "邢敏",
        "reason": "电话核实诉求",
        "action_id": "view-1",
    }
    return unmask(books.ledger, matter, **{**given, **changes})


def test_a_look_is_an_event_of_the_matter(books: Books) -> None:
    matter = books.register(an_intake())
    before = books.ledger.state(matter).version
    assert look(books, matter).applicant.name == "温玉强"
    event = books.ledger.events(matter)[-1]
    assert (event.seq, event.unit, event.officer) == (before + 1, CENTER, "邢敏")
    assert event.fact == Viewed(whose="parties", reason="电话核实诉求")
    assert verify(books.ledger) == []


def test_a_unit_sees_only_what_it_handles(books: Books) -> None:
    matter = books.register(an_intake())
    books.accept(matter)
    assert look(books, matter, unit=TAX, officer="郝勤").applicant.id_number == "142234197801018817"
    with pytest.raises(Refusal, match="县人社局无权查看当事人身份信息（个人信息保护法"):
        look(books, matter, unit=HRSS, officer="乔某", action_id="view-2")
    kept = books.ledger.events(matter)[-1].fact
    assert kept.type == "refused"
    assert kept.code == "wrong_unit"


@pytest.mark.parametrize("reason", ["", "   ", "看看"])
def test_without_a_reason_nobody_sees_anything(books: Books, reason: str) -> None:
    matter = books.register(an_intake())
    with pytest.raises(Refusal, match="须写明查看的事由"):
        look(books, matter, reason=reason)


def test_one_look_is_one_event(books: Books) -> None:
    matter = books.register(an_intake())
    look(books, matter)
    with pytest.raises(Refusal, match="已经用过"):
        look(books, matter)
    with pytest.raises(Refusal, match="没有这件案件"):
        look(books, "nothing")


def test_an_archived_matter_can_be_looked_at(books: Books) -> None:
    matter = books.live_through(an_intake())
    assert look(books, matter).applicant.phone == "19900001234"
    assert verify(books.ledger) == []


# --- reporters -------------------------------------------------------------------------------------------------------


def a_report(**changes: Any) -> Any:
    return an_intake(
        "LEAD-1",
        kind="线索",
        applicant=a_person(address="新关镇东街"),
        narrative="我是温玉强，电话19900001234，举报望梅建材不给二十多人上养老保险",
        **changes,
    )


def test_nothing_of_a_reporter_goes_on() -> None:
    goes_on, kept = part(
        a_report(remarks={"来电人": "温玉强"}, evidence=[{"kind": "照片", "description": "温玉强摄"}])
    )
    said = goes_on.model_dump_json()
    for known in ("温玉强", "19900001234", "142234197801018817", "东街"):
        assert known not in said
    assert "举报望梅建材不给二十多人上养老保险" in goes_on.narrative
    assert goes_on.applicant.anonymous
    assert kept is not None
    assert kept.applicant.name == "温玉强"
    assert part(goes_on) == (goes_on, None), "what was parted has nothing left to part"


def test_a_dispute_s_own_applicant_is_parted_only_when_asked() -> None:
    assert part(an_intake()).kept is None
    assert part(an_intake(confidential=True)).kept is not None


def test_only_the_centre_sees_a_reporter(books: Books) -> None:
    goes_on, kept = part(a_report())
    assert kept
    matter = books.register(goes_on)
    keep_reporter(books.ledger, matter, kept)
    assert look(books, matter, whose="reporter") == kept
    for unit in (TAX, "联席会议办公室", "被反映单位"):
        with pytest.raises(Refusal, match="无权查看举报人身份信息（信访工作条例第三十条）"):
            look(books, matter, whose="reporter", unit=unit, action_id=f"view-{unit.encode().hex()}")


def test_the_first_registration_stays_in_the_vault(books: Books) -> None:
    first = a_report()
    keep_reporter(books.ledger, "m", first)
    keep_reporter(books.ledger, "m", a_report(confidential=True))
    assert reporter_of(books.ledger, "m") == first
    assert reporter_of(books.ledger, "other") is None


def test_a_process_without_the_vault_s_key_reads_no_reporter(books: Books) -> None:
    keep_reporter(books.ledger, "m", a_report())
    rings = {p: r for p, r in KEYS.rings.items() if p != Purpose.VAULT}
    with pytest.raises(KeyProblem, match="缺少 vault 用途的密钥"):
        reporter_of(Ledger(books.ledger.engine, Keys(rings)), "m")


# --- keys ------------------------------------------------------------------------------------------------------------


def test_after_a_change_of_keys_everything_is_rewrapped_and_the_old_key_can_go(books: Books) -> None:
    books.populate()
    keep_reporter(books.ledger, "m", a_report())
    check_keys(books.ledger)
    ledger_ring, vault = rotated(Purpose.LEDGER, "new", "test"), rotated(Purpose.VAULT, "new", "test")
    both = with_keys(books.ledger, ledger=ledger_ring, vault=vault)
    check_keys(both)
    with pytest.raises(KeyProblem, match="还保护着 5 件内容"):
        forget(both, Purpose.LEDGER, "test")
    told: list[tuple[int, int]] = []
    assert rewrap(both, lambda done, total: told.append((done, total))) == 6
    assert told == [(5, 5)]
    assert rewrap(both) == 0
    assert in_use(both)[Purpose.LEDGER, "test"] == 0
    forget(both, Purpose.LEDGER, "test")
    forget(both, Purpose.VAULT, "test")
    alone = with_keys(
        books.ledger, ledger=rotated(Purpose.LEDGER, "new"), vault=rotated(Purpose.VAULT, "new")
    )
    check_keys(alone)
    assert verify(alone) == []
    assert reporter_of(alone, "m") == a_report()


def test_the_active_key_cannot_go(books: Books) -> None:
    check_keys(books.ledger)
    with pytest.raises(KeyProblem, match="正在使用"):
        forget(books.ledger, Purpose.LEDGER, "test")


@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_missing_key_stops_the_start(books: Books, purpose: Purpose) -> None:
    check_keys(books.ledger)
    with pytest.raises(KeyProblem, match=f"{purpose} 用途的密钥“test”不在密钥文件中"):
        check_keys(with_keys(books.ledger, **{purpose.value: rotated(purpose, "other")}))


@pytest.mark.parametrize("purpose", list(Purpose))
def test_another_key_under_the_same_id_stops_the_start(books: Books, purpose: Purpose) -> None:
    check_keys(books.ledger)
    impostor = dataclasses.replace(a_key(purpose), secret=a_key(purpose, "other").secret)
    with pytest.raises(KeyProblem, match="不是同一把"):
        check_keys(with_keys(books.ledger, **{purpose.value: Ring(purpose, (impostor,))}))


def test_a_lost_data_key_is_named_by_verification(books: Books) -> None:
    matter = books.register(an_intake())
    with books.ledger.engine.begin() as connection:
        connection.execute(text(f"DELETE FROM data_keys WHERE dispute_id = '{matter}'"))
    assert (None, "数据密钥缺失或打不开，内容无法读取") in [(b.seq, b.problem) for b in verify(books.ledger)]
