"""A voice message is paid for before it is sent, from the budget of the talk; what was not heard costs nothing."""

from __future__ import annotations

from decimal import Decimal

import pytest

from mentorium_core.model_budget.budgeted_transcriber import BudgetedTranscriber, minute_price_of
from mentorium_core.model_budget.circuit_breaker import CircuitBreaker
from mentorium_core.model_budget.model import Limits, ModelWithheldError, Withheld
from mentorium_core.model_budget.rules import FAILURES_TO_OPEN
from mentorium_kit.errors import MentoriumError, RefusedError, UnavailableError
from mentorium_kit.nursery import Nursery
from tests.integration.core.household import Household, register
from tests.integration.core.model_budget.test_budget import tally

MINUTE = Decimal("0.006")


class Service:
    """Hears these words, or fails so."""

    def __init__(self) -> None:
        self.heard: str | MentoriumError = "words"
        self.asked = 0

    async def transcribe(self, sound: bytes, timeout_s: float) -> str:
        self.asked += 1
        if isinstance(self.heard, MentoriumError):
            raise self.heard
        return self.heard


class Listening:
    """A parent, and a service within two minutes a day for a parent and ten for all; `now` moves the breaker."""

    def __init__(self, parent_id: int) -> None:
        self.parent_id, self.service, self.now = parent_id, Service(), 0.0
        self.nursery = Nursery(lambda _, error: pytest.fail(str(error)))
        limits = Limits.of(1000, 2 * MINUTE, 10 * MINUTE)
        self.transcriber = BudgetedTranscriber(
            self.service, MINUTE, limits, self.nursery, CircuitBreaker(now=lambda: self.now)
        )

    async def hear(self, seconds: float = 60) -> str:
        """The words, or the code of the error instead."""
        try:
            return await self.transcriber.transcribe(b"sound", seconds, parent_id=self.parent_id, timeout_s=1)
        except ModelWithheldError as withheld:
            return withheld.why
        except MentoriumError as error:
            return error.code
        finally:
            assert await self.nursery.drain(5) == 0

    async def spent(self) -> int:
        row = await tally("ai_parent_usage")
        everybody = await tally("ai_daily_usage")
        assert row["reserved_micro_usd"] == everybody["reserved_micro_usd"] == 0
        assert (row["purpose"], row["micro_usd"]) == ("chat", everybody["micro_usd"])
        return int(row["micro_usd"])


@pytest.fixture
async def listening(household: Household) -> Listening:
    registered = await register(200_000_001, await household.guardian("Dilnoza Karimova"))
    return Listening(registered.parent.parent_id)


async def test_a_voice_message_costs_its_seconds(listening: Listening) -> None:
    assert await listening.hear(30) == "words"
    assert await listening.spent() == 3_000
    assert await listening.hear(0) == "words"
    assert await listening.spent() == 3_100, "a second at least"


@pytest.mark.parametrize("error", [RefusedError("not_taken"), UnavailableError("not_there")])
async def test_what_was_not_heard_costs_nothing(listening: Listening, error: MentoriumError) -> None:
    listening.service.heard = error
    assert await listening.hear() == error.code
    assert await listening.spent() == 0


async def test_over_the_parents_day_the_service_is_not_asked(listening: Listening) -> None:
    assert [await listening.hear(60), await listening.hear(61)] == ["words", Withheld.PARENT_BUDGET]
    assert await listening.hear(59) == "words", "a shorter one has room"
    assert listening.service.asked == 2


async def test_a_service_that_is_down_is_left_alone_and_tried_again(listening: Listening) -> None:
    listening.service.heard = UnavailableError("transcription_unavailable", reason="timeout")
    for _ in range(FAILURES_TO_OPEN):
        assert await listening.hear(1) == "transcription_unavailable"
    assert await listening.hear(1) == Withheld.CIRCUIT_OPEN
    assert listening.service.asked == FAILURES_TO_OPEN
    listening.service.heard = "words"
    listening.now += 60
    assert [await listening.hear(1), await listening.hear(1)] == ["words", "words"]


async def test_files_that_are_no_sound_do_not_make_a_service_down(listening: Listening) -> None:
    listening.service.heard = RefusedError("transcription_refused", reason="400")
    assert [await listening.hear(1) for _ in range(5)] == ["transcription_refused"] * 5


@pytest.mark.parametrize("model", ["gpt-transcribe", "whisper-1"])
def test_the_table_knows_what_a_minute_costs(model: str) -> None:
    assert 0 < minute_price_of(model) < minute_price_of("a-model-of-tomorrow")
