"""The list behind a figure over HTTP: the figure that the report has, its rows page by page, and who sees which of them."""

from typing import Any

import httpx
import pytest

from domain.access import Role
from domain.policy import Policy
from ledger.figures import FIGURES
from ledger.store import Ledger
from tests.access.test_accounts import HRSS, TAX
from tests.api.conftest import CENTER, Staff
from tests.ledger.lives import keep_sample

YEAR = {"first": "2026-01-01", "until": "2027-01-01"}


@pytest.fixture
def lived(kept: Ledger, policy: Policy) -> None:
    """Two matters of the tax bureau's, one of them handled again, and one that another unit leads."""
    for sample in ("01", "11", "14"):
        keep_sample(kept, policy, sample)


async def asked(who: httpx.AsyncClient, figure: str, **more: Any) -> dict[str, Any]:
    answer = await who.get(f"/statistics/{figure}", params={**YEAR, **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def every_row(who: httpx.AsyncClient, figure: str, **more: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    page = await asked(who, figure, most=2, **more)
    while True:
        rows += page["rows"]
        if page["after"] is None:
            return rows
        page = await asked(who, figure, most=2, after=page["after"], **more)


@pytest.mark.usefixtures("lived")
async def test_the_figure_and_its_list_are_the_same_as_in_the_report(readers: Staff) -> None:
    center = await readers.at(CENTER, Role.OPERATOR)
    told = {f["name"]: f for f in (await center.get("/statistics", params=YEAR)).json()["figures"]}
    assert set(told) == {figure.name for figure in FIGURES}
    for figure in FIGURES:
        page = await asked(center, figure.name)
        assert {name: page[name] for name in told[figure.name]} == told[figure.name]
        rows = await every_row(center, figure.name)
        assert len(rows) == page["number"]
        assert (page["outside"], page["not_shown"]) == (0, 0)
        if "part" in page and figure.part is not None:
            assert sum(row["counted"] for row in rows) == page["part"]
            assert len(await every_row(center, figure.name, side="计入")) == page["part"]
            assert len(await every_row(center, figure.name, side="未计入")) == page["whole"] - page["part"]


@pytest.mark.usefixtures("lived")
async def test_a_slice_narrows_the_figure_and_its_list(readers: Staff) -> None:
    center = await readers.at(CENTER, Role.OPERATOR)
    whole = (await center.get("/statistics", params=YEAR)).json()["distributions"]["主办"]
    assert len(whole) > 1
    for unit, number in whole.items():
        page = await asked(center, "受理量", unit=unit)
        assert (page["value"], {row["lead"] for row in page["rows"]}) == (number, {unit})
        report = (await center.get("/statistics", params={**YEAR, "unit": unit})).json()
        assert report["distributions"]["主办"] == {unit: number}


@pytest.mark.usefixtures("lived")
async def test_what_one_may_not_see_is_told_by_number(readers: Staff) -> None:
    center, stranger = await readers.at(CENTER, Role.OPERATOR), await readers.at("县水务局")
    hrss = await readers.at(HRSS)
    for name in ("受理量", "满意率", "退单率", "认定应补"):
        every = await asked(center, name)
        nothing = await asked(stranger, name)
        assert (nothing["rows"], nothing["value"]) == ([], every["value"])
        assert nothing["outside"] == nothing["number"] == len(every["rows"]) > 0
        own = await asked(hrss, name)
        assert [row["dispute_id"] for row in own["rows"]] == [
            row["dispute_id"]
            for row in every["rows"]
            if (await hrss.get(f"/disputes/{row['dispute_id']}")).status_code == 200
        ]
        assert own["outside"] + own["not_shown"] + len(own["rows"]) == own["number"]


@pytest.mark.usefixtures("lived")
async def test_whoever_sees_the_stage_alone_does_not_learn_what_a_matter_is_about(readers: Staff) -> None:
    """An officer of the supervising unit oversees the county and knows the stage of every matter."""
    officer, supervisor = await readers.at("县委政法委"), await readers.at("县委政法委", Role.SUPERVISOR)
    for name in ("涉及金额", "满意率"):
        whole, page = await asked(supervisor, name), await asked(officer, name)
        assert len(whole["rows"]) == whole["number"] > 0
        assert (page["rows"], page["outside"], page["not_shown"]) == ([], 0, whole["number"])
        (seen, *_) = whole["rows"]
        assert (await officer.get(f"/disputes/{seen['dispute_id']}")).json()["sight"] == "stage"


async def test_what_is_no_figure_or_no_period_is_refused_in_chinese(readers: Staff) -> None:
    officer = await readers.at(TAX)
    unknown = await officer.get("/statistics/发案率", params=YEAR)
    assert (unknown.status_code, unknown.json()["code"]) == (404, "no_figure")
    none = await officer.get("/statistics/受理量")
    assert (none.status_code, none.json()["code"]) == (422, "no_period")
    lost = await officer.get("/statistics/受理量", params={**YEAR, "after": "bm90aGluZw"})
    assert lost.status_code == 400
    assert "第一页" in lost.json()["detail"]
    beyond = await officer.get("/statistics/受理量", params={**YEAR, "side": "其他"})
    assert beyond.status_code == 422
