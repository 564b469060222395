"""A fresh order at our own database, for `make conformance`: `python -m tests.conformance.order <DSN> [CLICK]`.

It prints the order's id and its amount, in tiyin for PayMe and in soums for Click, and makes a parent whom nobody can
write to for it.
"""

from __future__ import annotations

import asyncio
import secrets
import sys
from uuid import uuid4

import mentorium_db
from mentorium_core.billing.orders import CreateOrder
from mentorium_db.repositories import ParentRepository
from mentorium_domain.enums import Language, ProviderName, Tariff
from mentorium_domain.money import soums
from mentorium_kit import clock

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


if __name__ == "__main__":
    sys.stdout.write(asyncio.run(_new_order(sys.argv[1], *map(ProviderName, sys.argv[2:]))) + "\n")
