"""Full PayMe cycles (CheckPerform, Create, Perform) a second, with durable commits, against the same SQL bare.

python -m benchmarks.payme                         # prints the rows of the table in benchmarks/README.md
python -m benchmarks.payme --paytechuz <python>    # and PyPI's paytechuz, where that interpreter has it
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import asyncpg

from benchmarks.cpu import cpu_seconds, family_seconds
from mentorium_core.billing.orders import new_public_id
from mentorium_db.migrate import upgrade
from mentorium_kit import clock
from mentorium_sandbox.servers.postgres import EmbeddedPostgres
from mentorium_sandbox.servers.process import free_port
from mentorium_sandbox.servers.redis import EmbeddedRedis
from tests.conformance.payme_client import basic, new_id, now_ms
from tests.fixtures.payme_shop import KEY, WebhookProcess, environment

AMOUNT, AT_ONCE, ROUNDS = 9_900_000, 16, 5
_ORDERS = """
    WITH told AS (SELECT * FROM unnest($1::text[], $2::bigint[]) AS t (public_id, telegram_id)),
    parent AS (
        INSERT INTO parents (telegram_id, language, created_at) SELECT telegram_id, 'uz', $3 FROM told
        RETURNING id, telegram_id
    )
    INSERT INTO orders (public_id, parent_id, provider, kind, tariff, days, amount_minor, currency, status,
        request_key, created_at, expires_at)
    SELECT told.public_id, parent.id, 'PAYME', 'one_off', 'monthly', 30, $5, 'UZS', 'pending', told.public_id, $3, $4
    FROM told JOIN parent USING (telegram_id)
    """


@dataclass(slots=True)
class Endpoint:
    """Where PayMe's calls go to, and how fast they were answered: cycles a second, and our CPU for one in ms."""

    name: str
    url: str
    pid: int
    key: str = KEY
    rates: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)
    database_ms: list[float] = field(default_factory=list)
    client_ms: list[float] = field(default_factory=list)


async def cycle(session: aiohttp.ClientSession, at: Endpoint, order: str) -> None:
    payme_id, account = new_id(), {"order_id": order}
    paid: dict[str, Any] = {"amount": AMOUNT, "account": account}
    for method, params in (
        ("CheckPerformTransaction", paid),
        ("CreateTransaction", {"id": payme_id, "time": now_ms(), **paid}),
        ("PerformTransaction", {"id": payme_id}),
    ):
        body = json.dumps({"id": 1, "method": method, "params": params})
        headers = {"Authorization": basic("Paycom", at.key)}
        async with session.post(at.url, data=body, headers=headers) as answer:
            said = await answer.json(content_type=None)
            assert "result" in said, (at.name, said)


async def measure(at: Endpoint, orders: list[str], postgres: int) -> None:
    waiting = iter(orders)

    async def some(session: aiohttp.ClientSession, left: Iterator[str]) -> None:
        for order in left:
            await cycle(session, at, order)

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=AT_ONCE)) as session:
        began, cpu, db, me = time.perf_counter(), cpu_seconds(at.pid), family_seconds(postgres), time.process_time()
        await asyncio.gather(*(some(session, waiting) for _ in range(AT_ONCE)))
        at.rates.append(len(orders) / (time.perf_counter() - began))
        at.cpu_ms.append((cpu_seconds(at.pid) - cpu) / len(orders) * 1000)
        at.database_ms.append((family_seconds(postgres) - db) / len(orders) * 1000)
        at.client_ms.append((time.process_time() - me) / len(orders) * 1000)


async def new_orders(database: asyncpg.Pool[asyncpg.Record], count: int, first: int) -> list[str]:
    ids, now = [new_public_id() for _ in range(count)], clock.now()
    telegram_ids = list(range(first, first + count))
    await database.execute(_ORDERS, ids, telegram_ids, now, now + timedelta(hours=24), AMOUNT)
    return ids


