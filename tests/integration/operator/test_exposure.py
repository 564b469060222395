"""What the settings leave open to others on the network is said before parents come."""

from __future__ import annotations

import pytest

from mentorium_operator.config import ProductSettings
from mentorium_operator.exposure import exposures

_NEEDED = {
    "bot_telegram_token": "123456789:a-token-of-the-tests",
    "bot_openai_api_key": "sk-x",
    "db_password": "x",
    "platform_link_key": "k" * 32,
    "platform_db_url": "postgresql://reader:x@localhost/platform",
}


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({}, []),
        ({"public_url": "https://bot.example.uz"}, ["TRUSTED_PROXY_HEADER"]),
        ({"public_url": "https://bot.example.uz", "trusted_proxy_header": "X-Real-IP"}, []),
        ({"platform_db_url": "postgresql://r:x@db.example.uz/platform"}, ["PLATFORM_DB_URL"]),
        ({"platform_db_url": "postgresql://r:x@8.8.8.8/platform?sslmode=require"}, ["PLATFORM_DB_URL"]),
        ({"platform_db_url": "postgresql://r:x@db.example.uz/platform?sslmode=verify-full"}, []),
        ({"platform_db_url": "postgresql://r:x@10.0.0.7/platform"}, []),
        ({"platform_db_url": "postgresql://r:x@host.docker.internal/platform"}, []),
        ({"db_host": "db.example.uz"}, ["BOT_DB_URL"]),
        ({"bot_db_url": "postgresql://r:x@db.example.uz/bot"}, ["BOT_DB_URL"]),
        ({"bot_db_url": "postgresql://r:x@db.example.uz/bot?sslmode=verify-full"}, []),
        ({"smtp_url": "smtp://mail.example.uz:25"}, ["SMTP_URL"]),
        ({"smtp_url": "smtp://u:x@mail.example.uz:587"}, []),
        ({"smtp_url": "smtps://mail.example.uz"}, []),
        ({"redis_url": "redis://:x@cache.example.uz:6379/0"}, ["REDIS_URL"]),
        ({"redis_url": "rediss://:x@cache.example.uz:6379/0"}, []),
        ({"redis_host": "redis"}, []),
    ],
)
def test_what_others_may_read_or_use_up_is_named(settings: dict[str, str], named: list[str]) -> None:
    known = ProductSettings.model_validate({**_NEEDED, **settings})
    assert [sentence.split()[0] for sentence in exposures(known)] == named
