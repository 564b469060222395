"""Where the databases are."""

from __future__ import annotations

import os
from urllib.parse import unquote, urlsplit

from mentorium_kit.addresses import postgres_url
from mentorium_kit.errors import ConfigurationError


def asyncpg_dsn(dsn: str) -> str:
    """The DSN as asyncpg reads it; `postgresql+asyncpg://` is understood. ConfigurationError if it is no DSN."""
    scheme, separator, rest = dsn.partition("://")
    if not separator or scheme not in {"postgresql", "postgres", "postgresql+asyncpg"}:
        raise ConfigurationError("database_url_malformed", expected="postgresql://user:password@host:port/name")
    plain_dsn = f"postgresql://{rest}"
    try:
        _ = urlsplit(plain_dsn).port
    except ValueError as error:
        raise ConfigurationError("database_url_malformed", reason="port") from error
    return plain_dsn


def bot_from_environment() -> str:
    """`BOT_DB_URL`, or else the `DB_*` variables. ConfigurationError names what is missing."""
    if url := os.environ.get("BOT_DB_URL"):
        return url
    missing = [name for name in ("DB_HOST", "DB_NAME", "DB_USER", "DB_PASSWORD") if not os.environ.get(name)]
    if missing:
        raise ConfigurationError("settings_missing", names=["BOT_DB_URL", *missing])
    host, user, password, name = (os.environ[part] for part in ("DB_HOST", "DB_USER", "DB_PASSWORD", "DB_NAME"))
    return postgres_url(host, os.environ.get("DB_PORT") or "5432", user, password, name)


def platform_from_environment() -> str:
    """`PLATFORM_DB_URL`. ConfigurationError if it is missing."""
    if url := os.environ.get("PLATFORM_DB_URL"):
        return url
    raise ConfigurationError("settings_missing", names=["PLATFORM_DB_URL"])


def database_name(dsn: str) -> str:
    """What the database is called: the only part of a DSN that may be logged."""
    return unquote(urlsplit(dsn).path.lstrip("/"))
