"""/paysupport: what a parent asks about a payment is kept, and reaches the staff's chat by a job."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from mentorium_core.billing.orders import public_ids_in
from mentorium_core.billing.provider_calls import without_card_numbers
from mentorium_core.billing.texts import amount_text
from mentorium_core.i18n import cut_to_utf16, format_date_long, t, utf16_length
from mentorium_core.identity.model import ParentView
from mentorium_core.staff.ports import StaffChat
from mentorium_db import autocommit_session, get_session
from mentorium_db import jobs as stored_jobs
from mentorium_db.repositories import (
    OrderRepository,
    ParentRepository,
    PaymentRepository,
    SupportRequestRepository,
)
from mentorium_db.tables.billing import Order, SupportRequest
from mentorium_domain.enums import Currency, JobKind, Language, OrderStatus, ProviderName
from mentorium_domain.language import DEFAULT_LANGUAGE
from mentorium_kit import clock
from mentorium_kit.errors import RefusedError
from mentorium_observability import EventLogService

LONGEST_REASON: Final = 2_000
"""In characters; what is longer is cut, and its writer is told so (`is_cut`)."""
_LONGEST_MESSAGE: Final = 4_096
"""Of Telegram, in UTF-16 units: what is longer is refused, and nobody would read it."""
MOST_A_DAY: Final = 10
_DAY: Final = timedelta(hours=24)
_SHOWN: Final = 7


class TooManyRequestsError(RefusedError):
    """So many requests of one parent in a day are enough: the staff has them."""

    message_key = "paysupport-enough"


@dataclass(frozen=True, slots=True)
class SupportOrder:
    """An order that one may ask about. `amount_minor`: tiyin or whole Stars."""

    public_id: str
    provider: ProviderName
    status: OrderStatus
    amount_minor: int
    currency: Currency
    made_at: datetime


async def list_support_orders(parent: ParentView) -> Sequence[SupportOrder]:
    """The newest of this parent's, paid or not: money that left without an answer is what one asks about."""
    async with autocommit_session() as session:
        found = await OrderRepository(session).list_of(parent.parent_id, _SHOWN)
    return [
        SupportOrder(one.public_id, one.provider, one.status, one.amount_minor, one.currency, one.created_at)
        for one in found
    ]


async def request_support(parent: ParentView, order: str | None, reason: str, *, request_key: str) -> int:
    """Keep the request and leave the job that tells the staff: its number. `order`: the public id, if it is about one;
    else it is about the one of theirs that the reason names, in capitals or small letters.

    `request_key` is the caller's idempotency key. A card's number in the reason is not kept. TooManyRequestsError.
    """
    now = clock.now()
    async with get_session() as session:
        requests, orders = SupportRequestRepository(session), OrderRepository(session)
        about = await _lock_order(orders, parent, [order] if order is not None else public_ids_in(reason))
        await ParentRepository(session).lock(parent.parent_id)
        if await requests.count_others(parent.parent_id, request_key, now - _DAY) >= MOST_A_DAY:
            raise TooManyRequestsError("too_many_support_requests")
        request = await requests.add(
            parent.parent_id,
            order_id=about.id if about is not None else None,
            reason=without_card_numbers(reason.strip())[:LONGEST_REASON],
            request_key=request_key,
            now=now,
        )
        if request.told_at is None:
            await stored_jobs.enqueue(
                session, JobKind.TELL_STAFF, {"request_id": request.id}, dedup_key=f"tell_staff:{request.id}"
            )
            await EventLogService.log_user_action("support_requested", parent.telegram_id, request=request.id)
        return request.id


def is_cut(reason: str) -> bool:
    """Whether the request keeps only the beginning of it."""
    return len(without_card_numbers(reason.strip())) > LONGEST_REASON


async def _lock_order(orders: OrderRepository, parent: ParentView, named: Sequence[str]) -> Order | None:
    """The first of them that is this parent's."""
    for public_id in named[:_SHOWN]:
        found = await orders.get(public_id)
        if found is not None and found.parent_id == parent.parent_id:
            return await orders.lock_by_id(found.id)
    return None


@dataclass(frozen=True, slots=True)
class TellStaff:
    """The job's part. The request arrives at least once; its number tells a repeat."""

    staff: StaffChat

    async def __call__(self, request_id: int) -> None:
        """Nothing where the parent has had everything deleted meanwhile. UnavailableError: to be done again."""
        async with get_session() as session:
            request = await SupportRequestRepository(session).get(request_id)
            if request is None or request.told_at is not None:
                return
            parent = await ParentRepository(session).get(request.parent_id)
            order = await OrderRepository(session).get_by_id(request.order_id) if request.order_id is not None else None
            charges = (
                [one.transaction_id for one in await PaymentRepository(session).list_of_order(order.id)]
                if order is not None
                else []
            )
        if parent is None:
            return
        text = _staff_text(request, parent.telegram_id, parent.language, order, [one for one in charges if one])
        await self.staff.say(text)
        async with get_session() as session:
            await SupportRequestRepository(session).mark_told(request_id, clock.now())


def _staff_text(
    request: SupportRequest, telegram_id: int, language: Language, order: Order | None, charges: Sequence[str]
) -> str:
    """In the staff's language: what is asked, by whom, and the ids by which the payment is found."""
    ours = DEFAULT_LANGUAGE
    day = format_date_long(ours, clock.local_day(request.created_at))
    lines = [
        t(ours, "staff-request", number=str(request.id), day=day),
        t(ours, "staff-request-from", id=str(telegram_id), speaks=language.value),
        f"tg://user?id={telegram_id}",
    ]
    if order is not None:
        price = amount_text(ours, order.amount_minor, order.currency)
        status = t(ours, f"staff-order-{OrderStatus(order.status)}")
        lines.append(t(ours, "staff-request-order", order=order.public_id, price=price, status=status))
        lines += [t(ours, "staff-request-charge", charge=charge) for charge in charges[-3:]]
    head = "\n".join([*lines, "", ""])
    return head + cut_to_utf16(request.reason, _LONGEST_MESSAGE - utf16_length(head))
