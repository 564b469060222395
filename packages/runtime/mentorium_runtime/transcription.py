"""The service that writes down what parents say, as the settings name it."""

from __future__ import annotations

from collections.abc import Callable

from mentorium_ai_client import RequestOutcome
from mentorium_core.model_budget.budgeted_transcriber import BudgetedTranscriber, minute_price_of
from mentorium_domain.enums import ModelPurpose
from mentorium_gateways.speech.transcription import OpenAITranscriber
from mentorium_kit.nursery import Nursery
from mentorium_observability.health import LastOutcome
from mentorium_observability.metrics import ai_request_duration, ai_requests, from_the_start
from mentorium_runtime.ai_observer import ai_observer
from mentorium_runtime.ai_settings import TranscriptionSettings
from mentorium_runtime.settings import secret_value


def transcriber(settings: TranscriptionSettings, nursery: Nursery) -> BudgetedTranscriber | None:
    """Within the budget of the talk; None where none is configured."""
    model = settings.transcription_model
    if not model or not settings.takes_voice:
        return None
    for metric in (ai_requests, ai_request_duration):
        from_the_start(metric, model=(model,), status=("success", "error"))
    service = speech_service(settings, ai_observer(LastOutcome()))
    return BudgetedTranscriber(service, minute_price_of(model), settings.limits(ModelPurpose.CHAT), nursery)


def speech_service(settings: TranscriptionSettings, on_request: Callable[[RequestOutcome], None]) -> OpenAITranscriber:
    """The service itself. The settings take voice."""
    assert settings.transcription_model
    key, url = settings.transcription_api_key, settings.transcription_base_url
    if url is None:
        key, url = key or settings.bot_openai_api_key, settings.bot_openai_base_url
    return OpenAITranscriber(url, secret_value(key), settings.transcription_model, on_request)
