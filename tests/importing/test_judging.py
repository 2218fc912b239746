"""The five outcomes and their precedence."""

from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importing.exported import ExportTime
from importing.intakes import IntakeMaker
from importing.judged import DuplicateKind, Judged, Outcome
from importing.rules import Rules, load_rules
from policies import load

from .exports import EXPORTED, HEADERS, firm_code, id_number, judge_rows, ticket

RULES = load_rules("pianguan")


def judge(*rows: dict[str, Any]) -> list[Judged]:
    return judge_rows(RULES, *rows)


def outcomes(*rows: dict[str, Any]) -> list[Outcome]:
    return [judged.outcome for judged in judge(*rows)]


def test_a_whole_row_is_accepted() -> None:
    only = judge(ticket())[0]
    assert (only.outcome, only.errors, only.missing, only.warnings()) == (Outcome.ACCEPT, (), (), [])


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("工单编号", "", "工单编号为空"),
        ("工单编号", None, "工单编号为空"),
        (
            "工单编号",
            "19900000001",
            "工单编号像姓名、手机号或证件号，登记后不加密：请换成平台的登记号，号前可加平台代号（如 PG）",
        ),
        (
            "工单编号",
            "PG-142234199001011111",
            "工单编号像姓名、手机号或证件号，登记后不加密：请换成平台的登记号，号前可加平台代号（如 PG）",
        ),
        ("诉求内容", " \n", "诉求内容为空"),
        ("来电时间", None, "来电时间为空"),
        ("来电时间", "2026-09-31", "来电时间不存在（2026-09-31）"),
        ("来电时间", "1026-09-30", "来电时间不存在（1026-09-30）"),
        ("来电时间", "2026-11-03", "来电时间晚于导出时间（2026-11-03）"),
        ("来电时间", "2026-11-02 09:01", "来电时间晚于导出时间（2026-11-02 09:01）"),
        ("诉求内容", "长" * 200_001, "诉求内容超过 200000 字，请摘要后把全文作为材料"),
    ],
)
def test_an_error_names_its_column_and_reason(column: str, value: object, reason: str) -> None:
    only = judge(ticket(**{column: value}))[0]
    assert only.outcome == Outcome.ROW_ERROR
    assert [(RULES.label(c), said) for c, said in only.errors] == [(column, reason)]
    assert (only.proposal.types, only.proposal.redirect) == ((), None)


def test_every_error_of_a_row_is_named() -> None:
    assert judge(ticket(工单编号="", 来电时间=""))[0].reason == "工单编号为空；来电时间为空"


@pytest.mark.parametrize("value", ["2026-11-02", "2026-11-02 09:00", "上周三", "10/09/2026"])
def test_what_is_no_time_error(value: str) -> None:
    assert outcomes(ticket(来电时间=value)) == [Outcome.ACCEPT]


def test_an_unclear_time_stands_with_a_warning() -> None:
    only = judge(ticket(来电时间="上周三"))[0]
    assert only.reading.day is None
    assert only.warnings() == ["来电时间需人工确认"]
    assert only.notes() == ["来电日期暂按工单编号推定为 2026-10-15"]


@pytest.mark.parametrize("number", ["RX20261101", "CS12345-2026110300001"])
def test_a_ticket_that_tells_no_day_gives_none(number: str) -> None:
    only = judge(ticket(工单编号=number, 来电时间="上周三"))[0]
    assert (only.reading.day, only.reading.ticket_day, only.notes()) == (None, None, [])


def test_a_day_that_was_read_needs_no_ticket() -> None:
    assert judge(ticket(工单编号="CS12345-2026101400001"))[0].notes() == []


def test_why_a_number_is_no_good_is_said_without_it() -> None:
    bad, none = judge(ticket(证件号码="142234199001011111"), ticket(证件号码=""))
    assert (bad.missing, bad.notes()) == (("证件号码",), ["证件号码校验不符"])
    assert (none.missing, none.notes()) == (("证件号码",), [])


