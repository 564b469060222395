"""Our own webhook app as a merchant: the real routes over real HTTP, on a real PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final
from uuid import uuid4

import httpx
from sqlalchemy import text

import mentorium_db
from mentorium_bot.config import WebhookAppSettings
from mentorium_bot.webhook_app import build
from mentorium_core.billing.orders import CreateOrder
from mentorium_db import get_session
from mentorium_domain.enums import ProviderName, Tariff
from mentorium_kit import clock
from mentorium_runtime.http_server import serving
from mentorium_runtime.settings import load
from mentorium_sandbox.servers.process import free_port
from tests.conformance.click_support import ClickCaller, ShopOrder
from tests.fixtures.patience import KEPT_SHORTLY
from tests.integration.core.billing.till import new_parent

SERVICE_ID: Final = 85_335
KEY: Final = "click-key-of-the-tests"
PRICE: Final = "99000"


async def our_order(
    parent_id: int | None = None, *, provider: ProviderName = ProviderName.CLICK, tariff: Tariff = Tariff.MONTHLY
) -> ShopOrder:
    """A fresh order of this parent, or of a new one."""
    now = clock.now()
    owner = parent_id if parent_id is not None else (await new_parent(now))[0]
    order = await CreateOrder()(owner, tariff, provider, request_key=uuid4().hex, now=now)
    return ShopOrder(order.public_id, f"{order.amount_minor // 100}")


@asynccontextmanager
async def our_shop(bot_dsn: str, **settings: object) -> AsyncIterator[ClickCaller]:
    """The webhook app of this process, listening."""
    told = {
        "bot_db_url": bot_dsn,
        "click_service_id": SERVICE_ID,
        "click_merchant_id": 1,
        "click_merchant_user_id": 2,
        "click_secret_key": KEY,
        **settings,
    }
    app, port = build(load(WebhookAppSettings, _env_file=None, **told)), free_port()
    base = f"http://127.0.0.1:{port}/webhooks/click"
    caller = httpx.AsyncClient(timeout=60, limits=KEPT_SHORTLY)
    async with serving(app, "127.0.0.1", port, lifespan=False), caller as client:
        yield ClickCaller(client, f"{base}/prepare", f"{base}/complete", str(SERVICE_ID), KEY, our_order)
    await mentorium_db.dispose()


async def rows(statement: str, **values: object) -> list[tuple[object, ...]]:
    async with get_session() as session:
        return [tuple(row) for row in await session.execute(text(statement), values)]
