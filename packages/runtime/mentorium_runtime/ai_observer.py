"""What is counted and told of each request to the language model, or to a service beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from mentorium_ai_client import RequestOutcome
from mentorium_observability import get_logger
from mentorium_observability.health import LastOutcome
from mentorium_observability.metrics import ai_request_duration, ai_requests, ai_tokens_used

_CANCELLED: Final = "cancelled"

logger = get_logger(__name__)


def ai_observer(seen: LastOutcome) -> Callable[[RequestOutcome], None]:
    """Counts and tells of each request to the model, and remembers how the last one ended."""

    def observe(outcome: RequestOutcome) -> None:
        _count_ai_request(outcome)
        logger.info(
            "model_called",
            model=outcome.model,
            reason=outcome.reason,
            duration_ms=round(outcome.duration_s * 1000),
            input_tokens=outcome.usage.input_tokens,
            output_tokens=outcome.usage.output_tokens,
        )
        if outcome.succeeded:
            seen.worked()
        elif outcome.reason != _CANCELLED:
            seen.failed("openai_unavailable")

    return observe


def _count_ai_request(outcome: RequestOutcome) -> None:
    status = "success" if outcome.succeeded else "error"
    ai_requests.labels(model=outcome.model, status=status).inc()
    ai_request_duration.labels(model=outcome.model, status=status).observe(outcome.duration_s)
    ai_tokens_used.labels(type="input").inc(outcome.usage.input_tokens)
    ai_tokens_used.labels(type="output").inc(outcome.usage.output_tokens)
