"""The OpenAPI document against the real server: whatever it allows to be asked, by every role, is answered as it says."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.app import PREFIX, create_app
from api.limits import Limits
from domain.access import Role
from domain.policy import Policy
from ledger.audit import audit_faults
from ledger.connection import reading
from tests.access.test_accounts import TAX, unit_of
from tests.api.conftest import Staff, key, site_over
from tests.integration.conftest import Desk
from tests.support.served import served

LEFT_OUT = {
    ("GET", f"{PREFIX}/live"),  # it does not end
    ("DELETE", f"{PREFIX}/session"),  # it ends what the others need
    ("DELETE", f"{PREFIX}/me/sessions"),
}
PUBLIC = {f"{PREFIX}/{path}" for path in ("session", "slips", "founding", "lookup")}
"""Where it is all the same who asks."""
CHECKS: list[Any] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = {GenerationMode.POSITIVE: 2, GenerationMode.NEGATIVE: 1}
"""For each operation, of what fits the document and of what does not; each asked by everybody."""


@pytest.fixture
async def whole(desk: Desk, policy: Policy) -> AsyncIterator[Staff]:
    """A whole office, in which nobody is told to wait."""
    desk.ledger.save_policy(policy)
    unlimited = Limits(*[10**6] * len(Limits._fields))
    async with AsyncExitStack() as stack:
        site = site_over(desk.ledger, policy, desk.office)._replace(limits=unlimited)
        yield Staff(create_app(site), desk.ledger, stack)


async def test_the_document_holds_whoever_asks(whole: Staff) -> None:
    callers: dict[str, dict[str, str]] = {"nobody": {}}
    for role in Role:
        who = await whole.at(unit_of(role), role, login=f"tried-{role.value}")
        callers[role.value] = dict(who.cookies)
    async with served(whole.app) as address:
        await asyncio.to_thread(try_all, whole.app.openapi(), address, callers)
    with reading(whole.ledger.engine) as connection:
        assert audit_faults(connection, whole.ledger.sealer) == []


def try_all(document: dict[str, Any], address: str, callers: dict[str, dict[str, str]]) -> None:
    """Ask each operation what its part of the document allows, and what it does not, as everybody."""
    schema = schemathesis.openapi.from_dict(document)
    tried = 0
    for found in schema.get_all_operations():
        assert isinstance(found, Ok), found
        operation = found.ok()
        if (operation.method.upper(), operation.path) in LEFT_OUT:
            continue
        tried += 1
        for mode in GenerationMode:
            if mode is GenerationMode.POSITIVE or operation.body or operation.query or operation.headers:
                asking = {"nobody": {}} if operation.path in PUBLIC else callers
                ask(operation.as_strategy(generation_mode=mode), EXAMPLES[mode], address, asking)
    assert tried > 40


def ask(strategy: Any, examples: int, address: str, callers: dict[str, dict[str, str]]) -> None:
    @given(case=strategy)
    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
    )
    def asked(case: Any) -> None:
        for cookies in callers.values():
            answer = case.call(
                base_url=address, cookies=cookies, headers={"Origin": address}, session=session
            )
            case.validate_response(answer, checks=CHECKS)

    with requests.Session() as session:
        asked()


ODD = {"NUL": "\x00", "NUL within": "a\x00b", "half a character": "\ud800"}
ASKED: list[tuple[str, str, dict[str, Any]]] = [
    ("POST", "/tasks/sign", {"tasks": [{"dispute": "{odd}", "task": "t1"}]}),
    ("POST", "/lookup", {"code": "{odd}"}),
    ("POST", "/session", {"login": "{odd}", "password": "{odd}"}),
    ("POST", "/search", {"name": "{odd}", "reason": "核实情况"}),
    ("POST", "/slips", {"slip": "{odd}", "password": "Tian-Qing-2026"}),
    ("PUT", "/me/post", {"post": "{odd}"}),
]


@pytest.mark.parametrize("odd", ODD)
async def test_a_character_that_cannot_be_kept_breaks_nothing(readers: Staff, odd: str) -> None:
    who = await readers.at(TAX)
    for path in (
        "/disputes/%00",
        "/tasks?unit=%00",
        "/disputes?lead=a%00",
        "/disputes/%00/timeline?unit=%00",
    ):
        answer = await who.get(path)
        assert answer.status_code == 422, (path, answer.text)
        assert "不能使用的字符" in answer.json()["detail"]
    for method, path, body in ASKED:
        content = json.dumps(body).replace("{odd}", json.dumps(ODD[odd])[1:-1])
        headers = {"Content-Type": "application/json", **key("odd")}
        answer = await who.request(method, path, content=content, headers=headers)
        assert answer.status_code < 500, (path, answer.text)
        assert answer.is_success or answer.headers["content-type"] == "application/problem+json"
