"""Whether the owner has made sure that OpenAI keeps nothing of what it is sent (Zero Data Retention)."""

from __future__ import annotations

from typing import Final

from mentorium_observability.logging import get_logger
from mentorium_runtime.settings import OpenAISettings

NAME: Final = "openai_data_retention"
NOT_CONFIRMED: Final = (
    "not confirmed: OpenAI may keep what it is sent, in which names are replaced by tokens, for 30 days. "
    "Ask OpenAI for Zero Data Retention and set OPENAI_ZERO_DATA_RETENTION_CONFIRMED=true once it is granted; "
    "false turns the language model off"
)
SWITCHED_OFF: Final = (
    "OPENAI_ZERO_DATA_RETENTION_CONFIRMED=false: the language model is off, parents read what the data say"
)

logger = get_logger(__name__)


def retention_notes(settings: OpenAISettings) -> dict[str, str]:
    """What `/health` tells of it beside the parts; empty where it is confirmed."""
    said = {None: NOT_CONFIRMED, False: SWITCHED_OFF}.get(settings.openai_zero_data_retention_confirmed)
    return {NAME: said} if said is not None else {}


def tell_retention(settings: OpenAISettings) -> None:
    """At start."""
    for told in retention_notes(settings).values():
        logger.warning("ai_data_retention", state=told)
