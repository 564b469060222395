"""Who writes, in which language they read, and whether they can be reached."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.fsm.context import FSMContext
from aiogram.types import TelegramObject, Update, User

from mentorium_bot.states.registration import LANGUAGE
from mentorium_bot.states.storage import StepsUnavailableError
from mentorium_core.identity.model import ParentView
from mentorium_core.identity.queries import find_parent
from mentorium_core.notifications.commands import mark_chat_open
from mentorium_core.notifications.offers import offer_missed_reports
from mentorium_domain.enums import Language


class LoadParent(BaseMiddleware):
    """Gives handlers `parent` (None before consent) and `language`."""

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        user: User | None = data.get("event_from_user")
        parent = await find_parent(user.id) if user is not None else None
        data["parent"] = parent
        if parent is not None and _writes(event):
            await _welcome_back(parent)
        if parent is not None:
            data["language"] = parent.language
        elif isinstance(state := data.get("state"), FSMContext) and (chosen := await _chosen_language(state)):
            data["language"] = chosen
        return await handler(event, data)


async def _welcome_back(parent: ParentView) -> None:
    """What has not reached them while they were away, or may not have, is there for them now."""
    if not parent.reachable:
        await mark_chat_open(parent.telegram_id)
        await offer_missed_reports(parent.telegram_id, away=True)
    elif parent.report_in_doubt:
        await offer_missed_reports(parent.telegram_id, away=False)


async def _chosen_language(state: FSMContext) -> Language | None:
    """What somebody chose before consent; None where it was nothing, or cannot be asked now."""
    try:
        chosen = await state.get_value(LANGUAGE)
    except StepsUnavailableError:
        return None
    return Language(chosen) if chosen else None


def _writes(event: TelegramObject) -> bool:
    """Whether somebody used the chat: who has blocked the bot cannot. That they block it is an update, too."""
    return isinstance(event, Update) and (event.message is not None or event.callback_query is not None)
