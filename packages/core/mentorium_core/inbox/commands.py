"""Storing, claiming and ending updates, and looking after what was set aside.

Each is one statement that stands alone, but for those that join the unit of work of somebody else's use case.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy.exc import IntegrityError

from mentorium_core.inbox.rules import CHECKOUT_KINDS
from mentorium_db import autocommit_session, driver_connection, get_driver, get_session
from mentorium_db.claims import LEASE_S
from mentorium_db.repositories.inbox import InboxRepository
from mentorium_db.repositories.inbox_hot_path import InboxHotPathRepository
from mentorium_domain.enums import Severity
from mentorium_domain.inbox import InboxLane, IncomingUpdate, SetAsideUpdate, TakenUpdate
from mentorium_kit import clock
from mentorium_observability import EventLogService, get_logger
from mentorium_observability.metrics import inbox_updates

KILLED: Final = "killed its process at every try"

logger = get_logger(__name__)


async def store_and_take(bot_id: int, updates: Sequence[IncomingUpdate], owner: str) -> tuple[list[TakenUpdate], int]:
    """Store a batch and take at once what nothing of its chat stands before; how many others wait.

    UnavailableError, OutcomeUnknownError where it could not be stored, or may not have been: to be asked again.
    """
    try:
        async with driver_connection(writes=True) as driver:
            inbox = InboxHotPathRepository(driver)
            return await inbox.store(bot_id, updates, clock.now(), owner=owner, lease_s=LEASE_S)
    except IntegrityError:  # somebody took something of the same chat in the same moment
        async with driver_connection(writes=True) as driver:
            return await InboxHotPathRepository(driver).store(bot_id, updates, clock.now())


async def store(bot_id: int, update: IncomingUpdate, came_at: datetime | None = None) -> bool:
    """Store an update for whoever claims, and wake them; False where it was known. Errors as of `store_and_take`.

    `came_at`: in the product's time; None: now.
    """
    async with get_driver() as driver:
        inbox = InboxHotPathRepository(driver)
        _, new = await inbox.store(bot_id, [update], came_at or clock.now())
        await inbox.notify(update.lane)
    return new > 0


async def take(bot_id: int, lane: InboxLane, most: int, *, after: int, owner: str) -> list[TakenUpdate]:
    """Claim the first update of up to `most` chats behind the chat id `after`."""
    try:
        async with driver_connection(writes=True) as driver:
            inbox = InboxHotPathRepository(driver)
            return await inbox.take(bot_id, lane, most, after=after, owner=owner, lease_s=LEASE_S)
    except IntegrityError:  # somebody took something of one of these chats in the same moment: the next look sees it
        return []


async def begin_answers(bot_id: int, update_ids: Collection[int], owner: str) -> set[int]:
    """The first messages of their answers are about to go out; those that are still this owner's to answer."""
    async with driver_connection(writes=True) as driver:
        return await InboxHotPathRepository(driver).begin_answers(bot_id, update_ids, owner=owner)


async def answers_not_taken(bot_id: int, update_ids: Collection[int], owner: str) -> None:
    """Telegram has certainly taken nothing of what was begun: whoever takes these over answers them."""
    async with driver_connection(writes=True) as driver:
        await InboxHotPathRepository(driver).begin_answers(bot_id, update_ids, owner=owner, begun=False)


async def end(bot_id: int, update_ids: Collection[int], owner: str) -> set[int]:
    """Empty what has been handled, refused or dropped; those that were still this owner's."""
    async with driver_connection(writes=True) as driver:
        return await InboxHotPathRepository(driver).end(bot_id, update_ids, owner=owner, now=clock.now())


async def give_back(
    bot_id: int, update_id: int, owner: str, *, hold_s: float, reason: str | None = None, in_doubt: bool = False
) -> None:
    """Let it wait again, for at least so many seconds. The try does not count: nobody died of it.

    `in_doubt`: its answer may have arrived, and is not to be given again.
    """
    async with autocommit_session(writes=True) as session:
        await InboxRepository(session).give_back(
            bot_id, [update_id], owner=owner, hold_s=hold_s, reason=reason, in_doubt=in_doubt
        )


async def release(bot_id: int, update_ids: Collection[int], owner: str, *, in_doubt: bool = False) -> None:
    """Let go of what is in hand, at the end of a process. `in_doubt` as of `give_back`."""
    async with autocommit_session(writes=True) as session:
        await InboxRepository(session).give_back(
            bot_id, update_ids, owner=owner, hold_s=0.0, reason=None, in_doubt=in_doubt
        )


async def set_aside(bot_id: int, taken: TakenUpdate, owner: str, reason: str) -> None:
    """Nobody takes it any more; the event, the metric and `mentorium inbox` tell of it."""
    async with get_session() as session:
        if await InboxRepository(session).set_aside(bot_id, taken.update_id, owner=owner, reason=reason):
            await _tell(bot_id, taken.update_id, taken.kind, reason)


async def bury_dead(bot_id: int) -> list[SetAsideUpdate]:
    """Set aside what has killed its process at every try."""
    async with get_session() as session:
        dead = await InboxRepository(session).bury(bot_id, KILLED)
        for one in dead:
            await _tell(bot_id, one.update_id, one.kind, KILLED)
    return dead


async def heartbeat(bot_id: int, update_ids: Collection[int], owner: str) -> None:
    """Keep the claims of these updates, as far as they are still this owner's."""
    async with autocommit_session(writes=True) as session:
        await InboxRepository(session).heartbeat(bot_id, update_ids, owner, LEASE_S)


async def release_predecessors(owner: str) -> int:
    """At start: what a dead process at the same place left is free at once."""
    async with get_session() as session:
        return await InboxRepository(session).release_predecessors(owner)


async def forget_updates_of(user_id: int) -> int:
    """Empty what this person still has waiting or set aside in the inbox. Joins the open unit of work.

    A payment that is not booked yet stays, as payment records do: who has paid and left is still owed the books.
    """
    async with get_session() as session:
        return await InboxRepository(session).forget_person(user_id, clock.now(), CHECKOUT_KINDS)


async def requeue(update_ids: Collection[int], bot_id: int = 0) -> list[int]:
    """Let updates that were set aside be taken again; the ids of those there were. `bot_id` 0: of any bot."""
    async with get_session() as session:
        inbox = InboxRepository(session)
        found = await inbox.requeue(update_ids, bot_id)
        await inbox.notify()
        for update_id in found:
            await EventLogService.log_system("update_requeued", update_id=update_id)
    return found


async def _tell(bot_id: int, update_id: int, kind: str, reason: str) -> None:
    inbox_updates.labels(status="set_aside").inc()
    logger.error("update_set_aside", update_id=update_id, update_kind=kind, reason=reason)
    await EventLogService.log_system(
        "update_set_aside", severity=Severity.CRITICAL, bot_id=bot_id, update_id=update_id, kind=kind, reason=reason
    )
