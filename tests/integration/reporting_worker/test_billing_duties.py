"""The ticker's duties about subscriptions: what is due is done by the product's clock; the gauge shows what stands."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import text

import mentorium_db
from mentorium_domain.enums import Tariff
from mentorium_kit import clock
from mentorium_reporting.billing import billing_duties, billing_shows
from mentorium_reporting.config import WorkerSettings
from tests.integration.core.billing.till import Till, new_parent

pytestmark = pytest.mark.usefixtures("session_factory")
SETTINGS = WorkerSettings.model_construct(grace_days=3)


def shown(tariff: Tariff) -> float | None:
    return REGISTRY.get_sample_value("subscriptions_active", {"tariff": tariff.value})


async def do(name: str) -> None:
    (duty,) = [duty for duty in (*billing_duties(SETTINGS), *billing_shows(SETTINGS)) if duty.name == name]
    while await duty.work():
        pass


async def test_a_subscription_is_counted_ends_and_is_told_of(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    clock.configure(file)
    try:
        parent_id, _ = await new_parent(clock.now())
        await Till().buy(parent_id, clock.now(), Tariff.QUARTERLY)
        await Till().buy(parent_id, clock.now(), Tariff.ANNUAL)
        await do("show-subscriptions")
        assert [shown(tariff) for tariff in Tariff] == [0, 1, 0]
        file.write_text(str(timedelta(days=91).total_seconds()))
        await do("show-running-grants")
        await do("show-subscriptions")
        assert [shown(tariff) for tariff in Tariff] == [0, 0, 1]
        file.write_text(str(timedelta(days=90 + 365 + 3, hours=1).total_seconds()))
        await do("keep-subscriptions")
        await do("show-subscriptions")
        assert [shown(tariff) for tariff in Tariff] == [0, 0, 0]
    finally:
        clock.configure(None)
    async with mentorium_db.get_session() as session:
        statement = text("SELECT dedup_key FROM notifications WHERE notification_type = 'SUBSCRIPTION'")
        (key,) = await session.scalars(statement)
    assert key.startswith("subscription:over:")


async def test_subscriptions_are_looked_at_when_a_quarter_of_an_hour_begins_and_rarely_else(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    clock.configure(file)
    try:
        (duty,) = [duty for duty in billing_duties(SETTINGS) if duty.name == "keep-subscriptions"]
        assert not duty.rests()
        while await duty.work():
            pass
        assert duty.rests()
        file.write_text(str(timedelta(minutes=15).total_seconds()))
        assert not duty.rests(), "another quarter of an hour"
    finally:
        clock.configure(None)
