"""The moderation endpoint of a process, and what is counted of it."""

from __future__ import annotations

from typing import Final

from mentorium_ai_client import ModerationClient, RequestOutcome
from mentorium_observability import get_logger
from mentorium_observability.metrics import ai_request_duration, ai_requests, from_the_start
from mentorium_runtime.settings import OpenAISettings, secret_value

_CANCELLED: Final = "cancelled"
_OFF: Final = "off"

logger = get_logger(__name__)


def make_moderation(settings: OpenAISettings) -> ModerationClient | None:
    """None where it is switched off, or data retention stands against it: then our own lexicon judges alone."""
    model = settings.bot_moderation_model
    if model.lower() == _OFF or settings.openai_zero_data_retention_confirmed is False:
        return None
    from_the_start(ai_requests, model=(model,), status=("success", "error"))
    return ModerationClient(
        secret_value(settings.bot_openai_api_key),
        base_url=settings.bot_openai_base_url,
        model=model,
        on_request=_count_moderation,
    )


def _count_moderation(outcome: RequestOutcome) -> None:
    """An endpoint that is away or does not exist costs no answer: it is no sign of the model's health."""
    if outcome.reason == _CANCELLED:
        return
    status = "success" if outcome.succeeded else "error"
    ai_requests.labels(model=outcome.model, status=status).inc()
    ai_request_duration.labels(model=outcome.model, status=status).observe(outcome.duration_s)
    if not outcome.succeeded:
        logger.warning("moderation_not_had", reason=outcome.reason)
