"""What time does to subscriptions: each stage of an end is told once, they expire, the running grant is shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

import mentorium_db
from mentorium_core.billing.ends import KeepSubscriptions, slot_of
from mentorium_core.billing.lapse import move_on_grants
from mentorium_core.billing.queries import count_subscriptions
from mentorium_core.i18n import format_date_long, t
from mentorium_domain.enums import Tariff
from mentorium_kit import clock
from tests.fixtures.databases import SessionFactory
from tests.integration.core.billing.till import Till, new_parent

T0 = datetime(2026, 3, 2, 9, 7, tzinfo=UTC)
DAY, STEP = timedelta(days=1), timedelta(minutes=15)
keep = KeepSubscriptions()

pytestmark = pytest.mark.usefixtures("session_factory")


async def rows(statement: str) -> list[Any]:
    async with mentorium_db.get_session() as session:
        return [tuple(row) for row in await session.execute(text(statement))]


async def told() -> Sequence[str]:
    """The stages of ends that were told, in order."""
    keys = await rows("SELECT dedup_key FROM notifications WHERE notification_type = 'SUBSCRIPTION' ORDER BY id")
    return [key.split(":")[1] for (key,) in keys]


async def test_each_stage_of_an_end_is_told_once_in_its_time() -> None:
    parent_id, _ = await new_parent(T0)
    await Till().buy(parent_id, T0)
    seen = []
    for hours in range(0, 24 * 36, 3):
        now = T0 + timedelta(hours=hours)
        await keep(now)
        await keep(now)
        seen.append((hours / 24, len(await told())))
    assert await told() == ["soon", "ended", "last-day"]
    began = [min(days for days, count in seen if count >= number) for number in (1, 2, 3)]
    assert began == pytest.approx([27, 30, 32], abs=0.2)
    assert await rows("SELECT status FROM subscriptions") == [("EXPIRED",)]
    messages = await rows(
        "SELECT message, buttons FROM notifications WHERE notification_type = 'SUBSCRIPTION' ORDER BY id"
    )
    until = format_date_long("uz", clock.local_day(T0 + 30 * DAY))
    assert messages[0][0] == t("uz", "subscription-ends-soon", until=until)
    assert [row[0]["data"] for row in messages[2][1]] == ["tariff:monthly", "tariff:quarterly", "tariff:annual"]


async def test_who_has_extended_hears_of_the_new_end_alone() -> None:
    parent_id, _ = await new_parent(T0)
    await Till().buy(parent_id, T0)
    await keep(T0 + 27 * DAY + STEP)
    await Till().buy(parent_id, T0 + 28 * DAY)
    for days in range(28, 57):
        await keep(T0 + days * DAY + STEP)
    assert await told() == ["soon"]
    await keep(T0 + 57 * DAY + STEP)
    assert await told() == ["soon", "soon"]


async def test_who_renews_is_told_of_no_end_and_who_has_bought_anew_not_that_it_is_over() -> None:
    renewing, _ = await new_parent(T0)
    await Till().buy(renewing, T0)
    await rows("UPDATE subscriptions SET auto_renew = true RETURNING id")
    for days in (27, 29, 30, 32):
        await keep(T0 + days * DAY + STEP)
    assert await told() == []
    await keep(T0 + 33 * DAY + STEP)
    assert await told() == ["over"]
    late, _ = await new_parent(T0)
    await Till().buy(late, T0)
    await Till().buy(late, T0 + 34 * DAY)
    await keep(T0 + 34 * DAY)
    assert await told() == ["over"]


async def test_without_grace_the_end_is_told_as_the_end() -> None:
    at_once = KeepSubscriptions(timedelta())
    parent_id, _ = await new_parent(T0)
    await Till().buy(parent_id, T0)
    await at_once(T0 + 30 * DAY + STEP)
    assert await told() == ["over"]


async def test_it_tells_when_there_is_more_to_do() -> None:
    assert await keep.next_moment(T0) is None
    parent_id, _ = await new_parent(T0)
    await Till().buy(parent_id, T0)
    now, moments = T0, []
    while (moment := await keep.next_moment(now)) is not None:
        assert moment > now, "everything was done"
        moments.append(moment - T0)
        now = moment
        assert await keep.next_moment(now) == now, "due, and not done yet"
        await keep(now)
    assert moments == [days * DAY + timedelta(minutes=8) for days in (27, 30, 32, 33)], "at the next full quarter"
    assert await told() == ["soon", "ended", "last-day"]


async def test_a_batch_at_a_time_until_nothing_is_left() -> None:
    for _ in range(5):
        parent_id, _ = await new_parent(T0)
        await Till().buy(parent_id, T0)
    now, more = T0 + 27 * DAY + STEP, []
    while await keep(now, most=2):
        more.append(len(await told()))
    assert more == [2, 4]
    assert len(await told()) == 5


async def test_the_gauge_counts_what_gives_access() -> None:
    for tariff in (Tariff.MONTHLY, Tariff.MONTHLY, Tariff.ANNUAL):
        parent_id, _ = await new_parent(T0)
        await Till().buy(parent_id, T0, tariff)
    assert await count_subscriptions(T0 + 32 * DAY, 3 * DAY) == {Tariff.MONTHLY: 2, Tariff.ANNUAL: 1}
    assert await count_subscriptions(T0 + 33 * DAY, 3 * DAY) == {Tariff.ANNUAL: 1}


async def test_the_tariff_moves_on_with_the_grant_that_runs() -> None:
    parent_id, _ = await new_parent(T0)
    await Till().buy(parent_id, T0, Tariff.MONTHLY)
    await Till().buy(parent_id, T0 + DAY, Tariff.ANNUAL)
    assert await rows("SELECT tariff FROM subscriptions") == [("monthly",)]
    await move_on_grants(T0 + 29 * DAY)
    assert await rows("SELECT tariff FROM subscriptions") == [("monthly",)]
    assert not await move_on_grants(T0 + 30 * DAY)
    assert await rows("SELECT tariff, amount_minor FROM subscriptions") == [("annual", 89_900_000)]


BOUGHT = st.lists(st.tuples(st.sampled_from(Tariff), st.integers(0, 40)), min_size=1, max_size=4)


@given(BOUGHT, st.integers(0, 500))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_the_statement_finds_the_same_running_grant_as_the_rule(
    session_factory: SessionFactory, bought: list[tuple[Tariff, int]], days: int
) -> None:
    """After it has moved on, the rule (`recompute`) has nothing to change, and so the statement finds nothing."""
    parent_id, _ = await new_parent(T0)
    at = T0
    for tariff, after in bought:
        at += after * DAY
        await Till().buy(parent_id, at, tariff)
    now = at + days * DAY
    await move_on_grants(now)
    async with session_factory() as session:
        found = await session.execute(text("SELECT max(expires_at) FROM subscriptions WHERE status = 'ACTIVE'"))
        assert found.scalar_one() is not None
    assert not await move_on_grants(now, most=1)


def test_slots_are_full_quarters() -> None:
    assert slot_of(T0) == datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    assert slot_of(datetime(2026, 3, 2, 9, 15, tzinfo=UTC)).minute == 15
