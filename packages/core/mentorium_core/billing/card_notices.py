"""What a payer reads of a renewal by card: before a charge, after one that was not made, and when there are no more.

Nobody has caused these but time, and so they come by day (`quiet_hours`); but for the end of a doubt that a chat waits
for.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from mentorium_core.billing.card_renewal_rules import Attempt
from mentorium_core.billing.texts import amount_text, tariff_title
from mentorium_core.i18n import format_date_long, t
from mentorium_core.notifications.commands import notify
from mentorium_core.notifications.quiet_hours import in_the_day
from mentorium_domain.enums import Currency, Language, NotificationType, Tariff
from mentorium_domain.outbox import Buttons, MessageButton, OutboxMessage
from mentorium_kit import clock

_NOTICE_LIVES: Final = timedelta(days=2)


async def tell_of_charge(
    telegram_id: int,
    language: Language,
    *,
    attempt_id: int,
    card_id: int,
    tariff: Tariff,
    amount_minor: int,
    masked_number: str,
    charge_at: datetime,
    ends_at: datetime,
    told_at: datetime,
) -> None:
    """What will be charged, when, and how not. It joins the open unit. `told_at`: when it goes out."""
    text = t(
        language,
        "card-renewal-soon" if told_at < ends_at else "card-renewal-soon-late",
        what=tariff_title(language, tariff),
        amount=amount_text(language, amount_minor, Currency.UZS),
        card=last_digits(masked_number),
        day=_day(language, charge_at),
        until=_day(language, ends_at),
    )
    buttons: Buttons = ((MessageButton(t(language, "card-renewal-off-button"), data="renew:off"),),)
    key = f"card-renewal:soon:{attempt_id}:{card_id}:{charge_at:%Y%m%d%H%M}"
    await _tell(telegram_id, NotificationType.SUBSCRIPTION, text, key, buttons, told_at, told_at + _NOTICE_LIVES)


async def tell_of_retry(
    telegram_id: int,
    language: Language,
    attempt_id: int,
    attempt: Attempt,
    *,
    tariff: Tariff,
    amount_minor: int,
    masked_number: str,
    grace: timedelta,
    now: datetime,
) -> None:
    """The card did not pay: why as far as we know, when it is tried again, and until when all stays open."""
    open_until, send_at = attempt.cycle_ends_at + grace, in_the_day(now)
    key = "card-renewal-retry" if send_at < open_until else "card-renewal-retry-closed"
    text = t(
        language,
        key,
        amount=amount_text(language, amount_minor, Currency.UZS),
        card=last_digits(masked_number),
        day=_day(language, attempt.due_at),
        until=_day(language, open_until),
    )
    off = MessageButton(t(language, "card-renewal-off-button"), data="renew:off")
    key = f"card-renewal:retry:{attempt_id}:{attempt.tries}"
    await _tell(telegram_id, NotificationType.PAYMENT, text, key, (_other_way(language, tariff), (off,)), send_at)


async def tell_last(
    telegram_id: int,
    language: Language,
    attempt_id: int,
    attempt: Attempt,
    *,
    tariff: Tariff,
    masked_number: str,
    now: datetime,
) -> None:
    """It was tried for the last time, or never, and now it is too late."""
    text = t(
        language, "card-renewal-last" if attempt.tries else "card-renewal-untried", card=last_digits(masked_number)
    )
    key = f"card-renewal:last:{attempt_id}:{attempt.tries}"
    await _tell(telegram_id, NotificationType.PAYMENT, text, key, (_other_way(language, tariff),), in_the_day(now))


async def tell_card_dead(
    telegram_id: int,
    language: Language,
    attempt_id: int,
    attempt: Attempt,
    *,
    tariff: Tariff,
    masked_number: str,
    grace: timedelta,
    now: datetime,
) -> None:
    """The bank will not let this card pay, ever: renewal is over. Another card is offered while it can renew."""
    send_at = in_the_day(now)
    stands = send_at < attempt.cycle_ends_at + grace
    key = "card-renewal-card-dead-late" if stands else "card-renewal-card-dead-over"
    if send_at < attempt.cycle_ends_at:
        key = "card-renewal-card-dead"
    text = t(language, key, card=last_digits(masked_number), until=_day(language, attempt.cycle_ends_at))
    buttons: Buttons = (_other_way(language, tariff),)
    if stands:
        another = MessageButton(t(language, "card-renewal-another-card-button"), data=f"renew:on:{tariff}")
        buttons = ((another,), *buttons)
    dedup = f"card-renewal:dead:{attempt_id}:{attempt.tries}"
    await _tell(telegram_id, NotificationType.PAYMENT, text, dedup, buttons, send_at)


async def tell_end_of_doubt(
    telegram_id: int,
    language: Language,
    attempt_id: int,
    attempt: Attempt,
    *,
    amount_minor: int,
    masked_number: str,
    given_back: bool,
    now: datetime,
) -> None:
    """What became of a charge that was under way when its card was removed: as the chat has promised."""
    name = "given-back" if given_back else "not-charged"
    amount = amount_text(language, amount_minor, Currency.UZS)
    text = t(language, f"card-renewal-{name}", amount=amount, card=last_digits(masked_number))
    await _tell(
        telegram_id, NotificationType.PAYMENT, text, f"card-renewal:{name}:{attempt_id}:{attempt.tries}", (), now
    )


async def tell_no_child(
    telegram_id: int, language: Language, attempt_id: int, ends_at: datetime, now: datetime
) -> None:
    text = t(language, "subscription-renewal-ended-no-child", until=_day(language, ends_at))
    await _tell(
        telegram_id,
        NotificationType.SUBSCRIPTION,
        text,
        f"card-renewal:no-child:{attempt_id}:{now:%Y%m%d%H%M}",
        (),
        in_the_day(now),
    )


def last_digits(masked_number: str) -> str:
    """`··6478`: as much of a card's number as anybody has to read."""
    return f"··{masked_number[-4:]}"


def _other_way(language: Language, tariff: Tariff) -> tuple[MessageButton, ...]:
    return (MessageButton(t(language, "payment-way-on-button"), data=f"tariff:{tariff}"),)


def _day(language: Language, moment: datetime) -> str:
    return format_date_long(language, clock.local_day(moment))


async def _tell(
    telegram_id: int,
    kind: NotificationType,
    text: str,
    dedup_key: str,
    buttons: Buttons,
    send_at: datetime,
    expires_at: datetime | None = None,
) -> None:
    await notify(
        [
            OutboxMessage(
                telegram_id=telegram_id,
                kind=kind,
                message=text,
                dedup_key=dedup_key,
                send_at=send_at,
                expires_at=expires_at,
                buttons=buttons,
            )
        ]
    )
