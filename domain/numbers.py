"""Numbers that name somebody: 证件号码, 统一社会信用代码, telephone numbers. What each must be like, for every channel.

By GB 11643 (with its check digit and its day of birth), GB 32100 and the national numbering plan. The libraries that know
them are slow to load, and most of what runs checks no number: they are loaded by the first that is checked.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

from domain.intake import Intake

_PERMIT = re.compile(r"8[123]0000(?P<day>(?:19|20)\d{6})\d{3}[\dX]")
_RESIDENT = re.compile(r"[1-8]\d{5}(?P<day>(?:19|20)\d{6})\d{3}[\dX]")
_NEW_CARD = re.compile(r"9\d{2}\d{3}(?P<day>(?:19|20)\d{6})\d{3}[\dX]")
_OLD_CARD = re.compile(r"[A-Z]{3}\d{4}(?P<day>\d{6})\d{2}")
_PASS = re.compile(r"[HM]\d{8}(?:\d{2})?")
_PASSPORT = re.compile(r"[A-Z]{1,2}\d{6,8}")
_ANY_PASSPORT = re.compile(r"(?=.*\d)[A-Z0-9]{6,9}")
_TAIWAN_PASS = re.compile(r"\d{8}|\d{10}[A-Z]?")
_SAID_PASSPORT = re.compile("护照|passport", re.IGNORECASE)
_SAID_TAIWAN = re.compile("台胞证|台湾居民来往|台湾通行证")

_MOBILE = re.compile(r"(?:(?:\+|00)?86-?|0)?(1[3-9]\d{9})")
_EXTENSION = re.compile(r"(?:转|分机|-|#)(\d{1,6})$")


class Document(NamedTuple):
    """A number as it can be used, or ``None``; ``written``: what stood there. ``unchecked``: the kind of document, where
    its number has no check digit that could be verified.
    """

    usable: str | None
    written: str | None
    unchecked: str | None = None


def document(text: str, kind: str = "", *, firm: bool = False) -> Document:
    """The number, by every kind of document that the law insures somebody under; of a ``firm`` its credit code too.

    ``kind``: what kind of document is said to be, where it does not stand before the number itself.
    """
    plain = re.sub(r"[^\dA-Z]", "", re.sub("(?i)passport", "", unicodedata.normalize("NFKC", text)).upper())
    if not plain:
        return Document(None, None)
    if _checked(plain) or (firm and credit_code(plain)):
        return Document(plain, plain)
    name = _unchecked(plain, kind + text)
    return Document(plain, plain, name) if name else Document(None, plain)


def credit_code(text: str) -> str | None:
    """A 统一社会信用代码 whose check character is right (GB 32100)."""
    from stdnum.cn import uscc

    plain = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    return plain if uscc.is_valid(plain) else None


def phone(text: str) -> str | None:
    """A number one can call: a mobile number bare, a landline with its area code (0350-1234567)."""
    text = "".join(unicodedata.normalize("NFKC", text).split())
    if mobile := _MOBILE.fullmatch(re.sub(r"[^\d+]", "", text)):
        return mobile[1]
    return _landline(text)


def _landline(text: str) -> str | None:
    import phonenumbers
    from phonenumbers import PhoneNumberType

    digits = re.sub(r"[^\d+]", "", text)
    extension = _EXTENSION.search(text) if len(digits) > 12 else None
    try:
        number = phonenumbers.parse(text[: extension.start()] if extension else text, "CN")
    except phonenumbers.NumberParseException:
        return None
    landlines = (PhoneNumberType.FIXED_LINE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
    if not phonenumbers.is_valid_number(number) or phonenumbers.number_type(number) not in landlines:
        return None
    national = str(number.national_number)
    area = phonenumbers.length_of_geographical_area_code(number)
    tail = f"转{extension[1]}" if extension else ""
    return f"0{national[:area]}-{national[area:]}{tail}"


def _checked(text: str) -> bool:
    """Documents whose number proves itself by date and check digit (GB 11643)."""
    from stdnum.cn import ric

    at_home = _RESIDENT.fullmatch(text)
    hit = (at_home and _is_area(text[:6]) and at_home) or _PERMIT.fullmatch(text) or _NEW_CARD.fullmatch(text)
    return bool(hit and _is_day(hit["day"]) and ric.calc_check_digit(text) == text[-1])


def _is_area(code: str) -> bool:
    """Whether it is, or ever was, a county's: numbers are given out at registration, often long after the birth, and stay."""
    from stdnum import numdb

    return any("county" in known for _, known in numdb.get("cn/loc").info(code))


