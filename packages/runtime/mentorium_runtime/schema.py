"""Whether the bot's database has a schema that this code knows: looked at now and then for as long as a process runs.

Behind: it lacks migrations, or was taken back. Ahead is what each upgrade begins with, and is known as long as every
table and column of this code is there (`docs/UPGRADING.md`).
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import Final

from sqlalchemy import text

import mentorium_db.tables  # noqa: F401 - `Base` knows the tables that were imported
from mentorium_db import get_session
from mentorium_db.models import Base
from mentorium_db.revisions import known_revisions
from mentorium_kit.errors import ConfigurationError, MentoriumError, UnavailableError
from mentorium_observability.logging import get_logger
from mentorium_observability.outage import Outage

LOOK_EVERY_S: Final = 5.0
LOOK_AGAIN_S: Final = 1.0
"""Machine time: while it is well, and while it is not."""
_COLUMNS: Final = text(
    "SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = current_schema()"
)

logger = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class MigrationState:
    """`found`: the database's revision, None where there is none; `wanted`: the newest that this code knows.

    `lacks`: what of this code's tables and columns is missing in a database that is ahead of it.
    """

    found: str | None
    wanted: str | None
    behind: bool
    lacks: tuple[str, ...] = ()


async def migration_state() -> MigrationState:
    """Where the bot's database stands among the migrations."""
    known = known_revisions()
    wanted, older = known.newest, known.older
    async with get_session() as session:
        is_there = await session.scalar(text("SELECT to_regclass('alembic_version') IS NOT NULL"))
        found = await session.scalar(text("SELECT version_num FROM alembic_version")) if is_there else None
        if found is None or found == wanted or found in older:
            return MigrationState(found, wanted, behind=found != wanted)
        there = set(await session.scalars(_COLUMNS))
    needed = {f"{table.name}.{column.name}" for table in Base.metadata.sorted_tables for column in table.columns}
    return MigrationState(found, wanted, behind=False, lacks=tuple(sorted(needed - there)))


async def check_schema() -> None:
    """UnavailableError `bot_db_schema_behind` or `bot_db_schema_ahead`, with the reason, where it is not known here."""
    state = await migration_state()
    if state.behind:
        raise UnavailableError("bot_db_schema_behind", reason=f"{state.found}, wanted {state.wanted}: run make migrate")
    if state.lacks:
        raise UnavailableError("bot_db_schema_ahead", reason=f"{state.found}, without {', '.join(state.lacks[:3])}")


class SchemaProbe:
    """As `check_schema`, but what was seen a few seconds ago still counts: health may be asked often."""

    def __init__(self, look_every_s: float = LOOK_EVERY_S, look_again_s: float = LOOK_AGAIN_S) -> None:
        self._look_every_s, self._look_again_s = look_every_s, look_again_s
        self._good_until = 0.0
        self._error: UnavailableError | None = None
        self._outage = Outage(logger, "bot_database_schema_unknown")

    async def __call__(self) -> None:
        if time.monotonic() >= self._good_until:
            await self._look()
        if self._error is not None:
            raise self._error

    async def _look(self) -> None:
        try:
            await check_schema()
        except UnavailableError as error:
            if not error.code.startswith("bot_db_schema"):  # the database is away: nothing is known of its schema
                raise
            self._error = error
            self._outage.failed(error)
        else:
            self._error = None
            self._outage.over()
        self._good_until = time.monotonic() + (self._look_again_s if self._error else self._look_every_s)


async def wait_for_schema(stopping: asyncio.Event) -> bool:
    """At start: a database that lacks migrations gets them sooner or later. False if `stopping` was set meanwhile.

    ConfigurationError where it never had any: then nobody has set it up.
    """
    outage = Outage(logger, "bot_database_schema_awaited")
    while not stopping.is_set():
        try:
            if (state := await migration_state()).found is None:
                raise ConfigurationError("bot_database_not_migrated", wanted=state.wanted)
            await check_schema()
        except ConfigurationError:
            raise
        except MentoriumError as error:
            outage.failed(error)
        else:
            outage.over()
            return True
        try:
            async with asyncio.timeout(LOOK_AGAIN_S):
                await stopping.wait()
        except TimeoutError:
            continue
    return False
