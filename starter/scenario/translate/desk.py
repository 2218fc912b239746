"""办理: signing, sending back, more time."""

import re

from domain.actions.desk import DecideExtension, RequestExtension, SendBack, SignFor
from domain.actions.mediation import Consent
from domain.state import Task
from domain.tasks import TaskKind
from starter.scenario.translate.scene import Scene, Sent, make, short
from starter.scenario.translate.wording import Table, pick


def claim(scene: Scene) -> list[Sent]:
    """签收, of the task that the step's words mean where it names one."""
    task = _task_called(scene, str(scene.said("task") or ""))
    return [scene.own(SignFor(), task.id if task else None)]


def _task_called(scene: Scene, words: str) -> Task | None:
    if not words:
        return None
    mine = [t for t in scene.d.open_tasks() if scene.policy.units.same(scene.unit, t.unit)]
    return next((t for t in mine if words in (t.id, t.role) or words in t.title or t.title in words), None)


_WHY_BACK: Table = (
    ("上级|外地|管辖", "应由上级或外地管辖"),
    ("要素|不全|无法办理", "诉求要素不全，无法办理"),
    ("被反映单位", "本单位即被反映单位"),
    ("已办结", "同一事项已办结"),
)


def send_back(scene: Scene) -> list[Sent]:
    """退回并说明."""
    unit = scene.text("suggested_unit")
    why = pick(scene.words("reason_code", "reason"), _WHY_BACK, "不属本单位职责")
    body = make(
        SendBack,
        reason_code="应由其他单位主办" if unit else why,
        explanation=scene.must("reason"),
        suggested_unit=unit,
    )
    return [scene.own(body)]


_WHY_LONGER: Table = (
    ("双方.*同意|同意延长", "双方当事人同意"),
    ("账户|冻结|解封", "单位账户冻结"),
    ("鉴定|函查|查账|核查结果", "等待鉴定或函查结果"),
    ("等待.*意见", "等待他单位意见"),
    ("复杂", "案情复杂"),
    ("申请人|当事人|职工", "当事人原因"),
    ("不可抗力|灾|疫", "不可抗力"),
)


def request_extension(scene: Scene) -> list[Sent]:
    """申请延期, of the clock that the software would propose first."""
    clock = scene.suggested("request_extension").get(
        "clock", "—"
    )  # where there is none the decision says why
    reason = scene.text("reason") or "情况见申请"
    by_consent = clock in scene.d.clocks and _is_mediation(scene, scene.d.clocks[clock].task_id)
    body = make(
        RequestExtension,
        clock=clock,
        span=scene.must("days"),
        consents=consents(scene, reason) if by_consent else [],
        reason_code="双方当事人同意" if by_consent else pick(reason, _WHY_LONGER, "其他"),
        explanation=short(reason),
    )
    return [scene.own(body)]


def consents(scene: Scene, said: str) -> list[Consent]:
    """Both sides' consent to what a story does not say anybody was against."""
    if re.search("不同意|未同意|未征得|未经|不愿|拒绝", said):
        return []
    parties = ["申请人", *(["被反映单位"] if scene.d.facts.respondents else [])]
    return [Consent.model_validate({"party": p, "way": "书面申请", "on": scene.day}) for p in parties]


def _is_mediation(scene: Scene, task_id: str | None) -> bool:
    return task_id is not None and scene.d.tasks[task_id].kind == TaskKind.MEDIATE


def approve_extension(scene: Scene) -> list[Sent]:
    """同意延期, by what is said, else by what was asked."""
    span = scene.said("days") or scene.suggested("decide_extension").get("span", "1工作日")
    return [scene.own(make(DecideExtension, decision="同意", span=span))]


def reject_extension(scene: Scene) -> list[Sent]:
    """不同意延期."""
    reason = scene.text("reason") or "请按期办理"
    return [scene.own(make(DecideExtension, decision="不同意", reason=reason))]
