"""Identities in the ledger: sealed, found by keyed hash, seen by right and reason, kept apart for reporters."""

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import text

from activities.names import dispute_id
from domain.declined import Declined
from domain.events import Viewed
from domain.reporter import part
from ledger import people
from ledger.export import export_xlsx
from ledger.key_checks import check_keys, forget, in_use, require_known_keys, rewrap
from ledger.rebuild import rebuild
from ledger.store import Ledger, LedgerBroken
from ledger.unmask import Look, unmask
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
        {"uscc": "91140932ma0text00c"},
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
    assert [r["dispute_id"] for r in people.search(both, firm="望梅")] == [matter]
    assert [b.problem for b in verify(both)] == [
        f"查询表 {of} 与事件不符，请重建" for of in ("parties", "texts")
    ]
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
    return unmask(books.ledger, matter, Look(**{**given, **changes}))


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
    with pytest.raises(Declined, match="县人社局无权查看当事人身份信息（个人信息保护法"):
        look(books, matter, unit=HRSS, officer="乔某", action_id="view-2")
    kept = books.ledger.events(matter)[-1].fact
    assert kept.type == "declined"
    assert kept.code == "wrong_unit"


@pytest.mark.parametrize("reason", ["", "   ", "看看"])
def test_without_a_reason_nobody_sees_anything(books: Books, reason: str) -> None:
    matter = books.register(an_intake())
    with pytest.raises(Declined, match="写明办什么事要用"):
        look(books, matter, reason=reason)


@pytest.mark.parametrize("reason", ["温玉强打电话来问", "温 玉强来问", "打电话 13812345678 问"])
def test_a_look_names_nobody_in_its_reason_and_nobody_learns_a_name_by_the_refusal(
    books: Books, reason: str
) -> None:
    matter = books.register(an_intake())
    with pytest.raises(Declined, match="不要写姓名、证件号、电话"):
        look(books, matter, reason=reason)
    assert reason not in str(books.ledger.events(matter))
    told = "不要写" if "138" in reason else "无权查看"
    with pytest.raises(Declined, match=told):
        look(books, matter, unit=HRSS, officer="乔某", reason=reason, action_id="view-2")


def test_one_look_is_one_event(books: Books) -> None:
    matter = books.register(an_intake())
    look(books, matter)
    with pytest.raises(Declined, match="已经用过"):
        look(books, matter)
    with pytest.raises(Declined, match="没有这件案件"):
        look(books, "nothing")


def test_an_archived_matter_can_be_looked_at(books: Books) -> None:
    matter = books.live_through(an_intake())
    assert look(books, matter).applicant.phone == "19900001234"
    assert verify(books.ledger) == []


# --- reporters -------------------------------------------------------------------------------------------------------


def a_report(**changes: Any) -> Any:
    given = {
        "kind": "线索",
        "applicant": a_person(address="新关镇东街"),
        "narrative": "我是温玉强，电话19900001234，举报望梅建材不给二十多人上养老保险",
    }
    return an_intake("LEAD-1", **(given | changes))


FINGERPRINT = "1199000012341422341978010188171990000123400000000000000000000000"


def test_nothing_of_a_reporter_goes_on() -> None:
    goes_on, kept = part(
        a_report(
            applicant=a_person(address="新关镇东街", phone="6521234", id_number="W1234567"),
            respondents=[a_firm(note="举报人温玉强系该厂职工", contact="黄厂长")],
            remarks={"来电人": "温玉强"},
            evidence=[{"kind": "照片", "description": "温玉强摄", "sha256": FINGERPRINT}],
            proposal="温玉强（W1234567，6521234）住新关镇东街，另有手机19900001234",
        )
    )
    said = goes_on.model_copy(update={"evidence": []}).model_dump_json()
    for known in ("温玉强", "6521234", "W1234567", "19900001234", "东街"):
        assert known not in said
    assert [(e.description, e.sha256) for e in goes_on.evidence] == [("***摄", FINGERPRINT)]
    assert goes_on.respondents[0].contact == "黄厂长"
    assert "举报望梅建材不给二十多人上养老保险" in goes_on.narrative
    assert goes_on.applicant.anonymous
    assert kept is not None
    assert kept.applicant.name == "温玉强"
    assert part(goes_on) == (goes_on, None), "what was parted has nothing left to part"


def test_a_dispute_s_own_applicant_is_parted_only_when_asked() -> None:
    assert part(an_intake()).kept is None
    assert part(an_intake(confidential=True)).kept is not None
    caller = an_intake(applicant={"anonymous": True, "phone": "19900001234"})
    assert part(caller).goes_on.applicant.phone is None
    assert part(caller).kept == caller


