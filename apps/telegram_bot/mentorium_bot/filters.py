"""Who may pass to a group of handlers."""

from __future__ import annotations

from aiogram.types import TelegramObject

from mentorium_core.identity.model import ParentView


async def not_registered(_: TelegramObject, parent: ParentView | None = None) -> bool:
    """Consent is missing, or it is not known which guardian this is."""
    return parent is None or not parent.registered or not parent.consented
