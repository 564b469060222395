"""Servers that listen on ::1 alone, set by parts: operators A7, tried against real ones."""

from __future__ import annotations

import asyncio
from pathlib import Path

import asyncpg
import pytest

from mentorium_db import dsn as dsns
from mentorium_db.listen import listen
from mentorium_runtime.settings import DatabaseSettings
from mentorium_sandbox.servers import postgres, redis
from tests.fixtures.patience import HANGS_AFTER_S
from tests.integration.operator.command import mentorium

LOOPBACK = "::1"
NOWHERE = "http://127.0.0.1:1"


async def test_servers_on_ipv6_are_reached_by_their_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(postgres._SETTINGS, "listen_addresses", LOOPBACK)
    monkeypatch.setattr(redis, "LOOPBACK", LOOPBACK)
    database = await postgres.EmbeddedPostgres.start(tmp_path / "pg", durable=False)
    memory = await redis.EmbeddedRedis.start(tmp_path / "redis", durable=False)
    environment = {
        "DB_HOST": LOOPBACK,
        "DB_PORT": str(database.port),
        "DB_NAME": "postgres",
        "DB_USER": postgres.OWNER,
        "DB_PASSWORD": database._password,
        "REDIS_HOST": LOOPBACK,
        "REDIS_PORT": str(memory.port),
        "REDIS_PASSWORD": memory._password,
        "BOT_TELEGRAM_TOKEN": "123456789:of-telegram",
        "BOT_OPENAI_API_KEY": "of-openai",
        "BOT_TELEGRAM_API_URL": NOWHERE,
        "BOT_OPENAI_BASE_URL": NOWHERE,
        "PLATFORM_DB_URL": f"postgresql://{postgres.OWNER}:{database._password}@[{LOOPBACK}]:{database.port}/postgres",
        "PLATFORM_LINK_KEY": "thirty-two-letters-for-links-0123456789",
    }
    try:
        status, told = await mentorium("migrate", **environment)
        assert status == 0, told
        _, told = await mentorium("doctor", **environment)
        lines = {line[6:].partition(":")[0]: line[:4].strip() for line in told.splitlines() if ": " in line}
        assert (lines["bot_db"], lines["redis"]) == ("ok", "ok"), told
        assert "does not answer" not in next(line for line in told.splitlines() if "platform_db" in line), told
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        await _hears(DatabaseSettings().database_dsn)
    finally:
        await memory.stop()
        await database.stop()


async def _hears(dsn: str) -> None:
    """The connections that asyncpg makes by itself."""
    heard = asyncio.Event()
    async with asyncio.timeout(HANGS_AFTER_S):
        listening = asyncio.ensure_future(listen(dsn, {"news": lambda _: heard.set()}, "test"))
        connection = await asyncpg.connect(dsns.asyncpg_dsn(dsn))
        while not heard.is_set():
            await connection.execute("NOTIFY news")
            await asyncio.sleep(0.05)
        await connection.close()
        listening.cancel()
