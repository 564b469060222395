"""What PayMe is told once a card, or a receipt, is over here: jobs, each harmless twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mentorium_core.billing.card_renewal import end_card_renewal
from mentorium_core.billing.cards import CardRefused, ReceiptState, SavedCards
from mentorium_db import autocommit_session
from mentorium_db.repositories import SavedCardRepository
from mentorium_domain.enums import Severity
from mentorium_kit import clock
from mentorium_kit.errors import UnavailableError
from mentorium_observability import EventLogService


@dataclass(frozen=True, slots=True)
class RemoveCard:
    """PayMe forgets a card. `cards`: None where PayMe is not set up in this process."""

    cards: SavedCards | None

    async def __call__(self, token: str, until: datetime) -> bool:
        """Whether it is forgotten; after `until` a person is called instead. UnavailableError: to be done again."""
        if clock.now() > until:
            await EventLogService.log_system("card_not_removed", severity=Severity.CRITICAL, problem="not_in_time")
            return False
        if self.cards is None:
            raise UnavailableError("payme_not_set_up")
        async with autocommit_session() as session:
            if await SavedCardRepository(session).stands(token):  # it was given again, or by somebody else too
                return False
        refused = await self.cards.remove_card(token)
        if refused is not None:
            raise UnavailableError("payme_card_not_removed", problem=str(refused.code))
        return True


@dataclass(frozen=True, slots=True)
class CancelReceipt:
    """PayMe gives back, or closes, a receipt whose order takes no money here."""

    cards: SavedCards | None

    async def __call__(self, receipt_id: str, until: datetime | None = None) -> bool:
        """Whether money went back; after `until` a person is called instead.

        UnavailableError, OutcomeUnknownError: to be done again, which asks first.
        """
        if until is not None and clock.now() > until:
            await EventLogService.log_system("receipt_not_cancelled", severity=Severity.CRITICAL, receipt=receipt_id)
            return False
        if self.cards is None:
            raise UnavailableError("payme_not_set_up")
        stands = await self.cards.check_receipt(receipt_id)
        if stands is ReceiptState.CANCELLED:
            return False
        said = await self.cards.cancel_receipt(receipt_id) if stands is not ReceiptState.PENDING else stands
        if said is not ReceiptState.CANCELLED:
            problem = str(said.code) if isinstance(said, CardRefused) else said
            raise UnavailableError("payme_receipt_not_cancelled", problem=problem)
        if stands is ReceiptState.PAID:
            await EventLogService.log_system("card_charge_given_back", severity=Severity.WARNING, receipt=receipt_id)
        return stands is ReceiptState.PAID


async def end_renewal_of_card(card_id: int, because: str = "refunded") -> bool:
    """The job that a refund leaves: whether the card stood until now."""
    async with autocommit_session() as session:
        card = await SavedCardRepository(session).get(card_id)
    if card is None or card.removed_at is not None:
        return False
    return await end_card_renewal(card.parent_id, because)
