"""However OpenAI fails, and for however long: the figures within 30 seconds, in one message, and service comes back."""

from __future__ import annotations

import re
import time

import pytest

from mentorium_sandbox.client import plain_text
from tests.e2e.sandbox import Sandbox

QUESTION = "How was last week?"
FROM_DATA = "The AI service does not answer right now"
PROMISED_S = 30
BACK_WITHIN_S = 60


@pytest.mark.parametrize(
    "kind",
    ["down", "drop_response", "timeout", "stall", "stream_cut", "corrupt_chunk", "status_429", "status_500", "quota"],
)
async def test_the_parent_has_an_answer_in_time_and_service_comes_back(sandbox: Sandbox, kind: str) -> None:
    parent = await sandbox.parent("en")
    await parent.register(await sandbox.child("Kamron", "Sobirov"))

    async with sandbox.fault("openai", kind, retry_after=20):
        asked = time.monotonic()
        replies = await parent.say(QUESTION, wait_s=PROMISED_S + 5)
        waited = time.monotonic() - asked
    ended = time.monotonic()
    answer = plain_text(await parent.say(QUESTION, wait_s=BACK_WITHIN_S))

    assert len(replies) == 1
    assert FROM_DATA in plain_text(replies)
    assert "Kamron" in plain_text(replies)
    assert waited < PROMISED_S
    assert "Kamron" in answer
    assert FROM_DATA not in answer
    assert time.monotonic() - ended < BACK_WITHIN_S


async def test_a_slow_service_is_waited_for(sandbox: Sandbox) -> None:
    parent = await sandbox.parent("en")
    await parent.register(await sandbox.child("Kamron", "Sobirov"))

    async with sandbox.fault("openai", "slow"):
        asked = time.monotonic()
        answer = plain_text(await parent.say(QUESTION, wait_s=PROMISED_S))

    assert "Kamron" in answer
    assert time.monotonic() - asked < PROMISED_S


async def test_while_it_stays_away_nobody_waits_for_it_and_it_comes_back_by_itself(sandbox: Sandbox) -> None:
    """An hour of it is for the circuit breaker's clock: tests/unit/core/model_budget."""
    parent = await sandbox.parent("en")
    await parent.register(await sandbox.child("Kamron", "Sobirov"))

    async with sandbox.fault("openai", "status_500"):
        for _ in range(3):
            await parent.say(QUESTION, wait_s=PROMISED_S)
        answer = plain_text(await parent.say(QUESTION))
        assert FROM_DATA in answer
        assert "Kamron" in answer
        metrics = await sandbox.get_text((await sandbox.state())["urls"]["metrics"])
        (withheld,) = re.findall(
            r'^ai_fallback_answers_total\{reason="ai_circuit_open"\} (\S+)$', metrics, re.MULTILINE
        )
        assert float(withheld) >= 1, "the service was not asked"
    ended = time.monotonic()
    while FROM_DATA in plain_text(await parent.say(QUESTION)):
        assert time.monotonic() - ended < BACK_WITHIN_S
