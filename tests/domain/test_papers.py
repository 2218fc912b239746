"""文书 on the pure domain: reviewed, issued, served, revoked; what counts from service, and who may."""

from datetime import date
from typing import Any

import pytest

from domain.actions import ACTION, Action
from domain.deadlines import explain
from domain.decide import Declined
from domain.fold import replay
from domain.offers import form_of, offers
from domain.paper import Document, PaperState
from domain.paper_waiting import OF_ISSUERS, OF_REVIEWERS
from domain.telling import tell
from starter.office.papers import listed
from starter.office.views import Veil
from tests.papers.kinds import made, words
from tests.support import golden
from tests.support.case import CENTER, HRSS, LOUD, TAX, Case, case, consulted, county
from tests.support.forms import filled

NOTICE = 1
ACCOUNT = [{"field": "缴费账户", "text": "国家金库偏关县支库，账号见缴费通知"}]
ARREARS = [{"claim": "1", "principal": "1000.00"}]


def issued(no: int, *gaps: dict[str, str], by: str = "负责人") -> Action:
    return filled("issue_paper", paper=no, signed_by=by, gaps=list(gaps))


def served(no: int, on: str, way: str = "直接送达", to: str = "申请人", **more: Any) -> Action:
    how: dict[str, Any] = {
        "直接送达": {"received_by": "本人"},
        "邮寄送达": {"received_by": "本人"},
        "委托送达": {"received_by": "指定代收人"},
        "留置送达": {"witnessed": "拍照、录像记录送达过程"},
        "电子送达（经同意）": {"agreed": True},
        "公告送达": {"unreachable": "下落不明"},
    }[way]
    told = {"paper": no, "to": to, "way": way, "done_on": on, "proof": {"name": "送达凭证"}}
    return filled("serve_paper", **{**told, **how, **more})


def ordered() -> tuple[Case, int]:
    """An order to pay, reviewed and issued on 2026-03-09."""
    c = case().accepted().disposed()
    c.act(filled("order_payment", pay_by="15工作日", arrears=ARREARS, served=False), TAX)
    no = len(c.state.documents)
    c.act(filled("review_paper", paper=no, decision="同意"), TAX, "税务负责人")
    return c.act(issued(no, *ACCOUNT), TAX), no


def state(c: Case, no: int) -> PaperState:
    paper = c.state.documents[no - 1]
    return paper.state(reviewed=county().paper_rule(paper.name)[1].reviewed)


def test_a_paper_is_issued_by_its_own_unit_under_the_next_number_of_its_kind() -> None:
    c = case().accepted()
    assert "issue_paper" in {o.kind for o in offers(c.state, CENTER, county(), c.now)}
    for unit in (TAX, HRSS, "县水务局"):
        assert "issue_paper" not in {o.kind for o in offers(c.state, unit, county(), c.now)}
        assert c.declined(issued(NOTICE), unit) == "wrong_unit"
    c.act(issued(NOTICE))
    paper = c.state.documents[NOTICE - 1]
    assert paper.issued
    assert (paper.issued.number, paper.issued.signed_by) == ("偏社争受字〔2026〕0001号", "负责人")
    assert tell(c.events[-1]) == "制发文书：受理通知书 偏社争受字〔2026〕0001号"
    said = words(c.life.papers[paper.issued.number])
    assert "某甲" in said
    assert paper.issued.code in said
    assert c.declined(issued(NOTICE)) == "unknown_paper"


def test_what_is_missing_is_asked_by_name_and_nothing_else_is_taken() -> None:
    c = case().accepted().disposed()
    c.act(filled("order_payment", pay_by="15工作日", arrears=ARREARS, served=False), TAX)
    no = len(c.state.documents)
    assert state(c, no) == PaperState.TO_REVIEW
    assert c.declined(issued(no, *ACCOUNT), TAX) == "not_reviewed"
    c.act(filled("review_paper", paper=no, decision="同意"), TAX, "税务负责人")
    form = {f.name: f for f in form_of(c.state, TAX, county(), c.now, "issue_paper")}
    assert form["gaps"].suggested == [{"field": "缴费账户"}]
    with pytest.raises(Declined, match="《限期缴纳通知书》还缺：缴费账户。请在“补充内容”中逐项填写"):
        c.act(issued(no), TAX)
    surplus = {"field": "救济途径", "text": "不得申请复议"}
    with pytest.raises(Declined, match="不缺“救济途径”"):
        c.act(issued(no, *ACCOUNT, surplus), TAX)
    before = c.life.papers.copy()
    c.act(issued(no, *ACCOUNT), TAX)
    (number,) = c.life.papers.keys() - before.keys()
    assert "国家金库偏关县支库" in words(c.life.papers[number])


