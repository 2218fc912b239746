"""What every route works with."""

from typing import NamedTuple
from urllib.parse import quote

from fastapi import Request

from activities.names import workflow_id
from api.access.platform import Platform
from api.limits import Limits
from domain.access import AccessRules
from domain.channels import NO_CHANNELS, Channels
from domain.outbound import USUAL, Outbound
from domain.policy import Policy
from importing.rules import Rules
from ledger.store import Ledger
from starter.materials.scanner import Scanner
from starter.office import Office
from starter.office.pdf import Converter


class Histories(NamedTuple):
    """Temporal's pages as an administrator's browser reaches them: they ask for a pass of their own."""

    address: str
    namespace: str

    def of(self, matter: str) -> str:
        """The page of a matter's workflow."""
        return f"{self.address}/namespaces/{quote(self.namespace, safe='')}/workflows/{quote(workflow_id(matter), safe='')}"


class Site(NamedTuple):
    """One office as the API serves it. ``secure``: behind TLS; else it is spoken to on this machine alone."""

    office: Office
    ledger: Ledger
    policy: Policy
    secure: bool = True
    tickets: Rules | None = None
    """How the county's hotline export is read; without it none is taken."""
    outbound: Outbound = USUAL
    """How other systems are reached."""
    channels: Channels = NO_CHANNELS
    """By which ways notices go out."""
    scanner: Scanner | None = None
    """Looks for viruses in what is handed in; without it files are kept as 未扫描."""
    platform: Platform | None = None
    """By which people may sign in beside their passwords."""
    limits: Limits = Limits()
    """How often somebody may ask."""
    histories: Histories | None = None
    """Where Temporal's own pages show a matter's history."""
    demo: bool = False
    """Whether it is a demonstration's: some of its matters live by a clock of their own."""
    pdf: Converter | None = None
    """Makes PDF of papers; without it they are given out as .docx alone."""

    @property
    def rules(self) -> AccessRules:
        """The county's rules of signing in."""
        return self.policy.access


def site_of(request: Request) -> Site:
    """The site that the request came to."""
    return request.app.state.site
