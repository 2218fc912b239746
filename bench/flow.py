"""The medium route, one human action after another: what every system under test is put through."""

import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from domain.actions import ACTION, Act
from domain.intake import Intake
from domain.words import SHANGHAI

CENTER, TAX, HRSS, RESPONDENT = "县综治中心", "县税务局", "县人社局", "被反映单位"

_ACTIONS: list[tuple[str, str, str, dict[str, Any]]] = [
    (CENTER, "周敏", "triage_confirm",
     {"decision": "受理", "level": "中", "path": "会商", "lead": TAX, "co": [HRSS]}),
    (TAX, "梁志远", "claim", {}),
    (HRSS, "郭卫东", "claim", {}),
    (CENTER, "高立新", "convene_meeting",
     {"form": "会商", "no": 1, "units": [TAX, HRSS], "topic": "工资基数口径"}),
    (CENTER, "高立新", "minutes", {"opinions": {TAX: "以工资条为准", HRSS: "奖金应计入"}, "opinion": "一致"}),
    (HRSS, "郭卫东", "submit_opinion", {"role": "协办", "content": "养老基数应按实发工资核定，同意随同核定"}),
    (TAX, "梁志远", "submit_opinion", {"conclusion": "支持", "recognised_amount": "6800", "fact": "奖金计入基数"}),
    (CENTER, "周敏", "notify_party", {"result": "基数差额应补缴", "also_to": RESPONDENT}),
    (RESPONDENT, "单位联系人", "payment_received", {"principal": "6800", "late_fee_paid": "71.5"}),
    (CENTER, "秦岚", "callback_answer",
     {"satisfaction": "满意", "method": "电话", "received_result": True, "solved": "全部"}),
    (CENTER, "高立新", "close_case", {"archive": True}),
]  # fmt: skip
"""By unit and officer. Registration comes before them."""

HUMAN_ACTIONS = 1 + len(_ACTIONS)


def intake() -> Intake:
    """A dispute over a contribution base, received now, of a person of its own."""
    number = uuid.uuid4()
    return Intake.model_validate(
        {
            "kind": "争议",
            "channel": "成员单位移送",
            "received_by": CENTER,
            "source_no": f"YS-{number}",
            "received_at": datetime.now(SHANGHAI),
            "applicant": {
                "name": f"某{number.hex[:6]}",
                "phone": f"199{number.int % 10**8:08d}",
                "address": "偏关县新关镇西门社区",
            },
            "respondents": [
                {"name": f"偏关县{number.hex[6:12]}超市有限公司", "industry": "零售", "town": "新关镇", "headcount": 42}
            ],
            "narrative": "超市按最低数给我报养老和医保，工资条上写得明明白白比那个高。",
            "claims": [
                {"no": 1, "insurance": "养老", "regime": "职工", "type": "缴费基数不实", "amount": "4900",
                 "period": {"from": "2025-01", "to": "2026-05"}},
                {"no": 2, "insurance": "医疗", "regime": "职工", "type": "缴费基数不实", "amount": "1900",
                 "period": {"from": "2025-01", "to": "2026-05"}},
            ],
            "evidence": [
                {"kind": "劳动合同", "description": "2025-01 签订"},
                {"kind": "工资条", "description": "十七个月"},
            ],
            "indicators": {"labour_relation": "明确", "strong_proof": True, "respondent_cooperative": "不明"},
        }
    )  # fmt: skip


def acts() -> Iterator[Act]:
    """The officers' actions in order."""
    for unit, officer, kind, body in _ACTIONS:
        yield Act(
            id=str(uuid.uuid4()),
            unit=unit,
            officer=officer,
            body=ACTION.validate_python({"kind": kind, **body}),
        )


def material() -> Act:
    """A supplement, which any open matter takes."""
    body = ACTION.validate_python({"kind": "supplement_material", "items": ["工资条复印件"]})
    return Act(id=str(uuid.uuid4()), unit="申请人", officer="申请人", body=body)
