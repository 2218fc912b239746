"""One fault of a policy."""

from domain.words import Model


class Problem(Model):
    """Where (``tiers.0.route``), what is wrong and what to do, in Chinese."""

    path: str
    what: str
    fix: str
