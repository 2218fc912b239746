"""The steps of the plan's annex, one module for what belongs together.

Each waits while the matter is in its part of the annex (:func:`domain.flow.phase`) and watches the clocks of that part by
timers named for them. It ends because the state says that the matter is elsewhere, in whatever way that came: by the
action that ends it, by 改级, by 撤回, by a proceeding.
"""

from workflows.steps.callback import call_back
from workflows.steps.closing import close
from workflows.steps.informing import execute, inform
from workflows.steps.intake import check_lead, review
from workflows.steps.route import follow_route

__all__ = ["call_back", "check_lead", "close", "execute", "follow_route", "inform", "review"]
