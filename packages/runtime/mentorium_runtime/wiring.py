"""What the containers of bot and worker begin with alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from redis.asyncio import Redis

import mentorium_db
from mentorium_gateways.telegram import SharedRateLimiter
from mentorium_kit import clock
from mentorium_kit.nursery import Nursery
from mentorium_observability import get_logger
from mentorium_observability.metrics import count_error
from mentorium_runtime.settings import ServiceSettings, secret_value

_REDIS_TIMEOUT_S: Final = 2.0

logger = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class CommonParts:
    """`nursery` for detached work, Redis, and the rate limiter that all processes share."""

    nursery: Nursery
    redis: Redis
    limiter: SharedRateLimiter

    async def close(self) -> None:
        """Hang up everywhere, after the work has been drained."""
        await self.redis.aclose()
        await mentorium_db.dispose()


def common_parts(settings: ServiceSettings, application: str) -> CommonParts:
    """Set the clock and both databases, and make the rest; nothing is connected to yet.

    `application`: what the connections of this process call themselves in the databases.
    """
    clock.configure(settings.clock_file)
    mentorium_db.configure(settings.database_dsn, application=application)
    mentorium_db.configure_platform(secret_value(settings.platform_db_url), application=application)
    redis = Redis.from_url(settings.redis_dsn, socket_timeout=_REDIS_TIMEOUT_S, socket_connect_timeout=_REDIS_TIMEOUT_S)
    return CommonParts(Nursery(on_error=_report_detached), redis, SharedRateLimiter(redis, settings.bot_telegram_rate))


def _report_detached(task_name: str, error: BaseException) -> None:
    count_error(error)
    logger.error("detached_work_failed", task_name=task_name, exc_info=error)
