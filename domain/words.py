"""The field's own words, as the county writes them (docs/glossary.md)."""

import math
import re
from collections.abc import Collection
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal, cast
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, PlainSerializer

SHANGHAI = ZoneInfo("Asia/Shanghai")

Level = str
"""The name of one of the policy's tiers: 低, 中 or 高 in Pianguan; 简易, 一般 ... elsewhere."""

UnitName = str
"""A unit by the name the county gives it, for example 县税务局."""

MOST_YUAN = 10**12


def _countable(amount: Decimal) -> Decimal:
    if not -MOST_YUAN < amount < MOST_YUAN:
        raise ValueError("金额过大，请核对（单位：元）")
    if amount != round(amount, 2):
        raise ValueError("金额至多两位小数（单位：元），请核对")
    return amount


Money = Annotated[
    Decimal,
    AfterValidator(_countable),
    PlainSerializer(lambda v: f"{v:.2f}", return_type=str, when_used="json"),
]
"""Yuan, two decimals; a string in JSON so that no float ever touches it."""


class Model(BaseModel):
    """Immutable and closed: an unknown key is an error that names the key."""

    model_config = ConfigDict(frozen=True, extra="forbid")


NEVER_KEPT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
DEEPEST = 20
"""Lists within lists. JSON readers give up at about 200, and a message is wrapped several times on its way."""
LARGEST_INT = 2**63
LONGEST_LIST = 200
"""Entries of a list in one action: each may become a task with its clocks."""


def storable(value: Any, *, longest: int | None = None) -> Any:
    """The value, or a ValueError when anything in it is such that no ledger, or no reader of JSON, can keep it.

    ``longest``: how many entries a list in it may have.
    """
    _require_storable(value, longest, DEEPEST)
    return value


def _require_storable(value: Any, longest: int | None, depth: int) -> None:
    if isinstance(value, str):
        if NEVER_KEPT.search(value):
            raise ValueError("含有不可见的控制字符，请删除后再提交")
    elif isinstance(value, int | float):
        if not math.isfinite(value) or abs(value) >= LARGEST_INT:
            raise ValueError("数字过大或无效，请核对")
    elif isinstance(value, dict | list | tuple):
        parts = list(cast("Collection[Any]", value))
        if longest is not None and len(parts) > longest:
            raise ValueError(f"清单过长，一次操作至多 {longest} 项，请分次提交")
        if not depth:
            raise ValueError(f"内容层次过多，至多 {DEEPEST} 层")
        if isinstance(value, dict):
            parts += cast("dict[Any, Any]", value).values()
        for part in parts:
            _require_storable(part, longest, depth - 1)


class MatterKind(StrEnum):
    """What a registered matter is: a dispute (争议) or only a lead (线索)."""

    DISPUTE = "争议"
    LEAD = "线索"


class Channel(StrEnum):
    """How a matter reached the 综治中心 (the plan's annex, 一)."""

    HOTLINE = "12345热线"
    VISIT = "来访"
    LETTER = "书信传真"
    WEB = "网络"
    MEMBER = "成员单位移送"
    GRID = "网格员排查"
    SPAWNED = "案件派生"

    @property
    def mark(self) -> str:
        """What a number begins with that the office itself gives to what came this way."""
        return _MARKS[self]


_MARKS = {
    Channel.HOTLINE: "RX", Channel.VISIT: "LF", Channel.LETTER: "XJ", Channel.WEB: "WL", Channel.MEMBER: "YS",
    Channel.GRID: "WG", Channel.SPAWNED: "PS",
}  # fmt: skip


class Stage(StrEnum):
    """Where a matter stands; the words of the plan and of domain practice."""

    LEAD = "线索"
    REVIEW = "待初审"
    SUPPLEMENT = "补正"
    ACCEPTED = "已受理"
    REFUSED = "不予受理"
    TRANSFERRED = "移送"
    MERGED = "并案"
    TRIAGED = "分级分流"
    DIRECT = "直办"
    CONSULT = "会商"
    JOINT_MEETING = "联席会议"
    CITY = "市级协调"
    REPORTED_UP = "报上级"
    SPECIAL_CASE = "专案"
    MEDIATION = "调解中"
    INVESTIGATION = "调查核实"
    GUIDANCE = "仲裁诉讼指引"
    SUSPENDED = "中止"
    DISPOSED = "处置意见"
    INFORMED = "已告知"
    EXECUTION = "执行中"
    CALLBACK = "待回访"
    REHANDLE = "重新办理"
    WITHDRAWN = "撤回"
    CLOSED = "办结"
    ARCHIVED = "归档"


