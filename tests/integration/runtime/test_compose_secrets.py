"""docker-compose.yml gives a process no secret that it does not read, although all of them share one .env."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
import yaml
from pydantic_settings import BaseSettings

from mentorium_bot.config import BotSettings, WebhookAppSettings
from mentorium_reporting.config import WorkerSettings

ROOT: Final = Path(__file__).parents[3]
PROCESSES: Final[dict[str, type[BaseSettings]]] = {
    "bot": BotSettings,
    "webhook": WebhookAppSettings,
    "worker": WorkerSettings,
}


def secrets_of(kind: type[BaseSettings]) -> set[str]:
    return {name.upper() for name, field in kind.model_fields.items() if "SecretStr" in str(field.annotation)}


@pytest.mark.parametrize("name", PROCESSES)
def test_a_process_has_no_secret_that_it_does_not_read(name: str) -> None:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
    environment = services[name]["environment"]
    every = set().union(*map(secrets_of, PROCESSES.values()))
    unread = every - secrets_of(PROCESSES[name])
    assert {secret: environment.get(secret) for secret in unread} == dict.fromkeys(unread, "")
