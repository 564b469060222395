"""The budget in PostgreSQL: reserved before a call, settled after it, never overdrawn, whoever else reserves."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

import mentorium_db
from mentorium_core.identity.model import RegistrationResult
from mentorium_core.model_budget.commands import reserve, settle
from mentorium_core.model_budget.model import Estimate, Limits, ModelWithheldError, Reservation, Spent, Withheld
from mentorium_core.privacy.commands import erase_data
from mentorium_db.repositories.model_budget import LEASE
from mentorium_domain.enums import ModelPurpose
from mentorium_kit import clock
from mentorium_kit.clock import TASHKENT
from tests.integration.core.clock_in_hand import ClockInHand
from tests.integration.core.household import Household, register

CALL = Estimate(900, 100, 1_000)
WIDE = Limits(parent_tokens=10**6, parent_micro_usd=10**6, micro_usd=10**6)
COST_PER_PARENT = """
    SELECT p.telegram_id, sum(u.micro_usd) / 1e6 AS usd, sum(u.calls) AS calls
    FROM ai_parent_usage u JOIN parents p ON p.id = u.parent_id
    WHERE u.day >= date_trunc('month', CAST(:today AS date)) GROUP BY p.telegram_id ORDER BY usd DESC
"""


async def rows(statement: str, **values: object) -> list[dict[str, Any]]:
    async with mentorium_db.get_session() as session:
        return [dict(row) for row in (await session.execute(text(statement), values)).mappings()]


async def tally(table: str) -> dict[str, Any]:
    one = await rows(f"SELECT * FROM {table}")
    assert len(one) == 1
    return one[0]


async def sums(column: str) -> list[int]:
    """Of all parents, and of everybody."""
    tables = ("ai_parent_usage", "ai_daily_usage")
    return [int((await rows(f"SELECT sum({column}) AS total FROM {table}"))[0]["total"]) for table in tables]


async def reserved(parent_id: int, limits: Limits, purpose: ModelPurpose = ModelPurpose.CHAT) -> Reservation | Withheld:
    try:
        return await reserve(parent_id, purpose, CALL, limits)
    except ModelWithheldError as withheld:
        return withheld.why


@pytest.fixture
async def dilnoza(household: Household) -> RegistrationResult:
    return await register(200_000_001, await household.guardian("Dilnoza Karimova"))


@pytest.fixture
async def rustam(household: Household) -> RegistrationResult:
    return await register(200_000_002, await household.guardian("Rustam Aliyev"))


async def test_a_call_is_reserved_at_its_most_and_settled_at_its_cost(dilnoza: RegistrationResult) -> None:
    """Durability 22: a day's budget per payer in PostgreSQL."""
    reservation = await reserve(dilnoza.parent.parent_id, ModelPurpose.CHAT, CALL, WIDE)
    for table in ("ai_parent_usage", "ai_daily_usage"):
        assert {"calls": 1, "reserved_tokens": 1_000, "reserved_micro_usd": 1_000}.items() <= (
            await tally(table)
        ).items()
    await settle(reservation, Spent(850, 40, 300))
    after = {"reserved_tokens": 0, "reserved_micro_usd": 0, "input_tokens": 850, "output_tokens": 40, "micro_usd": 300}
    for table in ("ai_parent_usage", "ai_daily_usage"):
        assert after.items() <= (await tally(table)).items()


async def test_what_a_killed_process_reserved_is_free_after_the_lease(
    dilnoza: RegistrationResult, rustam: RegistrationResult, moved: ClockInHand
) -> None:
    """Of the parent and of everybody; and whoever settles later still takes nothing of another's."""
    parent, tight = dilnoza.parent.parent_id, Limits(10**6, 1_500, 1_500)
    noon = clock.now().astimezone(TASHKENT).replace(hour=12, minute=0, second=0) - clock.now()
    moved.to(noon)
    killed = await reserve(parent, ModelPurpose.CHAT, CALL, tight)
    moved.to(noon + LEASE - timedelta(minutes=1))
    assert await reserved(parent, tight) is Withheld.PARENT_BUDGET
    assert await reserved(rustam.parent.parent_id, tight) is Withheld.DAY_BUDGET
    moved.to(noon + LEASE + timedelta(minutes=1))
    alive = await reserve(parent, ModelPurpose.CHAT, CALL, tight)
    assert await sums("reserved_micro_usd") == [CALL.micro_usd] * 2
    await settle(alive, Spent(850, 40, 300))
    await settle(killed, Spent(850, 40, 300))
    assert await sums("reserved_micro_usd") == [0, 0]
    assert await sums("micro_usd") == [600, 600]


@pytest.mark.parametrize(
    ("limits", "why"),
    [
        (Limits(5_999, 10**6, 10**6), Withheld.PARENT_BUDGET),
        (Limits(10**6, 5_999, 10**6), Withheld.PARENT_BUDGET),
        (Limits(10**6, 10**6, 5_999), Withheld.DAY_BUDGET),
    ],
)
async def test_of_thirty_at_once_no_more_are_let_through_than_fit(
    dilnoza: RegistrationResult, limits: Limits, why: Withheld
) -> None:
    outcomes = await asyncio.gather(*(reserved(dilnoza.parent.parent_id, limits) for _ in range(30)))
    assert sum(isinstance(outcome, Reservation) for outcome in outcomes) == 5
    assert {outcome for outcome in outcomes if not isinstance(outcome, Reservation)} == {why}
    for table in ("ai_parent_usage", "ai_daily_usage"):
        assert {"calls": 5, "reserved_micro_usd": 5_000}.items() <= (await tally(table)).items()


