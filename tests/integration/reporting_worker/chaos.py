"""Real processes and servers around one outbox, and a hand that kills them.

Used by the tests with a few kills and by `make soak` with many. Before each kill the senders are frozen, so that what
is in flight at that moment can be counted: the bounds are exact, not guessed.
"""

from __future__ import annotations

import asyncio
import math
import os
import random
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg

from mentorium_db.migrate import upgrade
from mentorium_db.repositories.notification_sql import CHANNEL
from mentorium_sandbox import school
from mentorium_sandbox.servers.postgres import EmbeddedPostgres
from mentorium_sandbox.servers.process import free_port
from mentorium_sandbox.servers.redis import EmbeddedRedis
from tests.fixtures.forked import ForkedProcess, Template
from tests.integration.reporting_worker.telegram_server import FIRST_PARENT, TOKEN, line_of

VICTIMS = ("worker", "sender_1", "sender_2", "postgres", "redis", "telegram")
SENDERS = ("sender_1", "sender_2")
_AWAY_S = (0.2, 1.5)
_WORKER = Template(["tests.fixtures.read_before", "mentorium_reporting.main"])
_FILL = """
    INSERT INTO notifications (
        parent_telegram_id, notification_type, message, dedup_key, priority, send_at, expires_at, created_at
    )
    SELECT telegram_id, CASE WHEN n % 5 = 0 THEN 'PAYMENT' ELSE 'REPORT' END, 'message ' || n, 'chaos:' || n,
        CASE WHEN n % 5 = 0 THEN 1 ELSE 2 END, now() - interval '1 minute', now() + interval '1 day', now()
    FROM (SELECT telegram_id, row_number() OVER (ORDER BY telegram_id) AS n FROM parents) numbered
"""


@dataclass(slots=True)
class Process:
    """One of ours; whoever kills it starts it again."""

    command: Sequence[str] | Template
    environment: dict[str, str]
    log: Path
    running: asyncio.subprocess.Process | ForkedProcess | None = None

    async def start(self) -> None:
        with self.log.open("ab") as output:
            if isinstance(self.command, Template):
                self.running = await self.command.start(env=self.environment, cwd=Path.cwd(), output=output)
                return
            self.running = await asyncio.create_subprocess_exec(
                *self.command, env=self.environment, stdout=output, stderr=output
            )

    def signal(self, number: signal.Signals) -> None:
        if self.running is not None and self.running.returncode is None:
            self.running.send_signal(number)

    async def kill(self) -> None:
        self.signal(signal.SIGKILL)
        if self.running is not None:
            await self.running.wait()

    async def stop(self) -> None:
        self.signal(signal.SIGCONT)
        self.signal(signal.SIGTERM)
        if self.running is not None:
            try:
                await asyncio.wait_for(self.running.wait(), 20)
            except TimeoutError:
                await self.kill()

    @property
    def pid(self) -> int:
        assert self.running is not None
        return self.running.pid


@dataclass(slots=True)
class World:
    """`cut` is how many messages were in flight at all kills together. `platform`: its owner's DSN.

    `left_behind`: message -> how often a sender was killed while it was in flight; each time it is sent again, and may
    have arrived before.
    """

    postgres: EmbeddedPostgres
    redis: EmbeddedRedis
    dsn: str
    platform: str
    delivered_file: Path
    processes: dict[str, Process]
    cut: int = 0
    left_behind: Counter[str] = field(default_factory=Counter)
    kills: Counter[str] = field(default_factory=Counter)

    async def fetch(self, query: str) -> list[asyncpg.Record]:
        connection = await asyncpg.connect(self.dsn, timeout=5)
        try:
            return await connection.fetch(query)
        finally:
            await connection.close()

    async def fill(self) -> None:
        """One message for every parent, a fifth of them about payments."""
        await self.fetch(_FILL)
        await self.fetch(f"NOTIFY {CHANNEL}")

    async def states(self) -> Counter[str]:
        rows = await self.fetch("SELECT status, count(*) FROM notifications GROUP BY status")
        return Counter({row["status"]: row["count"] for row in rows})

    async def open_messages(self) -> int:
        states = await self.states()
        return states["pending"] + states["sending"]

    def delivered(self) -> Counter[str]:
        """Line -> how often: what Telegram carried out."""
        return Counter(self.delivered_file.read_text().splitlines())

    async def kill(self, victim: str, dice: random.Random) -> None:
        """Kill -9, count what is in doubt by it, and after a moment start it again."""
        for name in SENDERS:
            self.processes[name].signal(signal.SIGSTOP)
        in_flight = await self._sending()
        away_s = dice.uniform(*_AWAY_S)
        if victim == "postgres":
            await self.postgres.kill()
            self._go_on()
            await asyncio.sleep(away_s)
            for name in SENDERS:
                self.processes[name].signal(signal.SIGSTOP)
            await self.postgres.start_again()
            in_flight = max(in_flight, await self._sending(), key=len)  # a claim may be committed and not heard of
            self._go_on()
        elif victim == "redis":
            await self.redis.kill()
            self._go_on()
            await asyncio.sleep(away_s)
            await self.redis.start_again()
        else:
            await self.processes[victim].kill()
            self._go_on()
            await asyncio.sleep(away_s)
            await self.processes[victim].start()
        self.cut += len(in_flight)
        if victim in SENDERS:
            self.left_behind.update(in_flight)
        self.kills[victim] += 1

    async def _sending(self) -> list[str]:
        rows = await self.fetch("SELECT message FROM notifications WHERE status = 'sending'")
        return [row["message"] for row in rows]

    def _go_on(self) -> None:
        for name in SENDERS:
            self.processes[name].signal(signal.SIGCONT)


