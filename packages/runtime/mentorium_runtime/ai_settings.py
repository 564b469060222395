"""The settings of what the language model may cost, and of who writes down what parents say.

Whoever only reads them need not wait for the clients.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from pydantic import Field, SecretStr

from mentorium_core.model_budget.model import Limits
from mentorium_domain.enums import ModelPurpose
from mentorium_runtime.settings import HttpUrl, OpenAISettings, Stripped

LAST_DAYS: Final = dict.fromkeys(("whisper-1", "gpt-4o-transcribe", "gpt-4o-mini-transcribe"), date(2027, 2, 26))
"""Of models of OpenAI that are going to be switched off."""


class ModelBudgetSettings(OpenAISettings):
    """What the language model may use on a Tashkent day: of a parent, of all answers, of all reports; and at once."""

    ai_parent_tokens_a_day: int = Field(200_000, ge=0)
    ai_parent_usd_a_day: Decimal = Field(Decimal("0.20"), ge=0, le=1_000)
    ai_chat_usd_a_day: Decimal = Field(Decimal(50), ge=0, le=100_000)
    ai_reports_usd_a_day: Decimal = Field(Decimal(50), ge=0, le=100_000)
    ai_answers_at_once: int = Field(128, ge=1, le=10_000)

    def limits(self, purpose: ModelPurpose) -> Limits:
        """Each purpose has its own: what reports use is not missing in the talk, nor the other way round."""
        together = {ModelPurpose.CHAT: self.ai_chat_usd_a_day, ModelPurpose.REPORT: self.ai_reports_usd_a_day}
        return Limits.of(self.ai_parent_tokens_a_day, self.ai_parent_usd_a_day, together[purpose])


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
