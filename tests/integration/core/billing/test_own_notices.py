"""The subscription's own notices, row by row: what each is called, when it comes, and until when it is worth reading.

What a parent or an operator has caused comes at once, at any hour; what nobody has caused, by day.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import pytest
import pytest_asyncio

from mentorium_core.billing.commands import ExtendSubscription, GrantSubscription
from mentorium_core.billing.ends import KeepSubscriptions
from mentorium_core.billing.stars import BookStarsCharge, note_subscription_update
from mentorium_core.notifications.policy import is_silent
from mentorium_core.notifications.quiet_hours import in_the_day
from mentorium_domain.enums import NotificationType, Tariff
from mentorium_domain.preferences import DEFAULTS
from mentorium_kit import clock
from tests.fixtures.payme_cards import BLOCKED, NO_MONEY, PaymeCardServer, payme_card_server
from tests.integration.core.billing.card_payer import CARD, DAY, DILNOZA, Payer, merchant, new_payer, rows
from tests.integration.core.billing.stars_orders import charge, renewing_order
from tests.integration.core.billing.till import Till, new_parent
from tests.integration.core.clock_in_hand import ClockInHand
from tests.integration.core.household import Household

HOUR: Final = timedelta(hours=1)
NOON, NIGHT = 12, 2
KEEP: Final = KeepSubscriptions()
Cause = Callable[["Life"], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Life:
    """A parent, and the clock that stands at the same hour of a day."""

    household: Household
    time: ClockInHand
    payme: PaymeCardServer
    began: datetime

    def at(self, after: timedelta) -> None:
        self.time.to(self.began + after - datetime.now(self.began.tzinfo))

    async def bought(self) -> int:
        self.at(timedelta())
        parent_id, telegram_id = await new_parent(clock.now())
        await Till().buy(parent_id, clock.now())
        return telegram_id

    async def payer(self) -> Payer:
        self.at(timedelta())
        return await new_payer(self.household, self.time, self.payme)


@pytest_asyncio.fixture
async def payme() -> AsyncIterator[PaymeCardServer]:
    async with payme_card_server(merchant) as server:
        yield server


@pytest.fixture
def life(household: Household, moved: ClockInHand, payme: PaymeCardServer) -> Life:
    return Life(household, moved, payme, clock.start_of_day(clock.today() + DAY))


async def passes(life: Life, *days: float) -> None:
    for day in days:
        life.at(day * DAY)
        await KEEP(clock.now())


async def soon(life: Life) -> None:
    await life.bought()
    await passes(life, 27.02)


async def end(life: Life) -> None:
    await life.bought()
    await passes(life, 27.02, 30.02)


async def last_day(life: Life) -> None:
    await life.bought()
    await passes(life, 27.02, 29, 30.02, 31, 32.02)


async def renewed(life: Life) -> None:
    payer = await life.payer()
    await payer.live(27 * DAY)
    await payer.live(29 * DAY)


async def announced(life: Life) -> None:
    await (await life.payer()).live(27 * DAY)


async def declined(life: Life) -> None:
    payer = await life.payer()
    life.payme.cards[CARD.token] = NO_MONEY
    await payer.live(27 * DAY)
    await payer.live(29 * DAY)


async def required(life: Life) -> None:
    payer = await life.payer()
    life.payme.cards[CARD.token] = BLOCKED
    await payer.live(27 * DAY)
    await payer.live(29 * DAY)


async def succeeded(life: Life) -> None:
    await life.bought()


async def not_paid(life: Life) -> None:
    life.at(timedelta())
    parent_id, _ = await new_parent(clock.now())
    till = Till()
    assert await till.fail(await till.begin(await till.order(parent_id, clock.now()), clock.now()))


async def granted(life: Life) -> None:
    life.at(timedelta())
    _, telegram_id = await new_parent(clock.now())
    for _ in range(2):
        await GrantSubscription()(telegram_id, Tariff.MONTHLY, "a gift", "Madina", request_key="again")


async def extended(life: Life) -> None:
    life.at(timedelta())
    _, telegram_id = await new_parent(clock.now())
    for _ in range(2):
        await ExtendSubscription()(telegram_id, 5, "an outage", "Madina", request_key="again")


SUBSCRIPTION, PAYMENT = NotificationType.SUBSCRIPTION, NotificationType.PAYMENT
ROWS: Final = [
    # what, its cause, type, idempotency key, whether somebody has caused it just now, how long it lives
    ("three days before the end", soon, SUBSCRIPTION, "subscription:soon:", False, "to the end"),
    ("the end", end, SUBSCRIPTION, "subscription:ended:", False, "to the end of grace"),
    ("the last day of grace", last_day, SUBSCRIPTION, "subscription:last-day:", False, "to the end of grace"),
    ("a renewal is announced", announced, SUBSCRIPTION, "card-renewal:soon:", False, 2 * DAY),
    ("renewed", renewed, PAYMENT, "payment:received:", False, DAY),
    ("declined by the card", declined, PAYMENT, "card-renewal:retry:", False, DAY),
    ("payment required", required, PAYMENT, "card-renewal:dead:", False, DAY),
    ("succeeded", succeeded, PAYMENT, "payment:received:", True, DAY),
    ("declined while paying", not_paid, PAYMENT, "payment:failed:", True, DAY),
    ("given by an operator", granted, SUBSCRIPTION, "subscription:given:again", True, DAY),
    ("extended by an operator", extended, SUBSCRIPTION, "subscription:given:again", True, DAY),
]


@pytest.mark.parametrize("hour", [NOON, NIGHT])
@pytest.mark.parametrize(("what", "cause", "kind", "key", "is_caused", "lives"), ROWS, ids=[row[0] for row in ROWS])
async def test_each_notice_comes_in_its_time_and_once(
    life: Life, hour: int, what: str, cause: Cause, kind: NotificationType, key: str, is_caused: bool, lives: object
) -> None:
    life = Life(life.household, life.time, life.payme, life.began + hour * HOUR)
    await cause(life)
    caused_at = clock.now()
    found = await rows(
        "SELECT notification_type, send_at, expires_at, message FROM notifications WHERE dedup_key LIKE :key"
        " ORDER BY id DESC",
        key=f"{key}%",
    )
    assert len(found) == (2 if what == "renewed" else 1)
    said, send_at, expires_at, message = found[0]
    assert said == kind
    assert message
    if is_caused:
        assert caused_at - timedelta(minutes=1) <= send_at <= caused_at, "at once"
        assert is_silent(kind, DEFAULTS, send_at) == (hour == NIGHT), "at night without sound"
    else:
        assert send_at.astimezone(clock.TASHKENT).hour == (NOON if hour == NOON else 9), "by day"
        assert send_at <= in_the_day(caused_at)
        assert not is_silent(kind, DEFAULTS, send_at)
    if isinstance(lives, timedelta):
        assert expires_at == send_at + lives
    else:
        ((ends_at,),) = await rows("SELECT expires_at FROM subscriptions")
        assert expires_at == ends_at + (0 * DAY if lives == "to the end" else 3 * DAY)


async def test_a_card_that_has_died_is_told_of_and_not_the_end_beside_it(life: Life) -> None:
    """One message where a renewal's notice and the subscription's own fall on a day, and one before the end."""
    payer = await life.payer()
    life.payme.cards[CARD.token] = BLOCKED
    for day in range(27, 34):
        await payer.live(day * DAY + HOUR)
        await KEEP(clock.now())
    keys = await rows("SELECT dedup_key FROM notifications ORDER BY id")
    said = [":".join(key.split(":")[:2]) for (key,) in keys]
    assert said == [
        "payment:received",
        "card-renewal:soon",
        "card-renewal:dead",
        "subscription:ended",
        "subscription:last-day",
    ]
    days = await rows("SELECT send_at::date FROM notifications")
    assert len(set(days)) == len(days), "never two on a day"


async def test_a_card_without_money_is_told_of_once_on_the_day_that_access_closes(life: Life) -> None:
    payer = await life.payer()
    life.payme.cards[CARD.token] = NO_MONEY
    for day in range(27, 37):
        await payer.live(day * DAY + HOUR)
        await KEEP(clock.now())
    keys = await rows("SELECT dedup_key FROM notifications WHERE dedup_key LIKE 'subscription:%'")
    assert keys == [], "each day has its renewal's notice"


async def test_telegram_that_could_not_renew_is_told_of_and_not_the_end_beside_it(life: Life) -> None:
    payer = await life.payer()
    await rows("UPDATE saved_cards SET removed_at = now(), removed_because = 'removed', card_token = '' RETURNING id")
    order = await renewing_order(payer.parent_id)
    await BookStarsCharge()(charge(order, "first"))
    life.at(28 * DAY)
    await note_subscription_update(DILNOZA, order.public_id, "failed")
    await rows("UPDATE subscriptions SET auto_renew = false RETURNING id")
    await rows("UPDATE subscriptions SET expires_at = :at RETURNING id", at=life.began + 30 * DAY)
    await KEEP(clock.now())
    keys = await rows("SELECT dedup_key FROM notifications WHERE notification_type = 'SUBSCRIPTION'")
    assert keys == []


async def test_who_has_heard_nothing_of_an_end_hears_once_that_it_is_over(life: Life) -> None:
    """As after an outage that was longer than the grace."""
    await life.bought()
    await passes(life, 33.1, 33.2)
    keys = await rows("SELECT dedup_key FROM notifications WHERE notification_type = 'SUBSCRIPTION'")
    assert [key.split(":")[1] for (key,) in keys] == ["over"]
