"""What is said to somebody else than the one who wrote: the other adults of a family."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aiogram import Bot

from mentorium_bot.chat import Chat, Keyboard
from mentorium_core.i18n import t
from mentorium_core.identity.model import ParentView
from mentorium_core.identity.queries import list_other_parents
from mentorium_gateways.telegram import TelegramError
from mentorium_observability import get_logger

logger = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class FamilyNotifier:
    """`contact`: where the team reads (SUPPORT_CONTACT)."""

    bot: Bot
    contact: str

    async def say(self, parent: ParentView, text: str, keyboard: Keyboard | None = None) -> bool:
        """Whether it has arrived: a chat may be closed to us."""
        try:
            await Chat(self.bot, parent.telegram_id).say(text, keyboard)
        except TelegramError as error:
            logger.info("not_told", code=error.code)
            return False
        return True

    async def others(self, parent: ParentView, guardian_id: int) -> tuple[ParentView, ...]:
        """Everybody else who is this guardian of the platform."""
        return await list_other_parents(parent, guardian_id)

    async def others_if_new(self, parent: ParentView, guardian_id: int) -> tuple[ParentView, ...]:
        """The same, for somebody about to be linked; nobody where that has happened before."""
        others = await self.others(parent, guardian_id)
        known = await self.others(others[0], guardian_id) if others else ()
        return () if parent.parent_id in {other.parent_id for other in known} else others

    async def one_more_account(self, earlier: Sequence[ParentView]) -> None:
        """Let the guardian's earlier chats know that there is one more."""
        for other in earlier:
            await self.say(other, t(other.language, "account-added", contact=self.contact))
