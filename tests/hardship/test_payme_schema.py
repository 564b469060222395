"""schemathesis against PayMe's webhook as a process: what fits its description and what does not, HTTP 200 and JSON."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any, Final

import pytest
import pytest_asyncio
import schemathesis
from hypothesis import settings

from tests.conformance.payme_client import METHODS, basic
from tests.fixtures.long_form import LONG
from tests.fixtures.payme_shop import KEY, payme_shop

if TYPE_CHECKING:
    from tests.fixtures.servers import PostgresServer

EXAMPLES: Final = 2_000 if LONG else 25
_TEXTS: Final = {"type": "object", "required": ["uz", "ru", "en"], "additionalProperties": {"type": "string"}}
_ERROR: Final = {
    "type": "object",
    "required": ["code", "message"],
    "properties": {"code": {"type": "integer", "not": {"const": -32400}}, "message": _TEXTS},
}
_ANSWER: Final = {
    "type": "object",
    "required": ["id"],
    "oneOf": [{"required": ["result"]}, {"required": ["error"]}],
    "properties": {"id": {"type": ["integer", "string", "null"]}, "result": {"type": "object"}, "error": _ERROR},
}
_MOMENT: Final = {"type": "integer", "minimum": 0}
_CALL: Final = {
    "type": "object",
    "required": ["method", "params", "id"],
    "properties": {
        "id": {"type": "integer"},
        "method": {"enum": list(METHODS)},
        "params": {
            "type": "object",
            "properties": {
                "id": {"type": "string"},
                "time": _MOMENT,
                "from": _MOMENT,
                "to": _MOMENT,
                "amount": {"type": "integer"},
                "reason": {"type": "integer"},
                "type": {"enum": ["PERFORM", "CANCEL"]},
                "account": {"type": "object", "properties": {"order_id": {"type": "string"}}},
                "fiscal_data": {"type": "object", "properties": {"qr_code_url": {"type": "string"}}},
            },
        },
    },
}
_JSON: Final = "application/json"
schema = schemathesis.openapi.from_dict(
    {
        "openapi": "3.1.0",
        "info": {"title": "Payme", "version": "1"},
        "paths": {
            "/webhooks/payme": {
                "post": {
                    "requestBody": {"required": True, "content": {_JSON: {"schema": _CALL}}},
                    "responses": {"200": {"description": "", "content": {_JSON: {"schema": _ANSWER}}}},
                }
            }
        },
    }
)


@pytest_asyncio.fixture(scope="session")
async def payme_url(
    postgres_server: PostgresServer,
    bot_template: str,
    redis_server: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[str]:
    folder = tmp_path_factory.mktemp("payme_schema")
    async with (
        postgres_server.copy("payme_schema", bot_template) as dsn,
        payme_shop(dsn, redis_server, folder) as shop,
    ):
        yield shop.url.removesuffix("/webhooks/payme")


@schema.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, derandomize=True)
def test_paymes_webhook(case: schemathesis.Case[Any], payme_url: str) -> None:
    """A body that does not fit is answered with 200, too: PayMe reads nothing else."""
    answer = case.call(base_url=payme_url, headers={"Authorization": basic("Paycom", KEY)})
    assert answer.status_code == 200
    case.validate_response(answer, checks=[schemathesis.checks.response_schema_conformance])
