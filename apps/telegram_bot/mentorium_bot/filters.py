"""Who may pass to a group of handlers."""

from __future__ import annotations

from typing import Final

from aiogram import F
from aiogram.types import TelegramObject

from mentorium_core.identity.model import ParentView

PAYMENT: Final = F.successful_payment | F.refunded_payment
"""A message that tells of money: only who handles payments may take it, whoever sent it."""


async def not_registered(_: TelegramObject, parent: ParentView | None = None) -> bool:
    """Consent is missing, or it is not known which guardian this is."""
    return parent is None or not parent.registered or not parent.consented
