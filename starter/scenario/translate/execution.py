"""后续执行: what was paid, demanded, enforced, carried out."""

import re
from decimal import Decimal

from domain.actions.execution import (
    ApplyEnforcement,
    DemandPerformance,
    PaidPart,
    RecordPayment,
    RecordRefund,
    RecordRightsRestored,
    ReportExecuted,
    ReportUnexecuted,
)
from domain.actions.form import Material
from domain.owed import claim_of, levied
from domain.words import Conclusion, Regime
from starter.scenario.translate.orders import PAY_BY, levying_unit, order, ordered
from starter.scenario.translate.scene import Scene, Sent, as_day, make, short, sum_in
from starter.scenario.translate.sums import (
    ZERO,
    Sums,
    claimed,
    late_fee,
    owed,
    poured,
    still_claimed,
)
from starter.scenario.translate.wording import Table, denied, pick

# --- payments -----------------------------------------------------------------------------------------------------

_COLLECTED: Table = (
    ("法院", "法院执行"),
    ("划拨|银行", "银行划拨"),
    ("外地|市|省|上级", "外地或上级税务机关"),
)


def payment_received(scene: Scene) -> list[Sent]:
    """登记到账; a party does not record what it paid: whoever levies does."""
    parts = _parts(scene)
    words = scene.words("via", "collected_by")
    body = make(
        RecordPayment,
        parts=[make(PaidPart, claim=no, principal=sum_) for no, sum_ in parts.items()],
        paid_on=scene.day,
        late_fee=_late_fee(scene, parts),
        paid_to=pick(words, (("给职工|现金", "支付给职工本人"),), "缴入社会保险基金"),
        collected_by=pick(words, _COLLECTED, "本县税务机关"),
        instalment=_instalment(scene),
    )
    unit = levying_unit(scene) if scene.is_party() else None
    if unit is None:
        return [scene.own(body)]
    return [scene.own(body)._replace(unit=unit, officer=scene.officer_of(unit))]


def _parts(scene: Scene) -> Sums:
    total = _total(scene)
    if (claim := scene.claim()) is not None:
        return {claim: total}
    numbers = [s.no for s in levied(scene.d)] or scene.claims()
    return poured(total, still_claimed(scene.d), numbers)


def _total(scene: Scene) -> Decimal:
    """The principal: as said, else the instalment's, else all that is owed."""
    said = scene.money("principal")
    if said is not None:
        return said
    number = _instalment(scene)
    parts = scene.d.mediation.instalments if scene.d.mediation else []
    if number is not None and number <= len(parts):
        return parts[number - 1].amount
    owing = still_claimed(scene.d)
    claim = scene.claim()
    return owing.get(claim, ZERO) if claim is not None else sum(owing.values(), ZERO)


def _instalment(scene: Scene) -> int | None:
    said = str(scene.said("instalment"))
    return int(said) if said.isdigit() and int(said) > 0 else None


def _late_fee(scene: Scene, parts: Sums) -> Decimal:
    if scene.said("late_fee_paid") is True:
        return late_fee(scene.d, parts, scene.day)
    return scene.money("late_fee_paid") or ZERO


# --- what was carried out, and what was not -----------------------------------------------------------------------

_DEMAND_OVER = "催告[^，。；]{0,8}(?:期满|届满|已满|满十日|后|逾期|无效)"


def enforce_report(scene: Scene) -> list[Sent]:
    """One report may say several things: rights restored, money paid back, a demand, an application, the end."""
    act, executed = scene.words("act"), scene.said("executed")
    done = [*_restored(scene), *_refunded(scene)]
    if executed is True:
        return [*done, scene.own(_executed(scene))]
    if re.search("催告", act) and not re.search(_DEMAND_OVER, act):
        return [*done, *_demanded(scene)]
    if re.search("强制|划拨", act):
        return [*done, scene.own(_enforced(scene, act))]
    if re.search("责令|限期缴", act) and (sent := order(scene, still_claimed(scene.d))):
        return [*done, sent[0]._replace(aside=False)]
    if done:
        return [*done[:-1], done[-1]._replace(aside=False)]
    return [scene.own(_unexecuted(scene))]


def _open_claims(scene: Scene) -> list[str]:
    if (claim := scene.claim()) is not None:
        return [claim]
    standing = [s for s in scene.d.sub_items.values() if s.conclusion != Conclusion.REJECT]
    return [s.no for s in standing if not s.closed_at] or [s.no for s in standing] or scene.claims()


