"""The model within its budget, over real HTTP: what is asked of it, what is withheld, and what is written down."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from decimal import Decimal

import asyncpg
import pytest
from sqlalchemy import text

import mentorium_db
from mentorium_ai_client import MentoriumAIClient, RetryPolicy, TextDelta, UserMessage
from mentorium_core.model_budget.budgeted_model import BudgetedModel, Bulkhead, SwitchedOffModel
from mentorium_core.model_budget.circuit_breaker import CircuitBreaker
from mentorium_core.model_budget.model import Limits, ModelWithheldError, Withheld
from mentorium_core.model_budget.prices import price_of
from mentorium_domain.enums import ModelPurpose
from mentorium_kit.errors import UnavailableError
from mentorium_kit.nursery import Nursery
from sandbox_tests.openai.stand_in import KEY, OpenAIStandIn, running_stand_in
from tests.fixtures.patience import HANGS_AFTER_S
from tests.integration.core.household import Household, register
from tests.integration.core.model_budget.test_budget import tally

LIMITS = Limits.of(200_000, Decimal("0.20"), Decimal(50))


@dataclass
class World:
    """A parent, the model's stand-in, and the model as the parent's answers are given it; `now` moves the breaker."""

    openai: OpenAIStandIn
    client: MentoriumAIClient
    parent_id: int
    failures: list[BaseException] = field(default_factory=list)
    now: float = 0.0

    def __post_init__(self) -> None:
        self.nursery = Nursery(lambda _, error: self.failures.append(error))
        self.model = BudgetedModel(
            model=self.client,
            price=price_of("gpt-6-luna"),
            purpose=ModelPurpose.CHAT,
            limits=LIMITS,
            bulkhead=Bulkhead.of(8),
            nursery=self.nursery,
            breaker=CircuitBreaker(now=lambda: self.now),
        )

    async def ask(self, text: str = "How was last week?") -> str:
        """The answer, or the code of the error instead of one."""
        try:
            stream = self.model.stream([UserMessage(text)], user_id=self.parent_id, timeout_s=5)
            async with aclosing(stream) as events:
                return "".join([event.text async for event in events if isinstance(event, TextDelta)])
        except UnavailableError as error:
            return error.code

    async def settled(self) -> dict[str, int]:
        """What the parent's row says once nothing is under way."""
        assert await self.nursery.drain(5) == 0
        assert not self.failures
        row = await tally("ai_parent_usage")
        assert row["reserved_tokens"] == row["reserved_micro_usd"] == 0
        return row

    async def requests(self) -> int:
        return len(await self.openai.requests())


@pytest.fixture
async def world(household: Household) -> AsyncIterator[World]:
    registered = await register(200_000_001, await household.guardian("Dilnoza Karimova"))
    async with running_stand_in() as openai:
        retries = RetryPolicy(attempts=2, first_wait_s=0.01, longest_wait_s=0.02)
        client = MentoriumAIClient(KEY, base_url=openai.base_url, retries=retries)
        world = World(openai, client, registered.parent.parent_id)
        yield world
        await world.nursery.drain(5)  # what is still to be settled belongs to this test's database
        await client.aclose()
        assert not world.failures


async def test_an_answer_costs_what_the_service_counted(world: World) -> None:
    await world.openai.script(text="It went well.")
    assert await world.ask() == "It went well."
    row = await world.settled()
    assert row["calls"] == 1
    assert row["input_tokens"] > 0
    assert row["output_tokens"] > 0
    assert row["micro_usd"] == price_of("gpt-6-luna").micro_usd(row["input_tokens"], row["output_tokens"])


async def test_an_answer_that_is_stopped_is_counted_by_what_had_come(world: World) -> None:
    await world.openai.script(text="word " * 200)
    stream = world.model.stream([UserMessage("Tell me all.")], user_id=world.parent_id)
    async with aclosing(stream) as events:
        async for event in events:
            if isinstance(event, TextDelta):
                break
    row = await world.settled()
    assert 0 < row["output_tokens"] < 100
    assert not world.model.breaker.is_open


@pytest.mark.parametrize("turns", [1, 2, 3, 5, 8, 13, 21, 34, 55])
async def test_who_is_stopped_at_any_moment_leaves_nothing_reserved(world: World, turns: int) -> None:
    """So many turns of the loop after the question: before, while and after the estimate is reserved."""
    await world.openai.script(text="word " * 200)
    asking = world.nursery.start(world.ask(), name="ask")
    for _ in range(turns):
        await asyncio.sleep(0)
    asking.cancel()
    await asyncio.wait([asking])
    assert await world.nursery.drain(5) == 0
    assert (await all_reserved()) == [(0, 0)] * len(await all_reserved())


