"""The settings that operators' subcommands need: each asks for no more than it uses."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field

from mentorium_runtime.ai_settings import TranscriptionSettings
from mentorium_runtime.settings import (
    AccessSettings,
    DatabaseSettings,
    LinkSettings,
    PaymentSettings,
    PlatformSettings,
    ServiceSettings,
)
from mentorium_runtime.speech import SpeechSettings
from mentorium_runtime.team import TeamSettings


class BackupSettings(DatabaseSettings):
    """What `backup` needs. `backup_keep_days`: older ones go when a new one is there."""

    backup_dir: Path = Path("backups")
    backup_keep_days: int = Field(14, ge=1, le=3660)


class GrantSettings(DatabaseSettings, AccessSettings):
    """What `grant` needs."""


class ReportsSettings(DatabaseSettings, AccessSettings, PlatformSettings):
    """What `reports run` needs."""


class ProductSettings(
    ServiceSettings, TranscriptionSettings, LinkSettings, PaymentSettings, SpeechSettings, TeamSettings
):
    """What the processes of the product need together."""
