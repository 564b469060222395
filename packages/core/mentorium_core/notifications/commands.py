"""The outbox: putting messages in, claiming them, recording outcomes, sweeping; and whom we cannot reach."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.exc import IntegrityError

from mentorium_core.notifications.model import Reason, Swept
from mentorium_core.notifications.rules import lease_expired, with_expiry
from mentorium_db import get_session
from mentorium_db.repositories import NotificationRepository, ParentRepository
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
    async with get_session() as session:
        return frozenset(await NotificationRepository(session).add(new, clock.now()))


async def claim_messages(lane: Lane, most: int, lease_s: float) -> list[ClaimedMessage]:
    """Take up to so many due messages of this lane under a lease of `lease_s` seconds, one a chat, oldest first.

    UnavailableError if the database does not answer: what it may have claimed nonetheless is found by its lease.
    """
    try:
        async with get_session() as session:
            return await NotificationRepository(session).claim(lane, most, clock.now(), lease_s)
    except IntegrityError:  # another sender is writing to one of these chats
        return []


async def record_outcomes(records: Sequence[DeliveryRecord]) -> frozenset[int]:
    """Write what became of claims: the ids of those whose claim still stood. Harmless twice. UnavailableError."""
    async with get_session() as session:
        return frozenset(await NotificationRepository(session).record_outcomes(records, clock.now()))


async def sweep_outbox(most: int) -> Swept:
    """What time alone does, to up to so many messages of a kind: leases run out, messages expire."""
    now = clock.now()
    async with get_session() as session:
        outbox = NotificationRepository(session)
        leases = tuple((claimed, lease_expired(claimed)) for claimed in await outbox.lock_expired_leases(most))
        if leases:
            await outbox.record_outcomes([record for _, record in leases], now)
        expired = await outbox.expire(now, most)
        await outbox.clear_pictures(now)
        return Swept(leases, expired, await outbox.oldest_due(now))


async def mark_chat_blocked(telegram_id: int) -> None:
    """The parent has blocked the bot or is gone: nothing more is sent until they come back. Harmless twice."""
    async with get_session() as session:
        if await ParentRepository(session).set_chat_state(telegram_id, ChatState.BLOCKED, clock.now()):
            skipped = await NotificationRepository(session).skip_waiting(telegram_id, Reason.CHAT_BLOCKED)
            await EventLogService.log_system("chat_closed", telegram_id, skipped=skipped)


async def mark_chat_open(telegram_id: int) -> None:
    """The parent is back: what is new reaches them again, and the last report they missed. Harmless twice."""
    now = clock.now()
    async with get_session() as session:
        if await ParentRepository(session).set_chat_state(telegram_id, ChatState.OPEN, now):
            revived = await NotificationRepository(session).revive_last(telegram_id, NotificationType.REPORT, now)
            await EventLogService.log_system("chat_reopened", telegram_id, report=revived is not None)
