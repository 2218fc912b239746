"""From a template and what it shows to a page."""

from http import HTTPStatus
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse

from console import assets, words

TEMPLATES = Environment(
    loader=PackageLoader("console"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
TEMPLATES.globals["asset"] = assets.url
TEMPLATES.filters.update(
    day=words.day,
    short_day=words.short_day,
    plain_day=words.plain_day,
    month_day=words.month_day,
    said_day=words.said_day,
    moment=words.moment,
    short_moment=words.short_moment,
    hour=words.hour,
    iso=words.iso,
    money=words.money,
    short_no=words.short_no,
    size=words.size,
    zipped=lambda texts: [(text, text) for text in texts],
)


REFERRER = {"Referrer-Policy": "same-origin"}
"""With ``no-referrer`` a browser says ``Origin: null`` of its own forms, which then look like another site's."""


def page(template: str, *, status: int = HTTPStatus.OK, **shown: Any) -> HTMLResponse:
    """The page of a template."""
    return HTMLResponse(TEMPLATES.get_template(template).render(**shown), status, REFERRER)
