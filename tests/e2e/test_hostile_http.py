"""Whatever is sent to the product's HTTP ports, the answer is one that is described."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest_asyncio
import schemathesis
from hypothesis import settings
from schemathesis.specs.openapi.schemas import OpenApiSchema

import mentorium_db
from mentorium_bot import webhook_app
from mentorium_bot.config import WebhookAppSettings
from mentorium_observability.health import Health
from mentorium_runtime.health_app import METRICS, HealthApp
from tests.e2e.sandbox import Sandbox

_HEALTH_FIELDS = {
    "status": {"enum": ["ok", "degraded", "down", "closing"]},
    "parts": {"type": "object", "additionalProperties": {"type": "string"}},
    "next_due": {"type": ["string", "null"]},
    "busy": {"type": "integer", "minimum": 0},
}
_HEALTH_ANSWER = {
    "description": "How it is",
    "content": {
        "application/json": {
            "schema": {"type": "object", "required": sorted(_HEALTH_FIELDS), "properties": _HEALTH_FIELDS}
        }
    },
}
_METRICS_ANSWER = {"description": "The metrics", "content": {"text/plain": {"schema": {"type": "string"}}}}


def _health_paths() -> dict[str, Any]:
    """What health promises, at each of its paths and in every process."""
    health: dict[str, Any] = {"get": {"responses": {"200": _HEALTH_ANSWER, "503": _HEALTH_ANSWER}}}
    metrics: dict[str, Any] = {"get": {"responses": {"200": _METRICS_ANSWER}}}
    return {path: metrics if path == METRICS else health for path in HealthApp(Health([])).paths}


def _described() -> OpenApiSchema:
    """What the webhook app says of itself, and health. It is not run, and leaves no database behind for other tests."""
    app = webhook_app.build(WebhookAppSettings(bot_db_url="postgresql://nobody@localhost/nothing"))
    asyncio.run(mentorium_db.dispose())
    described = app.openapi()
    return schemathesis.openapi.from_dict({**described, "paths": {**described["paths"], **_health_paths()}})


def test_every_path_of_the_app_is_described() -> None:
    app = webhook_app.build(WebhookAppSettings(bot_db_url="postgresql://nobody@localhost/nothing"))
    asyncio.run(mentorium_db.dispose())
    assert {getattr(route, "path", None) for route in app.routes} == set(schema.raw_schema["paths"])


schema = _described()


@pytest_asyncio.fixture(scope="module")
async def webhook_url(sandbox: Sandbox) -> str:
    return str((await sandbox.state())["urls"]["webhook"])


@schema.parametrize()
@settings(max_examples=50, deadline=None, derandomize=True)
def test_the_webhook_app(case: schemathesis.Case[Any], webhook_url: str) -> None:
    case.call_and_validate(base_url=webhook_url)
