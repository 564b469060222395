"""A fresh order at our own database, for `make conformance`:

    python -m tests.conformance.order <DSN> [CLICK]
    python -m tests.conformance.order <DSN> TELEGRAM_STARS one_off|subscription|expired
    python -m tests.conformance.order <DSN> access <Telegram id>

It prints the order's id and its amount (tiyin for PayMe, soums for Click, Stars and the payer's Telegram id), and makes
a parent whom nobody can write to for it; `access` prints until when somebody has access, in unix seconds, or 0.
"""

from __future__ import annotations

import asyncio
import secrets
import sys
from typing import cast
from uuid import uuid4

import asyncpg

import mentorium_db
from mentorium_core.billing.orders import CreateOrder
from mentorium_db.repositories import ParentRepository
from mentorium_domain.enums import Language, ProviderName, Tariff
from mentorium_domain.money import soums
from mentorium_kit import clock
from tests.conformance.stars_telegram import Kind
from tests.fixtures.stars_orders import access_until, stars_order

_NOBODYS_IDS = 10**12


async def _new_order(dsn: str, provider: ProviderName = ProviderName.PAYME) -> str:
    mentorium_db.configure(dsn)
    async with mentorium_db.get_session() as session:
        telegram_id = _NOBODYS_IDS + secrets.randbelow(_NOBODYS_IDS)
        parent = await ParentRepository(session).add(telegram_id, language=Language.UZ, now=clock.now())
        order = await CreateOrder()(parent.id, Tariff.MONTHLY, provider, request_key=uuid4().hex)
    await mentorium_db.dispose()
    amount = order.amount_minor if provider is ProviderName.PAYME else soums(order.amount_minor)
    return f"{order.public_id} {amount}"


async def _of_stars(dsn: str, asked: str, detail: str) -> str:
    async with asyncpg.create_pool(dsn, min_size=0) as database:
        if asked == "access":
            return str(await access_until(database, int(detail)))
        payer_id = _NOBODYS_IDS + secrets.randbelow(_NOBODYS_IDS)
        order = await stars_order(database, cast("Kind", detail), payer_id)
        return f"{order.payload} {order.stars} {order.payer_id}"


async def _printed(dsn: str, *asked: str) -> str:
    if len(asked) > 1:
        return await _of_stars(dsn, *asked)
    return await _new_order(dsn, *map(ProviderName, asked))


if __name__ == "__main__":
    sys.stdout.write(asyncio.run(_printed(*sys.argv[1:])) + "\n")
