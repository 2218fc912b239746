"""回访、重办、结案、归档."""

import re
from datetime import timedelta

from domain.actions.callback import (
    ArchiveCase,
    CloseCase,
    CloseUnreached,
    LogCallAttempt,
    RecordCallback,
    ReopenCase,
)
from domain.words import MatterKind, Satisfaction
from starter.scenario.translate.leads import close_lead
from starter.scenario.translate.scene import Scene, Sent, make, short
from starter.scenario.translate.wording import Table, pick

_UNANSWERED: Table = (
    ("关机", "关机"),
    ("服务区|信号", "不在服务区"),
    ("停机|空号", "停机或空号"),
    ("拒接|挂断", "拒接"),
    ("不便|另约|稍后", "不便通话，另约"),
)


def callback_call(scene: Scene) -> list[Sent]:
    """登记未接通."""
    result = pick(scene.text("result"), _UNANSWERED, "无人接听")
    again = scene.now + timedelta(days=2) if result == "不便通话，另约" else None
    return [scene.own(make(LogCallAttempt, result=result, again_at=again))]


_METHODS: Table = (("问卷.*短信|短信", "短信问卷"), ("网|问卷|平台", "网络问卷"), ("当面|上门", "当面"))
_SOLVED: Table = (("全部|已解决", "全部解决"), ("部分", "部分解决"), ("未|没有", "未解决"))


def callback_answer(scene: Scene) -> list[Sent]:
    """登记回访, questions that the story leaves open as not answered; 未联系上 is none."""
    vote = str(scene.must("satisfaction"))
    if vote == Satisfaction.UNREACHED:
        return [scene.own(make(CloseUnreached, message_sent_on=scene.day))]
    unhappy = vote == Satisfaction.DISSATISFIED
    body = make(
        RecordCallback,
        method=pick(scene.text("method"), _METHODS, "电话"),
        whom=_whom(scene),
        q1_received=_received(scene),
        q2_solved=pick(scene.text("solved"), _SOLVED, "拒答"),
        q3_fulfilled=_fulfilled(scene),
        q4_speed="拒评",
        q5_attitude="拒评",
        q6_result=vote,
        q7_process="拒评",
        q8_topics=["无"],
        category=_category(scene) if unhappy else None,
        category_text=short(scene.text("category") or "未说明具体原因") if unhappy else None,
    )
    return [scene.own(body)]


def _received(scene: Scene) -> str:
    said = scene.said("received_result")
    if isinstance(said, bool):
        return "收到" if said else "未收到"
    return "拒答"


def _fulfilled(scene: Scene) -> str:
    said = scene.said("paid_or_enrolled")
    if isinstance(said, bool):
        return "已落实" if said else "未落实"
    return pick(scene.text("paid_or_enrolled"), (("部分", "部分落实"), ("不涉及", "不涉及")), "拒答")


def _whom(scene: Scene) -> list[str]:
    """Whom was called: as said; of a group somebody must be."""
    named = [short(text) for text in scene.texts("sample")]
    if named or not scene.d.group:
        return named
    applicant = scene.d.facts.applicant
    return applicant.representatives or [applicant.name or "申请人代表"]


def _category(scene: Scene) -> str:
    """The county's kind of dissatisfaction: by its letter, by its words, else the first that is handled anew."""
    rules = scene.policy.callback.categories
    said = (scene.text("category") or "").strip()
    letter = re.match(r"[A-Za-z0-9]+", said)
    if letter and letter[0] in rules:
        return letter[0]
    worded = [key for key, rule in rules.items() if said and (said in rule.text or rule.text in said)]
    again = [key for key, rule in rules.items() if rule.then == "rehandle"]
    return next(iter([*worded, *again, *rules]), said or "—")


_WHY_AGAIN: Table = (("程序", "程序不当"), ("态度", "服务态度"), ("事实|查错", "事实有误"))


def reopen(scene: Scene) -> list[Sent]:
    """重新办理, by somebody else."""
    complained = next((str(s.data.get("category", "")) for s in scene.earlier("callback_answer")), "")
    to = scene.text("to_officer")
    body = make(
        ReopenCase,
        ground=pick(scene.text("reason") or complained, _WHY_AGAIN, "未解决或未履行"),
        points=scene.text("reason", "points") or "针对回访反映的问题重新办理",
        to_officer=to or _another(scene),
    )
    return [scene.own(body)]


def _another(scene: Scene) -> str:
    """Who handles it from here on in the story."""
    lead = scene.d.lead
    later = (s for s in scene.context.later if scene.known(s.unit) == lead and s.officer)
    handlers = {h.name for h in scene.d.handlers}
    return next((s.officer for s in later if s.officer not in handlers), "另行指定的经办人")


def close_case(scene: Scene) -> list[Sent]:
    """结案, and 归档 where the step says so; what is closed already is only archived."""
    d = scene.d
    if d.kind == MatterKind.LEAD and not d.closed_at:
        return close_lead(scene)
    archive = make(ArchiveCase, secrecy="工作秘密" if d.confidential else "内部")
    wanted = scene.said("archive") is True
    if d.closed_at and wanted:
        return [scene.own(archive)]
    opinion = scene.text("reason", "opinion") or "各项已办结，准予结案"
    return [scene.own(make(CloseCase, opinion=opinion)), *([scene.aside(archive)] if wanted else [])]
