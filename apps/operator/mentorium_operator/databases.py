"""The databases of one subcommand."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import mentorium_db
from mentorium_db import dsn as dsns
from mentorium_kit import clock
from mentorium_kit.errors import ConfigurationError
from mentorium_runtime.settings import DatabaseSettings, PlatformSettings, SettingsError, load, secret_value


def owner_dsn() -> str:
    """The bot's database, as asyncpg reads it. ConfigurationError, in one line, where the settings do not tell."""
    try:
        return dsns.asyncpg_dsn(load(DatabaseSettings).database_dsn)
    except SettingsError as error:
        raise ConfigurationError("; ".join(error.problems)) from None


@asynccontextmanager
async def open_databases(settings: DatabaseSettings) -> AsyncIterator[None]:
    """The product's clock, its database and, where the settings name it, the platform's, while the block runs."""
    clock.configure(settings.clock_file)
    mentorium_db.configure(settings.database_dsn)
    if isinstance(settings, PlatformSettings):
        mentorium_db.configure_platform(secret_value(settings.platform_db_url))
    try:
        yield
    finally:
        await mentorium_db.dispose()
