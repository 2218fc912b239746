"""What acts of disposing, paying, telling and calling back mean."""

from datetime import date
from typing import Literal

from domain.intake import ClaimNo
from domain.words import Conclusion, Model, Money, Satisfaction


class Guided(Model):
    """The ways of the law are shown."""

    type: Literal["guided"] = "guided"
    ways: list[str]


class ProceedingBegan(Model):
    """A proceeding elsewhere; ``waited_for``: the matter stands still until it ends."""

    type: Literal["proceeding_began"] = "proceeding_began"
    name: str
    waited_for: bool


class RulingRecorded(Model):
    """A paper that decides a proceeding elsewhere."""

    type: Literal["ruling_recorded"] = "ruling_recorded"
    name: str
    outcome: str
    in_force: bool


class WaitEnded(Model):
    """Nobody waits for a proceeding elsewhere any more."""

    type: Literal["wait_ended"] = "wait_ended"


class OpinionGiven(Model):
    """A consulted unit's view of each claim it was asked about."""

    type: Literal["opinion_given"] = "opinion_given"
    views: dict[ClaimNo, str]


class ClaimDecided(Model):
    """What a disposition settles of one claim; ``recognised``: premium, yuan."""

    no: ClaimNo
    conclusion: Conclusion
    recognised: Money | None = None
    refund: Money | None = None
    """What is to be paid back, yuan, where that was decided."""


class DispositionIssued(Model):
    """处置意见. ``excepted``: how many lines of the roll are 不支持 though the rest is not."""

    type: Literal["disposition_issued"] = "disposition_issued"
    claims: list[ClaimDecided]
    excepted: int = 0


class DispositionUpheld(Model):
    """The decision in force on these claims was confirmed after a sitting had studied what is said against it."""

    type: Literal["disposition_upheld"] = "disposition_upheld"
    claims: list[ClaimNo]


class PaidPart(Model):
    """Principal of one claim, yuan."""

    claim: ClaimNo
    principal: Money


class PaymentRecorded(Model):
    """到账: principal by claim, the late fee beside it. ``elsewhere``: another place's tax authority collected it.

    ``instalment``: the one of the agreement, from 1, that it was named for.
    """

    type: Literal["payment_recorded"] = "payment_recorded"
    parts: list[PaidPart]
    late_fee: Money
    by_force: bool
    elsewhere: bool = False
    paid_on: date
    instalment: int | None = None


class PaymentWithdrawn(Model):
    """更正: the payment of this number counts no more. ``reopened``: claims that were closed because of it."""

    type: Literal["payment_withdrawn"] = "payment_withdrawn"
    no: int
    reopened: list[ClaimNo] = []


class RefundRecorded(Model):
    """退费到账 of a claim, yuan."""

    type: Literal["refund_recorded"] = "refund_recorded"
    claim: ClaimNo
    amount: Money


class Executed(Model):
    """执行完毕, of the whole."""

    type: Literal["executed"] = "executed"


class LeftUnpaid(Model):
    """执行完毕 of claims whose recognised principal has not come in whole, and on what ground."""

    type: Literal["left_unpaid"] = "left_unpaid"
    claims: list[ClaimNo]
    ground: str


class PartiesInformed(Model):
    """结果告知. ``on``: the day on which the parties were told."""

    type: Literal["parties_informed"] = "parties_informed"
    on: date


class ResultFedBack(Model):
    """反馈办理结果."""

    type: Literal["result_fed_back"] = "result_fed_back"
    attitude: str
    performance: str
    risk: bool


class CallTried(Model):
    """A callback not answered."""

    type: Literal["call_tried"] = "call_tried"


class CalledBack(Model):
    """回访结果; ``answers``: by the number of the question, as chosen. None where nobody was reached."""

    type: Literal["called_back"] = "called_back"
    satisfaction: Satisfaction
    answers: dict[str, list[str]] = {}
    method: str
    category: str | None = None


class Reopened(Model):
    """重新办理."""

    type: Literal["reopened"] = "reopened"
