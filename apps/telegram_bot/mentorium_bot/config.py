"""The settings of the bot and of its webhook app."""

from __future__ import annotations

from typing import Literal

from mentorium_runtime.settings import DatabaseSettings, LinkSettings, OpenAISettings, Port, ServiceSettings


class WebhookAppSettings(DatabaseSettings):
    """What the FastAPI app needs."""

    webhook_host: str = "127.0.0.1"
    webhook_port: Port = 8001


class BotSettings(ServiceSettings, OpenAISettings, LinkSettings):
    """What the bot needs."""

    bot_mode: Literal["polling"] = "polling"

    bot_health_host: str = "127.0.0.1"
    bot_health_port: Port = 8002
