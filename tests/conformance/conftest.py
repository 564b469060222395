"""The merchant that is judged: the one that `make conformance` names, else our own webhook app as a real process."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import httpx
import pytest
import pytest_asyncio

from tests.conformance.payme_client import IMPOSSIBLE, FreshOrder, Merchant

if TYPE_CHECKING:
    from tests.fixtures.servers import PostgresServer

_ANSWERS_WITHIN_S = 30.0


async def _printed_by(command: str) -> FreshOrder:
    """What the command prints: an order's id and its amount in tiyin."""
    process = await asyncio.create_subprocess_shell(command, stdout=asyncio.subprocess.PIPE)
    output, _ = await process.communicate()
    assert process.returncode == 0, f"ORDERS failed with {process.returncode}"
    order_id, amount = output.decode().split()
    return FreshOrder(order_id, int(amount))


if os.environ.get("CONFORMANCE_URL"):

    @pytest_asyncio.fixture(scope="session", loop_scope="session")
    async def merchant() -> AsyncIterator[Merchant]:
        """Somebody's."""
        async with httpx.AsyncClient(timeout=_ANSWERS_WITHIN_S) as client:
            yield Merchant(
                client,
                os.environ["CONFORMANCE_URL"],
                os.environ["CONFORMANCE_KEY"],
                lambda: _printed_by(os.environ["CONFORMANCE_ORDERS"]),
                os.environ.get("CONFORMANCE_LOGIN") or "Paycom",
                os.environ.get("CONFORMANCE_FIELD") or "order_id",
                int(os.environ.get("CONFORMANCE_BUSY") or IMPOSSIBLE),
            )

else:

    @pytest_asyncio.fixture(scope="session", loop_scope="session", name="merchant")
    async def our_merchant(
        postgres_server: PostgresServer,
        bot_template: str,
        redis_server: str,
        tmp_path_factory: pytest.TempPathFactory,
    ) -> AsyncIterator[Merchant]:
        """Ours."""
        from tests.fixtures.payme_shop import payme_shop

        folder = tmp_path_factory.mktemp("conformance")
        async with (
            postgres_server.copy("conformance", bot_template) as dsn,
            payme_shop(dsn, redis_server, folder) as shop,
        ):
            yield shop.merchant
