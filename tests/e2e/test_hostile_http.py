"""Whatever is sent to the product's HTTP ports, the answer is one that its own description allows."""

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
from tests.e2e.sandbox import Sandbox


def _described() -> OpenApiSchema:
    """What the webhook app says of itself. It is not run, and leaves no database behind for other tests."""
    app = webhook_app.build(WebhookAppSettings(bot_db_url="postgresql://nobody@localhost/nothing"))
    asyncio.run(mentorium_db.dispose())
    return schemathesis.openapi.from_dict(app.openapi())


schema = _described()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def webhook_url(sandbox: Sandbox) -> str:
    return str((await sandbox.state())["urls"]["webhook"])


@schema.parametrize()
@settings(max_examples=50, deadline=None, derandomize=True)
def test_the_webhook_app(case: schemathesis.Case[Any], webhook_url: str) -> None:
    case.call_and_validate(base_url=webhook_url)
