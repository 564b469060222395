"""No process is given a secret that it does not read, although all share one file: by compose, and by systemd."""

from __future__ import annotations

import re
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


def unread(name: str) -> set[str]:
    return set().union(*map(secrets_of, PROCESSES.values())) - secrets_of(PROCESSES[name])


@pytest.mark.parametrize("name", PROCESSES)
def test_compose_empties_what_a_process_does_not_read(name: str) -> None:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
    environment = services[name]["environment"]
    assert {secret: environment.get(secret) for secret in unread(name)} == dict.fromkeys(unread(name), "")


@pytest.mark.parametrize("name", PROCESSES)
def test_systemd_takes_out_what_a_process_does_not_read(name: str) -> None:
    """UnsetEnvironment= comes after the file that all units share (systemd.exec)."""
    unit = (ROOT / "deploy" / "systemd" / f"mentorium-{name}.service").read_text(encoding="utf-8")
    taken_out = " ".join(re.findall(r"^UnsetEnvironment=(.*)$", unit, re.MULTILINE)).split()
    assert set(taken_out) == unread(name)
