"""schemathesis against Click's webhooks as a process: what fits their description and what does not, HTTP 200, JSON."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any, Final

import pytest
import pytest_asyncio
import schemathesis
from hypothesis import settings

from tests.conformance.click_support import signature
from tests.fixtures.click_shop import KEY, SERVICE_ID, webhook_process
from tests.fixtures.long_form import LONG

if TYPE_CHECKING:
    from tests.fixtures.servers import PostgresServer

EXAMPLES: Final = 2_000 if LONG else 15
_NUMBER: Final = {"type": ["integer", "null"]}
_ANSWER: Final = {
    "type": "object",
    "required": ["error", "error_note"],
    "properties": {
        "error": {"type": "integer", "minimum": -9, "maximum": 0, "not": {"const": -7}},
        "error_note": {"type": "string", "minLength": 1},
        "click_trans_id": _NUMBER,
        "merchant_trans_id": {"type": ["string", "null"]},
        "merchant_prepare_id": _NUMBER,
        "merchant_confirm_id": _NUMBER,
    },
}
_DIGITS: Final = {"type": "string", "pattern": "^[0-9]{1,19}$"}
_PREPARE: Final = {
    "click_trans_id": _DIGITS,
    "service_id": {"type": "string", "enum": [str(SERVICE_ID), "1"]},
    "click_paydoc_id": _DIGITS,
    "merchant_trans_id": {"type": "string"},
    "amount": {"type": "string", "pattern": r"^[0-9]{1,12}(\.[0-9]{1,2})?$"},
    "action": {"type": "string", "enum": ["0", "1"]},
    "error": {"type": "string", "pattern": "^-?[0-9]{1,5}$"},
    "error_note": {"type": "string"},
    "sign_time": {"type": "string", "pattern": "^2026-1[0-2]-2[0-8] 1[0-9]:[0-5][0-9]:[0-5][0-9]$"},
    "sign_string": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
}
_COMPLETE: Final = {**_PREPARE, "merchant_prepare_id": _DIGITS}
_FORM: Final = "application/x-www-form-urlencoded"
_JSON: Final = "application/json"


def _operations(fields: dict[str, Any]) -> dict[str, Any]:
    """As a form or JSON in the body, and as a query."""
    body = {"type": "object", "required": list(fields), "properties": fields}
    answers = {"200": {"description": "", "content": {_JSON: {"schema": _ANSWER}}}}
    query = [{"name": name, "in": "query", "required": True, "schema": field} for name, field in fields.items()]
    kinds = {kind: {"schema": body} for kind in (_FORM, _JSON)}
    return {
        "post": {"requestBody": {"required": True, "content": kinds}, "responses": answers},
        "get": {"parameters": query, "responses": answers},
    }


schema = schemathesis.openapi.from_dict(
    {
        "openapi": "3.1.0",
        "info": {"title": "Click", "version": "1"},
        "paths": {
            "/webhooks/click/prepare": _operations(_PREPARE),
            "/webhooks/click/complete": _operations(_COMPLETE),
        },
    }
)


@pytest_asyncio.fixture(scope="session")
async def click_url(
    postgres_server: PostgresServer,
    bot_template: str,
    redis_server: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[str]:
    folder = tmp_path_factory.mktemp("click_schema")
    async with (
        postgres_server.copy("click_schema", bot_template) as dsn,
        webhook_process(dsn, redis_server, folder) as process,
    ):
        yield f"http://127.0.0.1:{process.port}"


@schema.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, derandomize=True)
def test_clicks_webhooks(case: schemathesis.Case[Any], click_url: str) -> None:
    """A call that does not fit is answered with 200, too: Click reads nothing else."""
    _sign(case.body if case.method == "POST" else case.query)
    answer = case.call(base_url=click_url)
    assert answer.status_code == 200
    case.validate_response(answer, checks=[schemathesis.checks.response_schema_conformance])


def _sign(fields: object) -> None:
    """Every other call that can be signed, so that more than its signature is judged."""
    if not isinstance(fields, dict) or not _PREPARE.keys() <= fields.keys():
        return
    if all(isinstance(value, str) for value in fields.values()) and fields["click_trans_id"][-1:] in set("02468"):
        fields["sign_string"] = signature(fields, KEY)
