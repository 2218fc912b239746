"""The medium route, one human action after another: what every system under test is put through."""

import uuid
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from domain.actions import ACTION, Act
from domain.intake import Intake
from domain.words import SHANGHAI

CENTER, TAX, HRSS, RESPONDENT = "县综治中心", "县税务局", "县人社局", "被反映单位"

_BOTH_CLAIMS = {"1": "4900", "2": "1900"}


def _actions(today: date) -> list[tuple[str, str, str, dict[str, Any]]]:
    """By unit and officer. Registration comes before them."""
    basis = {"conclusion": "支持", "measure": "更正缴费基数并补差"}
    return [
        (CENTER, "周敏", "accept_case",
         {"contact": "未能联系上", "unreached": "多次无人接听", "level": "中", "path": "会商", "lead": TAX, "co": [HRSS]}),
        (TAX, "梁志远", "sign_for", {}),
        (HRSS, "郭卫东", "sign_for", {}),
        (CENTER, "周敏", "convene_consultation",
         {"held_at": datetime.now(SHANGHAI), "mode": "线上", "units": [TAX, HRSS], "topics": ["缴费基数口径"]}),
        (CENTER, "周敏", "issue_consultation_minutes",
         {"attended": [
             {"unit": TAX, "officer": "梁志远", "stance": "支持诉求", "opinion": "以工资条为准"},
             {"unit": HRSS, "officer": "郭卫东", "stance": "支持诉求", "opinion": "奖金应计入"},
          ],
          "outcome": "达成一致", "decision": "按实发工资更正基数", "tasks": [{"unit": TAX, "task": "核定并责令补差"}]}),
        (HRSS, "郭卫东", "give_opinion",
         {"views": [{"claim": no, "stance": "支持诉求"} for no in _BOTH_CLAIMS],
          "facts": "养老基数应按实发工资核定，同意随同核定", "ground": "社会保险法第六十三条"}),
        (TAX, "梁志远", "issue_disposition",
         {"results": [{"claim": no, **basis, "principal": yuan} for no, yuan in _BOTH_CLAIMS.items()],
          "late_fee": "自欠缴之日起按日万分之五另计", "facts": "奖金计入基数", "ground": "社会保险法第六十三条"}),
        (CENTER, "周敏", "notify_result",
         {"to": ["申请人", RESPONDENT], "way": "书面送达", "told_on": today, "message": "基数差额应补缴"}),
        (TAX, "梁志远", "record_payment",
         {"parts": [{"claim": no, "principal": yuan} for no, yuan in _BOTH_CLAIMS.items()], "late_fee": "71.5",
          "paid_on": today, "paid_to": "缴入社会保险基金", "collected_by": "本县税务机关"}),
        (CENTER, "秦岚", "record_callback",
         {"method": "电话", "q1_received": "收到", "q2_solved": "全部解决", "q3_fulfilled": "已落实", "q4_speed": "满意",
          "q5_attitude": "满意", "q6_result": "满意", "q7_process": "满意", "q8_topics": ["无"]}),
        (CENTER, "高立新", "close_case", {"opinion": "差额已补缴到账，同意结案"}),
        (CENTER, "周敏", "archive_case", {"secrecy": "内部"}),
    ]  # fmt: skip


HUMAN_ACTIONS = 1 + len(_actions(date.min))


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
    for unit, officer, kind, body in _actions(datetime.now(SHANGHAI).date()):
        yield Act(
            id=str(uuid.uuid4()),
            unit=unit,
            officer=officer,
            body=ACTION.validate_python({"kind": kind, **body}),
        )


def material() -> Act:
    """A supplement, which any open matter takes."""
    body = {
        "kind": "receive_material",
        "given_by": "申请人",
        "materials": [{"name": "工资条复印件"}],
        "received_on": datetime.now(SHANGHAI).date(),
    }
    return Act(id=str(uuid.uuid4()), unit="申请人", officer="申请人", body=ACTION.validate_python(body))
