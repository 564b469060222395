"""The parts that bot and worker share."""

from __future__ import annotations

import asyncpg
import pytest
from structlog.testing import capture_logs

import mentorium_db
from mentorium_kit.errors import UnavailableError
from mentorium_runtime import probes
from mentorium_runtime.settings import ServiceSettings
from mentorium_runtime.wiring import common_parts


async def test_both_databases_and_redis_are_at_hand(bot_dsn: str, platform_dsn: str, redis_url: str) -> None:
    parts = common_parts(_settings(bot_dsn, platform_dsn, redis_url), "mentorium-test")
    await probes.check_bot_database()
    await probes.check_platform()
    await probes.redis(parts.redis).probe()
    await parts.close()


async def test_detached_work_that_fails_is_reported(bot_dsn: str, redis_url: str) -> None:
    parts = common_parts(_settings(bot_dsn, bot_dsn, redis_url), "mentorium-test")

    async def fail() -> None:
        raise UnavailableError("mail_unavailable")

    with capture_logs() as lines:
        parts.nursery.start(fail(), name="a-letter")
        assert await parts.nursery.drain(5) == 0
    assert [(line["event"], line["task_name"]) for line in lines] == [("detached_work_failed", "a-letter")]
    await parts.close()


def _settings(bot_dsn: str, platform_dsn: str, redis_url: str) -> ServiceSettings:
    return ServiceSettings.model_validate(
        {
            "bot_telegram_token": "123456789:the-token-of-the-tests",
            "bot_db_url": bot_dsn,
            "platform_db_url": platform_dsn,
            "redis_url": redis_url,
        }
    )


@pytest.mark.own_databases
async def test_a_database_that_only_reads_is_told(bot_dsn: str) -> None:
    """operators A2: what a failover shows answers every question, and takes nothing."""
    owner = await asyncpg.connect(bot_dsn)
    name = await owner.fetchval("SELECT quote_ident(current_database())")
    await owner.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    await owner.close()
    mentorium_db.configure(bot_dsn)
    try:
        with pytest.raises(UnavailableError, match="bot_db_read_only"):
            await probes.check_bot_database()
    finally:
        await mentorium_db.dispose()
