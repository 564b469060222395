"""Subscriptions lived through month by month: those that a card or Telegram's Stars renew, in each language, beside
a parent without money and one whose Stars run out; and those that nothing renews, from each provider.

All live in the same months: what costs is moving the clock, not who lives meanwhile. `HARDSHIP_LONG=1`: four months,
with two more renewals, at one of which an answer is lost and at the other the worker is killed.
"""

from __future__ import annotations

import asyncio

from mentorium_sandbox.client import FakeParent, callback_buttons, plain_text
from tests.e2e.buying import PROVIDERS, at_the_till, buy, message_with, newcomer
from tests.e2e.card_page import new_card
from tests.e2e.purchases import of, payments, subscription
from tests.e2e.renewing import (
    LANGUAGES,
    bought_at_payme,
    buttons,
    end_renewal,
    link_to_subscribe,
    renews_by,
    subscribed_in_stars,
    ways_out,
)
from tests.e2e.sandbox import Sandbox
from tests.fixtures.long_form import LONG

PRICE = 9_900_000
LAST_DAY = {"uz": "oxirgi kuni", "ru": "последний день", "en": "last day"}
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


async def renewed(world: Sandbox, parents: list[FakeParent], paid: int) -> None:
    await charged(world, parents, paid)
    for parent in parents:
        assert await subscription(world, parent) == ACTIVE


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


class BoughtOnce:
    """A month from each provider, that nothing renews."""

    def __init__(self, world: Sandbox, parents: dict[str, FakeParent]) -> None:
        self.world, self.parents = world, parents

    @classmethod
    async def come(cls, world: Sandbox) -> BoughtOnce:
        parents = {
            provider: await newcomer(world, language) for provider, language in zip(PROVIDERS, LANGUAGES, strict=True)
        }
        for provider, parent in parents.items():
            await buy(world, parent, provider)
        return cls(world, parents)

    async def have_been_told(self, *ends: str) -> None:
        rows = await self.world.rows(
            "SELECT parent_telegram_id, array_agg(split_part(dedup_key, ':', 2) ORDER BY id) AS ends FROM notifications"
            " WHERE parent_telegram_id = ANY($1) AND notification_type = 'SUBSCRIPTION' GROUP BY 1",
            [parent.id for parent in self.parents.values()],
        )
        assert [list(row["ends"]) for row in rows] == [list(ends)] * 3

    async def buy_again_by_the_button_of_the_last_day(self) -> None:
        for (provider, parent), language in zip(self.parents.items(), LANGUAGES, strict=True):
            over = await message_with(parent, LAST_DAY[language])
            assert callback_buttons(over) == TARIFFS
            assert plain_text(await parent.say("How did the week go?")) == plain_text([parent.last[-1]])
            assert callback_buttons(parent.last[-1]) == TARIFFS, "no answer without a subscription"
            await parent.press("tariff:annual", message=over)
            (sent,) = (await parent.press(f"pay:{provider}:annual")).replies
            asked = sent if provider == "stars" else sent["reply_markup"]["inline_keyboard"][0][0]["url"]
            await at_the_till(self.world, parent, provider, asked, "ok")
            assert (await subscription(self.world, parent))[0] == "ACTIVE"
            await parent.block()


async def ended(world: Sandbox, cards: list[FakeParent], stars: list[FakeParent], paid: int, wait: str) -> None:
    """By its button; nothing more is charged, and access ends with what is paid, two hours before `wait` is over."""
    for parents, shown in ((cards, ["renew:off", "renew:on:monthly"]), (stars, ["renew:off"])):
        for parent in parents:
            assert await end_renewal(parent) == shown
            assert await subscription(world, parent) == LAST_MONTH, "access stays to its paid end"
    await world.advance_clock(wait)
    await charged(world, [*cards, *stars], paid)
    for parent in stars:
        assert await subscription(world, parent) == LAST_MONTH, "the days of grace"
    await world.advance_clock("P3D")
    await charged(world, [*cards, *stars], paid)
    for parent in (*cards, *stars):
        assert await subscription(world, parent) == OVER


async def bought_again(world: Sandbox, parent: FakeParent) -> None:
    await parent.say("How did the week go?")
    assert callback_buttons(parent.last[-1]) == TARIFFS
    assert (await parent.pay(await link_to_subscribe(parent))).outcome == "paid"
    assert await subscription(world, parent) == ACTIVE


async def each_charge_is_an_order(world: Sandbox, parents: list[FakeParent], renewals: int) -> None:
    for parent in parents:
        orders = await of(
            world,
            parent,
            "SELECT x.status FROM orders x JOIN parents p ON p.id = x.parent_id"
            " WHERE p.telegram_id = $1 AND x.kind = 'card_renewal' AND x.status = 'paid'",
        )
        assert len(orders) == renewals


async def renewed_twice_more_whatever_happens(world: Sandbox, cards: list[FakeParent], stars: list[FakeParent]) -> int:
    """How often each of them has paid then."""
    await told_before_the_charge(world, cards, 2, "P24DT12H")
    await charged_though_an_answer_is_lost(world)
    await world.advance_clock("PT23H")
    await renewed(world, [*cards, *stars], 3)

    await told_before_the_charge(world, cards, 3, "P27DT12H")
    await charged_though_the_worker_is_killed(world)
    await world.advance_clock("PT23H")
    await renewed(world, [*cards, *stars], 4)
    return 4


async def test_renewed_whatever_happens_or_told_of_the_end_and_bought_again(world: Sandbox) -> None:
    cards = [await by_card(world, language) for language in LANGUAGES]
    stars = [await in_stars(world, language) for language in LANGUAGES]
    poor, out_of_stars, once = await PoorParent.come(world), await OutOfStars.come(world), await BoughtOnce.come(world)

    await told_before_the_charge(world, cards, 1, "P27DT12H")  # who is told at night is told at nine
    await once.have_been_told("soon")
    await world.advance_clock("PT14H")
    await once.have_been_told("soon")
    await poor.gives_another_card(world)
    await world.advance_clock("PT23H")
    await renewed(world, [*cards, *stars], 2)
    await out_of_stars.is_told_keeps_what_is_paid_and_goes(world)
    await once.have_been_told("soon", "ended")
    await world.advance_clock("P2D")
    await poor.has_paid_and_goes(world)
    await once.have_been_told("soon", "ended", "last-day")
    await world.advance_clock("P1D")  # it comes by day
    await once.have_been_told("soon", "ended", "last-day")
    await once.buy_again_by_the_button_of_the_last_day()

    paid, wait = 2, "P27DT1H"
    if LONG:
        paid, wait = await renewed_twice_more_whatever_happens(world, cards, stars), "P30DT1H"
    await each_charge_is_an_order(world, cards, paid - 1)
    await ended(world, cards, stars, paid, wait)
    for parent in stars:
        await bought_again(world, parent)
