"""What the settings of all processes share: they come from the environment and `.env`; an empty variable is missing.

A process with a wrong setting does not start: it names every setting that needs attention, never a value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from email.utils import parseaddr
from ipaddress import IPv6Address
from pathlib import Path
from typing import Annotated, Any, Final, Literal, TypeVar
from urllib.parse import parse_qs, urlsplit

from pydantic import (
    AfterValidator,
    Field,
    SecretStr,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

from mentorium_kit.addresses import postgres_url, redis_url
from mentorium_runtime.env_file import ENCODING, ENV_FILE, hints, names_in_env_file
from mentorium_runtime.env_file import SettingsError as SettingsError

_TOKEN: Final = re.compile(r"\d{5,}:[A-Za-z0-9_-]{10,}")
_ADDRESS: Final = re.compile(r"[^@\s]+@[^@\s]+")
_HOST: Final = re.compile(r"[^\s/@?#:\[\]]+")
SHORTEST_LINK_KEY: Final = 32
_SSL_MODES: Final = {"disable", "allow", "prefer", "require", "verify-ca", "verify-full"}
_QUOTING: Final = "in user and password all but letters and digits is percent-encoded, # as %23, @ as %40"


def _has_host(url: str, *schemes: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in schemes and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False


def _token(value: SecretStr) -> SecretStr:
    if not _TOKEN.fullmatch(value.get_secret_value()):
        raise ValueError("is malformed: <digits>:<secret>, as @BotFather gave it")
    return value


def _host(value: str) -> str:
    """A name, an IPv4 or IPv6 address, with brackets or without, or a path that begins with a slash."""
    host = value.strip("[]")
    if value.startswith("/"):
        return value
    if ":" in host:
        try:
            IPv6Address(host)
        except ValueError:
            raise ValueError("is malformed: a name or an address alone; the port is a setting of its own") from None
    elif not _HOST.fullmatch(host):
        raise ValueError("is malformed: a name, an address, or a Unix socket's path")
    return host


def _postgres_url(value: SecretStr) -> SecretStr:
    url = value.get_secret_value()
    schemes = "postgresql", "postgres", "postgresql+asyncpg"
    try:
        parts = urlsplit(url)
        socket = parts.scheme in schemes and not parts.hostname and bool(parse_qs(parts.query).get("host"))
        named = bool(parts.path.strip("/")) or bool(parse_qs(parts.query).keys() & {"dbname", "database"})
    except ValueError:
        socket = named = False
    if not socket and not _has_host(url, *schemes):
        raise ValueError(f"is malformed: postgresql://user:password@host:port/database; {_QUOTING}")
    if not named:
        raise ValueError("names no database: postgresql://user:password@host:port/database")
    if not set(parse_qs(parts.query).get("sslmode", [])) <= _SSL_MODES:
        raise ValueError(f"has an unknown sslmode: one of {', '.join(sorted(_SSL_MODES))}")
    return value


def _redis_url(value: SecretStr) -> SecretStr:
    url = value.get_secret_value()
    if not _has_host(url, "redis", "rediss") and not re.match(r"unix://([^/]*@)?/.", url):
        raise ValueError(f"is malformed: redis://:password@host:port/0, or unix:///path; {_QUOTING}")
    path = urlsplit(url).path.strip("/")
    if not url.startswith("unix") and path and not (path.isascii() and path.isdigit()):
        raise ValueError("names no database of Redis: a number, as in redis://:password@host:port/0")
    from redis.asyncio.connection import parse_url  # noqa: PLC0415 - an operator's command without Redis waits for none

    try:
        parse_url(url)
    except ValueError:  # what is behind the ?
        raise ValueError("is malformed behind its question mark") from None
    return value


def _link_key(value: SecretStr) -> SecretStr:
    if len(value.get_secret_value()) < SHORTEST_LINK_KEY:
        raise ValueError(f"is too short: at least {SHORTEST_LINK_KEY} random characters (openssl rand -base64 33)")
    return value


def _provider_key(value: SecretStr) -> SecretStr:
    """A key as its cabinet shows it: what copying, or a file of secrets, put around it is no part of it."""
    return SecretStr(value.get_secret_value().strip())


def _http_url(value: str) -> str:
    if not _has_host(value, "http", "https"):
        raise ValueError("is malformed: http:// or https:// and a host")
    return value


def _smtp_url(value: SecretStr) -> SecretStr:
    if not _has_host(value.get_secret_value(), "smtp", "smtps"):
        raise ValueError(f"is malformed: smtp:// or smtps://user:password@host:port; {_QUOTING}")
    return value


def _sender(value: str) -> str:
    if not _ADDRESS.fullmatch(parseaddr(value)[1]):
        raise ValueError("is malformed: Name <name@example.com>")
    return value


Host = Annotated[str, AfterValidator(_host)]
LinkKey = Annotated[SecretStr, AfterValidator(_link_key)]
Token = Annotated[SecretStr, AfterValidator(_token)]
Port = Annotated[int, Field(ge=1, le=65535)]
Stripped = Annotated[str, StringConstraints(strip_whitespace=True)]
ProviderKey = Annotated[SecretStr, AfterValidator(_provider_key)]
PostgresUrl = Annotated[SecretStr, AfterValidator(_postgres_url)]
HttpUrl = Annotated[str, AfterValidator(_http_url)]
RedisUrl = Annotated[SecretStr, AfterValidator(_redis_url)]
SmtpUrl = Annotated[SecretStr, AfterValidator(_smtp_url)]
MailSender = Annotated[str, AfterValidator(_sender)]


class FromEnvironment(BaseSettings):
    model_config = SettingsConfigDict(
        env_file=ENV_FILE,
        env_file_encoding=ENCODING,
        env_ignore_empty=True,
        extra="ignore",
        hide_input_in_errors=True,
        defer_build=True,  # a process reads one of these classes: what it is made of needs no validators of its own
    )

    @field_validator("*", mode="before")
    @classmethod
    def _something(cls, value: object) -> object:
        if isinstance(value, str) and value and not value.strip():
            raise ValueError("is blank")
        return value


class DatabaseSettings(FromEnvironment):
    """What every process needs: the bot's own database (`BOT_DB_URL`, or its parts), logs, the clock."""

    db_host: Host = "localhost"
    db_port: Port = 5432
    db_name: str = "mentorium_bot"
    db_user: str = "mentorium_bot"
    db_password: SecretStr | None = None
    bot_db_url: PostgresUrl | None = Field(None, validate_default=True)

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] = "INFO"
    json_logs: bool = True
    dev_mode: bool = False
    sentry_dsn: SecretStr | None = None
    sentry_environment: str = "production"
    clock_file: Path | None = None

    @field_validator("log_level", mode="before")
    @classmethod
    def _in_capitals(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @field_validator("bot_db_url")
    @classmethod
    def _one_way_to_the_database(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if value is None and info.data.get("db_password") is None:
            raise ValueError("is missing: postgresql://user:password@host:port/database, or DB_PASSWORD and its like")
        return value

    @property
    def database_dsn(self) -> str:
        """With the password in it: never to be logged."""
        if self.bot_db_url is not None:
            return self.bot_db_url.get_secret_value()
        return postgres_url(self.db_host, self.db_port, self.db_user, secret_value(self.db_password), self.db_name)


class RedisSettings(FromEnvironment):
    """`REDIS_URL`, or its parts."""

    redis_host: Host = "localhost"
    redis_port: Port = 6379
    redis_password: SecretStr | None = None
    redis_url: RedisUrl | None = None

    @property
    def redis_dsn(self) -> str:
        """With the password in it: never to be logged."""
        if self.redis_url is not None:
            return self.redis_url.get_secret_value()
        return redis_url(self.redis_host, self.redis_port, secret_value(self.redis_password))


class PlatformSettings(FromEnvironment):
    """The platform's database, to read from."""

    platform_db_url: PostgresUrl = Field(description="postgresql://user:password@host:port/database of the platform")


class AccessSettings(FromEnvironment):
    """Who may see what."""

    grace_days: int = Field(3, ge=0, le=60)

    @property
    def grace(self) -> timedelta:
        return timedelta(days=self.grace_days)


class MailSettings(FromEnvironment):
    """The server that carries letters; without one there are none."""

    smtp_url: SmtpUrl | None = None
    smtp_from: MailSender = "Mentorium <no-reply@mentorium.io>"


class TelegramSettings(FromEnvironment):
    """The bot's account, and how much Telegram takes from it."""

    bot_telegram_token: Token = Field(description="the token @BotFather gave")
    bot_telegram_api_url: HttpUrl | None = None
    bot_telegram_rate: float = Field(27.0, ge=1, le=1000)


class OpenAISettings(FromEnvironment):
    """The language model. Zero Data Retention: confirmed, refused (then there is no model), or nobody has said."""

    bot_openai_api_key: SecretStr = Field(description="the key of the OpenAI account")
    bot_openai_base_url: HttpUrl | None = None
    bot_openai_model: str | None = None
    openai_zero_data_retention_confirmed: bool | None = None
    bot_moderation_model: Stripped = "omni-moderation-latest"  # or "off"


class LinkSettings(FromEnvironment):
    """The key the platform signs its deep links with; the one before, while it is being changed."""

    platform_link_key: LinkKey = Field(description="the key with which the platform signs link codes")
    platform_link_key_old: SecretStr | None = None


class ServiceSettings(
    DatabaseSettings, AccessSettings, PlatformSettings, RedisSettings, MailSettings, TelegramSettings
):
    """What bot and worker need alike."""


Settings = TypeVar("Settings", bound=BaseSettings)


def load(kind: type[Settings], **overrides: Any) -> Settings:
    """The settings of this process. SettingsError tells at once everything that is missing or wrong."""
    names_in_env_file()
    try:
        return kind(**overrides)
    except ValidationError as error:
        problems = [problem_of(kind, detail) for detail in error.errors(include_input=False)]
        raise SettingsError(problems, hints()) from None


def secret_value(secret: SecretStr | None) -> str:
    """What the secret holds, for the call that needs it."""
    return secret.get_secret_value() if secret is not None else ""


def problem_of(kind: type[BaseSettings], detail: Mapping[str, Any]) -> str:
    """One of pydantic's complaints as a line that begins with the variable's name; no value is in it."""
    field = str(detail["loc"][0])
    if detail["type"] == "missing":
        return f"{field.upper()} is missing: {kind.model_fields[field].description}"
    if detail["type"] == "value_error":
        return f"{field.upper()} {detail['ctx']['error']}"
    return f"{field.upper()} is wrong: {detail['msg']}"
