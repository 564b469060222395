"""The worker's settings."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Final

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import NoDecode

from mentorium_runtime.ai_settings import ModelBudgetSettings
from mentorium_runtime.payment_settings import PaymentSettings
from mentorium_runtime.settings import Port, ServiceSettings
from mentorium_runtime.speech import SpeechSettings
from mentorium_runtime.team import TeamSettings

LEAST_LEASE_S: Final = 40.0
"""A request to Telegram may take 30 s: a shorter lease would give a message that is on its way to another sender."""


class Role(StrEnum):
    """What a worker does. Each may be had by any number of processes, on any number of machines."""

    TICKER = "ticker"
    JOBS = "jobs"
    SENDER = "sender"


class WorkerSettings(ServiceSettings, ModelBudgetSettings, PaymentSettings, SpeechSettings, TeamSettings):
    """What the worker needs. `WORKER_ROLES`: a list with commas; all of them unless some are named.

    Without the key of the language model the reports of a run go by the template.
    """

    bot_openai_api_key: SecretStr = SecretStr("")

    worker_roles: Annotated[frozenset[Role], NoDecode] = frozenset(Role)
    worker_lease_seconds: float = Field(120.0, ge=LEAST_LEASE_S, le=3600)
    worker_health_host: str = "127.0.0.1"
    worker_health_port: Port = 8003

    @field_validator("worker_roles", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        named = {name.strip().lower() for name in value.split(",") if name.strip()}
        if not named or named - set(Role):
            raise ValueError(f"is wrong: some of {', '.join(Role)}")
        return frozenset(Role(name) for name in named)