async def started(stack: AsyncExitStack, name: str, command: list[str], key: str = KEY) -> Endpoint:
    """The process of a server that ends with the stack, once its port answers."""
    port = int(command[-1])
    process = await asyncio.create_subprocess_exec(*command)
    stack.callback(process.kill)
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            assert process.returncode is None, f"{name} did not start"
            await asyncio.sleep(0.05)
        else:
            writer.close()
            return Endpoint(name, f"http://127.0.0.1:{port}/", process.pid, key)


async def bench(cycles: int, paytechuz: str | None) -> list[Endpoint]:
    with tempfile.TemporaryDirectory() as folder:
        async with AsyncExitStack() as stack:
            postgres = await EmbeddedPostgres.start(Path(folder) / "pg", durable=True)
            stack.push_async_callback(postgres.stop)
            redis = await EmbeddedRedis.start(Path(folder) / "redis", durable=False)
            stack.push_async_callback(redis.stop)
            dsn = postgres.dsn("postgres")
            await upgrade(dsn)
            database = await stack.enter_async_context(asyncpg.create_pool(dsn, min_size=1, max_size=2))
            ours = WebhookProcess(environment(dsn, redis.url, port := free_port()), port, Path(folder) / "log")
            await ours.start()
            stack.push_async_callback(ours.end)
            await ours.until_it_answers()
            assert ours.running is not None
            url = f"http://127.0.0.1:{port}/webhooks/payme"
            endpoints = [Endpoint("ours", url, ours.running.pid)]
            bare = [sys.executable, "-m", "benchmarks.payme_bare", dsn, str(free_port())]
            endpoints.append(await started(stack, "bare asyncpg", bare))
            if paytechuz is not None:
                script = str(Path(__file__).parent / "payme_paytechuz.py")
                command = [paytechuz, script, await peers_database(database, dsn), str(free_port())]
                endpoints.append(await started(stack, "paytechuz", command, "key"))
            await rounds(endpoints, database, dsn, cycles, postgres._process.pid)
            return endpoints


async def rounds(
    endpoints: list[Endpoint], database: asyncpg.Pool[asyncpg.Record], dsn: str, cycles: int, postgres: int
) -> None:
    """Taken in turns, so that each meets the same machine; what comes before the first counts for nobody."""
    first = 600_000_001
    for number in range(ROUNDS + 1):
        for at in endpoints:
            count = cycles if number else 50
            orders = await new_orders(database, count, first)
            first += count
            if at.name == "paytechuz":
                await new_accounts(dsn, orders)
            await measure(at, orders, postgres)
            if not number:
                at.rates.clear()
                at.cpu_ms.clear()
                at.database_ms.clear()
                at.client_ms.clear()


async def peers_database(database: asyncpg.Pool[asyncpg.Record], dsn: str) -> str:
    """A database of its own on the same server: its tables bear the names of ours."""
    await database.execute("CREATE DATABASE peer")
    return dsn.rpartition("/")[0] + "/peer"


async def new_accounts(dsn: str, orders: list[str]) -> None:
    connection = await asyncpg.connect(dsn.rpartition("/")[0] + "/peer")
    await connection.execute("INSERT INTO accounts (id, amount) SELECT id, 99000 FROM unnest($1::text[]) AS id", orders)
    await connection.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cycles", type=int, default=500)
    parser.add_argument("--paytechuz", metavar="PYTHON")
    given = parser.parse_args()
    found = asyncio.run(bench(given.cycles, given.paytechuz))
    floor = statistics.median(found[1].rates)
    print("| endpoint | cycles a second | of bare | CPU of its process a cycle | of PostgreSQL | of the payers |")
    print("|---|---|---|---|---|---|")
    for at in found:
        rate, cpu = statistics.median(at.rates), statistics.median(at.cpu_ms)
        db, me = statistics.median(at.database_ms), statistics.median(at.client_ms)
        print(f"| {at.name} | {rate:.0f} | {rate / floor:.2f} | {cpu:.1f} ms | {db:.1f} ms | {me:.1f} ms |")


if __name__ == "__main__":
    main()
