"""The floor for `benchmarks.payme`: the product's own statements by bare asyncpg, and not a rule around them.

python -m benchmarks.payme_bare <DSN> <port>
"""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import asyncpg
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mentorium_db.repositories import notification_sql
from mentorium_runtime.http_server import serving

Connection = Any
_TRANSACTION = (
    "id, payme_id, order_id, payment_id, amount_minor, account, state, reason, payme_time, create_time, perform_time,"
    " cancel_time, fiscal_perform, fiscal_cancel"
)
_ORDER = (
    "id, public_id, parent_id, provider, kind, tariff, days, amount_minor, currency, status, refundable, request_key,"
    " created_at, expires_at, paid_at"
)
_PRICE, _MINOR = Decimal("99000.00"), 9_900_000
_NOTICE = "Rahmat! Toʻlov qabul qilindi: toʻliq hisobotlar va ustoz javoblari 27-dekabr, 2026 gacha ochiq."


async def keep(db: Connection, method: str, order: str, request: str, answer: str) -> None:
    await db.execute(
        "INSERT INTO provider_calls (provider, method, order_public_id, request, answer, remote, took_ms, created_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id",
        *("PAYME", method, order, request, answer, "127.0.0.1", 1, datetime.now(UTC)),
    )


async def check(db: Connection, params: dict[str, Any]) -> tuple[dict[str, Any], str]:
    public_id = params["account"]["order_id"]
    order = await db.fetchrow(f"SELECT {_ORDER} FROM orders WHERE public_id = $1", public_id)
    await db.fetchrow(
        f"SELECT {_TRANSACTION} FROM payme_transactions WHERE order_id = $1 AND state IN ($2, $3)", order["id"], 1, 2
    )
    return {"allow": True}, public_id


async def create(db: Connection, params: dict[str, Any]) -> tuple[dict[str, Any], str]:
    public_id, payme_id, now = params["account"]["order_id"], params["id"], datetime.now(UTC)
    await db.fetchrow(f"SELECT {_TRANSACTION} FROM payme_transactions WHERE payme_id = $1", payme_id)
    order = await db.fetchrow(f"SELECT {_ORDER} FROM orders WHERE public_id = $1 FOR UPDATE", public_id)
    await db.fetch(
        f"SELECT {_TRANSACTION} FROM payme_transactions WHERE payme_id = $1 OR order_id = $2 AND state IN ($3, $4)"
        " ORDER BY id FOR UPDATE",
        *(payme_id, order["id"], 1, 2),
    )
    payment = await db.fetchval(
        "INSERT INTO payments (parent_id, order_id, subscription_id, transaction_id, amount, amount_minor, currency,"
        " provider, status, external_ref, created_at, paid_at, refunded_at, receipt_url)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) RETURNING id",
        *(order["parent_id"], order["id"], None, payme_id, _PRICE, _MINOR, "UZS", "PAYME", "PENDING", None, now),
        *(None, None, None),
    )
    made_at = int(now.timestamp() * 1000)
    transaction = await db.fetchval(
        "INSERT INTO payme_transactions (payme_id, order_id, payment_id, amount_minor, account, state, reason,"
        " payme_time, create_time, perform_time, cancel_time, fiscal_perform, fiscal_cancel)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING id",
        *(payme_id, order["id"], payment, _MINOR, json.dumps(params["account"]), 1, None, params["time"], made_at),
        *(0, 0, None, None),
    )
    return {"create_time": made_at, "transaction": str(transaction), "state": 1}, public_id


