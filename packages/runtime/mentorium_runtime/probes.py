"""Whether the servers that our processes stand on are well; each probe raises when its server is not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from alembic.script import ScriptDirectory
from redis.asyncio import Redis
from sqlalchemy import text

import mentorium_db
from mentorium_db import get_session, platform_connection
from mentorium_db.repositories.platform import PlatformRepository
from mentorium_kit.errors import ConfigurationError, MentoriumError, UnavailableError
from mentorium_observability.health import HealthPart
from mentorium_observability.logging import get_logger

_DATABASE_PATIENCE_S: Final = 30.0
CONTRACT_MAJOR: Final = 1
_MIGRATIONS: Final = Path(mentorium_db.__file__).parent / "alembic"

logger = get_logger(__name__)


def bot_database() -> HealthPart:
    return HealthPart("bot_db", check_bot_database, vital=True)


def platform_database() -> HealthPart:
    return HealthPart("platform_db", check_platform)


def redis(client: Redis) -> HealthPart:
    async def probe() -> None:
        await client.get("mentorium:probe")

    return HealthPart("redis", probe)


def telegram(polling_is_well: Callable[[], bool]) -> HealthPart:
    async def probe() -> None:
        if not polling_is_well():
            raise UnavailableError("telegram_unavailable")

    return HealthPart("telegram", probe)


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
    """UnavailableError while the platform does not answer or does not keep the contract."""
    async with platform_connection() as connection:
        platform = PlatformRepository(connection)
        meta = await platform.meta()
        await platform.missing_views()
    if meta.contract_major != CONTRACT_MAJOR:
        raise UnavailableError("platform_contract_unknown", major=meta.contract_major)


@dataclass(frozen=True, slots=True)
class MigrationState:
    """`found`: the database's revision, None where there is none; `wanted`: the newest that this code knows."""

    found: str | None
    wanted: str | None
    behind: bool


async def migration_state() -> MigrationState:
    """Where the bot's database stands among the migrations; one that is ahead of this code is not behind."""
    async with get_session() as session:
        found = await session.scalar(text("SELECT to_regclass('alembic_version') IS NOT NULL"))
        version = await session.scalar(text("SELECT version_num FROM alembic_version")) if found else None
    scripts = ScriptDirectory(str(_MIGRATIONS))
    older = {script.revision for script in scripts.walk_revisions()} - set(scripts.get_heads())
    return MigrationState(version, scripts.get_current_head(), behind=version is None or version in older)


async def check_migrations() -> None:
    """ConfigurationError if the bot's database lacks migrations."""
    state = await migration_state()
    if state.behind:
        raise ConfigurationError("bot_database_not_migrated", found=state.found, wanted=state.wanted)
