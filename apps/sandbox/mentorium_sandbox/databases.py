"""The databases and the Redis-protocol server of one sandbox: embedded ones, or those that the environment names."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import asyncpg

from mentorium_sandbox import school
from mentorium_sandbox.clock import SandboxClock
from mentorium_sandbox.faults import Faults
from mentorium_sandbox.product_process import StartProcess, ended_with, start_interpreter
from mentorium_sandbox.read_only import ReadOnlySwitch, let_write
from mentorium_sandbox.relay import Relay
from mentorium_sandbox.servers.postgres import EmbeddedPostgres
from mentorium_sandbox.servers.redis import EmbeddedRedis
from mentorium_sandbox.settings import HOST, Settings
from mentorium_sandbox.supervised_processes import SupervisedServer, say

_PRODUCT_ROLE = "mentorium_bot_app"
BOT_DATABASE, PLATFORM_DATABASE = "mentorium_bot", "mentorium_platform"


@dataclass(slots=True)
class Databases:
    """Addresses with an owner's rights (`bot`, `platform`), and those the product is given."""

    settings: Settings
    clock: SandboxClock
    faults: Faults
    start_process: StartProcess = start_interpreter
    bot: str = ""
    bot_for_product: str = ""
    platform: str = ""
    platform_for_product: str = ""
    redis: str = ""
    redis_for_product: str = ""
    _postgres: EmbeddedPostgres | None = None
    _redis: EmbeddedRedis | None = None
    _relays: dict[str, Relay] = field(default_factory=dict)
    _switches: list[ReadOnlySwitch] = field(default_factory=list)

    async def start(self) -> None:
        settings = self.settings
        if settings.foreign_bot_db is None or settings.foreign_platform_db is None:
            self._postgres = await EmbeddedPostgres.start(settings.folder, durable=True)
            say("PostgreSQL serves")
        self.bot = settings.foreign_bot_db or await self._own_database(BOT_DATABASE)
        if settings.foreign_redis is None:
            self._redis = await EmbeddedRedis.start(settings.folder)
            say("Redis serves")
        self.redis = settings.foreign_redis or self._own_redis().url
        async with asyncio.TaskGroup() as together:
            together.create_task(self._migrate())
            together.create_task(self._open_school())
        await self.open_relays()

    async def open_relays(self) -> None:
        """From here on the product's addresses lead over relays, unless the settings say otherwise."""
        self.bot_for_product = await self._relayed("bot_db", self.bot_for_product, owner=self.bot)
        self.platform_for_product = await self._relayed("platform_db", self.platform_for_product, owner=self.platform)
        self.redis_for_product = await self._relayed("redis", self.redis)

    async def _relayed(self, target: str, address: str, *, owner: str = "") -> str:
        if self.settings.direct:
            return address
        relay = self._relays[target] = Relay(target, self.faults)
        if owner:
            self._switches.append(ReadOnlySwitch(target, owner, address, self.faults, lambda: relay.ports))
        return await relay.open(address, HOST)

    def read_only_switches(self) -> dict[str, ReadOnlySwitch]:
        """By target; each wants to be kept."""
        return {switch.target: switch for switch in self._switches}

    def servers(self) -> dict[str, SupervisedServer]:
        """The embedded servers, under the names by which they may be killed, stopped and started."""
        found: dict[str, EmbeddedPostgres | EmbeddedRedis | None] = {"bot_db": self._postgres, "redis": self._redis}
        return {name: SupervisedServer(name, server) for name, server in found.items() if server is not None}

    async def _own_database(self, name: str) -> str:
        if self._postgres is None:
            raise RuntimeError("no embedded PostgreSQL was started")
        await self._postgres.create_database(name)
        return self._postgres.dsn(name)

    def _own_redis(self) -> EmbeddedRedis:
        if self._redis is None:
            raise RuntimeError("no embedded Redis was started")
        return self._redis

    async def _migrate(self) -> None:
        """Run the product's own operator commands: migrations, and the role that the product runs as."""
        if self._postgres is None or self.settings.foreign_bot_db is not None:
            self.bot_for_product = self.bot
        else:
            self.bot_for_product = self._postgres.dsn(BOT_DATABASE, _PRODUCT_ROLE)
        with contextlib.suppress(asyncpg.InsufficientPrivilegeError):  # a foreign database that we cannot have shut
            await let_write(self.bot, self.bot_for_product, on=True)  # a sandbox that was killed may have left it shut
        await self._operate("migrate")
        if self.bot_for_product != self.bot:
            await self._operate("roles", answer=urlsplit(self.bot_for_product).password or "")
        say("the bot's database is up to date")

    async def _operate(self, subcommand: str, *, answer: str = "") -> None:
        environment = {**os.environ, "BOT_DB_URL": self.bot}
        status, output = await ended_with(
            await self.start_process("mentorium_operator", subcommand, environment=environment, given=answer.encode())
        )
        if status != 0:
            raise SystemExit(f"mentorium {subcommand} failed:\n{output}")

    async def _open_school(self) -> None:
        if self.settings.foreign_platform_db is not None:
            self.platform = self.platform_for_product = self.settings.foreign_platform_db
            return
        self.platform = await self._own_database(PLATFORM_DATABASE)
        await school.install(self.platform)
        if not await school.is_seeded(self.platform):
            await school.seed(self.platform, now=self.clock.now())
        await school.tell_time(self.platform, self.clock.now())
        self.platform_for_product = await school.read_only_dsn(self.platform)
        await let_write(self.platform, self.platform_for_product, on=True)
        say("the demo school is open")

    async def stop(self) -> None:
        await asyncio.gather(*(switch.release() for switch in self._switches))
        await asyncio.gather(*(relay.close() for relay in self._relays.values()))
        if self._redis is not None:
            await self._redis.stop()
        if self._postgres is not None:
            await self._postgres.stop()

    async def state(self) -> dict[str, str]:
        """`ok` or `down` for each database, asked as a client would."""
        return {
            "bot_db": await _answers(self.bot),
            "platform_db": await _answers(self.platform),
            "redis": await _greets(self.redis),
        }


async def _answers(dsn: str) -> str:
    try:
        connection = await asyncpg.connect(dsn, timeout=3)
    except (OSError, TimeoutError, asyncpg.PostgresError):
        return "down"
    try:
        await connection.fetchval("SELECT 1", timeout=3)
    except (OSError, TimeoutError, asyncpg.PostgresError):
        return "down"
    finally:
        connection.terminate()
    return "ok"


async def _greets(url: str) -> str:
    """Whether a server of the Redis protocol says anything at all: a word or a refusal without the password."""
    parts = urlsplit(url)
    try:
        async with asyncio.timeout(3):
            reader, writer = await asyncio.open_connection(parts.hostname, parts.port or 6379)
            try:
                writer.write(b"PING\r\n")
                return "ok" if await reader.readline() else "down"
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return "down"


def empty_folder(settings: Settings) -> None:
    """Make the sandbox's folder, emptied first where a fresh start is asked for. What holds the lock stays."""
    for entry in settings.folder.iterdir() if settings.fresh and settings.folder.exists() else ():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        elif entry != settings.lock_file:
            entry.unlink()
    settings.logs.mkdir(parents=True, exist_ok=True)
