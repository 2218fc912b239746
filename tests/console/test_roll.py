"""名册 at registration: read out of a spreadsheet, mended row by row, kept in the draft, registered with who speaks for it."""

import io
import re
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from openpyxl import Workbook
from playwright.async_api import Page

from console.forms import roll
from domain.access import Role
from tests.api.conftest import CENTER
from tests.console.browsers import Place, fits, place
from tests.console.conftest import Officers, form_at
from tests.console.test_registering import WHOLE
from tests.importing.exports import id_number

__all__ = ["place"]

HERE = "/register"
MATTER = "来访-LF-2026-0030"
GROUP = {k: v for k, v in WHOLE.items() if not k.startswith("applicant")} | {"applicant.headcount": "3"}
GROUP["source_no"] = "LF-2026-0030"
"""Not registered under this number: one Temporal keeps those of all tests."""
PEOPLE = [
    ("席远", id_number(1), "19900000001"),
    ("段玉", id_number(2), "19900000002"),
    ("石磊", id_number(3), ""),
]
HEAD = ["序号", "身份证号", "姓名", "养老（元）", "联系电话", "工种"]
LINES = [[str(n), id, name, f"{n}200.50", phone, "工"] for n, (name, id, phone) in enumerate(PEOPLE, start=1)]
PASTED = "\n".join("\t".join(line) for line in [HEAD, *LINES])


def typed(page: str) -> dict[str, str]:
    """What a browser would send of the roll's rows."""
    found = re.findall(r'name="(applicant\.[^"]+)" type="text"[^>]* value="([^"]+)"', page)
    found += re.findall(r'type="checkbox" name="(applicant\.members[^"]+)" value="(yes)" checked', page)
    return dict(found)


async def read_in(who: httpx.AsyncClient, text: str, **more: str) -> httpx.Response:
    form = await form_at(who, HERE)
    return await who.post(HERE, data={**form, **GROUP, "roll_text": text, "_do": roll.READ, **more})


async def test_a_pasted_roll_becomes_rows_and_then_members(officers: Officers) -> None:
    operator = await officers.at(CENTER, Role.OPERATOR)
    page = await read_in(operator, PASTED)
    assert page.status_code == 200, page.text
    assert "读入 3 人" in page.text
    assert "没有读的列：工种" in page.text
    assert not officers.ledger.state(MATTER).version
    rows = typed(page.text)
    assert rows["applicant.members.1.claims.养老"] == "2,200.50"
    more = rows | {"applicant.members.1.representative": "yes", "_do": "", "source_no": "LF-2026-0031"}
    done = await operator.post(
        HERE, data={**await form_at(operator, HERE), **GROUP, **more}, follow_redirects=True
    )
    assert "登记回执" in done.text, done.text
    applicant = officers.ledger.state("来访-LF-2026-0031").facts.applicant
    assert (applicant.name, applicant.phone, applicant.headcount, applicant.is_group) == (
        "段玉", "19900000002", 3, True,
    )  # fmt: skip
    assert applicant.representatives == ["段玉"]
    assert [(m.line, m.name, m.id_number, m.phone) for m in applicant.members] == [
        (n, name, id, phone or None) for n, (name, id, phone) in enumerate(PEOPLE, start=1)
    ]
    matter = (await operator.get("/matters/来访-LF-2026-0031")).text
    assert "1．席*" in matter
    assert "段玉" not in matter
    assert [str(sum(m.claims.values())) for m in applicant.members] == ["1200.50", "2200.50", "3200.50"]


async def test_a_roll_that_was_not_read_in_is_never_lost_by_registering(officers: Officers) -> None:
    operator = await officers.at(CENTER, Role.OPERATOR)
    page = await read_in(operator, PASTED, _do="")
    assert "读入 3 人" in page.text
    assert len(typed(page.text)) == 3 * 3 + 2 + 1
    assert not officers.ledger.state(MATTER).version


