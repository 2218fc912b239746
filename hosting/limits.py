"""Requests a minute as the deployment sets them, for a person, a unit's system, an address."""

import os
from collections.abc import Mapping

from api.limits import Limits
from hosting.embedded.errors import CannotStart

VARIABLES = {
    "person": "FENGQIAO_REQUESTS_PERSON",
    "system": "FENGQIAO_REQUESTS_SYSTEM",
    "address": "FENGQIAO_REQUESTS_ADDRESS",
}


def limits_named(environ: Mapping[str, str] = os.environ) -> Limits:
    """The limits, the usual ones where the environment sets none. Raises CannotStart."""
    set_: dict[str, int] = {}
    for name, variable in VARIABLES.items():
        said = environ.get(variable)
        if said is None:
            continue
        if not said.isdecimal() or not 0 < int(said) <= 1_000_000:
            raise CannotStart(f"{variable} 应为每分钟请求次数，1 至 1000000 的整数")
        set_[name] = int(said)
    return Limits(**set_)
