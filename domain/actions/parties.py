"""更正当事人信息: what was registered of somebody wrongly, or has changed since."""

from typing import Literal

from domain.actions.conditions import unless, when
from domain.actions.form import Form, PersonName, Text, asks
from domain.intake import APPLICANT, FIRM, MEMBER, Whose
from domain.notices import Way

CONSENT = "撤回或变更同意"
_AS_IT_IS = "不改的空着"


class CorrectParty(Form):
    """Puts one party's data right. What is left empty stays as it is; nothing of what is registered is shown here."""

    verb, basis, final = "更正当事人信息", "个人信息保护法第四十六条（更正）、第十五条（撤回同意）", True
    kind: Literal["correct_party"] = "correct_party"
    whose: Whose = asks("更正谁的信息", choices="parties")
    respondent: int | None = asks("哪一个单位", when=when("whose", FIRM), choices="respondents")
    member: int | None = asks("名册哪一行", when=when("whose", MEMBER), choices="members")
    reason: Literal["当事人要求更正", "核对证件发现有误", "联系方式变更", "撤回或变更同意"] = asks("更正原因")
    name: PersonName | None = asks(
        "姓名或名称", f"只填要更正的项，{_AS_IT_IS}；原内容不在这里显示", default=None
    )
    id_number: Text | None = asks("证件号码", _AS_IT_IS, when=unless("whose", FIRM), optional=True)
    uscc: Text | None = asks("统一社会信用代码", _AS_IT_IS, when=when("whose", FIRM), optional=True)
    contact: PersonName | None = asks("单位联系人", _AS_IT_IS, when=when("whose", FIRM), optional=True)
    phone: Text | None = asks("电话", _AS_IT_IS, default=None)
    address: Text | None = asks("住址", _AS_IT_IS, when=when("whose", APPLICANT), optional=True)
    told_by: Way | None = asks(
        "同意怎样通知进度", "撤回短信、电话同意的选书面", when=unless("whose", FIRM), optional=True
    )
    online: bool | None = asks(
        "是否同意电子送达文书", _AS_IT_IS, when=when("whose", APPLICANT), optional=True
    )
    language: Text | None = asks("用什么语言通知", _AS_IT_IS, when=unless("whose", FIRM), optional=True)
