"""The matter that a request is about, as far as its caller may know of it."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from api.problems import Unseen, hidden
from api.site import Site
from domain.access import Post
from domain.dispute import Dispute
from domain.knowing import Near, near
from domain.policy import Policy
from domain.rights import Sight, View, sight, view
from ledger.connection import reading
from ledger.states import newest
from ledger.store import Ledger
from starter.office.views import Veil, business_now, veil_over


@dataclass(frozen=True)
class Known:
    """A matter with its policy, today's rights in it, and how the caller sees it."""

    d: Dispute
    policy: Policy
    view: View
    _ledger: Ledger

    @cached_property
    def veil(self) -> Veil:
        """The veil over what is shown of it; read when something is shown, which an action never does. Raises KeyProblem."""
        return veil_over(self._ledger, self.d)

    @cached_property
    def now(self) -> datetime:
        """The moment at which something would be done with it."""
        return business_now(self.d)

    @property
    def seen(self) -> Sight:
        """How much of it is shown."""
        return self.view.sight


def known(site: Site, post: Post, ref: str) -> Known:
    """The matter with this id or case number. Raises Problem alike for an unknown one and one not to be known of."""
    d = site.ledger.state(ref)
    if not d.version:
        matter = site.ledger.find(ref)
        if matter is None:
            raise hidden()
        d = site.ledger.state(matter)
    policy = policy_of(site, d)
    seen = view(d, post, policy)
    if seen.sight is Sight.NOTHING:
        raise Unseen(d.case_no)
    return Known(d, policy, seen, site.ledger)


def etag(it: Known) -> str:
    """The matter's version as ``ETag`` and ``If-Match`` say it."""
    return f'"{it.d.version}"'


def policy_of(site: Site, d: Dispute) -> Policy:
    """The policy that a matter began under, with the rights of today."""
    return site.ledger.policy(d.policy_version).under(site.policy)


def policies(site: Site) -> Callable[[Dispute], Policy]:
    """The same for many matters: each policy version is joined with today's rights once."""
    known: dict[str, Policy] = {}

    def policy(d: Dispute) -> Policy:
        if d.policy_version not in known:
            known[d.policy_version] = policy_of(site, d)
        return known[d.policy_version]

    return policy


def beside(site: Site, post: Post) -> Near | None:
    """What leads a post to the matters in which it looks around; ``None`` for the units that oversee the whole county."""
    return near(post.unit, site.policy)


def sights(site: Site, post: Post, matters: Collection[str]) -> dict[str, Sight]:
    """How much a post sees of each of these matters; those that it may not know of are left out."""
    with reading(site.ledger.engine) as connection:
        states = newest(connection, site.ledger.sealer, matters)
    policy = policies(site)
    found = {matter: sight(d, post, policy(d)) for matter, d in states.items()}
    return {matter: seen for matter, seen in found.items() if seen is not Sight.NOTHING}