@asynccontextmanager
async def world(
    folder: Path,
    parents: int,
    *,
    rate: float,
    lease_s: float = 45.0,
    limits: bool = False,
    answers_in_s: float = 0.0,
    stars: int = 0,
    settings: Mapping[str, str] | None = None,
) -> AsyncIterator[World]:
    """Everything but the senders and the worker, which `processes` holds. `stars`: the bot's; `settings`: more."""
    postgres = await EmbeddedPostgres.start(folder / "postgres", durable=True)
    redis = await EmbeddedRedis.start(folder / "redis")
    await postgres.create_database("bot")
    await postgres.create_database("platform")
    dsn, platform = postgres.dsn("bot"), postgres.dsn("platform")
    await upgrade(dsn)
    await school.install(platform)
    await _add_parents(dsn, parents)
    delivered, telegram_port = folder / "delivered", free_port()
    environment = {
        **os.environ,
        "BOT_TELEGRAM_TOKEN": TOKEN,
        "BOT_TELEGRAM_API_URL": f"http://127.0.0.1:{telegram_port}",
        "BOT_TELEGRAM_RATE": str(rate),
        "BOT_DB_URL": dsn,
        "PLATFORM_DB_URL": await school.read_only_dsn(platform),
        "REDIS_URL": redis.url,
        "WORKER_LEASE_SECONDS": str(lease_s),
        **(settings or {}),
    }
    telegram = [sys.executable, "-m", "tests.integration.reporting_worker.telegram_server"]
    telegram += [str(telegram_port), str(parents), str(delivered)]
    telegram += [*(["--limits"] if limits else []), "--answers-in", str(answers_in_s), "--stars", str(stars)]
    processes = {"telegram": Process(telegram, environment, folder / "telegram.log")}
    for name, roles in (("worker", "ticker,jobs"), *((sender, "sender") for sender in SENDERS)):
        own = {**environment, "WORKER_ROLES": roles, "WORKER_HEALTH_PORT": str(free_port())}
        processes[name] = Process(_WORKER, own, folder / f"{name}.log")
    delivered.touch()
    await processes["telegram"].start()
    made = World(postgres, redis, dsn, platform, delivered, processes)
    try:
        yield made
    finally:
        await asyncio.gather(*(process.stop() for process in processes.values()))
        await redis.stop()
        await postgres.stop()


async def _add_parents(dsn: str, count: int) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute(
        "INSERT INTO parents (telegram_id, registration_completed)"
        f" SELECT {FIRST_PARENT} + n, true FROM generate_series(0, {count - 1}) n"
    )
    await connection.close()


async def until_settled(world: World, patience_s: float) -> None:
    """Until no message is open any more: it recovers alone. TimeoutError where for so long none was settled."""
    loop, fewest, left = asyncio.get_running_loop(), math.inf, math.inf
    async with asyncio.timeout(patience_s) as limit:
        while fewest > 0:
            try:
                left = await world.open_messages()
            except (OSError, asyncpg.PostgresError):
                left = math.inf  # it is starting again
            if left < fewest:
                fewest = left
                limit.reschedule(loop.time() + patience_s)
            await asyncio.sleep(0.2)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What all the killing came to; `problems` is empty if every promise was kept."""

    states: dict[str, int]
    extra: int
    cut: int
    kills: dict[str, int]
    problems: list[str]


async def judge(world: World) -> Verdict:
    rows = await world.fetch("SELECT parent_telegram_id, message, status, notification_type FROM notifications")
    delivered = world.delivered()
    often = Counter[str]()
    for line, count in delivered.items():
        often[line.partition(" / ")[0]] += count  # more is said under what comes once more
    times = {row["message"]: often[line_of(row["parent_telegram_id"], row["message"])] for row in rows}
    states = Counter(row["status"] for row in rows)
    extra = sum(max(count - 1, 0) for count in times.values())
    problems = [f"{row['message']} ended {row['status']}" for row in rows if row["status"] not in _ENDS]
    problems += [f"{row['message']} is lost" for row in rows if row["status"] == "sent" and not times[row["message"]]]
    problems += [
        f"{row['message']} was doubled"
        for row in rows
        if times[row["message"]] > 1 + (row["notification_type"] == "PAYMENT") + world.left_behind[row["message"]]
    ]
    if extra > world.cut:
        problems.append(f"{extra} extra messages, {world.cut} were in flight")
    if states["unknown"] > world.cut:
        problems.append(f"{states['unknown']} unknown, {world.cut} were in flight")
    return Verdict(dict(states), extra, world.cut, dict(world.kills), problems)


_ENDS = frozenset({"sent", "unknown", "expired"})
