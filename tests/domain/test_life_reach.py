"""The random lives are no idle ones: they get everywhere, and many come to their end."""

from datetime import datetime
from random import Random

from domain.actions import FORMS
from domain.dispute import Dispute
from domain.words import Stage, Step
from tests.domain.test_life_random import COUNTIES, Watched, live


class Roamer(Watched):
    """A life that is not asked at every step what is offered: those of the promises are."""

    def before_action(self, d: Dispute, now: datetime) -> None:
        """Go on."""


ELSEWHERE = {Stage.REPORTED_UP, Stage.SPECIAL_CASE}
"""Stages that another county's route has."""


def test_lives_of_another_county_reach_the_rest() -> None:
    stages: set[str] = set()
    taken: set[str] = set()
    wanted = {"hand_over", "transfer_out", "notify_transfer", "finish_on_the_spot"}
    onward = {"accept_case", "issue_investigation_report", "report_up", "reply_from_above"}
    for seed in range(120, 200):  # from here what comes up once in a hundred lives comes early
        if taken >= wanted and stages >= ELSEWHERE:
            break
        life = live(COUNTIES["yunxi"], Random(seed), (wanted - taken) or onward, Roamer(COUNTIES["yunxi"]))
        taken |= life.taken
        stages |= {v.stage for d in life.matters.values() for v in d.route_taken}
    assert stages >= ELSEWHERE
    assert taken >= wanted


GATEWAY = {"report_undelivered", "tell_otherwise"}
"""What only a gateway's answer brings about; here is none (tests/notices)."""
LEADS_TO = (
    ("change_level", "decide_level_change"),
    ("conclude_agreement", "record_judicial_confirmation"),
    ("apply_judicial_confirmation", "record_judicial_confirmation"),
    ("demand_performance", "apply_enforcement"),
    ("order_payment", "demand_performance"),
    ("review_paper", "issue_paper"),
    ("issue_paper", "serve_paper"),
    ("log_call_attempt", "close_unreached"),
)
"""What must come before something that is rarely met."""


def test_lives_reach_every_stage_and_end() -> None:
    stages: set[str] = set()
    outcomes: set[str | None] = set()
    opened: set[str] = set()
    taken: set[str] = set()
    elsewhere = {"absorb_source", "finish_on_the_spot", "hand_over", "transfer_out", "notify_transfer"}
    elsewhere |= GATEWAY
    ends = {None, "撤回终止", "不予受理移送", "转线索", "并案"}
    for seed in range(120):
        if set(FORMS) - taken == elsewhere and set(Stage) - stages == ELSEWHERE and outcomes >= ends:
            break
        wanted = {*FORMS} - taken | {before for before, rare in LEADS_TO if rare not in taken}
        life = live(COUNTIES["pianguan"], Random(seed), wanted, Roamer(COUNTIES["pianguan"]))
        opened |= life.handed_over
        taken |= life.taken
        stages |= {v.stage for d in life.matters.values() for v in d.route_taken}
        outcomes |= {d.outcome for d in life.matters.values()}
    assert set(Stage) - stages == ELSEWHERE
    assert opened == {Step.CONSULT, Step.JOINT_MEETING}
    assert set(FORMS) - taken == elsewhere, "forms that no life ever fills in"
    assert outcomes >= ends
