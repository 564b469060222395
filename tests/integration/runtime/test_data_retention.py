"""Zero Data Retention: confirmed, refused, or nobody has said."""

from __future__ import annotations

import pytest

from mentorium_ai_client import MentoriumAIClient
from mentorium_core.model_budget.budgeted_model import BudgetedModel, SwitchedOffModel
from mentorium_domain.enums import ModelPurpose
from mentorium_kit.nursery import Nursery
from mentorium_runtime.ai_settings import ModelBudgetSettings
from mentorium_runtime.data_retention import NAME, retention_notes
from mentorium_runtime.language_model import budgeted
from mentorium_runtime.moderation import make_moderation
from mentorium_runtime.settings import load


@pytest.mark.parametrize(
    ("confirmed", "said", "asked"),
    [("true", None, True), ("", "not confirmed", True), ("false", "the language model is off", False)],
)
async def test_what_is_said_and_whether_a_model_is_asked(
    monkeypatch: pytest.MonkeyPatch, confirmed: str, said: str | None, asked: bool
) -> None:
    monkeypatch.setenv("BOT_OPENAI_API_KEY", "sk-of-the-tests")
    monkeypatch.setenv("OPENAI_ZERO_DATA_RETENTION_CONFIRMED", confirmed)
    settings = load(ModelBudgetSettings, _env_file=None)
    notes = retention_notes(settings)
    assert set(notes) == ({NAME} if said else set())
    assert said is None or said in notes[NAME]
    client = MentoriumAIClient("sk-of-the-tests")
    model = budgeted(settings, client, ModelPurpose.CHAT, Nursery(lambda name, error: None))
    moderation = make_moderation(settings)
    assert isinstance(model, BudgetedModel if asked else SwitchedOffModel)
    assert (moderation is not None) == asked
    await client.aclose()
    if moderation is not None:
        await moderation.aclose()
