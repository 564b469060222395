"""The names of all settings of all processes: what one of them does not read may be another's, and no slip."""

from __future__ import annotations

from typing import Final

SETTING_NAMES: Final = frozenset(
    {
        "BOT_TELEGRAM_TOKEN",
        "BOT_TELEGRAM_API_URL",
        "BOT_TELEGRAM_RATE",
        "BOT_MODE",
        "BOT_WEBHOOK_URL",
        "BOT_WEBHOOK_SECRET",
        "WEBHOOK_HOST",
        "WEBHOOK_PORT",
        "BOT_UPDATES_AT_ONCE",
        "BOT_UPDATES_A_SECOND",
        "BOT_HEALTH_HOST",
        "BOT_HEALTH_PORT",
        "BOT_OPENAI_API_KEY",
        "BOT_OPENAI_BASE_URL",
        "BOT_OPENAI_MODEL",
        "BOT_DB_URL",
        "DB_HOST",
        "DB_PORT",
        "DB_NAME",
        "DB_USER",
        "DB_PASSWORD",
        "PLATFORM_DB_URL",
        "PLATFORM_LINK_KEY",
        "PLATFORM_LINK_KEY_OLD",
        "REDIS_URL",
        "REDIS_HOST",
        "REDIS_PORT",
        "REDIS_PASSWORD",
        "SMTP_URL",
        "SMTP_FROM",
        "GRACE_DAYS",
        "WORKER_ROLES",
        "WORKER_LEASE_SECONDS",
        "WORKER_HEALTH_HOST",
        "WORKER_HEALTH_PORT",
        "PROMETHEUS_MULTIPROC_DIR",
        "LOG_LEVEL",
        "JSON_LOGS",
        "DEV_MODE",
        "SENTRY_DSN",
        "SENTRY_ENVIRONMENT",
        "CLOCK_FILE",
    }
)