def test_only_the_centre_sees_a_reporter(books: Books) -> None:
    goes_on, kept = part(a_report())
    assert kept
    matter = books.register(goes_on)
    keep_reporter(books.ledger, matter, kept)
    assert look(books, matter, whose="reporter") == kept
    for unit in (TAX, "联席会议办公室", "被反映单位"):
        with pytest.raises(Declined, match="无权查看举报人身份信息（信访工作条例第三十条）"):
            look(books, matter, whose="reporter", unit=unit, action_id=f"view-{unit.encode().hex()}")


def test_what_was_registered_stays_in_the_vault_and_what_was_turned_down_does_not(books: Books) -> None:
    mistyped, right = a_report(applicant=a_person(name="温玉墙")), a_report()
    matter = dispute_id(right.channel, right.source_no)
    keep_reporter(books.ledger, matter, mistyped)
    keep_reporter(books.ledger, matter, right)
    assert books.register(part(right).goes_on) == matter
    keep_reporter(books.ledger, matter, a_report(confidential=True))
    assert reporter_of(books.ledger, matter) == right
    assert reporter_of(books.ledger, "other") is None


def test_names_of_a_reporter_are_masked_in_what_officers_write(books: Books, tmp_path: Path) -> None:
    goes_on, kept = part(a_report())
    assert kept
    matter = books.register(goes_on)
    keep_reporter(books.ledger, matter, kept)
    books.convert(matter)
    books.act(matter, "change_level", to="中", reason="温玉强来电称将集体上访")
    export_xlsx(books.ledger, tmp_path / "台账.xlsx")
    cells = [str(c.value) for row in load_workbook(tmp_path / "台账.xlsx")["台账"].iter_rows() for c in row]
    assert "温**来电称将集体上访" in cells
    assert not any("温玉强" in cell for cell in cells)


def test_where_confidence_was_granted_the_handling_unit_does_not_see_the_applicant(books: Books) -> None:
    matter = books.register(an_intake())
    books.act(matter, "accept_case", after=1, protect_applicant=True)
    with pytest.raises(Declined, match="无权查看"):
        look(books, matter, unit=TAX, officer="郝勤")
    assert look(books, matter, action_id="view-2").applicant.name == "温玉强"


def test_a_look_takes_nothing_from_the_past(books: Books) -> None:
    """Its moment is PostgreSQL's; events of a demonstration may lie before it."""
    matter = books.register(an_intake())
    look(books, matter)
    books.accept(matter)
    then = books.ledger.events(matter)[-1].at
    assert books.ledger.state(matter, at=then).version == books.ledger.state(matter).version


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


def test_a_key_that_is_needed_cannot_go(books: Books) -> None:
    matter = books.register(an_intake())
    check_keys(books.ledger)
    with pytest.raises(KeyProblem, match="正在使用"):
        forget(books.ledger, Purpose.LEDGER, "test")
    with pytest.raises(KeyProblem, match="没有用过名为“tset”的"):
        forget(books.ledger, Purpose.LEDGER, "tset")
    after = with_keys(
        books.ledger,
        payload=rotated(Purpose.PAYLOAD, "new", "test"),
        search=rotated(Purpose.SEARCH, "new", "test"),
    )
    check_keys(after)
    with pytest.raises(KeyProblem, match="还保护着 1 件内容，须等这些案件办结"):
        forget(after, Purpose.PAYLOAD, "test")
    with pytest.raises(KeyProblem, match="请先运行 fengqiao ledger rebuild"):
        forget(after, Purpose.SEARCH, "test")
    rebuild(after)
    assert (Purpose.SEARCH, "test") not in in_use(after)
    assert people.search(with_keys(after, search=rotated(Purpose.SEARCH, "new")), name="温玉强")
    assert matter


def test_a_command_neither_writes_with_a_new_key_before_the_office_nor_with_a_strange_one(
    books: Books,
) -> None:
    check_keys(books.ledger)
    require_known_keys(books.ledger)
    early = with_keys(books.ledger, payload=rotated(Purpose.PAYLOAD, "new", "test"))
    with pytest.raises(KeyProblem, match="“new”尚未启用"):
        require_known_keys(early)
    check_keys(early)
    require_known_keys(early)
    with pytest.raises(KeyProblem, match="不在密钥文件中"):
        require_known_keys(with_keys(books.ledger, ledger=rotated(Purpose.LEDGER, "strange")))


def test_a_purpose_without_keys_stops_the_start(books: Books) -> None:
    rings = {p: r for p, r in KEYS.rings.items() if p != Purpose.SEARCH}
    without = Ledger(books.ledger.engine, KEYS)
    object.__setattr__(without, "keys", Keys(rings))
    with pytest.raises(KeyProblem, match="缺少 search 用途的密钥"):
        check_keys(without)


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
    for ask in (lambda: books.ledger.state(matter), lambda: books.accept(matter)):
        with pytest.raises(LedgerBroken, match="数据密钥丢失"):
            ask()
