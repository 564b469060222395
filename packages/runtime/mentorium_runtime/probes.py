"""Whether the servers that our processes stand on are well; each probe raises when its server is not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from redis.asyncio import Redis
from sqlalchemy import text

from mentorium_db import get_session, platform_connection
from mentorium_db.repositories.platform import PlatformRepository
from mentorium_kit import clock
from mentorium_kit.errors import MentoriumError, UnavailableError
from mentorium_observability.health import HealthPart, LastOutcome
from mentorium_observability.logging import get_logger
from mentorium_observability.metrics import platform_activity_age, platform_contract_seen_at
from mentorium_runtime.schema import SchemaProbe
from mentorium_runtime.shared_probe import FRESH_FOR_S, SharedProbe

_DATABASE_PATIENCE_S: Final = 30.0
_PLATFORM_PATIENCE_S: Final = 5.0
CONTRACT_MAJOR: Final = 1

logger = get_logger(__name__)


def bot_database(fresh_for_s: float = FRESH_FOR_S) -> HealthPart:
    """It answers, takes what is written, and has a schema that this code knows."""
    check_schema = SchemaProbe()

    async def probe() -> None:
        await check_bot_database()
        await check_schema()

    return HealthPart("bot_db", SharedProbe(probe, fresh_for_s), vital=True)


def platform_database() -> HealthPart:
    return HealthPart("platform_db", SharedProbe(check_platform))


def redis(client: Redis) -> HealthPart:
    async def probe() -> None:
        await client.get("mentorium:probe")

    return HealthPart("redis", SharedProbe(probe))


def telegram(is_well: Callable[[], bool]) -> HealthPart:
    async def probe() -> None:
        if not is_well():
            raise UnavailableError("telegram_unavailable")

    return HealthPart("telegram", probe)


def polling(is_contested: Callable[[], bool]) -> HealthPart:
    """Two that poll with one token take each other's updates: parents notice."""

    async def probe() -> None:
        if is_contested():
            raise UnavailableError("another_process_polls_with_this_token")

    return HealthPart("polling", probe, alarming=True)


def as_last_seen(name: str, last: LastOutcome) -> HealthPart:
    """A server that is asked only when there is something to ask: as it was the last time."""

    async def probe() -> None:
        if (code := last.failure()) is not None:
            raise UnavailableError(code)

    return HealthPart(name, probe)


async def warn_unless_platform_is_well() -> None:
    """At start: it may come back later, but whoever reads the log shall know."""
    try:
        async with asyncio.timeout(_PLATFORM_PATIENCE_S):
            await check_platform()
    except TimeoutError:
        logger.warning("platform_not_well", code="platform_db_unavailable", reason="no answer in time")
    except MentoriumError as error:
        logger.warning("platform_not_well", code=error.code, reason=error.context.get("reason"))


async def check_bot_database() -> None:
    """UnavailableError while the bot's database does not answer, or takes nothing: a standby answers reads too."""
    async with get_session() as session:
        only_reads = await session.scalar(text("SELECT current_setting('transaction_read_only')::boolean"))
    if only_reads:
        raise UnavailableError("bot_db_read_only")


async def wait_for_bot_database(stopping: asyncio.Event) -> bool:
    """At start: the database may be starting too. False if `stopping` was set meanwhile.

    UnavailableError if it does not answer within 30 s, and at once if it refuses us: a wrong password gets no better.
    """
    async with asyncio.TaskGroup() as group:
        asked_to_stop = group.create_task(stopping.wait())
        answered = group.create_task(_why_bot_database_is_away())
        await asyncio.wait({asked_to_stop, answered}, return_when=asyncio.FIRST_COMPLETED)
        asked_to_stop.cancel()
        answered.cancel()
    if stopping.is_set():
        return False
    if (error := answered.result()) is not None:
        raise error
    return True


async def _why_bot_database_is_away() -> MentoriumError | None:
    """None as soon as it answers."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + _DATABASE_PATIENCE_S
    while True:
        try:
            await check_bot_database()
        except UnavailableError as error:
            if error.code == "bot_db_refused" or loop.time() > deadline:
                return error
            logger.warning("bot_database_awaited", code=error.code, reason=error.context.get("reason"))
            await asyncio.sleep(1.0)
        except MentoriumError as error:
            return error
        else:
            return None


async def check_platform() -> None:
    """UnavailableError while the platform does not answer or does not keep the contract; the metrics hear of it."""
    async with platform_connection() as connection:
        platform = PlatformRepository(connection)
        meta = await platform.meta()
        await platform.missing_views()
    if meta.contract_major != CONTRACT_MAJOR:
        raise UnavailableError("platform_contract_unknown", major=meta.contract_major)
    version = f"{meta.contract_major}.{meta.contract_minor}"
    platform_contract_seen_at.labels(version=version).set_to_current_time()
    if meta.activity_as_of is not None:
        platform_activity_age.set((clock.now() - meta.activity_as_of).total_seconds())
