"""How forms are filled in, whatever they are made of."""

from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment


class BadForm(ValueError):
    """A form that cannot be filled in; the message says why and what to do, in Chinese."""


def environment() -> SandboxedEnvironment:
    """How forms are filled in: nothing but what they are given, and a name that is unknown is an error."""
    return SandboxedEnvironment(undefined=StrictUndefined, autoescape=True)