@pytest.mark.parametrize(
    ("changes", "missing", "lacking"),
    [
        ({"来电人": "测先生"}, ("来电人",), ("来电人不是全名",)),
        ({"来电人": ""}, ("来电人",), ("缺来电人",)),
        ({"来电号码": "199000"}, ("来电号码",), ("来电号码校验不符",)),
        ({"证件号码": "142234199001011111"}, ("证件号码",), ("证件号码校验不符",)),
        ({"被反映单位": "某厂"}, ("被反映单位",), ("被反映单位不明确",)),
        ({"来电号码": "", "证件号码": ""}, ("来电号码", "证件号码"), ("缺来电号码", "缺证件号码")),
        (
            {"来电人": "测女士", "被反映单位": ""},
            ("来电人", "被反映单位"),
            ("来电人不是全名", "缺被反映单位"),
        ),
    ],
)
def test_what_is_missing_is_named_and_whether_anything_was_given(
    changes: dict[str, Any], missing: tuple[str, ...], lacking: tuple[str, ...]
) -> None:
    only = judge(ticket(**changes))[0]
    assert (only.outcome, only.missing, only.lacking) == (Outcome.NEEDS_SUPPLEMENT, missing, lacking)


def test_a_resident_names_no_employer() -> None:
    assert outcomes(ticket(涉及险种="居民医保", 被反映单位="", 诉求内容="缴了两遍，想退一份。")) == [
        Outcome.ACCEPT
    ]


def test_an_employer_named_in_the_narrative_alone_is_a_marked_guess() -> None:
    only = judge(ticket(被反映单位="", 诉求内容="偏关县杞人忧天建材有限公司两年没给我上养老。"))[0]
    assert only.outcome == Outcome.ACCEPT
    assert only.reading.employer.name == "偏关县杞人忧天建材有限公司"
    assert any("被反映单位" in w for w in only.warnings())


def test_a_wrong_credit_code_is_only_a_warning() -> None:
    code = firm_code()
    wrong = code[:-1] + ("A" if code[-1] != "A" else "B")
    assert judge(ticket(统一社会信用代码=code))[0].warnings() == []
    only = judge(ticket(统一社会信用代码=wrong))[0]
    assert (only.outcome, only.warnings()) == (Outcome.ACCEPT, ["统一社会信用代码校验不符"])


def test_nobody_known_at_all_is_anonymous() -> None:
    only = judge(ticket(来电人="", 来电号码="隐藏号码", 证件号码=""))[0]
    assert only.outcome == Outcome.OUT_OF_SCOPE
    assert only.proposal.redirect is not None
    assert only.proposal.redirect.code == "N5"


@pytest.mark.parametrize("phone", ["未留", "无", ""])
def test_a_name_for_anybody_without_a_number_is_anonymous(phone: str) -> None:
    [only] = judge(ticket(来电人="热心群众", 来电号码=phone, 证件号码=""))
    assert only.proposal.redirect is not None
    assert only.proposal.redirect.code == "N5"
    assert outcomes(ticket(来电人="热心群众", 证件号码="")) == [Outcome.NEEDS_SUPPLEMENT]


class TestSameTicket:
    def test_the_same_content_is_a_certain_duplicate(self) -> None:
        first = ticket(来电号码="19900000077")
        again = {
            **first,
            "来电号码": "+86 199-0000-0077",
            "诉求内容": f" {first['诉求内容']} ",
            "备注": "重发",
            "所属乡镇": "别处",
        }
        judged = judge(first, again, again)
        assert [j.outcome for j in judged] == [Outcome.ACCEPT, Outcome.DUPLICATE, Outcome.DUPLICATE]
        for j in judged[1:]:
            assert j.duplicate is not None
            assert (j.duplicate.of.row, j.duplicate.kind) == (2, DuplicateKind.SAME_TICKET)
            assert j.proposal == judged[0].proposal

    @pytest.mark.parametrize(
        "changes",
        [{"诉求内容": "公司欠我工资。"}, {"来电人": "别一人"}, {"证件号码": id_number(321)},
         {"被反映单位": "偏关县刻舟求剑造船厂"}, {"涉及金额": "9000"}, {"来电时间": "2026-10-16 09:30"}],
    )  # fmt: skip
    def test_other_content_is_an_error(self, changes: dict[str, Any]) -> None:
        first = ticket()
        mixed_up = judge(first, {**first, **changes})[1]
        assert mixed_up.outcome == Outcome.ROW_ERROR
        assert mixed_up.reason == "单号与前行重复但内容不同（疑似串号）"
        assert mixed_up.conflicts_with is not None
        assert mixed_up.conflicts_with.row == 2

    def test_what_is_left_out_is_no_other_content(self) -> None:
        first = ticket()
        assert outcomes(first, {**first, "证件号码": "", "涉及金额": "不详"})[1] == Outcome.DUPLICATE

    def test_a_row_in_error_takes_no_ticket(self) -> None:
        first = ticket()
        assert outcomes({**first, "诉求内容": ""}, first) == [Outcome.ROW_ERROR, Outcome.ACCEPT]


