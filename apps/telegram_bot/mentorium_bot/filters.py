"""Who may pass to a group of handlers."""

from __future__ import annotations

from typing import Final

from aiogram import F
from aiogram.enums import ContentType
from aiogram.filters import Command
from aiogram.types import Message, TelegramObject

from mentorium_core.identity.model import ParentView

PAYMENT: Final = F.successful_payment | F.refunded_payment
"""A message that tells of money: only who handles payments may take it, whoever sent it."""
SENT_BY_PEOPLE: Final = F.content_type.in_(
    {
        ContentType.ANIMATION,
        ContentType.AUDIO,
        ContentType.CHECKLIST,
        ContentType.CONTACT,
        ContentType.DICE,
        ContentType.DOCUMENT,
        ContentType.GAME,
        ContentType.LOCATION,
        ContentType.PAID_MEDIA,
        ContentType.PHOTO,
        ContentType.POLL,
        ContentType.STICKER,
        ContentType.STORY,
        ContentType.TEXT,
        ContentType.VENUE,
        ContentType.VIDEO,
        ContentType.VIDEO_NOTE,
        ContentType.VOICE,
    }
)
"""All else is a service message: Telegram tells that something was pinned, given or changed, and nobody waits."""


def command(name: str) -> Command:
    """`/name`, however its letters are written: phones begin a text with a capital."""
    return Command(name, ignore_case=True)


def written(message: Message) -> str:
    """What somebody wrote: a text, or the caption of what they sent."""
    return message.text or message.caption or ""


async def is_written(message: Message) -> bool:
    """Whether there are words, and no command."""
    return bool(words := written(message).strip()) and not words.startswith("/")


async def not_registered(_: TelegramObject, parent: ParentView | None = None) -> bool:
    """Consent is missing, or it is not known which guardian this is."""
    return parent is None or not parent.registered or not parent.consented
