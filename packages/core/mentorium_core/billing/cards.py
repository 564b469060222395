"""Saved cards at PayMe as we need them (Subscribe API): a Protocol, and what its answers mean to us."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from mentorium_core.billing.model import FiscalTerms, OrderView


class ReceiptState(StrEnum):
    """Where a receipt stands. PENDING: PayMe is at it, or somebody there has to look; to be asked about again."""

    NOT_PAID = "not_paid"
    PENDING = "pending"
    PAID = "paid"
    CANCELLED = "cancelled"


class CardFault(StrEnum):
    """FATAL: this card will never pay; TEMPORARY: it may another day. UNKNOWN: no word about the card at all."""

    FATAL = "fatal"
    TEMPORARY = "temporary"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class CardRefused:
    """PayMe's no, with its number."""

    fault: CardFault
    code: int


@dataclass(frozen=True, slots=True)
class CardFound:
    """A card as PayMe keeps it. `recurrent`: it may be charged without its owner; `verified`: by a code to its owner's
    phone. The token may be another than the one that was asked about: the newest is the one to keep.
    """

    masked_number: str
    token: str = field(repr=False)
    recurrent: bool
    verified: bool

    @property
    def may_be_charged(self) -> bool:
        return self.recurrent and self.verified


@dataclass(frozen=True, slots=True)
class ReceiptFound:
    """`order`: the public id that it was made for, "" where PayMe does not say."""

    receipt_id: str
    state: ReceiptState
    amount_minor: int
    order: str


class CardChecks(Protocol):
    """What is asked of PayMe before a card is saved. UnavailableError: try again."""

    async def check_card(self, token: str) -> CardFound | CardRefused: ...


class SavedCards(CardChecks, Protocol):
    """PayMe's Subscribe API. UnavailableError: certainly nothing was done, or nothing that matters; try again.

    OutcomeUnknownError (`pay_receipt`, `cancel_receipt`): it may have been done; `check_receipt` tells.
    """

    async def remove_card(self, token: str) -> CardRefused | None:
        """PayMe forgets it; None also where it had been forgotten before."""

    async def create_receipt(
        self, order: OrderView, description: str, fiscal: FiscalTerms | None = None
    ) -> str | CardRefused:
        """The id of a receipt that nobody has paid. One whose answer is lost is harmless: nothing pays it."""

    async def pay_receipt(self, receipt_id: str, token: str) -> ReceiptState | CardRefused: ...

    async def check_receipt(self, receipt_id: str) -> ReceiptState | CardRefused: ...

    async def get_receipt(self, receipt_id: str) -> ReceiptFound | CardRefused: ...

    async def cancel_receipt(self, receipt_id: str) -> ReceiptState | CardRefused:
        """One that is paid is given back, one that is not can be paid no more."""
