"""What begins or ends with something done on a stated day counts from that day, and not from its recording."""

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple, get_type_hints

import pytest

from domain.actions import FORMS
from domain.actions.days import Happening, marked
from domain.actions.form import Asked, rows_of
from domain.events import Acted
from domain.notices import BAD_NUMBER
from domain.telling import tell
from starter.office.views import receipts
from tests.domain.test_notices import reported
from tests.support.case import (
    CENTER,
    HRSS,
    LOUD,
    MEDIATOR,
    TAX,
    Case,
    case,
    consulted,
    told,
)
from tests.support.forms import filled

STATED, RECORDED = "2026-03-11", "2026-03-13"


class Row(NamedTuple):
    """An act with its day: how a matter comes to it, and the clocks that begin and end with it."""

    kind: str
    came: Callable[[], Case]
    unit: str
    answers: Callable[[str], dict[str, Any]]
    begins: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    on: str = STATED
    recorded: str = RECORDED


def lead() -> Case:
    return case(kind="线索", applicant={"anonymous": True})


def refused() -> Case:
    return case().act(filled("refuse_claims"), CENTER)


def mediating() -> Case:
    return consulted().do("mediation_start", MEDIATOR, voluntary_statement=True)


def drafted(**said: Any) -> Case:
    return mediating().act(filled("draft_agreement", **said), MEDIATOR)


def supplementing() -> Case:
    return case().act(filled("request_supplement"), CENTER)


def tried() -> Case:
    c = told()
    for day, hour in (("2026-03-10", 9), ("2026-03-12", 13), ("2026-03-16", 15)):
        c.on(day, hour).act(filled("log_call_attempt"), officer="回访员")
    return c


def objected() -> Case:
    body = filled("record_party_objection", who="申请人", against="金额", reason="少算了")
    return told().act(body, CENTER)


def asked_above() -> Case:
    c = (
        case(indicators=LOUD)
        .accepted("高", HRSS, (TAX,))
        .do("convene_meeting", "联席会议办公室", form="联席会议")
    )
    c.do("minutes", "联席会议办公室", resolutions=[], report_to_city=True)
    return c.do("escalate_city", "联席会议办公室", to="市级部门")


def undelivered() -> Case:
    return reported(case().act(filled("accept_case"), CENTER), BAD_NUMBER)


def guided() -> Case:
    c = consulted().do("mediation_start", MEDIATOR, voluntary_statement=True)
    c.do("mediate_failed", MEDIATOR, reason="不愿")
    return c.do("guide_to_arbitration", CENTER)


def demanded() -> Case:
    c = told().on("2026-03-10")
    served = {"served": True, "served_on": "2026-03-10", "served_by": "直接送达"}
    arrears = [{"claim": "1", "principal": "1000"}]
    c.act(filled("order_payment", arrears=arrears, pay_by="5工作日", **served), TAX)
    return c.act(filled("demand_performance", amount="1000", pay_by="10工作日", **served), TAX)


def agreed() -> Case:
    parts = [{"due": "2026-03-20", "amount": "400"}, {"due": "2026-04-20", "amount": "600"}]
    c = drafted(instalments=parts)
    return c.act(signed("2026-03-09"), MEDIATOR)


def signed(day: str) -> Any:
    return filled("conclude_agreement", **_signed(day))


def _signed(day: str) -> dict[str, Any]:
    signers = [{"party": p, "signer": "某人", "capacity": "本人"} for p in ("申请人", "被反映单位")]
    return {"form": "书面", "signers": signers, "signed_on": day, "confirm_told": True}


def _consents(day: str) -> dict[str, Any]:
    both = [("申请人", "2026-03-09"), ("被反映单位", day)]
    return {"consents": [{"party": p, "way": "书面申请", "on": on} for p, on in both]}


