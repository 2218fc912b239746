"""What another department's own system may do here (接口): less than the officer of its unit whom it names."""

from datetime import timedelta
from enum import StrEnum

from domain.access import Role
from domain.actions import VERBS
from domain.policy import Policy
from domain.words import UnitName


class Scope(StrEnum):
    """What a system's token is good for. ``read:own``: what its unit has a part in, matter by matter; ``materials``: the files of
    these."""

    REGISTER = "register"
    ACT = "act"
    READ_OWN = "read:own"
    MATERIALS = "materials"


LONGEST = timedelta(days=365)
"""A token is good for so long at the most."""
AT_ONCE = 2
"""Tokens of one system that are good together: the old one, until the new one is in place."""

BY_PERSONS_ALONE = frozenset(
    (
        "decide_return", "review_level", "review_suspension", "verify_withdrawal", "review_agreement",
        "uphold_disposition", "decide_level_change", "decide_extension", "decide_card_appeal", "withdraw_card",
        "answer_joint_proposal", "refuse_claims", "reopen_case", "close_case", "record_callback", "close_unreached",
        "review_paper", "issue_paper", "revoke_paper",
    )
)  # fmt: skip
"""Verbs that approve, review or ask for another pair of eyes: somebody signs in for them."""


def role_of(unit: UnitName, policy: Policy) -> Role:
    """In which role a unit's system acts: of whoever takes matters in at a hub, of an officer elsewhere."""
    return Role.OPERATOR if policy.is_center(unit) else Role.OFFICER


def why_not(role: Role, kind: str, policy: Policy) -> str | None:
    """Why a system may not do a verb, in Chinese; 兼岗 lends it nothing."""
    if kind in policy.rights.verbs(role) and kind not in BY_PERSONS_ALONE:
        return None
    return f"接口不能“{VERBS[kind]}”，请由本人登录后办理"