def test_whoever_drew_it_up_does_not_review_it_and_what_is_sent_back_is_reviewed_again() -> None:
    c = case().accepted().disposed()
    no = len(c.state.documents)
    assert c.state.documents[no - 1].name == "处置意见书"
    yes, no_ = (
        filled("review_paper", paper=no, decision=d, **r)
        for d, r in (("同意", {}), ("不同意", {"reason": "依据不足"}))
    )
    drew = c.state.documents[no - 1].drawn_by
    assert drew
    assert c.declined(yes, TAX, drew.name) == "own_paper"
    c.act(no_, TAX, "税务负责人")
    assert state(c, no) == PaperState.SENT_BACK
    assert c.declined(issued(no), TAX) == "not_reviewed"
    c.act(yes, TAX, "税务负责人")
    assert state(c, no) == PaperState.DRAFT


@pytest.mark.parametrize(
    ("way", "done", "counts", "final", "window"),
    [
        # 起算日次日起六个月（对月对日，末日为休息日的顺延），再三个月：人工计算
        ("直接送达", "2026-03-10", "2026-03-10", "2026-09-10", "2026-12-10"),
        ("留置送达", "2026-03-10", "2026-03-10", "2026-09-10", "2026-12-10"),
        ("邮寄送达", "2026-03-16", "2026-03-16", "2026-09-16", "2026-12-16"),
        ("委托送达", "2026-03-16", "2026-03-16", "2026-09-16", "2026-12-16"),
        ("电子送达（经同意）", "2026-03-09", "2026-03-09", "2026-09-09", "2026-12-09"),
        ("公告送达", "2026-03-10", "2026-04-09", "2026-10-09", "2027-01-11"),
    ],
)
def test_terms_count_from_service_and_the_receipt_says_so(
    way: str, done: str, counts: str, final: str, window: str
) -> None:
    c, no = ordered()
    c.on("2026-03-17")
    c.act(served(no, done, way, to="被反映单位"), TAX)
    paper = c.state.documents[no - 1]
    assert state(c, no) == PaperState.SERVED
    assert paper.services[0].served_on == date.fromisoformat(counts)
    clocks = {k.rule_id: k for k in c.state.open_clocks()}
    assert clocks["order_final"].due_on.isoformat() == final
    assert clocks["enforcement_window"].due_on.isoformat() == window
    assert paper.issued
    assert f"限期缴纳通知书 {paper.issued.number} {way}" in "\n".join(explain(clocks["order_final"]))


def due(c: Case, rule: str) -> str:
    (clock,) = [k for k in c.state.open_clocks() if k.rule_id == rule]
    return clock.due_on.isoformat()


def test_a_copy_for_others_or_a_later_service_moves_no_term() -> None:
    c, no = ordered()
    c.on("2026-03-20").act(served(no, "2026-03-12", to="其他受送达人"), TAX)
    assert not [k for k in c.state.open_clocks() if k.rule_id in ("order_final", "enforcement_window")]
    c.act(served(no, "2026-03-13", to="被反映单位"), TAX)
    assert due(c, "order_final") == "2026-09-14"  # the 13th is a Sunday
    c.act(served(no, "2026-03-18", to="其他受送达人"), TAX)
    c.act(served(no, "2026-03-20", "公告送达", to="被反映单位"), TAX)
    assert due(c, "order_final") == "2026-09-14"
    c.act(served(no, "2026-03-10", to="被反映单位"), TAX)
    assert due(c, "order_final") == "2026-09-10"


def test_revoking_one_order_leaves_the_terms_of_another_that_is_served() -> None:
    c, old = ordered()
    c.on("2026-03-17").act(served(old, "2026-03-10", to="被反映单位"), TAX)
    c.act(filled("order_payment", pay_by="15工作日", arrears=ARREARS, served=False), TAX)
    new = len(c.state.documents)
    c.act(filled("review_paper", paper=new, decision="同意"), TAX, "税务负责人")
    c.act(issued(new, *ACCOUNT), TAX).act(served(new, "2026-03-17", to="被反映单位"), TAX)
    why = {"reason": "内容有误", "explanation": "本金算错", "then": "不再制发"}
    c.act(filled("revoke_paper", paper=old, **why), TAX, "税务负责人")
    assert due(c, "order_final") == "2026-09-17"