def _wrong_number(rows: list[list[str]]) -> None:
    rows[1][1] = rows[1][1][:-1] + ("1" if rows[1][1][-1] != "1" else "2")


def _twice(rows: list[list[str]]) -> None:
    rows[2][1] = rows[0][1]


def _no_name(rows: list[list[str]]) -> None:
    rows[1][2] = ""


def _no_sum(rows: list[list[str]]) -> None:
    rows[2][3] = "一千"


def _no_phone(rows: list[list[str]]) -> None:
    rows[0][4] = "7650000"


@pytest.mark.parametrize(
    ("spoil", "field", "said"),
    [
        (_wrong_number, "1-id_number", "末位校验不符"),
        (_twice, "2-id_number", "与第 1 行的证件号码相同"),
        (_no_name, "1-name", "请填写"),
        (_no_sum, "2-claims-养老", "应为数字"),
        (_no_phone, "0-phone", "电话不对"),
    ],
)
async def test_what_is_wrong_stands_at_its_row_and_field(
    officers: Officers, spoil: Callable[[list[list[str]]], None], field: str, said: str
) -> None:
    rows = [[*line] for line in LINES]
    spoil(rows)
    operator = await officers.at(CENTER, Role.OPERATOR)
    page = await read_in(operator, "\n".join("\t".join(line) for line in [HEAD, *rows]))
    assert f'href="#applicant-members-{field}"' in page.text
    assert re.search(f'id="applicant-members-{field}-e">[^<]*{said}', page.text)
    again = {**await form_at(operator, HERE), **GROUP, **typed(page.text), "_do": ""}
    refused = await operator.post(HERE, data=again)
    assert refused.status_code == 422
    assert re.search(f'id="applicant-members-{field}-e">[^<]*{said}', refused.text)
    assert not officers.ledger.state(MATTER).version


async def test_at_most_five_speak_for_it_and_all_who_stand_in_it_are_counted(officers: Officers) -> None:
    operator = await officers.at(CENTER, Role.OPERATOR)
    rows = {f"applicant.members.{n}.name": f"席远{chr(0x4E00 + n)}" for n in range(6)}
    rows |= {f"applicant.members.{n}.representative": "yes" for n in range(6)}
    six = {**await form_at(operator, HERE), **GROUP, **rows}
    page = await operator.post(HERE, data=six)
    assert page.status_code == 422
    assert "代表人不得超过 5 名" in page.text
    del six["applicant.members.5.representative"]
    page = await operator.post(HERE, data=six)
    assert "名册有 6 人，人数写的是 3" in page.text


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
async def test_a_file_is_read_like_what_is_pasted(officers: Officers, tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"职工名册.{ending}"
    if ending == "xlsx":
        book = Workbook()
        for line in (["某公司职工名册"], [], HEAD, *LINES, ["合计", None, None, 6601.5]):
            book.worksheets[0].append(line)
        book.save(file)
    else:
        file.write_text("\n".join(",".join(line) for line in [HEAD, *LINES]), encoding="gb18030")
    operator = await officers.at(CENTER, Role.OPERATOR)
    form = {**await form_at(operator, HERE), **GROUP, "_do": roll.READ}
    page = await operator.post(
        HERE, data=form, files={"roll_file": (file.name, io.BytesIO(file.read_bytes()))}
    )
    assert page.status_code == 200, page.text
    pasted = await read_in(operator, PASTED)
    assert typed(page.text) == typed(pasted.text)
    assert ("合计行没有读" in page.text) == (ending == "xlsx")
    assert 'name="_file"' not in page.text, "a roll is no material of the matter"


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("名册.pdf", b"%PDF-1.7", "只收 .xlsx、.csv 文件"),
        ("名册.xlsx", b"%PDF-1.7", "其实是PDF 文件"),
        ("名册.csv", "厂里欠了我们很久的保险\n".encode(), "没有找到名册的表头"),
        ("名册.xlsx", b"", "名册文件是空的"),
    ],
)
async def test_what_is_no_roll_is_refused_in_words(
    officers: Officers, name: str, data: bytes, said: str
) -> None:
    operator = await officers.at(CENTER, Role.OPERATOR)
    form = {**await form_at(operator, HERE), **GROUP, "_do": roll.READ}
    files = {"roll_file": (name, io.BytesIO(data))}
    page = await operator.post(HERE, data=form, files=files)
    assert page.status_code == 422
    assert said in page.text
    assert "/tmp" not in page.text


