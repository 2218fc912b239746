"""Which policy an office goes by: the file's, or, when a new file is faulty, the one it has had."""

from pathlib import Path

import structlog

from domain.policy import Policy
from ledger.queries import saved_policies
from ledger.store import Ledger
from policies import PolicyError, load

log = structlog.get_logger(__name__)


def policy_in_force(ledger: Ledger, name_or_path: str | Path) -> Policy:
    """The policy of the file; of a faulty one every fault is logged, and the newest version kept here goes on.

    Raises PolicyError for a faulty file where no version was ever in force.
    """
    try:
        return load(name_or_path)
    except PolicyError as error:
        kept = saved_policies(ledger.engine)
        if not kept:
            raise
        log.error(
            "policy_refused",
            file=str(name_or_path),
            goes_on_with=kept[0].version,
            faults=str(error).splitlines(),
        )
        return kept[0]
