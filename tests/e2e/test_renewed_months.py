"""Subscriptions that renew themselves, lived through for four months by the clock: by card and in Stars, in each
language, beside a parent without money and one whose Stars run out.

All live in the same months: what costs is moving the clock, not who lives meanwhile.
"""

from __future__ import annotations

import asyncio

import pytest

from mentorium_sandbox.client import FakeParent, callback_buttons
from tests.e2e.card_page import new_card
from tests.e2e.purchases import of, payments, subscription
from tests.e2e.renewing import (
    LANGUAGES,
    bought_at_payme,
    buttons,
    end_renewal,
    link_to_subscribe,
    newcomer,
    renews_by,
    subscribed_in_stars,
    ways_out,
)
from tests.e2e.sandbox import Sandbox

pytestmark = pytest.mark.asyncio(loop_scope="session")
PRICE = 9_900_000
TARIFFS = ["tariff:monthly", "tariff:quarterly", "tariff:annual"]
ACTIVE, LAST_MONTH, OVER = ("ACTIVE", True), ("ACTIVE", False), ("EXPIRED", False)


async def by_card(world: Sandbox, language: str) -> FakeParent:
    parent = await bought_at_payme(world, language)
    assert "renew:on:monthly" in await buttons(parent), "offered beside the thanks for the first payment"
    await renews_by(world, parent, await new_card(world))
    await world.advance_clock("PT1M")
    assert await subscription(world, parent) == ACTIVE
    assert (await buttons(parent))[-1] == "renew:off"
    return parent


async def in_stars(world: Sandbox, language: str) -> FakeParent:
    parent = await newcomer(world, language)
    await subscribed_in_stars(parent)
    assert await subscription(world, parent) == ACTIVE
    return parent


async def charged(world: Sandbox, parents: list[FakeParent], times: int) -> None:
    for parent in parents:
        assert await payments(world, parent) == ["SUCCESS"] * times


async def told_before_the_charge(world: Sandbox, parents: list[FakeParent], paid: int, wait: str) -> None:
    """Moves the clock by `wait`, past three days before the end, and on to the eve of the charge."""
    known = [await ways_out(parent) for parent in parents]
    await world.advance_clock(wait)
    await charged(world, parents, paid)
    for parent, before in zip(parents, known, strict=True):
        assert await ways_out(parent) > before, "told three days before, with a way out"
    await world.advance_clock("P1D")


async def charged_though_an_answer_is_lost(world: Sandbox) -> None:
    await world.call(
        "POST", "faults", {"target": "payme", "kind": "drop_response", "match": "receipts.pay", "times": 1}
    )
    await world.advance_clock("PT14H")
    assert await world.faults() == [], "it has happened"


async def charged_though_the_worker_is_killed(world: Sandbox) -> None:
    kill = world.call("POST", "parts/worker", {"action": "kill"})
    await asyncio.gather(world.advance_clock("PT14H"), kill, return_exceptions=True)
    await world.advance_clock("PT4H")


class PoorParent:
    """Whose card has no money, and then another one that has."""

    def __init__(self, parent: FakeParent) -> None:
        self.parent = parent

    @classmethod
    async def come(cls, world: Sandbox) -> PoorParent:
        parent = await bought_at_payme(world, "ru")
        await renews_by(world, parent, await new_card(world, balance=100))
        return cls(parent)

    async def gives_another_card(self, world: Sandbox) -> None:
        assert (await payments(world, self.parent)).count("SUCCESS") == 1
        await self.parent.say("/subscription")
        await renews_by(world, self.parent, await new_card(world, balance=PRICE))

    async def has_paid_and_goes(self, world: Sandbox) -> None:
        assert (await payments(world, self.parent)).count("SUCCESS") == 2
        assert await subscription(world, self.parent) == ACTIVE
        await end_renewal(self.parent)
        await self.parent.block()


class OutOfStars:
    """Whose next charge Telegram cannot make."""

    def __init__(self, parent: FakeParent) -> None:
        self.parent = parent

    @classmethod
    async def come(cls, world: Sandbox) -> OutOfStars:
        parent = await newcomer(world, "en")
        await parent.change_star_subscription(await subscribed_in_stars(parent), "fail_next")
        return cls(parent)

    async def is_told_keeps_what_is_paid_and_goes(self, world: Sandbox) -> None:
        assert await payments(world, self.parent) == ["SUCCESS"]
        assert await subscription(world, self.parent) == LAST_MONTH
        told = [message.get("text_plain") or "" for message in await self.parent.messages()]
        assert any("could not renew" in text for text in told)
        await self.parent.block()


async def ended(world: Sandbox, cards: list[FakeParent], stars: list[FakeParent]) -> None:
    """By its button; nothing more is charged, and access ends with what is paid."""
    for parents, shown in ((cards, ["renew:off", "renew:on:monthly"]), (stars, ["renew:off"])):
        for parent in parents:
            assert await end_renewal(parent) == shown
            assert await subscription(world, parent) == LAST_MONTH, "access stays to its paid end"
    await world.advance_clock("P30DT1H")
    await charged(world, [*cards, *stars], 4)
    for parent in stars:
        assert await subscription(world, parent) == LAST_MONTH, "the days of grace"
    await world.advance_clock("P3D")
    await charged(world, [*cards, *stars], 4)
    for parent in (*cards, *stars):
        assert await subscription(world, parent) == OVER


async def bought_again(world: Sandbox, parent: FakeParent) -> None:
    await parent.say("How did the week go?")
    assert callback_buttons(parent.last[-1]) == TARIFFS
    assert (await parent.pay(await link_to_subscribe(parent))).outcome == "paid"
    assert await subscription(world, parent) == ACTIVE


async def test_renewed_three_times_whatever_happens_ended_by_a_button_and_bought_again(world: Sandbox) -> None:
    cards = [await by_card(world, language) for language in LANGUAGES]
    stars = [await in_stars(world, language) for language in LANGUAGES]
    poor, out_of_stars = await PoorParent.come(world), await OutOfStars.come(world)
    waits = {1: "P27DT12H", 2: "P25DT12H", 3: "P27DT12H"}  # who is told at night is told at nine
    for renewals in (1, 2, 3):
        await told_before_the_charge(world, cards, renewals, waits[renewals])
        if renewals == 1:
            await world.advance_clock("PT14H")
            await poor.gives_another_card(world)
        elif renewals == 2:
            await charged_though_an_answer_is_lost(world)
        else:
            await charged_though_the_worker_is_killed(world)
        await world.advance_clock("PT23H")
        await charged(world, [*cards, *stars], 1 + renewals)
        for parent in (*cards, *stars):
            assert await subscription(world, parent) == ACTIVE
        if renewals == 1:
            await out_of_stars.is_told_keeps_what_is_paid_and_goes(world)
            await world.advance_clock("P2D")
            await poor.has_paid_and_goes(world)
    for parent in cards:
        orders = await of(
            world,
            parent,
            "SELECT x.status FROM orders x JOIN parents p ON p.id = x.parent_id"
            " WHERE p.telegram_id = $1 AND x.kind = 'card_renewal' AND x.status = 'paid'",
        )
        assert len(orders) == 3, "each charge is an order"
    await ended(world, cards, stars)
    for parent in stars:
        await bought_again(world, parent)
