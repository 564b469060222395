"""What time does to subscriptions, told in time: an end in three days, the end itself, the last day of its grace.

What is due is looked at in steps of a quarter of an hour, so that ends which lie close together are told together.
A renewal's notice that falls on the day of a stage, or after it, stands for it.
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
from mentorium_core.notifications.quiet_hours import in_the_day_before
from mentorium_db import get_session
from mentorium_db.repositories.subscription_ends import EndWindow, SubscriptionEndRepository, UntoldEnd
from mentorium_domain.enums import Language, NotificationType
from mentorium_domain.outbox import Buttons, MessageButton, OutboxMessage
from mentorium_kit import clock

STEP: Final = timedelta(minutes=15)
SOON: Final = timedelta(days=3)
LAST_DAY: Final = timedelta(days=1)
TOLD_FOR: Final = timedelta(days=1)
"""That access is over is told within a day of it, and only to whom nothing was told at the end or in grace."""
MOST: Final = 500
_TEXTS: Final = {
    "soon": "subscription-ends-soon",
    "ended": "subscription-ended",
    "last-day": "subscription-last-day",
    "over": "subscription-over",
}
RENEWAL_NOTICES: Final = (
    "card-renewal:soon:%",
    "card-renewal:retry:%",
    "card-renewal:last:%",
    "card-renewal:dead:%",
    "card-renewal:no-child:%",
    "renewal:no-child:%",
    "payment:renewal-failed:%",
    "payment:renewal-missing:%",
)
"""The idempotency keys, as patterns of LIKE, of what says when access ends, or is to be paid, beside this module."""


def slot_of(now: datetime) -> datetime:
    """The last full quarter of an hour."""
    return now - (now - datetime(2000, 1, 1, tzinfo=UTC)) % STEP


def windows(slot: datetime, grace: timedelta) -> Sequence[EndWindow]:
    """Which ends are at which stage, while there is access. A grace of one day has no last one beside its first."""
    found = [EndWindow("soon", slot, slot + SOON)]
    if grace <= LAST_DAY:
        return [*found, EndWindow("ended", slot - grace, slot)] if grace else found
    last = slot - grace + LAST_DAY
    return [*found, EndWindow("ended", last, slot), EndWindow("last-day", slot - grace, last)]


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
                await notify([_message(end, self.grace, self.prices, now) for end in untold])
        return expired == most or len(untold) == most

    async def next_moment(self, now: datetime) -> datetime | None:
        """When there is something to do next; `now` where that is not done yet; None where nothing will be."""
        slot = slot_of(now)
        async with get_session() as session:
            ends = SubscriptionEndRepository(session)
            if await ends.is_over(slot - self.grace) or await self._untold(session, slot, 1):
                return now
            boundary = await ends.next_boundary(slot, _boundaries(self.grace))
        if boundary is None:
            return None
        return boundary if slot_of(boundary) == boundary else slot_of(boundary) + STEP

    async def _untold(self, session: AsyncSession, slot: datetime, most: int) -> list[UntoldEnd]:
        stages = windows(slot, self.grace)
        over = over_window(slot, self.grace)
        return await SubscriptionEndRepository(session).untold(slot, stages, over, RENEWAL_NOTICES, most)


def _boundaries(grace: timedelta) -> Sequence[timedelta]:
    """So long before an end there is something to do; a negative length: after it."""
    last_day = [LAST_DAY - grace] if grace > LAST_DAY else []
    return [SOON, timedelta(), *last_day, -grace]


def end_key(stage: str, subscription_id: int, expires_at: datetime) -> str:
    """The idempotency key of what is told of an end at this stage, as `SubscriptionEndRepository.untold` makes it."""
    return f"subscription:{stage}:{subscription_id}:{round(expires_at.timestamp())}"


def tariff_buttons(language: Language, prices: PriceList) -> Buttons:
    """The tariffs, to be pressed under a notification; callback data as of the bot's own keyboards."""
    return tuple((MessageButton(tariff_text(language, tariff, prices), data=f"tariff:{tariff}"),) for tariff in TARIFFS)


def _message(end: UntoldEnd, grace: timedelta, prices: PriceList, now: datetime) -> OutboxMessage:
    def day(moment: datetime) -> str:
        return format_date_long(end.language, clock.local_day(moment))

    closes_at = end.expires_at + grace
    until = {
        "soon": {"until": day(end.expires_at)},
        "ended": {"until": day(end.expires_at), "open_until": day(closes_at)},
        "last-day": {"open_until": day(closes_at)},
        "over": {},
    }
    expires_at = {"soon": end.expires_at, "over": closes_at + TOLD_FOR}.get(end.stage, closes_at)
    expires_at = max(expires_at, now + STEP)  # the slot may lie before it, and now behind it
    return OutboxMessage(
        telegram_id=end.telegram_id,
        kind=NotificationType.SUBSCRIPTION,
        message=t(end.language, _TEXTS[end.stage], **until[end.stage]),
        dedup_key=end.key,
        send_at=in_the_day_before(now, expires_at),
        expires_at=expires_at,
        buttons=tariff_buttons(end.language, prices),
    )