async def test_who_is_stopped_while_the_database_reserves_has_it_back(world: World, bot_dsn: str) -> None:
    holder = await asyncpg.connect(bot_dsn)
    try:
        await world.ask()  # makes the row of the day
        await world.settled()
        async with holder.transaction():
            await holder.execute("SELECT FROM ai_daily_usage FOR UPDATE")
            asking = world.nursery.start(world.ask(), name="ask")
            waits = "SELECT count(*) FROM pg_locks WHERE NOT granted"
            async with asyncio.timeout(HANGS_AFTER_S):
                while not await holder.fetchval(waits):
                    await asyncio.sleep(0.01)
            asking.cancel()
            await asyncio.wait([asking])
    finally:
        await holder.close()
    assert (await world.settled())["calls"] == 2
    assert not world.model.breaker.is_open


async def all_reserved() -> list[tuple[int, int]]:
    async with mentorium_db.get_session() as session:
        found = await session.execute(text("SELECT reserved_tokens, reserved_micro_usd FROM ai_parent_usage"))
        return [tuple(row) for row in found]


async def test_over_budget_the_service_is_not_asked(world: World) -> None:
    for limits, code in (
        (replace(LIMITS, parent_tokens=100), Withheld.PARENT_BUDGET),
        (replace(LIMITS, parent_micro_usd=1), Withheld.PARENT_BUDGET),
        (replace(LIMITS, micro_usd=1), Withheld.DAY_BUDGET),
    ):
        world.model = replace(world.model, limits=limits)
        assert await world.ask() == code.value
    assert await world.requests() == 0
    assert not world.model.breaker.is_open


async def test_an_hour_without_openai_is_no_wait_and_ends_by_itself(world: World) -> None:
    await world.openai.fault("status_500")
    answers = []
    for _ in range(60):
        answers.append(await world.ask())
        world.now += 60.0 if len(answers) > 10 else 1.0
    assert answers[:3] == ["ai_unavailable"] * 3
    assert answers[3:7] == [Withheld.CIRCUIT_OPEN.value] * 4
    assert set(answers) == {"ai_unavailable", Withheld.CIRCUIT_OPEN.value}
    assert (await world.settled())["micro_usd"] == 0, "what was never answered costs nobody's budget"
    await world.openai.heal()
    await world.openai.script(text="Back again.", times=2)
    world.now += 60
    assert [await world.ask(), await world.ask()] == ["Back again."] * 2
    assert not world.model.breaker.is_open


async def test_while_one_finds_out_whether_it_is_back_nobody_else_waits(world: World) -> None:
    await world.openai.fault("status_500")
    for _ in range(3):
        await world.ask()
    await world.openai.heal()
    world.now += 5
    answers = await asyncio.gather(*(world.ask() for _ in range(5)))
    assert answers.count(Withheld.CIRCUIT_OPEN.value) == 4


async def test_without_credit_the_service_is_left_alone(world: World) -> None:
    await world.openai.fault("quota")
    assert [await world.ask() for _ in range(4)] == ["ai_quota_exhausted"] * 3 + [Withheld.CIRCUIT_OPEN.value]


async def test_who_finds_no_place_is_told_so_and_nothing_is_reserved(world: World) -> None:
    full = Bulkhead(asyncio.Semaphore(0), within_s=0.0)
    world.model = replace(world.model, bulkhead=full)
    assert await world.ask() == Withheld.BUSY.value
    assert await world.requests() == 0
    assert not world.model.breaker.is_open


async def test_no_more_are_asked_at_once_than_there_are_places(world: World) -> None:
    await world.openai.script(text="Well.", times=6)
    world.model = replace(world.model, bulkhead=Bulkhead.of(1))
    assert await asyncio.gather(*(world.ask() for _ in range(6))) == ["Well."] * 6
    assert world.model.bulkhead.places.locked() is False


async def test_a_model_that_is_switched_off_answers_nothing() -> None:
    with pytest.raises(ModelWithheldError) as withheld:
        _ = [event async for event in SwitchedOffModel().stream([UserMessage("Hi")], user_id=1)]
    assert withheld.value.why is Withheld.SWITCHED_OFF
