"""名册 out of a spreadsheet: whatever the order of its columns and what stands around them, the same people."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importing.lines import UnreadableFile
from importing.roll import Rows, read_text
from tests.importing.exports import id_number

COLUMNS = {
    "name": ("姓名", ["席远", "段玉", "阿依古丽·买买提"]),
    "id_number": ("身份证号码", [id_number(n) for n in range(3)]),
    "phone": ("联系电话", ["19900000001", "", "0350-7650000"]),
    "told_by": ("通知方式", ["短信", "", "书面"]),
    "months": ("欠缴月数", ["3", "12", ""]),
    "claims.养老": ("养老保险（元）", ["1,200.50", "", "800"]),
    "claims.工伤": ("工伤", ["", "30", "40"]),
}
OTHERS = {"序号": ["1", "2", "3"], "工种": ["焊工", "电工", "瓦工"], "备注": ["", "已离职", ""]}


def expected(keys: list[str]) -> Rows:
    rows = [{key: COLUMNS[key][1][n] for key in keys} for n in range(3)]
    return [{key: text for key, text in row.items() if text} for row in rows]


@given(
    keys=st.permutations(list(COLUMNS)),
    kept=st.integers(2, len(COLUMNS)),
    others=st.lists(st.sampled_from(list(OTHERS)), unique=True),
    title=st.booleans(),
    blank=st.booleans(),
    repeated=st.booleans(),
)
def test_the_same_people_in_whatever_order_the_columns_stand(
    keys: list[str], kept: int, others: list[str], title: bool, blank: bool, repeated: bool
) -> None:
    keys = ["name", *[key for key in keys if key != "name"][: kept - 1]]
    table = [[*others, *(COLUMNS[key][0] for key in keys)]]
    table += [[*(OTHERS[o][n] for o in others), *(COLUMNS[key][1][n] for key in keys)] for n in range(3)]
    lines = ["\t".join(cells) for cells in table]
    if repeated:
        lines.insert(2, lines[0])
    lines = [*(["某公司欠费职工名册"] if title else []), *lines, *(["", "\t\t"] if blank else [])]
    roll = read_text("\r\n".join(lines))
    assert roll.rows == expected(keys)
    told = "".join(roll.remarks)
    assert [other in told for other in others] == [other != "序号" for other in others]


@pytest.mark.parametrize(
    "text",
    [
        f"姓名,证件号,养老\n席远,{id_number(0)},100",
        f"姓名 证件号 养老\n席远 {id_number(0)} 100",
        f"姓名\t应补（元）\t\t身份证\n\t养老\t医疗\t\n席 远\t100\t-\t'{id_number(0)}",
        f"姓名\t证件号\t养老\n席远\t{id_number(0)}\t100\n合计\t\t100",
    ],
    ids=["commas", "spaces", "two lines of header", "a sum below"],
)
def test_other_shapes_of_a_table(text: str) -> None:
    assert read_text(text).rows == [{"name": "席远", "id_number": id_number(0), "claims.养老": "100"}]


def test_without_a_header_only_what_tells_itself_is_read() -> None:
    roll = read_text("\n".join(f"{n + 1}\t{'席段石'[n]}远\t{id_number(n)}\t{600 + n}" for n in range(3)))
    assert roll.rows == [{"name": f"{'席段石'[n]}远", "id_number": id_number(n)} for n in range(3)]
    assert roll.remarks == ["没有表头，第 4 列不知道是什么，没有读；请连表头一起给"]


@pytest.mark.parametrize("header", ["养老缴费基数", "医疗账号", "养老（万元）", "养老、医疗合计", "失业时间"])
def test_what_is_no_sum_of_one_insurance_is_not_taken_for_it(header: str) -> None:
    roll = read_text(f"姓名\t证件号\t{header}\n席远\t{id_number(0)}\t100")
    assert roll.rows == [{"name": "席远", "id_number": id_number(0)}]
    assert header in roll.remarks[0]


@pytest.mark.parametrize("text", ["厂里欠了我们很久的保险", "100\t200\n300\t400"])
def test_what_is_no_roll_is_refused(text: str) -> None:
    with pytest.raises(UnreadableFile, match="表头"):
        read_text(text)
