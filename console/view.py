"""From a template and what it shows to a page."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from starlette.responses import HTMLResponse

from console import assets, words
from domain.policy_units import MECHANISM


def _pairs(texts: list[str]) -> list[tuple[str, str]]:
    """Choices that are sent as they read."""
    return [(text, text) for text in texts]


_FILTERS: dict[str, Callable[..., Any]] = {
    name: getattr(words, name)
    for name in (
        "day", "short_day", "plain_day", "month_day", "said_day", "moment", "short_moment", "hour", "iso", "money", "size",
    )
}  # fmt: skip


@pass_context
def _short_no(context: Context, case_no: str) -> str:
    """A number for a list, told apart by the county of the page's frame."""
    return words.short_no(case_no, context["shell"]["county"])


def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("console"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    known: dict[str, Any] = made.globals  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    known["asset"] = assets.url
    known["mechanism"] = MECHANISM
    filters: dict[str, Any] = made.filters  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    filters |= _FILTERS | {"short_no": _short_no, "zipped": _pairs}
    return made


TEMPLATES = _environment()

REFERRER = {"Referrer-Policy": "same-origin"}
"""With ``no-referrer`` a browser says ``Origin: null`` of its own forms, which then look like another site's."""


def page(template: str, *, status: int = HTTPStatus.OK, **shown: Any) -> HTMLResponse:
    """The page of a template."""
    return HTMLResponse(TEMPLATES.get_template(template).render(**shown), status, REFERRER)


def form_page(
    template: str,
    refused: object,
    /,
    *,
    title: str,
    status: int = HTTPStatus.UNPROCESSABLE_ENTITY,
    **shown: Any,
) -> HTMLResponse:
    """The page of a form. ``refused``: something of it was not taken, which the title and the ``status`` say at once."""
    if not refused:
        return page(template, title=title, **shown)
    return page(template, title=f"有错误：{title}", status=status, **shown)


def address(place: str, query: Mapping[str, str | None]) -> str:
    """Where a page is looked at so; what is empty is left out."""
    given = {name: value for name, value in query.items() if value}
    return f"{place}?{urlencode(given)}" if given else place
