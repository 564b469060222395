"""The settings of the bot, of its webhook app and of the operator command `grant`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, SecretStr

from mentorium_runtime.settings import (
    AccessSettings,
    DatabaseSettings,
    HttpUrl,
    MailSettings,
    PlatformSettings,
    Port,
    RedisSettings,
    TelegramSettings,
)


class GrantSettings(DatabaseSettings, AccessSettings):
    """What the operator command `grant` needs."""


class WebhookAppSettings(DatabaseSettings):
    """What the FastAPI app needs."""

    webhook_host: str = "127.0.0.1"
    webhook_port: Port = 8001


class BotSettings(GrantSettings, PlatformSettings, RedisSettings, MailSettings, TelegramSettings):
    """What the bot needs."""

    bot_mode: Literal["polling"] = "polling"

    bot_openai_api_key: SecretStr = Field(description="the key of the OpenAI account")
    bot_openai_base_url: HttpUrl | None = None
    bot_openai_model: str | None = None

    platform_link_key: SecretStr = Field(description="the key with which the platform signs link codes")
    platform_link_key_old: SecretStr | None = None

    bot_health_host: str = "127.0.0.1"
    bot_health_port: Port = 8002
