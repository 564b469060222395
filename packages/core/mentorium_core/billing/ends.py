"""What time does to subscriptions, told in time: an end in three days, in one, the end itself, and that of its grace.

What is due is looked at in steps of a quarter of an hour, so that ends which lie close together are told together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_core.billing.lapse import ExpireSubscriptions
from mentorium_core.billing.model import GRACE, TARIFFS, PriceList
from mentorium_core.billing.texts import tariff_text
from mentorium_core.i18n import format_date_long, t
from mentorium_core.notifications.commands import notify
from mentorium_db import get_session
from mentorium_db.repositories.subscription_ends import EndWindow, SubscriptionEndRepository, UntoldEnd
from mentorium_domain.enums import Language, NotificationType
from mentorium_domain.outbox import Buttons, MessageButton, OutboxMessage
from mentorium_kit import clock

STEP: Final = timedelta(minutes=15)
SOON: Final = timedelta(days=3)
VERY_SOON: Final = timedelta(days=1)
TOLD_FOR: Final = timedelta(days=1)
"""That access is over is told within a day of it, or not at all."""
MOST: Final = 500
_TEXTS: Final = {
    "soon": "subscription-ends-soon",
    "tomorrow": "subscription-ends-tomorrow",
    "ended": "subscription-ended",
    "over": "subscription-over",
}


def slot_of(now: datetime) -> datetime:
    """The last full quarter of an hour."""
    return now - (now - datetime(2000, 1, 1, tzinfo=UTC)) % STEP


def windows(slot: datetime, grace: timedelta) -> Sequence[EndWindow]:
    """Which ends are at which stage, while there is access."""
    found = [EndWindow("soon", slot + VERY_SOON, slot + SOON), EndWindow("tomorrow", slot, slot + VERY_SOON)]
    return [*found, EndWindow("ended", slot - grace, slot)] if grace else found


def over_window(slot: datetime, grace: timedelta) -> EndWindow:
    return EndWindow("over", slot - grace - TOLD_FOR, slot - grace)


@dataclass(frozen=True, slots=True)
class KeepSubscriptions:
    """A duty of the ticker: lets subscriptions expire, and tells their parents. `grace`: how long access outlives what
    was paid for.
    """

    grace: timedelta = GRACE
    prices: PriceList = field(default_factory=PriceList)

    async def __call__(self, now: datetime, most: int = MOST) -> bool:
        """A batch of what is due; whether there may be more. It joins an open unit of work."""
        slot = slot_of(now)
        async with get_session() as session:
            expired = await ExpireSubscriptions(self.grace)(slot, most)
            untold = await self._untold(session, slot, most)
            if untold:
                await notify([_message(end, self.grace, self.prices) for end in untold])
        return expired == most or len(untold) == most

    async def next_moment(self, now: datetime) -> datetime | None:
        """When there is something to do next; `now` where that is not done yet; None where nothing will be."""
        slot = slot_of(now)
        async with get_session() as session:
            ends = SubscriptionEndRepository(session)
            if await ends.is_over(slot - self.grace) or await self._untold(session, slot, 1):
                return now
            boundary = await ends.next_boundary(slot, (SOON, VERY_SOON, timedelta(), -self.grace))
        if boundary is None:
            return None
        return boundary if slot_of(boundary) == boundary else slot_of(boundary) + STEP

    async def _untold(self, session: AsyncSession, slot: datetime, most: int) -> list[UntoldEnd]:
        stages = windows(slot, self.grace)
        return await SubscriptionEndRepository(session).untold(stages, over_window(slot, self.grace), most)


def end_key(stage: str, subscription_id: int, expires_at: datetime) -> str:
    """The idempotency key of what is told of an end at this stage, as `SubscriptionEndRepository.untold` makes it."""
    return f"subscription:{stage}:{subscription_id}:{round(expires_at.timestamp())}"


def tariff_buttons(language: Language, prices: PriceList) -> Buttons:
    """The tariffs, to be pressed under a notification; callback data as of the bot's own keyboards."""
    return tuple((MessageButton(tariff_text(language, tariff, prices), data=f"tariff:{tariff}"),) for tariff in TARIFFS)


def _message(end: UntoldEnd, grace: timedelta, prices: PriceList) -> OutboxMessage:
    def day(moment: datetime) -> str:
        return format_date_long(end.language, clock.local_day(moment))

    if end.stage == "ended":
        text = t(end.language, _TEXTS[end.stage], until=day(end.expires_at), open_until=day(end.expires_at + grace))
    elif end.stage == "over":
        text = t(end.language, _TEXTS[end.stage])
    else:
        text = t(end.language, _TEXTS[end.stage], until=day(end.expires_at))
    return OutboxMessage(
        telegram_id=end.telegram_id,
        kind=NotificationType.SUBSCRIPTION,
        message=text,
        dedup_key=end.key,
        send_at=clock.now(),
        buttons=tariff_buttons(end.language, prices),
    )
