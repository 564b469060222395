"""The settings of what the language model may cost. Whoever only reads them need not wait for its client."""

from __future__ import annotations

from decimal import Decimal

from pydantic import Field

from mentorium_core.model_budget.model import Limits
from mentorium_domain.enums import ModelPurpose
from mentorium_runtime.settings import OpenAISettings


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
