"""Numbers checked as one types, and the form of correction, in a real Chromium."""

from playwright.async_api import Page

from domain.access import Role
from tests.api.conftest import CENTER
from tests.console.browsers import Place, fits, opens_and_fits, place

__all__ = ["place"]


async def told(page: Page, field: str, text: str) -> str:
    """What stands at a field once one has typed and gone on."""
    await page.fill(field, text)
    await page.focus("#narrative")
    return await page.inner_text(f"{field} + [data-told]")


async def test_a_number_is_checked_as_one_types(place: Place) -> None:
    page = await place.signed_in(CENTER, Role.OPERATOR)
    await page.goto(f"{place.origin}/register")
    for field, text, said in (
        ("#applicant-id_number", "142234197801018817", "校验位正确"),
        ("#applicant-id_number", "142234197801018818", "校验位不对，请核对"),
        ("#applicant-id_number", "142234197802308817", "第 7 至 14 位不是真实的出生日期，请核对"),
        ("#applicant-id_number", "14223419780101", "身份证号应为 18 位，现在是 14 位"),
        ("#applicant-id_number", "EA1234567", ""),
        ("#applicant-phone", "1990000123", "手机应为 11 位；座机请带区号"),
        ("#applicant-phone", "0350-7650000", "座机"),
        ("#applicant-phone", "199 0000 1234", "11 位"),
        ("#respondents-0-uscc", "91140932MA0000074B", "校验位正确"),
        ("#respondents-0-uscc", "91140932MA0000074A", "校验位不对，请核对"),
    ):
        assert await told(page, field, text) == said
    await fits(page)


async def test_sums_numbers_days_and_months_are_checked_as_one_types(place: Place) -> None:
    page = await place.signed_in(CENTER, Role.OPERATOR)
    await page.goto(f"{place.origin}/register")
    for field, text, said in (
        ("#claims-0-amount", "一万二", "应为数字（元，两位小数）"),
        ("#claims-0-amount", "12.345", "金额至多两位小数（单位：元），请核对"),
        ("#claims-0-amount", "１２，０００ 元", ""),
        ("#applicant-headcount", "六个", "应为整数"),
        ("#received_at", "前天", "应为时间，如 2026-09-03 09:42"),
        ("#received_at", "2026年9月3日 9:05", ""),
        ("#received_at", "2026-2-30 9:05", "应为时间，如 2026-09-03 09:42"),
    ):
        assert await told(page, field, text) == said, text
    period = "span:has(> #claims-0-period)"
    for first, last, said in (
        ("上月", "", "应为年月，如 2026-08"),
        ("2026年5月", "202603", "所属期止（2026-03）早于起（2026-05），请核对"),
        ("202601", "202603", ""),
    ):
        await page.fill("[name='claims.0.period.from']", first)
        await page.fill("[name='claims.0.period.to']", last)
        await page.focus("#narrative")
        assert await page.inner_text(f"{period} + [data-told]") == said
    await fits(page)


async def test_a_correction_is_asked_for_part_by_part(place: Place, matter: str) -> None:
    page = await place.signed_in(CENTER, Role.OPERATOR)
    await opens_and_fits(page, f"{place.origin}/matters/{matter}/do/correct_party")
    await page.check("input[name=whose][value=申请人]")
    assert not await page.is_visible("#uscc")
    await page.check("input[name=whose][value=被反映单位]")
    assert await page.is_visible("#uscc")
    assert not await page.is_visible("#id_number")
    assert await page.input_value("#name") == ""