ROWS = [
    Row("notify_result", lambda: case().accepted().disposed(), TAX, lambda day: {"told_on": day},
        begins=("feedback", "execution"), ends=("low_total", "result_notice")),
    Row("notify_result", lambda: consulted().disposed("不支持", None), CENTER, lambda day: {"told_on": day},
        begins=("first_callback",), ends=("mid_total", "result_notice")),
    Row("notify_refusal", refused, CENTER, lambda day: {"told_on": day}, ends=("result_notice", "intake_notice")),
    Row("convert_lead", lead, CENTER,
        lambda day: {"applicants": [{"name": "某甲"}], "filed_on": day, "way": "当面"},
        begins=("triage", "intake_notice")),
    Row("start_mediation", consulted, MEDIATOR, _consents, begins=("mediation",)),
    Row("conclude_agreement", drafted, MEDIATOR, _signed, begins=("judicial_confirmation",), ends=("mediation",)),
    Row("receive_material", supplementing, CENTER, lambda day: {"completes": "已补齐", "received_on": day},
        ends=("supplement",)),
    Row("record_withdrawal", lambda: case().accepted(), CENTER, lambda day: {"said_on": day},
        begins=("withdraw_check",)),
    Row("close_unreached", tried, CENTER, lambda day: {"message_sent_on": day}, ends=("callback_retry",),
        on="2026-03-17", recorded="2026-03-19"),
    Row("explain_again", objected, CENTER,
        lambda day: {"review": "原结论正确", "explained_on": day, "way": "当面", "ground": "社会保险法", "reaction": "理解接受"},
        ends=("objection",)),
    Row("reply_from_above", asked_above, "联席会议办公室",
        lambda day: {"effect": "提出办理意见，本级办理", "content": "同意", "replied_on": day}, ends=("city_reply",)),
    Row("tell_otherwise", undelivered, CENTER, lambda day: {"way": "当面告知", "told_on": day},
        ends=("tell_otherwise",)),
    Row("record_proceeding", guided, CENTER,
        lambda day: {"proceeding": "劳动仲裁", "body": "仲裁委", "begun_on": day, "depends": True, "paper": {"name": "通知"}},
        ends=("arbitration_limit", "guidance_choice")),
    Row("apply_enforcement", demanded, TAX,
        lambda day: {"measure": "申请人民法院强制执行", "ground": "社会保险法第六十三条第三款（未足额缴纳且未提供担保）",
                     "amount": "1000", "applied_on": day},
        ends=("enforcement_earliest",), on="2026-03-25", recorded="2026-03-27"),
    Row("record_payment", agreed, TAX,
        lambda day: {"parts": [{"claim": "1", "principal": "400"}], "paid_on": day},
        ends=("instalment",), on="2026-03-20", recorded="2026-03-23"),
]  # fmt: skip

ELSEWHERE = {
    "order_payment", "demand_performance", "serve_paper", "record_ruling", "apply_judicial_confirmation", "notify_transfer",
}  # fmt: skip
"""Whose day has a test where the rest of the rule has it."""
NO_CLOCK = {
    "accept_case": "the call before acceptance; its clocks are those of the acceptance",
    "request_extension": "the sides' consent; the time is counted from the clock that is extended",
    "decline_mediation": "nobody mediates any more: the clock lapses, and the next step begins with the record",
    "record_judicial_confirmation": "no clock waits for the court",
    "record_refund": "execution ends with the last of several acts, whichever that is",
    "record_rights_restored": "the same",
}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.kind)
def test_its_clocks_count_from_the_day_stated(row: Row) -> None:
    c = row.came().on(row.recorded, 10)
    known = set(c.state.clocks)
    c.act(filled(row.kind, **row.answers(row.on)), row.unit, "另一人")
    begun = {k.rule_id: k for k in c.state.clocks.values() if k.id not in known}
    assert {rule: str(begun[rule].starts_at.date()) for rule in row.begins} == dict.fromkeys(
        row.begins, row.on
    )
    assert {rule: _ended(c, rule) for rule in row.ends} == dict.fromkeys(row.ends, row.on)
    shown = receipts(c.state, c.events, c.now)
    assert all(
        f"起算：{row.on} 00:00（{FORMS[row.kind].verb}）" in " ".join(shown[begun[r].id]) for r in row.begins
    )


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.kind)
def test_the_record_tells_the_day(row: Row) -> None:
    c = row.came().on(row.recorded, 10)
    c.act(filled(row.kind, **row.answers(row.on)), row.unit, "另一人")
    done = [e for e in c.events if isinstance(e.fact, Acted) and e.fact.body.kind == row.kind]
    assert row.on in tell(done[-1])


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (ROWS[0], "告知结果：申请人，书面送达，告知日期 2026-03-11"),
        (ROWS[2], "送达不予受理告知书：申请人，书面送达，告知日期 2026-03-11"),
    ],
    ids=lambda given: given.kind if isinstance(given, Row) else "",
)
def test_what_a_party_was_told_is_told_with_day_way_and_whom(row: Row, said: str) -> None:
    c = row.came().on(row.recorded, 10)
    c.act(filled(row.kind, **row.answers(row.on)), row.unit)
    assert said in [tell(e) for e in c.events]


