"""四、结果告知: who tells whom what came of it, and what follows once the party knows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from domain.actions import Act
from domain.actions.telling import FeedBackResult, NotifyResult, RecordPartyObjection
from domain.decide import result
from domain.decide.common import moment_on, owes_execution, refuse_promises, require_accepted
from domain.decide.dissent import require_agreed
from domain.decide.ending import closing
from domain.decide.registry import handles
from domain.decide.walk import require_route_ended
from domain.declined import Declined
from domain.draft import Draft
from domain.intake import APPLICANT, FIRM
from domain.meanings import concluding as m
from domain.remedies import NOTICE
from domain.tasks import TaskKind
from domain.words import Stage

PARTIES = (APPLICANT, FIRM)


def _may_tell(draft: Draft) -> None:
    require_accepted(draft)
    d = draft.d
    if not (d.disposed_at or d.guided_at):
        raise Declined("no_disposition", "尚未形成处置意见，不能告知结果")
    require_route_ended(draft)
    require_agreed(draft)
    if any(t.ref != "当事人" for t in d.open_tasks(TaskKind.OBJECTION)):
        raise Declined("objection", "部门对处置意见有异议，须先会商研究或重新出具意见")
    owed = d.open_tasks(TaskKind.INFORM, TaskKind.REHANDLE, TaskKind.AWAIT_CHOICE)
    if d.informed_at and not owed and not _news(draft):
        raise Declined("informed", "结果已告知当事人，不能重复告知")


def _news(draft: Draft) -> bool:
    """Whether execution has brought anything since the party was last told."""
    d = draft.d
    paper = draft.policy.paper(NOTICE)
    at = max((p.at for p in d.documents if p.name == paper), default=d.informed_at or draft.now)
    withdrawn = (p.withdrawn_at for p in d.withdrawn_payments if p.withdrawn_at)
    came = (x.at for each in (d.payments, d.documents, d.legal_papers) for x in each)
    moments = [*came, *withdrawn]
    return d.stage == Stage.EXECUTION and (d.executed or any(moment > at for moment in moments))


@handles(NotifyResult, _may_tell)
def notify_result(draft: Draft, act: Act, body: NotifyResult) -> None:
    """结果告知: the lead tells the party what it handled alone, the 综治中心 what was handled jointly (annex, 四).

    What ends with the telling and what follows on it counts from the day on which the party was told: 附件四 (告知当事人，并向
    综治中心反馈), 信访工作条例第二十二条、第三十二条.
    """
    d = draft.d
    sources = [s.source_no for s in d.sources]
    missing = [s for s in sources if s not in body.sources]
    if len(sources) > 1 and missing:
        raise Declined("unanswered", f"并案件须逐号答复，尚缺渠道单号 {'、'.join(missing)}", "sources")
    if d.group and not body.confirm_each:
        raise Declined("incomplete", "群体案件须逐人告知，请确认“已逐人告知”", "confirm_each")
    refuse_promises(draft, body.message, "message")
    draft.record(body, m.PartiesInformed(on=body.told_on))
    conclusions = {no: s.conclusion for no, s in d.sub_items.items() if s.conclusion}
    told(
        draft,
        moment_on(draft, body.told_on),
        to=_addressees(draft, body),
        结论=conclusions or None,
        逐项结果=result.by_claim(draft.policy, draft.d),
        告知对象=body.to,
        补充说明=body.message,
    )


def _addressees(draft: Draft, body: NotifyResult) -> list[str]:
    """Whoever of the parties is told, and whom else the policy names."""
    also = [word for word in draft.policy.documents[NOTICE].to.split("/") if word not in PARTIES]
    return [*(party for party in PARTIES if party in body.to), *also]


def told(draft: Draft, at: datetime, *, to: Sequence[str] = (), **fields: Any) -> None:
    """The party knows since ``at``: the paper, the clocks that end with it, the callback and the execution that follow."""
    draft.document(
        NOTICE,
        to=to,
        answers_sources=[s.source_no for s in draft.d.sources],
        执行安排=result.arrangement(draft),
        **fields,
    )
    draft.close_tasks(TaskKind.INFORM, TaskKind.REHANDLE, TaskKind.AWAIT_CHOICE, outcome="已告知", at=at)
    draft.stop_clocks(*draft.d.totals, at=at)
    draft.stop_clocks(*draft.policy.legal_rules(), at=at)
    draft.enter(Stage.INFORMED)
    _after_informed(draft, at)


def _after_informed(draft: Draft, at: datetime) -> None:
    clock = _feedback_clock(draft)
    if clock:
        draft.once(TaskKind.FEED_BACK, draft.notifier(), clock, at=at)
    elif draft.callback.rounds:
        _call_back(draft, at=at)
    if owes_execution(draft):
        begin_execution(draft, at=at)
    elif draft.callback.rounds:
        draft.enter(Stage.CALLBACK)
    elif not clock:
        closing(draft)


def _feedback_clock(draft: Draft) -> str | None:
    """The clock by which whoever told the party feeds back; none where the hub itself did."""
    tier = draft.tier
    tells_alone = draft.d.notifier == "lead" and not draft.policy.is_center(draft.notifier())
    return tier.feedback if tier and tells_alone else None


def _call_back(draft: Draft, title: str | None = None, *, at: datetime | None = None) -> None:
    again = any(c.satisfaction for c in draft.d.calls)
    clock = draft.callback.again if again else draft.callback.clock
    draft.once(TaskKind.CALLBACK, draft.caller(), clock, title=title, at=at)


def _may_feed_back(draft: Draft) -> None:
    require_accepted(draft)
    if not draft.d.open_tasks(TaskKind.FEED_BACK):
        what = "结果尚未告知当事人" if not draft.d.informed_at else "没有待反馈的办理结果"
        raise Declined("nothing_to_feed_back", f"{what}，不能反馈")


@handles(FeedBackResult, _may_feed_back)
def feed_back_result(draft: Draft, act: Act, body: FeedBackResult) -> None:
    """反馈: the 综治中心 knows what it is to call back about (annex, 四)."""
    said = m.ResultFedBack(attitude=body.attitude, performance=body.performance, risk=body.risk)
    draft.record(body, said)
    draft.close_tasks(TaskKind.FEED_BACK, outcome="已反馈")
    if draft.callback.rounds:
        _call_back(draft, "回访（主办单位反馈仍有风险）" if body.risk else None)
    elif not owes_execution(draft):
        closing(draft)


def begin_execution(draft: Draft, *, at: datetime | None = None) -> None:
    """The departments carry out what was decided."""
    draft.enter(Stage.EXECUTION)
    draft.once(TaskKind.EXECUTE, draft.d.lead or draft.d.center, at=at)


@handles(RecordPartyObjection, require_accepted)
def record_party_objection(draft: Draft, act: Act, body: RecordPartyObjection) -> None:
    """A party disagrees: it is looked into, and stops nothing by itself."""
    draft.record(body)
    draft.once(TaskKind.OBJECTION, draft.d.center, title="当事人异议答复", ref="当事人")
