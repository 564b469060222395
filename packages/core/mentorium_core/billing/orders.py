"""Orders: one press of a checkout button, bound to one provider."""

from __future__ import annotations

import base64
import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from mentorium_core.billing.model import ORDER_LIFE, TARIFFS, OrderView, PriceList
from mentorium_db import get_session
from mentorium_db.repositories import OrderRepository, ParentRepository
from mentorium_db.tables.billing import Order
from mentorium_domain.enums import OrderKind, ProviderName, Tariff
from mentorium_domain.payments import OrderRecord
from mentorium_kit import clock
from mentorium_kit.errors import NotFoundError

PUBLIC_ID_PREFIX: Final = "mnt"
_RANDOM_CHARACTERS: Final = 13
_PUBLIC_ID: Final = re.compile(r"mnt[a-z2-7]{13}")
_WRITTEN: Final = re.compile(r"(?<![a-z0-9])mnt[a-z2-7]{13}(?![a-z0-9])", re.IGNORECASE | re.ASCII)
_SPACED: Final = re.compile(r"(?<![a-z0-9])m\s?n\s?t(?:\s?[a-z2-7]){13}(?![a-z0-9])", re.IGNORECASE | re.ASCII)


def new_public_id() -> str:
    """What a provider knows an order by: `mnt` and 13 base32 characters, 65 random bits.

    Opaque, so that nobody counts others' orders; of fixed length and no number, so that Click's signature over fields
    without separators cannot be shifted (`boundary shift`).
    """
    random = base64.b32encode(secrets.token_bytes(10)).decode().lower()
    return PUBLIC_ID_PREFIX + random[:_RANDOM_CHARACTERS]


def is_public_id(text: str) -> bool:
    """Whether it could be an order's; anything else need not be looked for."""
    return _PUBLIC_ID.fullmatch(text) is not None


def as_public_id(typed: str) -> str | None:
    """An order's id however a person typed it, in capitals or with blanks; None where it cannot be one."""
    plain = "".join(typed.split()).lower()
    return plain if is_public_id(plain) else None


def public_ids_in(text: str) -> list[str]:
    """What may be the id of an order in what somebody has written, once each, the likeliest first."""
    found = [*_WRITTEN.findall(text), *_SPACED.findall(text)]
    return list(dict.fromkeys(known for one in found if (known := as_public_id(one)) is not None))


@dataclass(frozen=True, slots=True)
class CreateOrder:
    """A parent has chosen a tariff and a provider."""

    prices: PriceList = field(default_factory=PriceList)

    async def __call__(
        self,
        parent_id: int,
        tariff: Tariff,
        provider: ProviderName,
        *,
        request_key: str,
        kind: OrderKind = OrderKind.ONE_OFF,
        now: datetime | None = None,
    ) -> OrderView:
        """An order that may be paid for 24 hours. It joins the open unit of work.

        `request_key` is the caller's idempotency key: repeated, it is the order that was made before. Its price is that
        of the moment in which it was made. NotFoundError for a parent who is gone.
        """
        moment = now or clock.now()
        price = self.prices.price(tariff, provider)
        async with get_session() as session:
            if not await ParentRepository(session).lock_all({parent_id}):  # /erase may be beside us
                raise NotFoundError("parent_unknown")
            order = await OrderRepository(session).add(
                parent_id,
                public_id=new_public_id(),
                provider=provider,
                kind=kind,
                tariff=tariff,
                days=TARIFFS[tariff].days,
                amount_minor=price.amount_minor,
                currency=price.currency,
                request_key=request_key,
                now=moment,
                expires_at=moment + ORDER_LIFE,
            )
            return view(order)


async def get_order(public_id: str) -> OrderView | None:
    """As stored now, unlocked. It joins an open unit."""
    async with get_session() as session:
        order = await OrderRepository(session).get(public_id)
        return view(order) if order is not None else None


def view(order: Order | OrderRecord) -> OrderView:
    return OrderView(
        id=order.id,
        public_id=order.public_id,
        parent_id=order.parent_id,
        provider=order.provider,
        kind=order.kind,
        tariff=order.tariff,
        days=order.days,
        amount_minor=order.amount_minor,
        currency=order.currency,
        status=order.status,
        expires_at=order.expires_at,
    )
