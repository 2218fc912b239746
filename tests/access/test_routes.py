"""Every route of the OpenAPI document, tried by every role: a route without a declared rule fails."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from api.access.guard import OpenTo, OpenToSystems, anybody, signed_in
from api.app import PREFIX
from domain.access import Role
from domain.machines import Scope, role_of
from ledger import clients
from ledger.audit import entries
from tests.access.test_accounts import unit_of
from tests.api.conftest import CENTER, Staff, kept, key, policy, readers

__all__ = ["kept", "policy", "readers"]

CHINESE = re.compile(r"[一-鿿]")
OF_SIGNED_IN = frozenset(Role)


class Rule(NamedTuple):
    """Who a route is open to; nobody signed in at all: ``public``. ``scope``: of a unit's own system."""

    public: bool
    roles: frozenset[Role]
    scope: Scope | None = None


def calls(dependant: Dependant) -> Iterator[Any]:
    """Everything that a route depends on."""
    for each in dependant.dependencies:
        yield each.call
        yield from calls(each)


def rule_of(route: Any) -> Rule | None:
    """The rule that a route declares."""
    found = list(calls(route.dependant))
    if narrow := [call.roles for call in found if isinstance(call, OpenTo)]:
        scope = next((call.scope for call in found if isinstance(call, OpenToSystems)), None)
        return Rule(False, frozenset.intersection(*narrow), scope)
    if signed_in in found:
        return Rule(False, OF_SIGNED_IN)
    return Rule(True, OF_SIGNED_IN) if anybody in found else None


def routes(app: Any) -> dict[tuple[str, str], Any]:
    """Every route by method and path, as the application serves them."""
    found: dict[tuple[str, str], Any] = {}

    def walk(among: Any) -> None:
        for route in among:
            if isinstance(route, APIRoute):
                found.update({(method, route.path): route for method in route.methods or ()})
            elif nested := getattr(route, "original_router", None):
                walk(nested.routes)

    walk(app.routes)
    return found


def operations(readers: Staff) -> dict[tuple[str, str], dict[str, Any]]:
    """Every operation of the document."""
    paths: dict[str, Any] = readers.app.openapi()["paths"]
    return {(method.upper(), path): told for path, its in paths.items() for method, told in its.items()}


async def test_every_route_declares_its_rule_and_says_in_chinese_what_it_is(readers: Staff) -> None:
    documented, served = operations(readers), routes(readers.app)
    assert len(documented) > 30
    for (method, path), told in documented.items():
        route = served.get((method, path)) or served[(method, path.removeprefix(PREFIX))]
        assert rule_of(route), f"{method} {path} declares no rule"
        assert CHINESE.search(told["summary"]), path
        for parameter in told.get("parameters", ()):
            said = parameter["schema"].get("title", "") + parameter.get("description", "")
            assert parameter["in"] == "path" or CHINESE.search(said), (path, parameter["name"])


def filled(path: str) -> str:
    return re.sub(r"\{\w+\}", "nothing", path)


@pytest.mark.parametrize("role", [None, *Role], ids=lambda role: role.value if role else "nobody")
async def test_a_route_is_open_to_the_roles_that_its_rule_names_and_no_others(
    readers: Staff, role: Role | None
) -> None:
    who = await (readers.at(unit_of(role), role, login="tried") if role else readers.browser())
    served = routes(readers.app)
    refused = 0
    for (method, path), _ in operations(readers).items():
        rule = rule_of(served.get((method, path)) or served[(method, path.removeprefix(PREFIX))])
        assert rule
        if (method, path) in ENDS_THE_SESSION or (path.endswith("/live") and role in rule.roles):
            continue  # the stream would not end
        answer = await who.request(method, f"http://desk.example{filled(path)}", headers=key("routes"))
        code = answer.json().get("code") if answer.headers["content-type"].endswith("problem+json") else None
        assert answer.status_code < 500, (method, path, answer.text)
        if rule.public:
            assert answer.status_code not in (401, 403), (method, path)
        elif role is None:
            assert answer.status_code == 401, (method, path)
        else:
            assert (code == "not_your_role" and answer.status_code == 403) == (role not in rule.roles), (
                method,
                path,
            )
            refused += role not in rule.roles
    if role:
        assert len(entries(readers.ledger, verb="访问", most=1000)) == refused


ENDS_THE_SESSION = {("DELETE", f"{PREFIX}/session"), ("DELETE", f"{PREFIX}/me/sessions")}


@pytest.mark.parametrize("unit", [CENTER, "县税务局"])
@pytest.mark.parametrize("scope", list(Scope))
async def test_a_route_is_open_to_systems_by_its_scope_and_else_to_none(
    readers: Staff, scope: Scope, unit: str
) -> None:
    site = readers.app.state.site
    _, token = clients.make(
        readers.ledger, readers.county.admin, unit=unit, client="某系统", scopes=[scope], days=1
    )
    system = await readers.browser()
    system.headers["Authorization"] = f"Bearer {token}"
    served = routes(readers.app)
    refused = opened = 0
    for method, path in operations(readers):
        rule = rule_of(served.get((method, path)) or served[(method, path.removeprefix(PREFIX))])
        assert rule
        answer = await system.request(method, f"http://desk.example{filled(path)}", headers=key("routes"))
        code = answer.json().get("code") if answer.headers["content-type"].endswith("problem+json") else None
        assert answer.status_code < 500, (method, path, answer.text)
        closed = code in ("not_for_machines", "not_your_role") and answer.status_code == 403
        if rule.public:
            assert not closed, (method, path)
            continue
        is_open = rule.scope is scope and role_of(unit, site.policy) in rule.roles
        assert closed is not is_open, (method, path)
        opened, refused = opened + is_open, refused + closed
    assert opened
    assert len(entries(readers.ledger, verb="访问", most=1000)) == refused


def test_no_system_comes_to_what_is_for_persons(readers: Staff) -> None:
    """Looks, lists, searches, statistics, accounts, the audit, several tasks at once."""
    served = routes(readers.app)
    open_ = {
        path.removeprefix(PREFIX) for (_, path), route in served.items() if (r := rule_of(route)) and r.scope
    }
    assert open_ == {
        "/registrations",
        "/registrations/tickets",
        "/disputes/{matter}",
        "/disputes/{matter}/timeline",
        "/disputes/{matter}/receipts",
        "/disputes/{matter}/papers",
        "/disputes/{matter}/offers",
        "/disputes/{matter}/form",
        "/disputes/{matter}/actions",
        "/disputes/{matter}/actions/{key}",
        "/disputes/{matter}/materials",
        "/disputes/{matter}/materials/{sha256}",
        "/disputes/{matter}/materials/{sha256}/content",
        "/tasks",
    }
