"""The settings of the service that writes down what parents say, and the transcriber they name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

from pydantic import SecretStr

from mentorium_ai_client import RequestOutcome
from mentorium_gateways.speech.transcription import OpenAITranscriber
from mentorium_runtime.settings import HttpUrl, OpenAISettings, Stripped, secret_value

LAST_DAYS: Final = dict.fromkeys(("whisper-1", "gpt-4o-transcribe", "gpt-4o-mini-transcribe"), date(2027, 2, 26))
"""Of models of OpenAI that are going to be switched off."""


class TranscriptionSettings(OpenAISettings):
    """Without `TRANSCRIPTION_MODEL` no voice message is taken.

    The server is OpenAI's, with its key, unless it is named: then it gets a key of its own, if any.
    """

    transcription_model: Stripped | None = None
    transcription_base_url: HttpUrl | None = None
    transcription_api_key: SecretStr | None = None


def transcriber(
    settings: TranscriptionSettings, on_request: Callable[[RequestOutcome], None]
) -> OpenAITranscriber | None:
    """None where none is configured."""
    if not settings.transcription_model:
        return None
    key, url = settings.transcription_api_key, settings.transcription_base_url
    if url is None:
        key, url = key or settings.bot_openai_api_key, settings.bot_openai_base_url
    return OpenAITranscriber(url, secret_value(key), settings.transcription_model, on_request)


def ends_on(settings: TranscriptionSettings) -> date | None:
    """The last day of the model in use, where one is known and OpenAI's own server is asked."""
    if settings.transcription_base_url is not None:
        return None
    return LAST_DAYS.get(settings.transcription_model or "")
