"""What the worker does about saved cards: when it looks, and that a job goes through its own queue's payload."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import pytest_asyncio

from mentorium_core.billing.card_charge import ChargeCard
from mentorium_core.billing.card_plan import KeepCardRenewals
from mentorium_core.billing.card_renewal import end_card_renewal
from mentorium_kit import clock
from mentorium_reporting import cards
from mentorium_reporting.cards import CardRenewalKeeper
from mentorium_reporting.jobs.saved_cards import ChargeCardJob
from tests.fixtures.databases import SessionFactory
from tests.fixtures.payme_cards import payme_card_server
from tests.integration.core.billing.card_payer import DAY, Payer, new_payer, rows
from tests.integration.core.clock_in_hand import ClockInHand
from tests.integration.core.conftest import moved
from tests.integration.core.household import Household

__all__ = ["moved"]


@pytest_asyncio.fixture
async def payer(session_factory: SessionFactory, configured_platform: str, moved: ClockInHand) -> AsyncIterator[Payer]:
    # a cashbox without billing: what is paid is booked here
    async with Household.at(configured_platform) as family, payme_card_server() as payme:
        yield await new_payer(family, moved, payme)


async def test_it_looks_when_something_is_due_and_rests_else(payer: Payer) -> None:
    keeper = CardRenewalKeeper(KeepCardRenewals())
    assert not keeper.rests(), "at its start"
    await keeper()
    assert keeper.rests()
    assert await KeepCardRenewals().next_moment() == payer.ends_at - 3 * DAY
    payer.at(27 * DAY + timedelta(minutes=1))
    assert not keeper.rests()
    await keeper()
    assert [status for status, *_ in await payer.attempts()] == ["planned"]
    assert keeper.rests()
    payer.at(29 * DAY + timedelta(minutes=2))
    assert not keeper.rests()
    await keeper()
    assert await rows("SELECT entrypoint FROM pgqueuer.pgqueuer") == [("charge_card",)]
    assert keeper.rests()


async def test_it_looks_again_all_the_same(payer: Payer, monkeypatch: pytest.MonkeyPatch) -> None:
    await end_card_renewal(payer.parent_id)
    keeper = CardRenewalKeeper(KeepCardRenewals())
    await keeper()
    assert keeper.rests()
    monkeypatch.setattr(cards, "LOOKS_AGAIN_S", 0.0)
    assert not keeper.rests()


async def test_what_is_booked_here_is_counted_here(payer: Payer) -> None:
    booked: list[int] = []
    payer.at(27 * DAY)
    await payer.keep()
    payer.at(29 * DAY)
    await payer.keep()
    ((payload,),) = await rows("SELECT convert_from(payload, 'UTF8')::jsonb FROM pgqueuer.pgqueuer")
    job = ChargeCardJob(ChargeCard(payer.payme.api, on_booked=lambda: booked.append(1)))
    await job(payload)
    await job(payload)
    assert (await payer.paid(), booked) == (1, [1])
    assert clock.now() > payer.began
