"""销毁: who may propose and approve that files whose term is over are destroyed, and how far a list of them is."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from domain.access import Post
from domain.declined import Declined
from domain.policy import Policy

APPROVALS = 2
"""People who must agree, neither of them whoever proposed the list."""
MARK = "销字"
"""Between the county's prefix and the year in a list's number."""


class ListState(StrEnum):
    """How far a list is."""

    WAITING = "待批准"
    APPROVED = "已批准"
    STOPPED = "已终止"
    DONE = "已执行"


class Vote(NamedTuple):
    """What one person said of a list."""

    person: str
    agrees: bool


def may_propose(post: Post, policy: Policy) -> bool:
    """Whether a post sees what is due, proposes lists and carries them out."""
    rights = policy.rights.destruction
    return post.role in rights.proposes and _in(post, policy, rights.proposes_in)


def may_approve(post: Post, policy: Policy) -> bool:
    """Whether a post agrees or disagrees with lists of others."""
    rights = policy.rights.destruction
    return post.role in rights.approves and _in(post, policy, rights.approves_in)


def has_part(post: Post, policy: Policy) -> bool:
    """Whether lists are shown to a post."""
    return may_propose(post, policy) or may_approve(post, policy)


def _in(post: Post, policy: Policy, words: tuple[str, ...]) -> bool:
    return policy.units.knows(post.unit) and policy.among(post.unit, words)


def state_of(proposer: str, votes: Sequence[Vote], left: int) -> ListState:
    """How far a list is. ``left``: how many of its matters are not destroyed."""
    if not left:
        return ListState.DONE
    if any(not vote.agrees for vote in votes):
        return ListState.STOPPED
    agreed = {vote.person for vote in votes if vote.person != proposer}
    return ListState.APPROVED if len(agreed) >= APPROVALS else ListState.WAITING


def check_vote(person: str, proposer: str, votes: Sequence[Vote], left: int, *, agrees: bool) -> None:
    """Whether a person may say this of a list now. Raises Declined."""
    state = state_of(proposer, votes, left)
    if state in (ListState.DONE, ListState.STOPPED):
        raise Declined("list_closed", f"清册{state}，不能再批准或终止")
    if agrees and person == proposer:
        raise Declined("own_list", "不能批准自己提出的清册，须由另外两人批准")
    if agrees and state is ListState.APPROVED:
        raise Declined("list_approved", "清册已经两人批准，不需要再批准")
