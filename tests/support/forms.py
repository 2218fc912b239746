"""Lawful answers to the forms that tests send most, to be changed where a test is about them."""

from datetime import date
from typing import Any, cast

from domain.actions import ACTION, Action

Answers = dict[str, Any]
DAY = date(2026, 9, 3)

PLAIN: dict[str, Answers] = {
    "accept_case": {
        "contact": "未能联系上", "unreached": "多次无人接听", "level": "低", "path": "直办", "lead": "县税务局",
    },
    "request_supplement": {"items": ["劳动关系材料"], "due": "5工作日", "way": "书面"},
    "receive_material": {"given_by": "申请人", "materials": [{"name": "工资流水"}], "received_on": DAY},
    "refuse_claims": {"items": [{"code": "N1", "competent": "劳动仲裁", "ground": "属工资争议"}]},
    "merge_cases": {"ground": ["同一申请人"]},
    "link_cases": {"relation": "同一单位"},
    "change_level": {"to": "中", "reason_code": "人数变化", "reason": "又有多人反映"},
    "decide_level_change": {"decision": "同意"},
    "send_back": {"reason_code": "不属本单位职责", "explanation": "单位尚未登记，依职责应由人社办理"},
    "reassign_officer": {"to_officer": "接办人"},
    "request_extension": {"span": "5工作日", "reason_code": "案情复杂", "explanation": "需再核查工资台账"},
    "decide_extension": {"decision": "同意", "span": "5工作日"},
    "change_units": {"reason_code": "职责调整", "lead": "县人社局", "co": []},
    "give_opinion": {
        "views": [{"claim": "1", "stance": "支持诉求"}], "facts": "参保登记属实", "ground": "社会保险法第五十八条",
    },
    "issue_disposition": {
        "results": [{"claim": "1", "conclusion": "支持", "measure": "责令限期缴纳", "principal": "1200"}],
        "late_fee": "自欠缴之日起按日万分之五另计", "facts": "三个月已申报未缴", "ground": "社会保险法第六十三条",
    },
    "convene_consultation": {
        "held_at": "2026-09-09T09:00:00+08:00", "mode": "线上", "units": ["县税务局", "县人社局"], "topics": ["化解方案"],
    },
    "issue_consultation_minutes": {
        "attended": [{"unit": "县税务局", "officer": "甲", "stance": "支持诉求", "opinion": "应当补缴"}],
        "outcome": "达成一致", "decision": "由税务责令限期缴纳", "tasks": [{"unit": "县税务局", "task": "责令缴纳"}],
    },
    "invite_unit": {"unit": "县公安局", "purpose": "涉访群体教育疏导和稳控", "reason": "多人到场，须疏导"},
    "answer_invitation": {"answer": "参加", "officers": ["民警甲"]},
    "propose_joint_meeting": {
        "analysis": "网上传播较快，须统一口径", "topics": ["处置方案"], "units": ["县税务局", "县人社局"],
        "held_at": "2026-09-09T09:00:00+08:00",
    },
    "answer_joint_proposal": {"decision": "同意召开", "held_at": "2026-09-09T09:00:00+08:00"},
    "convene_joint_meeting": {
        "held_at": "2026-09-09T09:00:00+08:00", "place": "县政府", "units": ["县税务局"], "chair": "总召集人", "topic": "化解",
    },
    "issue_joint_minutes": {
        "attended": [{"unit": "县税务局", "officer": "甲", "stance": "同意议定事项"}], "decision": "限期办结", "to_city": False,
    },
    "supervise": {"measure": "督办单", "demand": "请按期办结", "due": DAY},
    "start_mediation": {
        "consents": [{"party": p, "way": "书面申请", "on": DAY} for p in ("申请人", "被反映单位")],
        "chief": "调解员", "room": "调解室",
    },
    "draft_agreement": {
        "facts": "欠缴养老保险费", "principal": "全额补缴", "coverage": "全部应缴期间", "amount": "1000",
        "late_fee": "单位依法承担，由税务机关核定", "pay_to": "缴入社会保险基金", "waiver": False, "set_off": False,
        "terms": ["足额补缴养老保险费本金"],
    },
    "open_investigation": {
        "units": [{"unit": "县税务局", "points": ["申报和入库记录"]}, {"unit": "县人社局", "points": ["劳动关系"]}],
    },
    "submit_findings": {"investigators": ["甲", "乙"], "relation": "存在", "findings": "考勤和工资表可以证明"},
    "issue_investigation_report": {"relation": "存在", "summary": "查明属实", "proposal": "责令改正和补缴"},
    "notify_result": {"to": ["申请人"], "way": "书面送达", "told_on": DAY},
    "feed_back_result": {"attitude": "认可", "performance": "已履行", "risk": False},
    "notify_refusal": {"handed_to": ["劳动仲裁"], "way": "书面送达", "told_on": DAY},
    "record_payment": {
        "parts": [{"claim": "1", "principal": "1200"}], "paid_on": DAY, "late_fee": "0",
        "paid_to": "缴入社会保险基金", "collected_by": "本县税务机关",
    },
    "record_withdrawal": {"reason_code": "不愿说明", "said_way": "当面", "said_on": DAY},
    "verify_withdrawal": {
        "checked_by": "回拨登记电话", "will": "本人真实意愿", "pressure": "否", "decision": "准予撤回",
        "told": ["可再次申请"], "keep_lead": False,
    },
    "record_callback": {
        "method": "电话", "q1_received": "收到", "q2_solved": "全部解决", "q3_fulfilled": "已落实", "q4_speed": "满意",
        "q5_attitude": "满意", "q6_result": "满意", "q7_process": "满意", "q8_topics": ["无"],
    },
    "log_call_attempt": {"result": "无人接听"},
    "close_unreached": {"message_sent_on": DAY},
    "close_case": {"opinion": "同意结案"},
    "archive_case": {"secrecy": "内部"},
    "issue_urgent_report": {"to": ["县政府"], "situation": "多人聚集", "measures": "已派员劝导"},
}  # fmt: skip
"""By kind. A kind that has no entry is asked for whole by the test that sends it."""


def answers(kind: str, **changes: Any) -> Answers:
    """A form's answers with these changes; ``kind`` is part of them."""
    return {"kind": kind, **PLAIN.get(kind, {}), **changes}


def dated(kind: str, day: date, **changes: Any) -> Answers:
    """The same, done on this day."""
    return {"kind": kind, **_on(day, PLAIN.get(kind, {})), **changes}


def _on(day: date, said: Any) -> Any:
    if isinstance(said, dict):
        return {name: _on(day, value) for name, value in cast("dict[str, Any]", said).items()}
    if isinstance(said, list):
        return [_on(day, each) for each in cast("list[Any]", said)]
    return day if said == DAY else said


def filled(kind: str, **changes: Any) -> Action:
    """A form filled in."""
    return ACTION.validate_python(answers(kind, **changes))


def decided(conclusion: str = "支持", principal: str | None = "1200", *claims: str) -> Answers:
    """The rows of a disposition: one conclusion on these claims (the first alone if none is named)."""
    row: Answers = {"conclusion": conclusion}
    if conclusion != "支持":
        row["reason"] = "证据不足"
    if conclusion != "不支持":
        row |= (
            {"measure": "责令限期缴纳", "principal": principal}
            if principal
            else {"measure": "补办参保登记并核定"}
        )
    body: Answers = {"results": [{"claim": no, **row} for no in claims or ("1",)]}
    return body if principal and conclusion != "不支持" else {**body, "late_fee": None}
