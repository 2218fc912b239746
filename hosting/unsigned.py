"""What becomes of an action that nobody signed, by key or by signing in."""

import os
from collections.abc import Mapping

from hosting.embedded.errors import CannotStart

UNSIGNED = "FENGQIAO_UNSIGNED"
"""``refuse`` it, or take and ``mark`` it, for trials alone."""


def takes_unsigned(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether such actions are taken, and marked. Raises CannotStart for a setting that is neither."""
    said = environ.get(UNSIGNED, "refuse")
    if said not in ("refuse", "mark"):
        raise CannotStart(f"{UNSIGNED} 只能是 refuse（不予办理，默认）或 mark（办理并标明未验证）")
    return said == "mark"