def _unchecked(text: str, said: str) -> str | None:
    old = _OLD_CARD.fullmatch(text)
    if old and (_is_day("19" + old["day"]) or _is_day("20" + old["day"])):
        return "外国人永久居留身份证（旧号）"
    if _PASS.fullmatch(text):
        return "港澳居民来往内地通行证"
    if _SAID_TAIWAN.search(said) and _TAIWAN_PASS.fullmatch(text):
        return "台湾居民来往大陆通行证"
    named = _SAID_PASSPORT.search(said) and _ANY_PASSPORT.fullmatch(text)
    return "护照" if named or _PASSPORT.fullmatch(text) else None


def _is_day(digits: str) -> bool:
    try:
        day = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return day <= date.today()


# --- what is wrong with one -------------------------------------------------------------------------------------------

_OTHERS = "；护照、台胞证请在号码前写明“护照”“台胞证”"


def document_fault(text: str, *, firm: bool = False) -> str | None:
    """What is wrong with a document's number, in Chinese and without the number; ``None`` when it can be used."""
    from stdnum.cn import ric

    read = document(text, firm=firm)
    if read.usable:
        return None
    plain = read.written or ""
    if not re.fullmatch(r"\d{17}[\dX]", plain):
        return f"证件号码不对：居民身份证为 18 位，这里是 {len(plain)} 位，请对照证件核对{_OTHERS}"
    if not _is_day(plain[6:14]):
        return "证件号码不对：第 7 至 14 位不是真实的出生日期，请对照证件核对"
    if ric.calc_check_digit(plain) != plain[-1]:
        return "证件号码不对：末位校验不符，有一位写错了，请对照证件逐位核对"
    return "证件号码不对：前 6 位不是国内的行政区划，请对照证件核对"


def filer_fault(text: str) -> str | None:
    """The same of whoever asks for something, a firm by its credit code too."""
    return document_fault(text, firm=True)


def credit_code_fault(text: str) -> str | None:
    """The same of a 统一社会信用代码."""
    if credit_code(text):
        return None
    length = len("".join(text.split()))
    if length != 18:
        return f"统一社会信用代码应为 18 位，这里是 {length} 位，请对照营业执照核对"
    return "统一社会信用代码不对：校验位不符或有不用的字母（I、O、S、V、Z），请对照营业执照逐位核对"


def phone_fault(text: str) -> str | None:
    """The same of a telephone number."""
    if phone(text):
        return None
    return "电话不对：手机号为 11 位、以 13 至 19 开头，座机须带区号（如 0350-1234567），请核对"


Fault = Callable[[str], str | None]


def wrong_numbers(intake: Intake) -> Iterator[tuple[str, str]]:
    """Each number of a registration that cannot be right, by its field, with what is wrong with it.

    Those that it says are kept as they were written, to be confirmed, are not asked about.
    """
    for field, who, text, fault in _numbers(intake):
        if text and field not in intake.unconfirmed and (said := fault(text)):
            yield field, f"{who}的{said}"


def _numbers(intake: Intake) -> Iterator[tuple[str, str, str | None, Fault]]:
    a = intake.applicant
    yield "applicant.id_number", "申请人", a.id_number, filer_fault
    yield "applicant.phone", "申请人", a.phone, phone_fault
    for n, member in enumerate(a.members):
        who = f"名册第 {member.line} 行"
        yield f"applicant.members.{n}.id_number", who, member.id_number, document_fault
        yield f"applicant.members.{n}.phone", who, member.phone, phone_fault
    for n, firm in enumerate(intake.respondents):
        who = "被反映单位" if len(intake.respondents) == 1 else f"第 {n + 1} 个被反映单位"
        yield f"respondents.{n}.uscc", who, firm.uscc, credit_code_fault
        yield f"respondents.{n}.contact_phone", who, firm.contact_phone, phone_fault