def test_what_stood_still_for_material_runs_on_from_the_day_it_came() -> None:
    c = supplementing().on(RECORDED, 10)
    c.act(filled("receive_material", completes="已补齐", received_on=STATED), CENTER)
    (triage,) = [k for k in c.state.open_clocks() if k.rule_id == "triage"]
    until = triage.pauses[-1].to
    assert until
    assert str(until.date()) == STATED
    assert triage.due_on == date(2026, 3, 16)  # three working days, two of which stood still


def test_material_from_before_it_was_asked_for_lets_no_clock_run_backwards() -> None:
    c = supplementing().on(RECORDED, 10)
    c.act(filled("receive_material", completes="已补齐", received_on="2026-03-09"), CENTER)
    (triage,) = [k for k in c.state.open_clocks() if k.rule_id == "triage"]
    assert triage.pauses[-1].to == triage.pauses[-1].from_


@pytest.mark.parametrize(("on", "kept"), [("2026-03-20", True), ("2026-03-21", False)])
def test_an_instalment_is_kept_by_the_day_the_money_came(on: str, kept: bool) -> None:
    c = agreed().on("2026-03-23", 10)
    c.act(filled("record_payment", parts=[{"claim": "1", "principal": "400"}], paid_on=on), TAX)
    first = next(k for k in c.state.clocks.values() if k.rule_id == "instalment")
    assert first.is_open is not kept


def test_what_follows_the_telling_may_lie_between_its_day_and_its_recording() -> None:
    c = case().accepted().disposed().on(RECORDED, 10).act(filled("notify_result", told_on=STATED), TAX)
    c.act(filled("record_party_objection", who="申请人", against="金额", reason="少算了"), CENTER)
    explained = {"review": "原结论正确", "way": "当面", "ground": "社会保险法", "reaction": "理解接受"}
    assert c.declined(filled("explain_again", explained_on="2026-03-10", **explained)) == "too_long_ago"
    c.act(filled("explain_again", explained_on="2026-03-12", **explained), CENTER)


def _acts(c: Case) -> int:
    return c._count  # pyright: ignore[reportPrivateUsage]


def _ended(c: Case, rule: str) -> str:
    clock = [k for k in c.state.clocks.values() if k.rule_id == rule and k.stopped_at][-1]
    assert clock.stopped_by == f"a#{_acts(c)}"
    assert clock.stopped_at
    return str(clock.stopped_at.date())


def test_every_act_with_a_stated_day_is_looked_at() -> None:
    told_day = {kind for kind, form in FORMS.items() if _tells_a_day(form)}
    assert told_day == {row.kind for row in ROWS} | ELSEWHERE | set(NO_CLOCK)


def _tells_a_day(form: type[Asked]) -> bool:
    hints = get_type_hints(form, include_extras=True)
    rows = (row for name in form.model_fields if (row := rows_of(hints[name])))
    own = any(isinstance(mark, Happening) for mark in marked(form).values())
    return own or any(_tells_a_day(row) for row in rows)
