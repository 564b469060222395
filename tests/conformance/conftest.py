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
from tests.conformance.stars_telegram import Kind, StarsBot, StarsOrder, bot_api

if TYPE_CHECKING:
    from tests.fixtures.servers import PostgresServer

_ANSWERS_WITHIN_S = 30.0


async def _printed_by(command: str) -> list[str]:
    """The words that the command prints."""
    process = await asyncio.create_subprocess_shell(command, stdout=asyncio.subprocess.PIPE)
    output, _ = await process.communicate()
    assert process.returncode == 0, f"{command} failed with {process.returncode}"
    return output.decode().split()


async def _printed_order(command: str) -> FreshOrder:
    """An order's id and its amount in tiyin."""
    order_id, amount = await _printed_by(command)
    return FreshOrder(order_id, int(amount))


if os.environ.get("CONFORMANCE_URL"):

    @pytest_asyncio.fixture(scope="session")
    async def merchant() -> AsyncIterator[Merchant]:
        """Somebody's."""
        async with httpx.AsyncClient(timeout=_ANSWERS_WITHIN_S) as client:
            yield Merchant(
                client,
                os.environ["CONFORMANCE_URL"],
                os.environ["CONFORMANCE_KEY"],
                lambda: _printed_order(os.environ["CONFORMANCE_ORDERS"]),
                os.environ.get("CONFORMANCE_LOGIN") or "Paycom",
                os.environ.get("CONFORMANCE_FIELD") or "order_id",
                int(os.environ.get("CONFORMANCE_BUSY") or IMPOSSIBLE),
            )

else:

    @pytest_asyncio.fixture(scope="session", name="merchant")
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


if os.environ.get("CONFORMANCE_STARS_URL"):

    @pytest_asyncio.fixture(scope="module")
    async def stars() -> AsyncIterator[StarsBot]:
        """Somebody's bot. It calls the Bot API at CONFORMANCE_STARS_API, where this suite listens."""

        async def new_order(kind: Kind) -> StarsOrder:
            payload, amount, payer_id = await _printed_by(f"{os.environ['CONFORMANCE_STARS_ORDERS']} {kind}")
            return StarsOrder(payload, int(amount), int(payer_id))

        async def access_until(payer_id: int) -> int:
            (found,) = await _printed_by(f"{os.environ['CONFORMANCE_STARS_ACCESS']} {payer_id}")
            return int(found)

        host, _, port = os.environ["CONFORMANCE_STARS_API"].rpartition(":")
        async with bot_api(host, int(port)) as (api, _), httpx.AsyncClient(timeout=_ANSWERS_WITHIN_S) as client:
            secret = os.environ["CONFORMANCE_STARS_SECRET"]
            yield StarsBot(client, os.environ["CONFORMANCE_STARS_URL"], secret, api, new_order, access_until)

else:

    @pytest_asyncio.fixture(scope="module", name="stars")
    async def our_bot(postgres_server: PostgresServer, bot_template: str, redis_server: str) -> AsyncIterator[StarsBot]:
        """Ours."""
        from tests.fixtures.stars_shop import stars_bot_here

        async with (
            postgres_server.copy("conformance_stars", bot_template) as dsn,
            stars_bot_here(dsn, redis_server) as bot,
        ):
            yield bot
