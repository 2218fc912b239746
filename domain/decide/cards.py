"""黄牌、红牌: appealed by the unit that has them, decided on and withdrawn by another (policy: cards)."""

from domain import deadlines
from domain.actions import Act
from domain.actions.cards import WITHDRAWN, AppealCard, DecideCardAppeal, WithdrawCard
from domain.decide.common import only_task, require_other, same_unit
from domain.decide.ending import await_archiving
from domain.decide.registry import handles
from domain.declined import Declined
from domain.draft import Draft
from domain.meanings import handling as m
from domain.state import Card, Task
from domain.tasks import TaskKind
from domain.words import UnitName


def _last_day(draft: Draft, card: Card) -> deadlines.Deadline:
    """Until when a card may be appealed."""
    rule = draft.policy.clock(draft.policy.cards.appeal)
    return deadlines.start(
        rule, None, draft.policy.calendar, id=rule.id, owner=card.unit, start_event="", at=card.at
    )


def own_cards(draft: Draft) -> list[Card]:
    """The acting unit's standing cards that it has not appealed and still may."""
    mine = [c for c in draft.d.cards if c.stands and same_unit(draft, draft.unit, c.unit)]
    if not mine:
        raise Declined("no_card", f"{draft.unit}在本案中没有有效的黄牌、红牌")
    fresh = [c for c in mine if c.appealed_at is None]
    if not fresh:
        raise Declined("appealed", "黄牌、红牌已申诉过，每张只能申诉一次")
    open_yet = [c for c in fresh if draft.now <= _last_day(draft, c).due_at]
    if not open_yet:
        last = max(_last_day(draft, c).due_on for c in fresh)
        raise Declined("too_late", f"黄牌、红牌的申诉期限为{last}，已超过")
    return open_yet


def _decider(draft: Draft, unit: UnitName) -> UnitName:
    """Who decides on this unit's card: the first by the policy that is another unit."""
    decides = draft.other_than(unit, draft.policy.cards.decided_by)
    if decides is None:
        raise Declined(
            "no_decider",
            f"{unit}的黄牌、红牌在本县没有其他单位可以决定，请管理员在县政策中补充决定黄红牌申诉的单位",
        )
    return decides


def _may_appeal(draft: Draft) -> None:
    for card in own_cards(draft):
        _decider(draft, card.unit)


@handles(AppealCard, _may_appeal)
def appeal_card(draft: Draft, act: Act, body: AppealCard) -> None:
    """申诉; the card stands until it is decided."""
    card = _chosen(own_cards(draft), body.card)
    draft.record(body, m.CardAppealed(no=card.no, ground=body.ground))
    draft.close_tasks(TaskKind.ARCHIVE, outcome="黄红牌申诉决定后再归档", stop=False)
    title = f"黄红牌申诉审查：{card.unit}{card.name}{card.card}"
    draft.open_task(TaskKind.CARD_APPEAL, _decider(draft, card.unit), title=title, ref=str(card.no))


def _chosen(cards: list[Card], no: int) -> Card:
    found = next((c for c in cards if c.no == no), None)
    if found is None:
        known = "、".join(f"{c.no}（{c.name}{c.card}）" for c in cards)
        raise Declined("unknown_card", f"没有可以办理的第 {no} 张黄红牌，可选：{known}", "card")
    return found


def _to_decide(draft: Draft) -> Task:
    task = only_task(draft, TaskKind.CARD_APPEAL, "没有等待本单位决定的黄红牌申诉", "件黄红牌申诉等待决定")
    appellant = next((c.appealed_by for c in draft.d.cards if c.no == int(task.ref or 0)), None)
    require_other(draft, appellant, "决定", "申诉")
    return task


def _may_decide(draft: Draft) -> None:
    _to_decide(draft)


@handles(DecideCardAppeal, _may_decide)
def decide_card_appeal(draft: Draft, act: Act, body: DecideCardAppeal) -> None:
    """撤销 or 维持, said outright."""
    task = _to_decide(draft)
    withdrawn = body.decision == WITHDRAWN
    no = int(task.ref or 0)
    draft.record(body, m.CardDecided(no=no, withdrawn=withdrawn, ground=body.ground), task=task)
    draft.close_task(task, body.decision)
    await_archiving(draft)


def standing_cards(draft: Draft) -> list[Card]:
    """Other units' standing cards on which no appeal waits."""
    others = [c for c in draft.d.cards if c.stands and not same_unit(draft, draft.unit, c.unit)]
    if not others:
        raise Declined("no_card", "本案没有可以由本单位撤销的黄牌、红牌（本单位自己的由其他单位决定）")
    free = [c for c in others if c.appealed_at is None or c.decided_at]
    if not free:
        raise Declined("pending", "黄牌、红牌正在申诉，请决定该申诉")
    return free


def _may_withdraw(draft: Draft) -> None:
    standing_cards(draft)


@handles(WithdrawCard, _may_withdraw)
def withdraw_card(draft: Draft, act: Act, body: WithdrawCard) -> None:
    """撤销, with its reason."""
    card = _chosen(standing_cards(draft), body.card)
    draft.record(body, m.CardDecided(no=card.no, withdrawn=True, ground=body.ground))
