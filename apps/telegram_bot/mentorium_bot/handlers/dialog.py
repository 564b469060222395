"""Free text goes to the mentor; the Stop button under a draft ends an answer."""

from __future__ import annotations

from typing import Final

from aiogram import F, Router
from aiogram.types import Message, MessageGenerationStopped, Update, User

from mentorium_bot.chat import Chat
from mentorium_bot.keyboards.billing import tariff_keyboard
from mentorium_bot.middleware.pieces import LONGEST_QUESTION, is_too_long
from mentorium_bot.middleware.subscription import NEEDS_FAMILY, Family
from mentorium_bot.services.ai_dialog_service import Asked
from mentorium_bot.use_cases import UseCases
from mentorium_core.i18n import t
from mentorium_core.identity.model import Language, ParentView
from mentorium_kit import clock
from mentorium_observability import get_logger

dialog_router: Final = Router(name="dialog")
stop_router: Final = Router(name="stop")
logger = get_logger(__name__)


@dialog_router.message(F.text, ~F.text.startswith("/"), flags=NEEDS_FAMILY)
async def ask_mentor(
    message: Message,
    chat: Chat,
    parent: ParentView,
    language: Language,
    family: Family,
    use: UseCases,
    event_update: Update,
) -> None:
    text = message.text or ""
    if not family.children:
        await chat.say(t(language, "children-none"))
    elif not family.covered:
        await chat.say(t(language, "dialog-limited"), tariff_keyboard(language))
    elif is_too_long(text):
        await chat.say(t(language, "dialog-too-long", limit=LONGEST_QUESTION))
    elif not use.dialogs.has_room(parent):
        await chat.say(t(language, "dialog-busy"))
    else:
        question = await use.store_question(parent, text, event_update.update_id, clock.now())
        if question is not None:
            logger.info("question_stored", dialog_id=question.dialog_id)
            use.dialogs.ask(Asked(parent, family, question, _names(message.from_user)))


def _names(user: User | None) -> tuple[str, ...]:
    if user is None:
        return ()
    return tuple(name for name in (user.full_name, user.username) if name)


@stop_router.stopped_message_generation()
async def stop_answer(event: MessageGenerationStopped, use: UseCases) -> None:
    use.dialogs.stop(event.chat.id)
