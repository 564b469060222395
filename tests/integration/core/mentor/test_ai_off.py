"""A parent who has switched AI off reads what the data say, and nothing is sent to a model."""

from __future__ import annotations

from mentorium_core.i18n import t
from mentorium_core.notifications.preferences import change_preferences
from tests.integration.core.mentor.test_answers import Talk, talk

__all__ = ["talk"]


async def test_who_wants_no_ai_gets_the_figures_and_sends_nothing(talk: Talk) -> None:
    parent = talk.registered.parent
    await change_preferences(parent.parent_id, ai=False)
    answer = await talk.say("How was Aziza's last week?")
    assert "Study time" in answer
    assert t("en", "without-model-off") in answer
    assert await talk.openai.requests() == []
    await change_preferences(parent.parent_id, ai=True)
    assert t("en", "without-model-off") not in await talk.say("How was Aziza's last week?")
    assert await talk.openai.requests() != []