def test_ten_working_days_count_from_the_demands_service() -> None:
    c, _ = ordered()
    c.act(filled("demand_performance", amount="1000.00", pay_by="10工作日", served=False), TAX)
    no = len(c.state.documents)
    c.act(filled("review_paper", paper=no, decision="同意"), TAX, "税务负责人").act(issued(no, *ACCOUNT), TAX)
    assert not [k for k in c.state.open_clocks() if k.rule_id == "enforcement_earliest"]
    c.on("2026-03-17").act(served(no, "2026-03-16", to="被反映单位"), TAX)
    (clock,) = [k for k in c.state.open_clocks() if k.rule_id == "enforcement_earliest"]
    assert clock.due_on == date(2026, 3, 30)


def test_service_before_the_issue_and_after_today_is_refused() -> None:
    c = case().accepted().act(issued(NOTICE))
    assert c.declined(served(NOTICE, "2026-03-08")) == "too_long_ago"
    assert c.declined(served(NOTICE, "2026-03-30")) == "future"
    assert c.declined(served(NOTICE, "2026-03-09", to="被反映单位")) == "not_addressed"
    c.act(served(NOTICE, "2026-03-09"))
    assert state(c, NOTICE) == PaperState.SERVED


def test_each_way_has_its_own_proof() -> None:
    for way, lacks in (
        ("直接送达", "received_by"),
        ("留置送达", "witnessed"),
        ("电子送达（经同意）", "agreed"),
        ("公告送达", "unreachable"),
    ):
        body = served(NOTICE, "2026-03-09", way).model_dump(mode="json", exclude={lacks}, exclude_none=True)
        with pytest.raises(ValueError, match=lacks):
            ACTION.validate_python(body)


def test_none_goes_by_wire_to_an_applicant_who_takes_back_his_word() -> None:
    c = case().accepted()
    c.act(issued(NOTICE), CENTER)
    by_wire = served(NOTICE, "2026-03-09", "电子送达（经同意）")
    no = {"whose": "申请人", "reason": "撤回或变更同意", "online": False}
    assert c.act(filled("correct_party", **no)).declined(by_wire, CENTER) == "not_agreed"
    c.act(filled("correct_party", **{**no, "online": True})).act(by_wire, CENTER)
    assert state(c, NOTICE) == PaperState.SERVED


def test_what_was_revoked_is_issued_again_under_another_number_or_not_at_all() -> None:
    c, no = ordered()
    c.on("2026-03-17").act(served(no, "2026-03-16", to="被反映单位"), TAX)
    why = {"reason": "内容有误", "explanation": "本金算错"}
    c.act(filled("revoke_paper", paper=no, then="更正后重新制发", **why), TAX, "税务负责人")
    assert not [k for k in c.state.open_clocks() if k.rule_id in ("order_final", "enforcement_window")]
    assert state(c, no) == PaperState.TO_REVIEW
    c.act(filled("review_paper", paper=no, decision="同意"), TAX, "税务负责人").act(issued(no, *ACCOUNT), TAX)
    numbers = [i.number for i in c.state.documents[no - 1].issues]
    assert numbers == ["偏社争缴字〔2026〕0001号", "偏社争缴字〔2026〕0002号"]
    c.act(filled("revoke_paper", paper=no, then="不再制发", **why), TAX, "税务负责人")
    assert state(c, no) == PaperState.REVOKED
    assert c.declined(issued(no, *ACCOUNT), TAX) == "not_reviewed"  # the opinion is


def test_what_a_party_applies_by_is_put_on_paper_where_it_is_received() -> None:
    c = case().accepted().do("withdraw", "申请人")
    no = next(n for n, p in enumerate(c.state.documents, 1) if p.name == "撤回申请书")
    assert "issue_paper" not in {o.kind for o in offers(c.state, "申请人", county(), c.now)}
    c.act(issued(no))
    paper = c.state.documents[no - 1]
    assert paper.issued
    said = words(c.life.papers[paper.issued.number])
    assert "接收人：负责人" in said
    assert "（印章）" not in said


