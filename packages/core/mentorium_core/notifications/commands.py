"""The outbox: putting messages in, claiming them, recording outcomes, sweeping; and whom we cannot reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.exc import IntegrityError

from mentorium_core.i18n import t
from mentorium_core.identity.queries import list_viewable_children
from mentorium_core.notifications.model import Reason
from mentorium_core.notifications.policy import is_night, is_silent
from mentorium_core.notifications.rules import MOST_REVIVED_PAYMENTS, lease_expired, with_expiry
from mentorium_db import autocommit_session, driver_connection, driver_of, get_driver, get_session
from mentorium_db.repositories import NotificationRepository, ParentRepository
from mentorium_db.repositories.notification import add_messages
from mentorium_db.repositories.notification_hot_path import NotificationHotPathRepository
from mentorium_domain.enums import ChatState, NotificationType
from mentorium_domain.outbox import ClaimedMessage, DeliveryRecord, Lane, OutboxMessage
from mentorium_kit import clock
from mentorium_observability import EventLogService


async def notify(messages: Sequence[OutboxMessage]) -> frozenset[str]:
    """Put messages into the outbox: the idempotency keys of those that are new. It joins the open unit of work.

    What is known already, or meant for nobody we know (any more), is left out. For a parent who has blocked the
    bot it is kept as skipped. A message that does not say when it expires gets its type's life.
    """
    new = [with_expiry(message) for message in messages]
    async with get_driver() as driver:
        return frozenset(await add_messages(driver, new, clock.now()))


async def claim_messages(
    lane: Lane, most: int, lease_s: float, owner: str, *, children: bool = True, paid: bool = False
) -> list[ClaimedMessage]:
    """Take up to so many due messages of this lane and of those before it, one a chat, for `lease_s` seconds.

    What names a child is to be judged (`judge_messages`) before it is sent; without `children` it is left waiting.
    What keeps the quiet hours waits for their end; what goes out in them makes no sound.
    `paid`: only of a run that may be paid for, as far as its budget goes.
    UnavailableError, OutcomeUnknownError: what may have been claimed nonetheless is found by its lease.
    """
    now = clock.now()
    try:
        async with driver_connection(writes=True) as driver:
            outbox = NotificationHotPathRepository(driver)
            awake = not is_night(now)
            if paid:
                claimed = await outbox.claim_paid(most, now, lease_s, owner, children=children, awake=awake)
            else:
                claimed = await outbox.claim(lane, most, now, lease_s, owner, children=children, awake=awake)
    except IntegrityError:  # another sender is writing to one of these chats
        return []
    return [
        replace(one, message=_as_said_now(one), silent=is_silent(one.kind, one.preferences, now)) for one in claimed
    ]


def _as_said_now(claimed: ClaimedMessage) -> str:
    """A payment told once more, as the first may not have arrived, says which it is: so nobody counts two."""
    if claimed.kind is not NotificationType.PAYMENT or not claimed.repeated or claimed.reader_language is None:
        return claimed.message
    number = claimed.dedup_key.rpartition(":")[2] if claimed.dedup_key.startswith("payment:") else ""
    again = t(claimed.reader_language, "payment-said-again", number=number if number.isdigit() else str(claimed.id))
    return f"{claimed.message}\n\n{again}"


async def judge_messages(claimed: Sequence[ClaimedMessage]) -> frozenset[int]:
    """The ids of those claimed messages whose parent may see, at this moment, the child that they name, or none.

    Asked after the claim and before the first of them is sent, by one statement of the platform for all.
    UnavailableError if it cannot be asked.
    """
    guardian_ids = {one.guardian_id for one in claimed if one.guardian_id is not None}
    viewable = {(child.guardian_id, child.student_id) for child in await list_viewable_children(guardian_ids)}
    return frozenset(
        one.id for one in claimed if one.student_id is None or (one.guardian_id, one.student_id) in viewable
    )


async def name_children() -> int:
    """Waiting reports that a release before has put in are judged like any other; how many. Joins an open unit."""
    async with get_session() as session:
        return await NotificationRepository(session).name_children()


async def release_predecessors(owner: str) -> int:
    """What a sender that died at the place of `owner` had in hand is in doubt at once, not when its lease runs out."""
    async with autocommit_session(writes=True) as session:
        return await NotificationRepository(session).release_predecessors(owner)


async def record_outcomes(records: Sequence[DeliveryRecord]) -> frozenset[int]:
    """Write what became of claims: the ids of those whose claim still stood.

    Harmless twice, and so repeated after UnavailableError and OutcomeUnknownError alike.
    """
    async with driver_connection(writes=True) as driver:
        return frozenset(await NotificationHotPathRepository(driver).record_outcomes(records, clock.now()))


async def sweep_leases(most: int) -> list[tuple[ClaimedMessage, DeliveryRecord]]:
    """Leases that have run out, up to so many: what became of these messages is in doubt. Joins an open unit."""
    async with get_session() as session:
        outbox = NotificationRepository(session)
        leases = [(claimed, lease_expired(claimed)) for claimed in await outbox.lock_expired_leases(most)]
        if leases:
            hot_path = NotificationHotPathRepository(await driver_of(session))
            await hot_path.record_outcomes([record for _, record in leases], clock.now())
        return leases


async def expire_messages(most: int) -> dict[NotificationType, int]:
    """Messages nobody wants any more, up to so many: how many of each type. Joins an open unit."""
    async with get_session() as session:
        return await NotificationRepository(session).expire(clock.now(), most)


async def mark_chat_blocked(telegram_id: int) -> None:
    """The parent has blocked the bot or is gone: nothing more is sent until they come back. Harmless twice."""
    async with get_session() as session:
        if await ParentRepository(session).set_chat_state(telegram_id, ChatState.BLOCKED, clock.now()):
            skipped = await NotificationRepository(session).skip_waiting(telegram_id, Reason.CHAT_BLOCKED)
            await EventLogService.log_system("chat_closed", telegram_id, skipped=skipped)


async def mark_chat_open(telegram_id: int) -> None:
    """The parent is back: what is new reaches them again, the last report they missed, and all about their payments.

    Harmless twice.
    """
    now = clock.now()
    async with get_session() as session:
        if await ParentRepository(session).set_chat_state(telegram_id, ChatState.OPEN, now):
            outbox = NotificationRepository(session)
            payments = await outbox.revive(telegram_id, NotificationType.PAYMENT, now, MOST_REVIVED_PAYMENTS)
            reports = await outbox.revive(telegram_id, NotificationType.REPORT, now, 1)
            await EventLogService.log_system("chat_reopened", telegram_id, report=bool(reports), payments=len(payments))