async def test_a_long_roll_is_kept_in_the_draft_and_registered(officers: Officers) -> None:
    operator = await officers.at(CENTER, Role.OPERATOR)
    many = [
        f"测{chr(0x4E00 + n)}\t{id_number(n)}\t199{n:08d}\t12\t100\t100\t100\t100\t100" for n in range(500)
    ]
    head = "姓名\t证件号\t电话\t月数\t养老\t医疗\t生育\t失业\t工伤"
    begun = time.monotonic()
    page = await read_in(operator, "\n".join([head, *many]))
    assert time.monotonic() - begun < 20
    rows = typed(page.text)
    assert len(rows) == 500 * 9 + 1, "and the head-count"
    form = await form_at(operator, HERE)
    kept = await operator.post(HERE, data={**form, **GROUP, **rows, "_do": "draft"})
    assert kept.status_code == 303, kept.text
    assert typed((await operator.get(HERE)).text).items() >= rows.items()
    whole = {**form, **GROUP, **rows, "applicant.headcount": "500", "_do": "", "source_no": "LF-2026-0032"}
    asked = await operator.post(
        HERE, files={name: (None, value) for name, value in (whole | {"narrative": ""}).items()}
    )
    assert typed(asked.text).items() >= rows.items(), "a form with files brings as many fields"
    done = await operator.post(HERE, data=whole, follow_redirects=True)
    assert "登记回执" in done.text
    assert len(officers.ledger.state("来访-LF-2026-0032").facts.applicant.members) == 500
    assert (await read_in(operator, "\n".join([head, *many, *many, *many]))).status_code == 422


async def test_what_is_not_read_yet_is_kept_in_the_draft(officers: Officers) -> None:
    operator = await officers.at(CENTER, Role.OPERATOR)
    form = await form_at(operator, HERE)
    await operator.post(HERE, data={**form, **GROUP, "roll_text": PASTED, "_do": "draft"})
    assert PEOPLE[0][1] in (await operator.get(HERE)).text


async def _filled(page: Page, origin: str) -> None:
    await page.goto(f"{origin}{HERE}")
    await page.fill("#respondents-0-name", "偏关县望梅建材有限公司")
    await page.select_option("#claims-0-insurance", "养老")
    await page.fill("#narrative", "三个人的养老都没有缴。")


@pytest.mark.parametrize("script", [True, False])
async def test_a_group_is_registered_before_a_browser(place: Place, script: bool) -> None:
    page = await place.signed_in(CENTER, Role.OPERATOR, script=script)
    await _filled(page, place.origin)
    box = page.locator("textarea[name=roll_text]")
    assert await box.is_visible() is not script
    await page.fill("#applicant-headcount", "3")
    await page.press("#applicant-headcount", "Tab")
    await box.wait_for(state="visible")
    await box.fill(PASTED.replace(PEOPLE[0][1], PEOPLE[0][1][:-2] + "00"))
    async with page.expect_navigation():
        await page.get_by_role("button", name="读入名册").click()
    field = page.locator("[name='applicant.members.0.id_number']")
    assert await field.get_attribute("aria-invalid") == "true"
    if script:
        await fits(page)
        await field.fill(PEOPLE[0][1])
        assert await page.inner_text("[name='applicant.members.0.id_number'] + [data-told]") == "校验位正确"
    await field.fill(PEOPLE[0][1])
    await page.check("[name='applicant.members.0.representative']")
    async with page.expect_navigation():
        await page.get_by_role("button", name="登记并打印回执").click()
    assert "登记回执" in await page.inner_text("main")
