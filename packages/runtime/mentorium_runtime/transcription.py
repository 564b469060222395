"""The settings of the service that writes down what parents say, and the transcriber they name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

from pydantic import SecretStr

from mentorium_ai_client import RequestOutcome
from mentorium_core.model_budget.budgeted_transcriber import BudgetedTranscriber, minute_price_of
from mentorium_domain.enums import ModelPurpose
from mentorium_gateways.speech.transcription import OpenAITranscriber
from mentorium_kit.nursery import Nursery
from mentorium_observability.health import LastOutcome
from mentorium_observability.metrics import ai_request_duration, ai_requests, from_the_start
from mentorium_runtime.ai_settings import ModelBudgetSettings
from mentorium_runtime.language_model import ai_observer
from mentorium_runtime.settings import HttpUrl, Stripped, secret_value

LAST_DAYS: Final = dict.fromkeys(("whisper-1", "gpt-4o-transcribe", "gpt-4o-mini-transcribe"), date(2027, 2, 26))
"""Of models of OpenAI that are going to be switched off."""


class TranscriptionSettings(ModelBudgetSettings):
    """Without `TRANSCRIPTION_MODEL` no voice message is taken.

    The server is OpenAI's, with its key, unless it is named: then it gets a key of its own, if any.
    """

    transcription_model: Stripped | None = None
    transcription_base_url: HttpUrl | None = None
    transcription_api_key: SecretStr | None = None

    @property
    def takes_voice(self) -> bool:
        """Whether anybody writes down what is said: not OpenAI, where its data retention stands against it."""
        switched_off = self.openai_zero_data_retention_confirmed is False and self.transcription_base_url is None
        return bool(self.transcription_model) and not switched_off

    @property
    def transcription_ends_on(self) -> date | None:
        """The last day of the model, where one is known and it is OpenAI's own server that is asked."""
        return LAST_DAYS.get(self.transcription_model or "") if self.transcription_base_url is None else None


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
