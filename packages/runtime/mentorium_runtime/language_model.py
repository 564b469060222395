"""The language model of a process, and what it may cost: bot and worker make theirs alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from mentorium_ai_client import DEFAULT_MODEL, MentoriumAIClient, RequestOutcome
from mentorium_core.model_budget.budgeted_model import BudgetedModel, Bulkhead, SwitchedOffModel
from mentorium_core.model_budget.model import Withheld
from mentorium_core.model_budget.ports import StreamingModel
from mentorium_core.model_budget.prices import price_of
from mentorium_domain.enums import ModelPurpose
from mentorium_kit.nursery import Nursery
from mentorium_observability import get_logger
from mentorium_observability.metrics import (
    ai_circuit_open,
    ai_fallbacks,
    ai_request_duration,
    ai_requests,
    ai_tokens_used,
    from_the_start,
)
from mentorium_runtime.ai_settings import ModelBudgetSettings
from mentorium_runtime.settings import OpenAISettings, secret_value

_FAILURES: Final = ("ai_unavailable", "ai_quota_exhausted", "ai_request_refused", "ai_answer_empty")

logger = get_logger(__name__)


def budgeted(
    settings: ModelBudgetSettings, model: StreamingModel, purpose: ModelPurpose, nursery: Nursery
) -> BudgetedModel | SwitchedOffModel:
    """The model within the budget of one purpose; one for each purpose of a process.

    None is asked where data retention stands against it (`mentorium_runtime.data_retention`).
    """
    if settings.openai_zero_data_retention_confirmed is False:
        return SwitchedOffModel()
    name = settings.bot_openai_model or DEFAULT_MODEL
    price = price_of(name)
    ai_circuit_open.begin()
    if not price.is_known:
        logger.warning("ai_price_unknown", model=name, counted_as="any_other")
    if purpose is ModelPurpose.CHAT:
        from_the_start(ai_fallbacks, reason=(*(why.value for why in Withheld), *_FAILURES))
    limits = settings.limits(purpose)
    return BudgetedModel(model, price, purpose, limits, Bulkhead.of(settings.ai_answers_at_once), nursery)


def make_ai(settings: OpenAISettings, on_request: Callable[[RequestOutcome], None]) -> MentoriumAIClient:
    model = settings.bot_openai_model or DEFAULT_MODEL
    from_the_start(ai_requests, model=(model,), status=("success", "error"))
    from_the_start(ai_request_duration, model=(model,), status=("success", "error"))
    from_the_start(ai_tokens_used, type=("input", "output"))
    return MentoriumAIClient(
        secret_value(settings.bot_openai_api_key),
        base_url=settings.bot_openai_base_url,
        model=model,
        on_request=on_request,
    )
