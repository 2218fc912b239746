"""Making a 文书 while it is decided on: the number, the bytes and the events are one transaction."""

from collections.abc import Callable

from domain.declined import Declined
from domain.draft import Press, Pressed
from domain.paper_content import Content
from domain.policy import Policy
from papers.filling import BadForm
from papers.press import pressed

Keep = Callable[[str, str, bytes], str]
"""Keeps the bytes of a paper under its number and code; returns their SHA-256."""


def press_into(policy: Policy, new_code: Callable[[], str], keep: Keep) -> Press:
    """The press of a policy's forms. A form that cannot be filled in is a refusal: nothing is issued, no number is used."""

    def press(name: str, number: str, values: Callable[[str], Content]) -> Pressed:
        code = new_code()
        _, rule = policy.paper_rule(name)
        try:
            made = pressed(policy, rule, values(code))
        except BadForm as error:
            raise Declined("bad_form", f"《{name}》没有制发：{error}", "paper") from None
        return Pressed(code=code, sha256=keep(number, code, made))

    return press
