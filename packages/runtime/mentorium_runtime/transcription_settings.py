"""The settings of the service that writes down what parents say. Who only reads them need not wait for its client."""

from __future__ import annotations

from datetime import date
from typing import Final

from pydantic import SecretStr

from mentorium_runtime.ai_settings import ModelBudgetSettings
from mentorium_runtime.settings import HttpUrl, Stripped

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
