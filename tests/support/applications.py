"""One application for all tests of a kind, each of which has it serve an office of its own."""

from functools import cache
from types import ModuleType

from fastapi import FastAPI

from api.site import Site


@cache
def _routed(of: ModuleType) -> FastAPI:
    return of.routed(secure=False)


def serving(of: ModuleType, site: Site) -> FastAPI:
    """The application of :mod:`api.app` or :mod:`console.site`, at this site: to make its routes takes half a second."""
    application = _routed(of)
    of.open_at(application, site)
    return application