class Step(StrEnum):
    """The fixed catalogue of steps a tier's route is made of (policy: tiers[].route)."""

    ON_THE_SPOT = "finish_on_the_spot"
    DIRECT = "handle_directly"
    CONSULT = "consult"
    JOINT_MEETING = "joint_meeting"
    CITY = "city_coordination"
    REPORT_UP = "report_up"
    SPECIAL_CASE = "special_case"
    MEDIATE = "mediate"
    INVESTIGATE = "investigate"
    DISPOSE = "dispose"
    GUIDE = "guide"

    @property
    def word(self) -> str:
        """The step as an officer calls it."""
        return _STEP_WORDS[self]


ABOVE = {
    Step.CITY: Stage.CITY,
    Step.REPORT_UP: Stage.REPORTED_UP,
    Step.SPECIAL_CASE: Stage.SPECIAL_CASE,
}
"""Steps in which somebody above is asked and answers, with the stage of each; alike but for what the county makes of them."""

DECIDING = (Step.ON_THE_SPOT, Step.DISPOSE)
"""Steps that decide the matter; a route without one ends with 直接办理 or with guidance."""

_STEP_WORDS = {
    Step.ON_THE_SPOT: "当场办结",
    Step.DIRECT: "直接办理",
    Step.CONSULT: "会商",
    Step.JOINT_MEETING: "联席会议",
    Step.CITY: "上级协调",
    Step.REPORT_UP: "报上级",
    Step.SPECIAL_CASE: "专案办理",
    Step.MEDIATE: "调解",
    Step.INVESTIGATE: "调查核实",
    Step.DISPOSE: "处置意见",
    Step.GUIDE: "仲裁、诉讼指引",
}


ItemCategory = Literal["办理事项", "政策宣传", "普法教育", "舆情引导", "疏导稳控", "督办整改"]
"""类别 of a 议定事项."""


class ClaimType(StrEnum):
    """争议类型 (the plan's annex, 一)."""

    NOT_ENROLLED = "应参未参"
    UNPAID = "已申报未按时缴纳"
    WRONG_BASE = "缴费基数不实"
    OTHER_LEVY = "其他征缴"
    BENEFIT = "待遇享受"


class Regime(StrEnum):
    """参保制度."""

    EMPLOYEE = "职工"
    PUBLIC = "机关事业"
    RESIDENT = "居民"


class Insurance(StrEnum):
    """险种."""

    PENSION = "养老"
    MEDICAL = "医疗"
    MATERNITY = "生育"
    UNEMPLOYMENT = "失业"
    INJURY = "工伤"


class LabourRelation(StrEnum):
    """劳动关系."""

    CLEAR = "明确"
    DISPUTED = "有争议"
    UNKNOWN = "不明"
    NOT_APPLICABLE = "不适用"


class Employment(StrEnum):
    """用工形式."""

    FULL_TIME = "全日制"
    PART_TIME = "非全日制"
    DISPATCHED = "劳务派遣"
    PLATFORM = "平台用工"
    CASUAL = "临时、季节性用工"
    RETIRED = "退休返聘"
    SELF_EMPLOYED = "灵活就业"
    OTHER = "其他"


class Satisfaction(StrEnum):
    """回访评价: three votes and two non-votes that never count as a vote."""

    SATISFIED = "满意"
    FAIRLY = "基本满意"
    DISSATISFIED = "不满意"
    DECLINED = "拒评"
    UNREACHED = "未联系上"

    @property
    def is_vote(self) -> bool:
        """Whether it counts in the denominator of 满意率."""
        return self in (self.SATISFIED, self.FAIRLY, self.DISSATISFIED)


class Conclusion(StrEnum):
    """What a disposition says of the claim."""

    SUPPORT = "支持"
    PARTLY = "部分支持"
    REJECT = "不支持"


LawfulWay = Literal[
    "劳动仲裁确认劳动关系", "不能补办的损失赔偿", "经济补偿仲裁", "行政复议", "行政诉讼", "申请执行裁决或判决", "法律援助",
]  # fmt: skip
"""The ways a party may be guided to."""