async def test_what_is_settled_below_its_estimate_makes_room(dilnoza: RegistrationResult) -> None:
    limits = Limits(10**6, 10**6, 1_500)
    first = await reserve(dilnoza.parent.parent_id, ModelPurpose.CHAT, CALL, limits)
    assert await reserved(dilnoza.parent.parent_id, limits) is Withheld.DAY_BUDGET
    await settle(first, Spent(800, 10, 400))
    assert isinstance(await reserved(dilnoza.parent.parent_id, limits), Reservation)


async def test_one_parents_budget_is_nobody_elses(dilnoza: RegistrationResult, rustam: RegistrationResult) -> None:
    limits = Limits(1_000, 10**6, 10**6)
    for parent in (dilnoza, rustam):
        assert isinstance(await reserved(parent.parent.parent_id, limits), Reservation)
        assert await reserved(parent.parent.parent_id, limits) is Withheld.PARENT_BUDGET


async def test_reports_take_nothing_of_what_talk_may_cost(dilnoza: RegistrationResult) -> None:
    limits = Limits(1_000, 1_000, 1_000)
    for purpose in ModelPurpose:
        assert isinstance(await reserved(dilnoza.parent.parent_id, limits, purpose), Reservation)
        assert not isinstance(await reserved(dilnoza.parent.parent_id, limits, purpose), Reservation)


async def test_a_new_day_has_a_budget_of_its_own(dilnoza: RegistrationResult, moved: ClockInHand) -> None:
    limits = Limits(1_000, 1_000, 1_000)
    await reserved(dilnoza.parent.parent_id, limits)
    moved.to(timedelta(days=1))
    assert isinstance(await reserved(dilnoza.parent.parent_id, limits), Reservation)


async def test_what_is_settled_after_midnight_counts_for_the_day_it_was_asked(
    dilnoza: RegistrationResult, moved: ClockInHand
) -> None:
    reservation = await reserve(dilnoza.parent.parent_id, ModelPurpose.CHAT, CALL, WIDE)
    moved.to(timedelta(days=1))
    await settle(reservation, Spent(850, 40, 300))
    assert (await tally("ai_daily_usage"))["micro_usd"] == 300
    assert (await tally("ai_daily_usage"))["day"] == reservation.day


async def test_operators_hear_once_a_day_that_the_budget_is_used_up(
    dilnoza: RegistrationResult, rustam: RegistrationResult
) -> None:
    limits = Limits(10**6, 10**6, 0)
    people = [dilnoza.parent.parent_id, rustam.parent.parent_id] * 3
    assert set(await asyncio.gather(*(reserved(parent_id, limits) for parent_id in people))) == {Withheld.DAY_BUDGET}
    assert len(await rows("SELECT 1 FROM event_logs WHERE event_name = 'ai_budget_exhausted'")) == 1
    assert (await tally("ai_daily_usage"))["exhausted_at"] is not None


async def test_who_is_erased_leaves_the_days_total_and_no_row(dilnoza: RegistrationResult) -> None:
    reservation = await reserve(dilnoza.parent.parent_id, ModelPurpose.CHAT, CALL, WIDE)
    await erase_data(dilnoza.parent.telegram_id)
    await settle(reservation, Spent(850, 40, 300))
    assert await rows("SELECT * FROM ai_parent_usage") == []
    assert {"reserved_micro_usd": 0, "micro_usd": 300}.items() <= (await tally("ai_daily_usage")).items()
    assert await reserved(dilnoza.parent.parent_id, WIDE) is Withheld.PARENT_BUDGET


async def test_calls_and_an_erasure_at_once_are_in_nobodys_way(dilnoza: RegistrationResult) -> None:
    """Each call goes through or is withheld; none deadlocks with the deletion, and nothing is left of the parent."""

    async def call() -> None:
        reservation = await reserved(dilnoza.parent.parent_id, WIDE)
        if isinstance(reservation, Reservation):
            await settle(reservation, Spent(850, 40, 300))

    await asyncio.gather(
        *(call() for _ in range(6)), erase_data(dilnoza.parent.telegram_id), *(call() for _ in range(6))
    )
    assert await rows("SELECT 1 FROM ai_parent_usage") == []


async def test_what_each_parent_costs_is_one_query(dilnoza: RegistrationResult, rustam: RegistrationResult) -> None:
    """The query of docs/AI_BUDGET.md."""
    for parent, spent in ((dilnoza, 300), (rustam, 700), (rustam, 500)):
        reservation = await reserve(parent.parent.parent_id, ModelPurpose.CHAT, CALL, WIDE)
        await settle(reservation, Spent(850, 40, spent))
    costs = await rows(COST_PER_PARENT, today=clock.today())
    assert [(row["telegram_id"], float(row["usd"]), row["calls"]) for row in costs] == [
        (rustam.parent.telegram_id, 0.0012, 2),
        (dilnoza.parent.telegram_id, 0.0003, 1),
    ]
