"""登记: the fields of a registration in the order one asks for them, and the registration that comes of them."""

import re
from datetime import datetime

from console.forms import faults, roll
from console.forms.asking import ask, choices
from console.forms.reading import Body
from domain.access import Role
from domain.decide.viewing import lookers
from domain.intake import Intake
from domain.notices import Way
from domain.offers import Field
from domain.policy import Policy
from domain.registering import tried
from domain.words import Channel, ClaimType, Employment, Insurance, LabourRelation, Regime

ORIGIN = "怎么来的"
APPLICANT = "申请人"
RESPONDENTS = "被反映单位"
CLAIMS = "诉求"
MATERIALS = "材料"
SIGNS = "风险情况"
REPRESENTATIVES = "applicant.representatives"


OPEN = tuple(channel for channel in Channel if channel is not Channel.SPAWNED)
"""The channels by which somebody registers."""
BY_ROLE = {Role.GRID: Channel.GRID}
"""By which way what somebody registers came to him, unless he says otherwise; to all others somebody came (来访)."""
_GIVEN = re.compile(rf"(?:{'|'.join(c.mark for c in OPEN)})(?=-\d{{8}}-\d{{6}}$)")
"""The beginning of a number that the form proposed."""


def sections(policy: Policy, now: datetime, role: Role) -> list[tuple[str, list[Field]]]:
    """The form, box by box, as a role is asked."""
    hidden = ask(
        "confidential",
        "为申请人保密：身份另库保管，不向被反映单位透露是谁反映的",
        "confirm",
        help=_apart(policy),
    )
    story = ask("narrative", "怎么说的", "longtext", required=True, help="照原话记，不用改成公文")
    return [
        (ORIGIN, _origin(now, BY_ROLE.get(role, Channel.VISIT))),
        (APPLICANT, [_applicant(policy), hidden]),
        (RESPONDENTS, [_respondents(policy)]),
        (CLAIMS, [_claims(), story]),
        (MATERIALS, [_material()]),
        (SIGNS, [_signs()]),
    ]


def _origin(now: datetime, usual: Channel) -> list[Field]:
    return [
        ask(
            "kind",
            "登记为",
            "choice",
            required=True,
            choices=choices(["争议", "线索"]),
            suggested="争议",
            help="线索为反映人保密，本人要办结果的，登记为争议",
        ),
        ask(
            "channel",
            "渠道",
            "choice",
            required=True,
            choices=choices([c.value for c in OPEN]),
            suggested=usual.value,
        ),
        ask(
            "source_no",
            "渠道单号",
            required=True,
            suggested=f"{usual.mark}-{now:%Y%m%d-%H%M%S}",
            help="热线、信访等写原来的单号；来访、排查等没有单号的用给好的号，开头的字母随渠道",
        ),
        ask(
            "received_at",
            "收件时间",
            "datetime",
            required=True,
            help="来访、来电、来件的时刻；台账的“登记时间”就是它，期限从它算起",
            suggested=now.replace(second=0, microsecond=0),
        ),
        ask("handed_over_by", "移送单位", "unit", help="成员单位移送、信访局转送的写全称"),
    ]


def _apart(policy: Policy) -> str:
    """What becomes of a name that is kept apart (:mod:`domain.reporter`), before anybody writes it down."""
    return (
        f"另库保管的，案件、回执和文书都不写姓名，写“保密”；只有{lookers(policy, 'reporter')}写明事由才能查看"
    )


def _applicant(policy: Policy) -> Field:
    who = lookers(policy, "reporter")
    return ask(
        "applicant", "申请人", "rows", required=True,
        rows=[
            ask("name", "姓名", "person", help=f"匿名的空着；登记为线索、要求保密的另库保管，只有{who}能查看"),
            ask("id_number", "身份证号"),
            ask("phone", "电话"),
            ask("address", "住址"),
            ask("headcount", "人数", "int", suggested=1),
            ask("told_by", "同意怎样通知进度", "choice", choices=choices(Way), help="问过本人再选；没有问或不要的空着"),
            ask("online", "同意电子送达文书", "yesno", help="问过本人再选"),
            ask("language", "用什么语言通知", help="普通话以外的才写"),
            ask("anonymous", "匿名反映", "confirm"),
            roll.field(),
        ],
    )  # fmt: skip