class TestSameMatter:
    def repeat(self, first: dict[str, Any], **changes: Any) -> dict[str, Any]:
        return {**first, "工单编号": ticket()["工单编号"], "来电时间": "2026-10-20", **changes}

    @pytest.mark.parametrize(
        "changes",
        [
            {},
            {"诉求内容": "上回打过电话，还是没上养老那个事，咋还没信？"},
            {"诉求内容": "前天打过电话，怎么还没消息？", "被反映单位": "", "涉及险种": ""},
            {"被反映单位": "杞人忧天建材有限公司"},
            {"被反映单位": "杞人忧天建材厂", "诉求内容": "上回打过电话，没上养老那个事。"},
            {"被反映单位": "厂里", "诉求内容": "上回打过电话，没上养老那个事。"},
            {"来电号码": "0350-9912345"},
            {"证件号码": ""},
        ],
    )
    def test_person_unit_and_matter_agree(self, changes: dict[str, Any]) -> None:
        first = ticket()
        again = judge(first, self.repeat(first, **changes))[1]
        assert again.outcome == Outcome.DUPLICATE
        assert again.duplicate is not None
        assert (again.duplicate.of.row, again.duplicate.kind) == (2, DuplicateKind.LIKELY)
        assert again.duplicate.basis
        assert again.proposal.types

    @pytest.mark.parametrize(
        "changes",
        [
            {"证件号码": id_number(654)},
            {"来电人": "别一人", "证件号码": ""},
            {"被反映单位": "偏关县刻舟求剑造船厂"},
            {"被反映单位": "偏关县刻舟求剑造船厂", "诉求内容": "上回打过电话，没上养老那个事。"},
            {"涉及险种": "工伤", "诉求内容": "没给上工伤。"},
            {"诉求内容": "按最低基数给我报的养老。"},
            {"诉求内容": "拖欠我三个月工资。"},
        ],
    )
    def test_another_person_unit_or_matter_is_none(self, changes: dict[str, Any]) -> None:
        first = ticket()
        assert judge(first, self.repeat(first, **changes))[1].outcome != Outcome.DUPLICATE

    def test_other_periods_are_other_matters(self) -> None:
        first = ticket(诉求内容="2023年1月到6月养老没给上。")
        assert outcomes(first, self.repeat(first, 诉求内容="2025年1月到6月养老没给上。"))[1] == Outcome.ACCEPT

    def test_whoever_only_says_to_have_called_is_pointed_out(self) -> None:
        only = judge(ticket(诉求内容="上个月打过电话，没给上养老，咋还没信？"))[0]
        assert only.outcome == Outcome.ACCEPT
        assert any("此前反映过" in w for w in only.warnings())


def test_precedence() -> None:
    """row_error > duplicate_of > out_of_scope > needs_supplement > accept."""
    wages = ticket(诉求内容="拖欠我三个月工资。", 涉及险种="工资", 来电号码="", 来电人="测先生")
    again = {**wages, "工单编号": ticket()["工单编号"]}
    assert outcomes(wages, again, {**again, "来电时间": ""}) == [
        Outcome.OUT_OF_SCOPE, Outcome.DUPLICATE, Outcome.ROW_ERROR,
    ]  # fmt: skip
    assert outcomes(ticket(来电号码="", 来电人="测先生")) == [Outcome.NEEDS_SUPPLEMENT]


cells = st.one_of(
    st.none(), st.text(max_size=30), st.integers(-10, 10**18), st.floats(), st.booleans(), st.datetimes(),
    st.sampled_from(["养老", "上周三", "=1+1", "约3万", "匿名", "没给上养老", "2026-10-15", "19900000001", "T1", "T2"]),
)  # fmt: skip


@cache
def maker() -> IntakeMaker:
    return IntakeMaker(RULES, load("pianguan"), ExportTime(EXPORTED, estimated=False))


@settings(max_examples=150)
@given(st.lists(st.dictionaries(st.sampled_from(HEADERS), cells), max_size=6))
def test_every_row_has_one_outcome_and_all_but_errors_can_be_registered(rows: list[dict[str, Any]]) -> None:
    judged = judge(*rows)
    assert len(judged) == len(rows)
    for each in judged:
        if each.outcome == Outcome.ROW_ERROR:
            assert each.errors
        else:
            intake = maker().make(each)
            assert intake.source_no == each.reading.ticket
            assert intake.narrative == each.reading.narrative


def test_the_rules_are_complete(rules: Rules) -> None:
    assert set(rules.required) <= set(rules.columns)
