"""The floor for `benchmarks.payme`: the product's own statements by bare asyncpg, and not a rule around them.

python -m benchmarks.payme_bare <DSN> <port>
"""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import asyncpg
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mentorium_db.driver import DriverStatement
from mentorium_db.repositories import (
    access_hot_path,
    event_log,
    notification,
    notification_sql,
    provider_call,
    settlement,
)
from mentorium_db.repositories import payme_transaction as payme
from mentorium_runtime.http_server import serving

Connection = Any
_PRICE, _MINOR = Decimal("99000.00"), 9_900_000
_NOTICE = "Rahmat! Toʻlov qabul qilindi: toʻliq hisobotlar va ustoz javoblari 27-dekabr, 2026 gacha ochiq."


async def keep(db: Connection, method: str, order: str, request: str, answer: str) -> None:
    await db.fetch(_sql(provider_call._ADD), "PAYME", method, order, request, answer, "127.0.0.1", 1, datetime.now(UTC))


async def check(db: Connection, params: dict[str, Any]) -> tuple[dict[str, Any], str]:
    public_id = params["account"]["order_id"]
    await db.fetch(_sql(payme._PAYABLE), public_id)
    return {"allow": True}, public_id


async def create(db: Connection, params: dict[str, Any]) -> tuple[dict[str, Any], str]:
    public_id, payme_id, now = params["account"]["order_id"], params["id"], datetime.now(UTC)
    (order,) = await db.fetch(_sql(payme._LOCK_ORDER), public_id)
    await db.fetch(_sql(payme._IN_THE_WAY), payme_id, order["id"])
    (payment,) = await db.fetch(
        _sql(settlement._BEGIN),
        *(order["parent_id"], order["id"], payme_id, _PRICE, _MINOR, "UZS", "PAYME", "PENDING", None, now),
    )
    made_at = int(now.timestamp() * 1000)
    (transaction,) = await db.fetch(
        _sql(payme._ADD),
        *(payme_id, order["id"], payment["id"], _MINOR, json.dumps(params["account"]), params["time"], made_at),
    )
    return {"create_time": made_at, "transaction": str(transaction["id"]), "state": 1}, public_id


async def perform(db: Connection, params: dict[str, Any]) -> tuple[dict[str, Any], str]:
    payme_id, now = params["id"], datetime.now(UTC)
    (order,) = await db.fetch(_sql(payme._LOCK_ORDER_OF), payme_id)
    (known,) = await db.fetch(_sql(payme._LOCK), payme_id)
    performed_at = int(now.timestamp() * 1000)
    await db.fetch(_sql(payme._PERFORM), performed_at, known["t_id"])
    (parent,) = await db.fetch(_sql(settlement._LOCK_PARENT), order["parent_id"])
    await settle(db, order["id"], parent["id"], known["id"], now)
    asked = {**access_hot_path._RENEWS._constants, "parent_id": parent["id"], "now": now}
    await db.fetch(_sql(access_hot_path._RENEWS), *(asked[name] for name in access_hot_path._RENEWS._names))
    await tell(db, parent["telegram_id"], known["id"], now)
    said = json.dumps({"order": order["public_id"]})
    await db.fetch(_sql(event_log._ADD), "PAYMENT", "payment_success", parent["telegram_id"], said, "INFO", now, None)
    return {"transaction": str(known["t_id"]), "perform_time": performed_at, "state": 2}, order["public_id"]


async def settle(db: Connection, order: int, parent: int, payment: int, now: datetime) -> None:
    given = {
        "parent_id": parent,
        "payment_id": payment,
        "tariff": "monthly",
        "days": 30,
        "amount_minor": _MINOR,
        "currency": "UZS",
        "reason": "payment",
        "granted_by": "PAYME",
        "granted_at": now,
        "until": None,
        "request_key": f"payment:{payment}",
        "shown_tariff": "monthly",
        "shown_amount": _PRICE,
        "shown_minor": _MINOR,
        "shown_currency": "UZS",
        "expires_at": now + timedelta(days=30),
        "status": "ACTIVE",
    }
    await db.fetch(_sql(settlement._STANDING), parent, "ACTIVE")
    (opened,) = await db.fetch(_sql(settlement._OPEN), *(given[name] for name in settlement._OPEN._names))
    booked = {
        "order_id": order,
        "paid": "paid",
        "pending": "pending",
        "payment_id": payment,
        "parent_id": parent,
        "subscription_id": opened[0],
        "success": "SUCCESS",
        "event": "payment",
        "provider": "PAYME",
        "debit": "clearing",
        "credit": "revenue",
        "amount_minor": _MINOR,
        "currency": "UZS",
        "now": now,
        "since": now - timedelta(hours=24),
    }
    await db.fetch(_sql(settlement._SETTLE), *(booked[name] for name in settlement._SETTLE._names))


async def tell(db: Connection, telegram_id: int, payment: int, now: datetime) -> None:
    await db.fetch(
        _sql(notification._ADD),
        *([telegram_id], ["PAYMENT"], [_NOTICE], [f"payment:received:{payment}"], [1], [now]),
        *([now + timedelta(hours=24)], [None], [None], [None], [None], [None], now, None, notification_sql.CHANNEL),
    )


def _sql(statement: DriverStatement) -> str:
    return statement._sql


_METHODS = {"CheckPerformTransaction": check, "CreateTransaction": create, "PerformTransaction": perform}


async def _nothing(_: Connection) -> None:
    """The product's pool resets no session either: nothing is left in one."""


async def main(dsn: str, port: int) -> None:
    """Serves until it is stopped."""
    async with asyncpg.create_pool(dsn, min_size=10, max_size=10, reset=_nothing) as pool:

        async def answer(request: Request) -> Response:
            raw = await request.body()
            said = json.loads(raw)
            # CheckPerformTransaction only reads: there, as in the product, each statement commits by itself
            alone = said["method"] == "CheckPerformTransaction"
            async with pool.acquire() as db, nullcontext() if alone else db.transaction():
                result, order = await _METHODS[said["method"]](db, said["params"])
                text = json.dumps({"jsonrpc": "2.0", "id": said["id"], "result": result})
                await keep(db, said["method"], order, raw.decode(), text)
            return Response(text, media_type="application/json")

        async with serving(Starlette(routes=[Route("/", answer, methods=["POST"])]), "127.0.0.1", port):
            await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