def _respondents(policy: Policy) -> Field:
    return ask(
        "respondents", "被反映单位", "rows", several=True, required=True,
        rows=[
            ask("name", "单位名称", required=True),
            ask("uscc", "统一社会信用代码"),
            ask("town", "所在乡镇", "choice", choices=choices(policy.county.towns)),
            ask("industry", "行业"),
            ask("contact_phone", "联系电话"),
        ],
    )  # fmt: skip


def _claims() -> Field:
    return ask(
        "claims", "诉求子项", "rows", several=True, required=True, help="一个险种、一段时间为一项；金额不清楚的空着",
        rows=[
            ask("insurance", "险种", "choice", choices=choices(Insurance)),
            ask("regime", "制度", "choice", choices=choices(Regime), suggested=Regime.EMPLOYEE.value),
            ask("type", "争议类型", "choice", choices=choices(ClaimType)),
            ask("period", "所属期", "months"),
            ask("amount", "主张（元）", "money"),
        ],
    )  # fmt: skip


def _material() -> Field:
    return ask(
        "evidence", "不上传的材料", "rows", several=True, help="原件存档案系统的，这里写是什么、存在哪里；也可以以后再补",
        rows=[ask("kind", "材料", required=True), ask("description", "说明"), ask("location", "存放位置")],
    )  # fmt: skip


def _signs() -> Field:
    return ask(
        "indicators", "风险情况", "rows", help="不清楚的不用选，由初审人核实",
        rows=[
            ask("labour_relation", "劳动关系", "choice", choices=choices(LabourRelation)),
            ask("employment", "用工形式", "choice", choices=choices(Employment)),
            ask("respondent_cooperative", "单位是否配合", "yesno"),
            ask("strong_proof", "证据充分", "confirm"),
        ],
    )  # fmt: skip


def checked(
    body: Body, unit: str, now: datetime, fields: list[Field]
) -> tuple[Intake | None, dict[str, str]]:
    """The registration, or all that is wrong with the answers, by the control at which it is told."""
    read = tried(intake_of(body, unit), now)
    wrong = faults.of_problems(read.errors, fields)
    for one in read.implausible:
        wrong.setdefault(one.field, one.message)
    if (said := wrong.pop(REPRESENTATIVES, None)) is not None:
        wrong[roll.PLACE] = said
    return read.intake, wrong


def intake_of(body: Body, unit: str) -> Body:
    """The answers as a registration takes them."""
    made: Body = {"received_by": unit, **body}
    if made.get("channel") in OPEN and "source_no" in made:
        made["source_no"] = _GIVEN.sub(Channel(made["channel"]).mark, str(made["source_no"]))
    if "claims" in made:
        made["claims"] = [{"no": str(n), **claim} for n, claim in enumerate(made["claims"], start=1)]
    made["applicant"] = _of_group({**made.get("applicant", {})})
    return made


def _of_group(applicant: Body) -> Body:
    """Who asks; a group with its roll, by whoever speaks for it where nobody else is named."""
    rows: list[Body] = applicant.pop("members", [])
    if _several_people(applicant) or len(rows) > 1:
        applicant["is_group"] = True
    if not rows:
        return applicant
    first = next((row for row in rows if row.get(roll.SPEAKS)), rows[0])
    if not (applicant.get("name") or applicant.get("anonymous")):
        own = ("name", "id_number", "phone", "told_by")
        applicant |= {key: first[key] for key in own if key in first and not applicant.get(key)}
    return applicant | {"members": roll.members_of(rows), "representatives": roll.speakers(rows)}


def _several_people(applicant: Body) -> bool:
    count = str(applicant.get("headcount", "1"))
    return count.isdecimal() and int(count) > 1
