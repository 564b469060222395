"""The tills on a real port, calling a small shop of these tests on another."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest_asyncio
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from mentorium_sandbox import faults as fault_calls
from mentorium_sandbox.control_api import errors_as_json
from mentorium_sandbox.faults import Faults
from mentorium_sandbox.tills import Merchant, Tills
from sandbox_tests.telegram.conftest import MovableClock
from sandbox_tests.tills.shop import CLICK_SECRET, CLICK_SERVICE, PAYME_KEY, Order, Shop

PAYME_ID = "587f72c72cac0d162c722ae2"


@dataclass(frozen=True, slots=True)
class Street:
    """Tills and shop. `control` gives status and body of a control call; `url` is the tills' root."""

    url: str
    tills: Tills
    shop: Shop
    clock: MovableClock
    http: ClientSession

    async def control(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        async with self.http.request(method, f"{self.url}/sandbox{path}", json=body) as response:
            return response.status, await response.json()

    async def post(self, path: str, **body: Any) -> Any:
        status, answer = await self.control("POST", path, body)
        assert status == 200, answer
        return answer

    def order(self, name: str = "mnt234567abcdefg", tiyin: int = 9_900_000) -> Order:
        self.shop.orders[name] = Order(tiyin)
        return self.shop.orders[name]


@pytest_asyncio.fixture
async def street() -> AsyncIterator[Street]:
    clock, faults, shop = MovableClock(), Faults(slow_s=0.3), Shop()
    async with TestServer(shop.app(), host="127.0.0.1") as shop_server:
        merchant = Merchant(
            now=clock,
            faults=faults,
            webhook_url=lambda: str(shop_server.make_url("")).rstrip("/"),
            payme_id=PAYME_ID,
            payme_key=PAYME_KEY,
            click_service_id=CLICK_SERVICE,
            click_merchant_id="777",
            click_merchant_user_id="888",
            click_secret=CLICK_SECRET,
            patience_s=3.0,
        )
        tills = Tills(merchant)
        app = web.Application(middlewares=[errors_as_json])
        app.add_routes([*tills.routes(), *fault_calls.routes(faults)])
        async with TestServer(app, host="127.0.0.1") as server, ClientSession() as http:
            yield Street(str(server.make_url("")).rstrip("/"), tills, shop, clock, http)