async def perform(db: Connection, params: dict[str, Any]) -> tuple[dict[str, Any], str]:
    payme_id, now = params["id"], datetime.now(UTC)
    known = await db.fetchrow(f"SELECT {_TRANSACTION} FROM payme_transactions WHERE payme_id = $1", payme_id)
    order = await db.fetchrow(f"SELECT {_ORDER} FROM orders WHERE id = $1 FOR UPDATE", known["order_id"])
    await db.fetchrow(f"SELECT {_TRANSACTION} FROM payme_transactions WHERE id = $1 FOR UPDATE", known["id"])
    payment = await db.fetchrow("SELECT * FROM payments WHERE id = $1 FOR UPDATE", known["payment_id"])
    performed_at = int(now.timestamp() * 1000)
    await db.execute(
        "UPDATE payme_transactions SET state = $1, perform_time = $2 WHERE id = $3", 2, performed_at, known["id"]
    )
    parent = await db.fetchrow("SELECT * FROM parents WHERE id = $1 FOR NO KEY UPDATE", order["parent_id"])
    await give(db, parent["id"], payment["id"], now)
    await db.execute("UPDATE orders SET status = $1, paid_at = $2 WHERE id = $3", "paid", now, order["id"])
    await db.execute(
        "INSERT INTO ledger_entries (payment_id, event, provider, debit, credit, amount_minor, currency, created_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id",
        *(payment["id"], "payment", "PAYME", "clearing", "revenue", _MINOR, "UZS", now),
    )
    await tell(db, parent["telegram_id"], payment["id"], now)
    await db.execute(
        "INSERT INTO event_logs (event_type, event_name, user_telegram_id, metadata, severity, created_at, trace_id)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
        *("PAYMENT", "payment_success", parent["telegram_id"], json.dumps({"order": order["public_id"]}), "INFO", now),
        None,
    )
    return {"transaction": str(known["id"]), "perform_time": performed_at, "state": 2}, order["public_id"]


async def give(db: Connection, parent: int, payment: int, now: datetime) -> None:
    ends_at = now + timedelta(days=30)
    await db.fetch("SELECT * FROM subscriptions WHERE parent_id = ANY ($1) AND status = $2", [parent], "ACTIVE")
    subscription = await db.fetchval(
        "INSERT INTO subscriptions (parent_id, tariff, amount, amount_minor, currency, status, end_reason, start_date,"
        " expires_at, auto_renew, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id",
        *(parent, "monthly", _PRICE, _MINOR, "UZS", "ACTIVE", None, now, ends_at, False, now),
    )
    await db.execute(
        "INSERT INTO subscription_grants (subscription_id, parent_id, payment_id, tariff, days, amount_minor, currency,"
        " reason, granted_by, granted_at, until, reversed_at, reversed_because, request_key)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) RETURNING id",
        *(subscription, parent, payment, "monthly", 30, _MINOR, "UZS", "payment", "PAYME", now, None, None, None),
        f"payment:{payment}",
    )
    await db.fetch("SELECT * FROM subscription_grants WHERE subscription_id = $1 ORDER BY granted_at, id", subscription)
    await db.execute(
        "UPDATE subscriptions SET tariff = $1, amount = $2, amount_minor = $3, currency = $4, expires_at = $5"
        " WHERE id = $6 AND status = $7",
        *("monthly", _PRICE, _MINOR, "UZS", ends_at, subscription, "ACTIVE"),
    )
    await db.execute(
        "UPDATE payments SET subscription_id = $1, status = $2, paid_at = $3 WHERE id = $4",
        *(subscription, "SUCCESS", now, payment),
    )


async def tell(db: Connection, telegram_id: int, payment: int, now: datetime) -> None:
    await db.fetch(
        _ADD,
        *([telegram_id], ["PAYMENT"], [_NOTICE], [f"payment:received:{payment}"], [1], [now]),
        *([now + timedelta(hours=24)], [None], [None], now, None, notification_sql.CHANNEL),
    )


def _in_asyncpgs_words(statement: object) -> str:
    """SQLAlchemy's statement with `$1` for its names, in the order in which they come."""
    from sqlalchemy.dialects.postgresql import asyncpg as dialect  # noqa: PLC0415 - once, before the first call

    return str(statement.compile(dialect=dialect.dialect()))  # type: ignore[attr-defined, no-untyped-call]


_ADD = _in_asyncpgs_words(notification_sql.ADD)
_METHODS = {"CheckPerformTransaction": check, "CreateTransaction": create, "PerformTransaction": perform}


async def main(dsn: str, port: int) -> None:
    """Serves until it is stopped."""
    async with asyncpg.create_pool(dsn, min_size=10, max_size=10) as pool:

        async def answer(request: Request) -> Response:
            raw = await request.body()
            said = json.loads(raw)
            async with pool.acquire() as db, db.transaction():
                result, order = await _METHODS[said["method"]](db, said["params"])
                text = json.dumps({"jsonrpc": "2.0", "id": said["id"], "result": result})
                await keep(db, said["method"], order, raw.decode(), text)
            return Response(text, media_type="application/json")

        async with serving(Starlette(routes=[Route("/", answer, methods=["POST"])]), "127.0.0.1", port):
            await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
