"""告知: the refusal, the answer given on the spot, the result and the order that follows from it."""

from domain.actions.disposal import FinishOnTheSpot, SpotResult
from domain.actions.telling import FeedBackResult, NotifyRefusal, NotifyResult
from domain.state import SubItem
from domain.tasks import TaskKind
from domain.words import Conclusion, Step
from starter.scenario.translate.orders import order_owed
from starter.scenario.translate.scene import IN_THE_FILE, Scene, Sent, make, sum_in
from starter.scenario.translate.sums import claimed, later_payments
from starter.scenario.translate.wording import Table, every, pick

_WAYS: Table = (("电话", "电话告知后邮寄"), ("当面|签收", "当面告知并签收"))


def notify_party(scene: Scene) -> list[Sent]:
    """告知, of whatever the matter has come to."""
    d = scene.d
    refusal = "不予受理" in str(scene.said("document") or "")
    if refusal or d.refused_at or d.open_tasks(TaskKind.REFUSAL_NOTICE):
        return [scene.own(_refusal(scene))]
    if _on_the_spot(scene):
        return [scene.own(_finish(scene))]
    return [scene.own(_result(scene)), *order_owed(scene), *_fed_back(scene)]


def _fed_back(scene: Scene) -> list[Sent]:
    """What a lead that tells alone owes the hub; a story takes it for granted."""
    tier = scene.draft().tier
    alone = scene.d.notifier == "lead" and not scene.policy.is_center(scene.draft().notifier())
    if tier is None or tier.feedback is None or not alone:
        return []
    performance = scene.suggested("feed_back_result").get("performance", "尚未履行")
    return [scene.aside(make(FeedBackResult, attitude="未表态", performance=performance, risk=False))]


def _refusal(scene: Scene) -> NotifyRefusal:
    ways: Table = (("平台|网", "网络平台答复"), *_WAYS)
    return make(
        NotifyRefusal,
        handed_to=scene.texts("transferred_to"),
        way=pick(scene.text("method"), ways, "书面送达"),
        told_on=scene.day,
    )


def _result(scene: Scene) -> NotifyResult:
    told, _ = every(scene.texts("also_to"), (("单位|公司|被反映", "被反映单位"),))
    return make(
        NotifyResult,
        to=["申请人", *told],
        way=pick(scene.text("method"), _WAYS, "书面送达"),
        told_on=scene.day,
        sources=scene.texts("answers") or scene.suggested("notify_result").get("sources"),
        message=scene.text("result"),
        confirm_each=True if scene.d.group else None,
    )


# --- 当场办结 -----------------------------------------------------------------------------------------------------


def _on_the_spot(scene: Scene) -> bool:
    """Whether the answer is the disposition too: by the step's own owner, where nothing has been decided yet."""
    draft = scene.draft()
    step = draft.tier.step(Step.ON_THE_SPOT) if draft.tier else None
    undecided = not (scene.d.disposed_at or scene.d.guided_at)
    return step is not None and undecided and scene.unit == draft.owner(step)


_CONCLUSIONS: Table = (
    ("部分支持", Conclusion.PARTLY),
    (r"不(?:予|能|应)?(?:支持|退|办理|受理)|驳回|不成立|无(?:法律|政策)?依据", Conclusion.REJECT),
)
_DONE: Table = (
    ("到账|已(?:当场)?(?:缴|补缴)", "补缴到账"),
    ("缴", "答应补缴"),
    ("退", "退费"),
    ("登记|参保", "补办登记"),
    ("更正", "更正信息"),
)


def _finish(scene: Scene) -> FinishOnTheSpot:
    answer = scene.text("result") or IN_THE_FILE
    undecided = [s for s in scene.d.sub_items.values() if s.conclusion is None]
    return make(
        FinishOnTheSpot,
        results=[_spot(scene, s, answer) for s in undecided],
        answer=answer,
        accepted="未表态",
    )


def _spot(scene: Scene, item: SubItem, answer: str) -> SpotResult:
    conclusion = pick(answer, _CONCLUSIONS, Conclusion.SUPPORT)
    if conclusion == Conclusion.REJECT:
        return make(SpotResult, claim=item.no, conclusion=conclusion, reason=answer)
    done = _done(scene, item, answer)
    paid = done in ("退费", "补缴到账", "答应补缴")
    return make(
        SpotResult,
        claim=item.no,
        conclusion=conclusion,
        done=done,
        amount=(sum_in(answer) or claimed(scene.d, item.no)) if paid else None,
        reason=answer if conclusion == Conclusion.PARTLY else None,
    )


def _done(scene: Scene, item: SubItem, answer: str) -> str:
    """What was done; money that the story brings only later was promised."""
    said = pick(answer, _DONE, "退费" if item.refund else "答应补缴" if item.premium else "解答政策")
    by_claim, loose = later_payments(scene)
    return "答应补缴" if said == "补缴到账" and (loose or item.no in by_claim) else said
