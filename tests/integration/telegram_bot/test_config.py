"""An operator with a missing or malformed setting reads what to do, and no secret is printed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mentorium_bot.config import BotSettings
from mentorium_runtime.settings import DatabaseSettings, SettingsError, load
from tests.fixtures.patience import HANGS_AFTER_S

COMPLETE = {
    "BOT_TELEGRAM_TOKEN": "123456789:AAbbCCddEEffGGhhIIjjKKllMMnnOOppQQr",
    "BOT_OPENAI_API_KEY": "sk-key-of-a-test",
    "BOT_DB_URL": "postgresql://bot:pw@db:5432/bot",
    "PLATFORM_DB_URL": "postgresql://reader:pw@db:5432/platform",
    "PLATFORM_LINK_KEY": "link-key-of-thirty-two-characters",
}


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for field in BotSettings.model_fields:
        monkeypatch.delenv(field.upper(), raising=False)


def set_all(monkeypatch: pytest.MonkeyPatch, settings: dict[str, str]) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)


def problems_of(kind: type[DatabaseSettings]) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load(kind)
    return caught.value.problems


def test_complete_settings_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch, COMPLETE)
    settings = load(BotSettings)
    assert settings.database_dsn == COMPLETE["BOT_DB_URL"]
    assert settings.redis_dsn == "redis://localhost:6379/0"
    assert settings.grace_days == 3
    assert settings.bot_health_port == 8002


def test_everything_that_is_missing_is_told_at_once() -> None:
    told = "\n".join(problems_of(BotSettings))
    for name in COMPLETE:
        assert f"{name} is missing" in told


def test_everything_that_is_wrong_is_told_beside_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = {
        "BOT_TELEGRAM_TOKEN": "not-a-token-hunter22",
        "BOT_TELEGRAM_API_URL": "localhost:8081",
        "PLATFORM_DB_URL": "mysql://hunter22@host/db",
        "REDIS_URL": "http://hunter22",
        "DB_PORT": "many",
        "GRACE_DAYS": "-1",
        "BOT_MODE": "carrier-pigeon",
    }
    set_all(monkeypatch, wrong)
    told = problems_of(BotSettings)
    assert {line.partition(" ")[0] for line in told} == {
        *wrong,
        "BOT_DB_URL",
        "BOT_OPENAI_API_KEY",
        "PLATFORM_LINK_KEY",
    }
    assert "hunter22" not in "\n".join(told)


def test_an_empty_variable_counts_as_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch, {**COMPLETE, "PLATFORM_LINK_KEY": "", "REDIS_URL": ""})
    assert problems_of(BotSettings) == [
        "PLATFORM_LINK_KEY is missing: the key with which the platform signs link codes"
    ]


def test_the_parts_of_the_database_make_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch, {"DB_HOST": "db", "DB_USER": "me", "DB_PASSWORD": "p@ss/word", "DB_NAME": "bot"})
    assert load(DatabaseSettings).database_dsn == "postgresql://me:p%40ss%2Fword@db:5432/bot"


def test_no_secret_is_in_what_a_settings_object_says_of_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch, COMPLETE)
    said = repr(load(BotSettings))
    assert not any(secret in said for secret in COMPLETE.values())


@pytest.mark.parametrize("module", ["mentorium_bot.main", "mentorium_bot.webhook_app"])
def test_a_process_without_settings_ends_with_a_list_and_no_traceback(module: str, tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name.lower() not in BotSettings.model_fields}
    ended = subprocess.run(
        [sys.executable, "-m", module],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=HANGS_AFTER_S,
        check=False,
    )
    assert ended.returncode == 2
    assert "BOT_DB_URL is missing" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_the_webhook_app_imports_neither_aiogram_nor_a_handler() -> None:
    """What takes webhooks in is small and starts at once; the handlers belong to the bot's process."""
    script = "import sys, mentorium_bot.webhook_app; print(*sys.modules)"
    modules = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    assert "mentorium_bot.webhook_app" in modules
    may_be_there = {f"mentorium_bot.handlers{name}" for name in ("", ".card_page", ".unsubscribe", ".webhooks")}
    handlers = {name for name in modules if name.startswith("mentorium_bot.handlers")}
    assert handlers <= may_be_there
    heavy = {"aiogram", "aiohttp", "openai", "typst", "tiktoken", "alembic", "pgqueuer"}
    assert not heavy & {name.partition(".")[0] for name in modules}, "tens of megabytes that it never uses"
    subjects = {f"mentorium_core.{name}" for name in ("advice", "mentor", "progress", "reports")}
    assert not subjects & set(modules), "it takes payments and updates"


def test_validators_are_built_for_the_settings_that_are_read_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A megabyte of the webhook app: those of the bot, and of the parts that both are made of."""
    script = (
        "from mentorium_bot.config import BotSettings, WebhookAppSettings, WebhookSettings\n"
        "from mentorium_runtime.settings import load\n"
        "load(WebhookAppSettings, _env_file=None)\n"
        "print(*(kind.__pydantic_complete__ for kind in (WebhookAppSettings, BotSettings, WebhookSettings)))"
    )
    monkeypatch.setenv("BOT_DB_URL", "postgresql://bot@127.0.0.1/bot")
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    assert said == ["True", "False", "False"]