_GROUNDS: Table = (
    ("终结本次执行|终本", "法院终结本次执行"),
    ("破产", "破产程序已申报债权"),
    ("注销", "单位注销且无可供执行财产"),
    ("(?:判决|裁判|裁决).*(?:变更|改)", "生效裁判变更了金额"),
    ("核定.*无欠费|更正.*无欠费", "更正核定后无欠费"),
)


def _executed(scene: Scene) -> ReportExecuted:
    """执行完毕; why less was paid only where the story says why."""
    words = scene.words("act", "reason", "unpaid_ground")
    ground = pick(words, _GROUNDS, "") or None
    return make(
        ReportExecuted,
        claims=_open_claims(scene),
        unpaid_ground=ground,
        unpaid_paper=make(Material, name=short(words)) if ground else None,
    )


def _demanded(scene: Scene) -> list[Sent]:
    """催告 served that day, after the order that it presupposes."""
    owing = owed(scene.d) or still_claimed(scene.d)
    before = [] if ordered(scene) else order(scene, owing)
    body = make(
        DemandPerformance,
        amount=sum(owing.values(), ZERO),
        pay_by=scene.text("period") or PAY_BY.replace("5", "10"),
        served=True,
        served_on=scene.day,
        served_by="直接送达",
    )
    return [*before, scene.own(body)]


def _enforced(scene: Scene, act: str) -> ApplyEnforcement:
    owing = owed(scene.d) or still_claimed(scene.d)
    return make(
        ApplyEnforcement,
        measure="申请划拨存款" if "划拨" in act else "申请人民法院强制执行",
        ground="社会保险法第六十三条第三款（未足额缴纳且未提供担保）",
        amount=sum(owing.values(), ZERO),
        applied_on=scene.day,
    )


_WHY_NOT: Table = (
    ("冻结|没有钱|无资金|账上", "单位账户冻结或无资金"),
    ("失联|联系不上", "单位失联"),
    ("分期", "按协议分期履行中"),
    ("法院|强制", "已申请强制，等待结果"),
    ("裁判|仲裁|上级|答复", "等待裁判或上级答复"),
    ("不配合", "当事人不配合办理"),
)


def _unexecuted(scene: Scene) -> ReportUnexecuted:
    why = scene.text("act", "reason")
    return make(
        ReportUnexecuted,
        reason_code=pick(why, _WHY_NOT, "正在办理，尚未到位"),
        next="继续跟踪",
        explanation=short(why) if why else None,
    )


_RESTORED: Table = (
    ("补记", "补记缴费年限"),
    ("转移|接续|接收", "转移接续完成"),
    ("更正|变更信息", "更正缴费信息"),
    ("停保|减员", "停保减员"),
    ("重新核定待遇", "待遇重新核定"),
    ("补发|待遇发放", "待遇补发"),
    ("补办|参保登记|办理登记", "补办参保登记"),
)


def _restored(scene: Scene) -> list[Sent]:
    """权益落实: an enrolment with its month, or what the words of the act say was done."""
    since = scene.said("enrolled_from")
    what = "补办参保登记" if since is not None else pick(scene.text("act"), _RESTORED, "")
    if not what:
        return []
    claims = _open_claims(scene)
    dated = what in ("补办参保登记", "补记缴费年限") and since is not None
    body = make(
        RecordRightsRestored,
        claim=claims[0],
        restored=what,
        from_month=_month(since) if dated else None,
        amount=(sum_in(scene.text("act")) or claimed(scene.d, claims[0])) if what == "待遇补发" else None,
        done_on=scene.day,
    )
    return [scene.aside(body)]


def _month(said: object) -> str | None:
    day = as_day(said)
    return f"{day:%Y-%m}" if day else str(said)[:7]


def _refunded(scene: Scene) -> list[Sent]:
    if denied(scene.said("refund")) or (sum_ := scene.money("refund")) is None:
        return []
    items = scene.d.sub_items.values()
    back = [scene.claim(), *(s.no for s in items if s.refund), *scene.claims()]
    claim = next(no for no in back if no is not None)
    asked = claim_of(scene.d, claim)
    resident = asked is not None and asked.regime == Regime.RESIDENT
    to = pick(scene.words("act", "to"), (("单位|公司", "用人单位"),), "居民本人" if resident else "职工本人")
    return [scene.aside(make(RecordRefund, claim=claim, amount=sum_, to=to, paid_on=scene.day))]
