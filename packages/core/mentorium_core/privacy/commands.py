"""Erasure. It takes whatever tables refer to a parent, so that a new table cannot be forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from mentorium_core.billing.closing import close_money_of, lock_orders_of
from mentorium_core.i18n import t
from mentorium_core.identity.lent_rights import end_rights_of_lender
from mentorium_core.identity.model import ParentView
from mentorium_core.inbox.commands import forget_updates_of
from mentorium_core.notifications.commands import notify
from mentorium_core.privacy.model import EraseNotAskedError
from mentorium_core.privacy.rules import erase_request_stands
from mentorium_db import get_session
from mentorium_db.models import Parent
from mentorium_db.repositories import (
    EraseRequestRepository,
    LentRightRepository,
    ParentRepository,
    PersonalDataRepository,
)
from mentorium_db.tables.privacy import EraseRequest
from mentorium_domain.enums import NotificationType
from mentorium_domain.outbox import OutboxMessage
from mentorium_kit import clock
from mentorium_observability import EventLogService, get_logger

ERASE_REQUEST_LIFE: Final = timedelta(minutes=10)

logger = get_logger(__name__)


async def ask_to_erase(parent: ParentView) -> int:
    """The parent is asked whether to delete everything: the id of the request that a yes or no answers."""
    now = clock.now()
    async with get_session() as session:
        return (await EraseRequestRepository(session).add(parent.parent_id, now, now + ERASE_REQUEST_LIFE)).id


async def decline_erasure(parent: ParentView, request_id: int | None) -> None:
    """The no to this request, or to the newest one: neither its yes nor an older one is worth anything any more.

    Harmless where there is none.
    """
    async with get_session() as session:
        requests = EraseRequestRepository(session)
        if (request := await requests.find(parent.parent_id, request_id)) is not None:
            await requests.decline(parent.parent_id, request.id, clock.now())


async def check_erase_request(parent: ParentView, request_id: int | None) -> None:
    """Whether a yes to this request, or to the newest one, counts now. EraseNotAskedError."""
    async with get_session() as session:
        _demand(await EraseRequestRepository(session).find(parent.parent_id, request_id), clock.now())


async def confirm_erasure(telegram_id: int, request_id: int | None) -> None:
    """The yes to this request, or to the newest one: as `erase_data`. EraseNotAskedError where it does not count.

    Repeated once it is done there is nobody, and so nothing to ask for.
    """
    async with get_session() as session:
        stored = await _locked(session, telegram_id)
        if stored is not None:
            _demand(await EraseRequestRepository(session).find(stored.id, request_id), clock.now())
        await _erase(session, telegram_id, stored)


def _demand(request: EraseRequest | None, now: datetime) -> None:
    if request is None or not erase_request_stands(request.expires_at, request.declined_at, now):
        raise EraseNotAskedError("erase_not_asked")


async def erase_data(telegram_id: int) -> None:
    """Erase at once everything but payments, which stay without an owner; what still waits in the inbox, too.

    Whoever saw a child by this parent's leave is told why they see it no more. Harmless where there is nobody.
    """
    async with get_session() as session:
        await _erase(session, telegram_id, await _locked(session, telegram_id))


async def _locked(session: AsyncSession, telegram_id: int) -> Parent | None:
    """The parent, locked with all who see a child by their leave, in one order; None where there is nobody.

    Their orders are locked before: so no payment is booked beside.
    """
    parents = ParentRepository(session)
    stored = await parents.get_by_telegram_id(telegram_id)
    if stored is None:
        return None
    await lock_orders_of(session, stored.id)
    lent = await LentRightRepository(session).standing_of(stored.id)
    return (await parents.lock_all({stored.id, *(right.borrower_id for right in lent)})).get(stored.id)


async def _erase(session: AsyncSession, telegram_id: int, stored: Parent | None) -> None:
    await forget_updates_of(telegram_id)
    if stored is not None:
        await close_money_of(session, stored.id, telegram_id, clock.now())
        await _end_lending(session, stored.id)
        parent_id = stored.id
        await PersonalDataRepository(session).erase(stored)
        # A number that names nobody any more, but in a backup: whoever restores one erases again (docs/BACKUPS.md).
        await EventLogService.log_system("data_erased", parent_id=parent_id)
        logger.info("data_erased", parent_id=parent_id)


async def _end_lending(session: AsyncSession, lender_id: int) -> None:
    now = clock.now()
    await notify(
        [
            OutboxMessage(
                telegram_id=borrower.telegram_id,
                kind=NotificationType.SUBSCRIPTION,
                message=t(borrower.language, "subscription-lender-erased"),
                dedup_key=f"lender_erased:p{lender_id}:p{borrower.parent_id}",
                send_at=now,
            )
            for borrower in await end_rights_of_lender(session, lender_id, now)
        ]
    )