def test_no_paper_waives_a_premium_or_promises_what_no_court_does() -> None:
    c = consulted().do("mediation_start", "调解组织", voluntary_statement="双方自愿")
    c.do("mediate_agreed", "调解组织", clauses=["足额补缴养老保险费"])
    no = next(n for n, p in enumerate(c.state.documents, 1) if p.name == "调解协议书")
    unit = c.state.documents[no - 1].issuer
    waiver = {"field": "履行方式期限", "text": "职工自愿放弃以前年度的社会保险费"}
    with pytest.raises(Declined, match="协议条款违法，不能制发"):
        c.act(issued(no, waiver), unit)
    c.act(issued(no, {**waiver, "text": "签订之日起十日内一次缴清"}), unit)
    assert state(c, no) == PaperState.ISSUED


def test_the_ways_of_redress_stand_in_the_paper_as_the_law_has_them() -> None:
    c = case().accepted().disposed()
    no = len(c.state.documents)
    c.act(filled("review_paper", paper=no, decision="同意"), TAX, "税务负责人").act(issued(no), TAX)
    paper = c.state.documents[no - 1]
    assert paper.issued
    said = words(c.life.papers[paper.issued.number])
    assert paper.fields["救济途径"]
    for line in paper.fields["救济途径"]:
        assert line in said
    # 复议六十日向上一级税务局（行政复议法二十、二十七），起诉六个月（行政诉讼法四十六），复议后十五日（四十五）
    for term in (
        "60日内向国家税务总局忻州市税务局申请行政复议",
        "6个月内向人民法院提起行政诉讼",
        "15日内向人民法院提起行政诉讼",
    ):
        assert term in said


def newest(c: Case, name: str) -> Document:
    return next(p for p in reversed(c.state.documents) if p.name == name)


def said_in(c: Case, name: str) -> str:
    """What the newest paper of a kind would say, with its gaps named."""
    return words(made(c.state, newest(c, name)))


def test_each_insurance_is_named_once_and_the_months_of_each() -> None:
    claim = {"regime": "职工", "type": "已申报未按时缴纳", "amount": 1000}
    months = {"from": "2026-01", "to": "2026-02"}
    claims = [
        {**claim, "no": n, "insurance": name, "period": months}
        for n, name in enumerate(("养老", "医疗", "养老"), 1)
    ]
    c = case(claims=claims).accepted()
    assert "险种：养老；医疗。" in said_in(c, "交办单")
    arrears = [{"claim": "2", "principal": "300.00"}]
    c.disposed().act(filled("order_payment", pay_by="15工作日", arrears=arrears, served=False), TAX)
    assert newest(c, "限期缴纳通知书").fields["险种"] == ["医疗"]
    assert "第2项（医疗保险已申报未按时缴纳）：300.00元（大写：叁佰元整）" in said_in(c, "限期缴纳通知书")


def test_an_urgent_report_is_addressed_to_whom_it_is_sent_with_people_and_firms() -> None:
    c = case(indicators=LOUD, applicant={"name": "某甲", "headcount": 6, "is_group": True})
    c.act(filled("issue_urgent_report", to=["县政府", "县委政法委"]))
    said = said_in(c, "紧急信息报告")
    for told in ("县政府、县委政法委：", "涉及人数：6人", "涉及单位：某厂"):
        assert told in said


def test_the_demand_tells_the_whole_sum_as_one() -> None:
    c, _ = ordered()
    c.act(filled("demand_performance", amount="1000.00", pay_by="10工作日", served=False), TAX)
    assert "应缴金额（本金和滞纳金）" in said_in(c, "催告书")
    assert newest(c, "催告书").fields["应缴金额"] == "1000.00"


def test_no_paper_waits_in_a_matter_that_is_over_and_its_index_went_out() -> None:
    over = 0
    for story in golden.STORIES:
        for matter, events in golden.stored(story).lives.items():
            d = replay(matter, events)
            if not d.is_over or d.county != county().county.name:
                continue
            over += 1
            index = d.documents[-1]
            assert (index.name, bool(index.issued)) == ("归档目录", True), matter
            shown = {row["state"] for row in listed(d, county(), Veil(d, county(), []))}
            assert not shown & {s.value for s in (*OF_REVIEWERS, *OF_ISSUERS)}, matter
    assert over > 10
