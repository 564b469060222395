"""The settings that operators' subcommands need: each asks for no more than it uses."""

from __future__ import annotations

from mentorium_runtime.ai_settings import TranscriptionSettings
from mentorium_runtime.payment_settings import PaymentSettings
from mentorium_runtime.settings import (
    AccessSettings,
    DatabaseSettings,
    LinkSettings,
    PlatformSettings,
    ServiceSettings,
)
from mentorium_runtime.speech import SpeechSettings
from mentorium_runtime.team import TeamSettings


class GrantSettings(DatabaseSettings, AccessSettings):
    """What `grant` needs."""


class ReportsSettings(DatabaseSettings, AccessSettings, PlatformSettings):
    """What `reports run` needs."""


class ProductSettings(
    ServiceSettings, TranscriptionSettings, LinkSettings, PaymentSettings, SpeechSettings, TeamSettings
):
    """What the processes of the product need together."""
