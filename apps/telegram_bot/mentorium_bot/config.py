"""The settings of the bot and of its webhook app."""

from __future__ import annotations

import re
from typing import Final, Literal

from pydantic import Field, SecretStr, ValidationInfo, field_validator

from mentorium_core.inbox.quota import A_SECOND, AT_ONCE
from mentorium_runtime.ai_settings import TranscriptionSettings
from mentorium_runtime.payment_settings import PaymentSettings
from mentorium_runtime.settings import (
    AccessSettings,
    DatabaseSettings,
    FromEnvironment,
    HttpUrl,
    LinkSettings,
    Port,
    PostgresUrl,
    RedisSettings,
    ServiceSettings,
    Token,
    secret_value,
)
from mentorium_runtime.speech import SpeechSettings
from mentorium_runtime.team import TeamSettings

_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{16,256}")


class WebhookSettings(FromEnvironment):
    """How updates come: asked for by the bot (polling), or taken by the webhook app, which needs the rest."""

    bot_mode: Literal["polling", "webhook"] = "polling"
    bot_webhook_url: HttpUrl | None = None
    bot_webhook_secret: SecretStr | None = Field(None, validate_default=True)

    @field_validator("bot_webhook_secret")
    @classmethod
    def _whole(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if info.data.get("bot_mode") != "webhook":
            return value
        if not _SECRET.fullmatch(secret_value(value)):
            raise ValueError(
                "is missing or malformed: 16 to 256 of A-Z, a-z, 0-9, _ and -; without it anybody could write"
            )
        if info.data.get("bot_webhook_url") is None:
            raise ValueError("needs BOT_WEBHOOK_URL: where Telegram reaches the webhook app, .../webhooks/telegram")
        return value


class WebhookAppSettings(DatabaseSettings, RedisSettings, WebhookSettings, AccessSettings, PaymentSettings):
    """What the FastAPI app needs. The token only where Telegram brings its updates here."""

    bot_telegram_token: Token | None = Field(None, validate_default=True)
    bot_telegram_api_url: HttpUrl | None = None
    platform_db_url: PostgresUrl | None = None

    webhook_host: str = "127.0.0.1"
    webhook_port: Port = 8001

    @field_validator("bot_telegram_token", mode="before")
    @classmethod
    def _needed_for_the_webhook(cls, value: object, info: ValidationInfo) -> object:
        if value is None and info.data.get("bot_mode") == "webhook":
            raise ValueError("is missing: the token @BotFather gave")
        return value


class BotSettings(
    ServiceSettings, TranscriptionSettings, LinkSettings, WebhookSettings, PaymentSettings, SpeechSettings, TeamSettings
):
    """What the bot needs.

    One person may hand in so many updates at once (of presses and commands three times as many), then so many a second.
    """

    bot_updates_at_once: int = Field(AT_ONCE, ge=1, le=1000)
    bot_updates_a_second: float = Field(A_SECOND, gt=0, le=1000)

    bot_health_host: str = "127.0.0.1"
    bot_health_port: Port = 8002
