"""What the outbox costs: enqueue, claim and record against the same by bare asyncpg, and how fast senders are.

python -m benchmarks.outbox            # prints the rows of the table in benchmarks/README.md
python -m benchmarks.outbox --limiter  # the limiter at work for 60 s: rate, refusals, CPU of the sender
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import asyncpg

import mentorium_db
from benchmarks.cpu import cpu_seconds
from mentorium_core.notifications.commands import claim_messages, notify, record_outcomes
from mentorium_db.migrate import upgrade
from mentorium_domain.enums import DeliveryStatus, NotificationType
from mentorium_domain.outbox import DeliveryRecord, Lane, OutboxMessage
from mentorium_kit import clock
from mentorium_sandbox.servers.postgres import EmbeddedPostgres
from tests.integration.reporting_worker import chaos

MESSAGES, A_BATCH, ROUNDS = 10_000, 100, 3
FIRST = 700_000_001
_BARE = """
    CREATE TABLE bare (
        id bigserial PRIMARY KEY, parent_telegram_id bigint NOT NULL, message text NOT NULL,
        dedup_key text NOT NULL UNIQUE, status text NOT NULL DEFAULT 'pending'
    );
    CREATE INDEX ON bare (id) WHERE status = 'pending';
"""


async def timed(work: Callable[[], Awaitable[None]]) -> tuple[float, float]:
    """Messages a second, and microseconds of our CPU for each."""
    began, cpu = time.perf_counter(), cpu_seconds(os.getpid())
    await work()
    return MESSAGES / (time.perf_counter() - began), (cpu_seconds(os.getpid()) - cpu) / MESSAGES * 1e6


async def bare_enqueue(connection: asyncpg.Connection[asyncpg.Record], run: int) -> None:
    for first in range(0, MESSAGES, A_BATCH):
        numbers = range(first, first + A_BATCH)
        async with connection.transaction():
            await connection.execute(
                "INSERT INTO bare (parent_telegram_id, message, dedup_key) SELECT * FROM"
                " unnest($1::bigint[], $2::text[], $3::text[]) ON CONFLICT DO NOTHING",
                [FIRST + n for n in numbers],
                ["Salom!" for _ in numbers],
                [f"{run}:{n}" for n in numbers],
            )


async def bare_claim(connection: asyncpg.Connection[asyncpg.Record], most: int) -> None:
    while True:
        rows = await connection.fetch(
            "UPDATE bare SET status = 'sending' WHERE id IN (SELECT id FROM bare WHERE status = 'pending'"
            " ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED) RETURNING id, parent_telegram_id, message",
            most,
        )
        if not rows:
            return
        await connection.execute("UPDATE bare SET status = 'sent' WHERE id = ANY($1)", [row["id"] for row in rows])


async def our_enqueue(run: int) -> None:
    now = clock.now()
    later = now + timedelta(days=1)
    for first in range(0, MESSAGES, A_BATCH):
        await notify(
            [
                OutboxMessage(FIRST + n, NotificationType.REPORT, "Salom!", f"{run}:{n}", now, later)
                for n in range(first, first + A_BATCH)
            ]
        )


async def our_claim(most: int) -> None:
    while claimed := await claim_messages(Lane.REPORT, most, 120, "benchmark"):
        await record_outcomes(
            [DeliveryRecord(one.id, one.attempt, DeliveryStatus.SENT, 0.0, message_id=1) for one in claimed]
        )


async def compare() -> None:
    with tempfile.TemporaryDirectory() as folder:
        server = await EmbeddedPostgres.start(Path(folder), durable=True)
        await server.create_database("bot")
        dsn = server.dsn("bot")
        await upgrade(dsn)
        connection = await asyncpg.connect(dsn)
        await connection.execute(_BARE)
        await connection.execute(
            f"INSERT INTO parents (telegram_id) SELECT {FIRST} + n FROM generate_series(0, {MESSAGES - 1}) n"
        )
        mentorium_db.configure(dsn)
        results: dict[str, list[tuple[float, float]]] = {}
        for run in range(ROUNDS):
            for name, work in (
                ("enqueue, bare", lambda run=run: bare_enqueue(connection, run)),
                ("enqueue, ours", lambda run=run: our_enqueue(run)),
                ("claim and record by 50, bare", lambda: bare_claim(connection, 50)),
                ("claim and record by 50, ours", lambda: our_claim(50)),
            ):
                results.setdefault(name, []).append(await timed(work))
        await connection.close()
        await mentorium_db.dispose()
        await server.stop()
    best = {name: (max(rate for rate, _ in runs), min(cpu for _, cpu in runs)) for name, runs in results.items()}
    for step in ("enqueue", "claim and record by 50"):
        (bare, bare_cpu), (ours, our_cpu) = best[f"{step}, bare"], best[f"{step}, ours"]
        print(
            f"| {step} | {bare:,.0f}/s, {bare_cpu:.0f} µs | {ours:,.0f}/s, {our_cpu:.0f} µs |"
            f" {ours / bare:.2f} | {our_cpu / bare_cpu:.1f} |"
        )


async def throughput(senders: int, messages: int) -> None:
    """How many messages a second go out when Telegram's limits are far away."""
    with tempfile.TemporaryDirectory() as folder:
        async with chaos.world(Path(folder), messages, rate=1000.0) as world:
            for name in chaos.SENDERS[:senders]:
                await world.processes[name].start()
            await asyncio.sleep(10)  # imports
            await world.fill()
            began = time.perf_counter()
            while await world.open_messages():
                await asyncio.sleep(0.05)
            took = time.perf_counter() - began
            delivered = world.delivered()
            twice = sum(count - 1 for count in delivered.values())
            print(f"| {senders} sender(s), no limit | {messages / took:,.0f}/s | {twice} twice |")


async def limited(seconds: float) -> None:
    """27 a second, with the stand-in enforcing Telegram's limits."""
    messages = int(27 * (seconds + 15))
    with tempfile.TemporaryDirectory() as folder:
        async with chaos.world(Path(folder), messages, rate=27.0, limits=True) as world:
            sender = world.processes["sender_1"]
            await sender.start()
            await asyncio.sleep(10)
            await world.fill()
            await asyncio.sleep(3)
            before, cpu = sum(world.delivered().values()), cpu_seconds(sender.pid)
            began = time.perf_counter()
            await asyncio.sleep(seconds)
            took = time.perf_counter() - began
            sent, used = sum(world.delivered().values()) - before, cpu_seconds(sender.pid) - cpu
            result = {
                "messages a second": round(sent / took, 2),
                "429": world.delivered()["429"],
                "CPU of one core, %": round(used / took * 100, 1),
            }
            print(json.dumps(result))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--limiter", action="store_true")
    parser.add_argument("--seconds", type=float, default=60.0)
    given = parser.parse_args()
    if given.limiter:
        asyncio.run(limited(given.seconds))
        return
    asyncio.run(compare())
    for senders in (1, 2):
        asyncio.run(throughput(senders, 3000))


if __name__ == "__main__":
    main()
