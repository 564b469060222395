"""Free text goes to the mentor."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import Message, Update, User

from mentorium_bot.answering.queued_question import QueuedQuestion
from mentorium_bot.chat import Chat
from mentorium_bot.filters import is_written, written
from mentorium_bot.flags import NEEDS_FAMILY
from mentorium_bot.keyboards.billing import tariff_keyboard
from mentorium_bot.router_order import CatchAllRouter
from mentorium_bot.services.ai_dialog_service import AIDialogService
from mentorium_bot.services.telegram_names import telegram_names
from mentorium_core.billing.model import FamilyAccess, PriceList
from mentorium_core.i18n import t
from mentorium_core.identity.model import ParentView
from mentorium_core.mentor.commands import store_question
from mentorium_core.mentor.rules import LONGEST_QUESTION, is_too_long, question_key
from mentorium_domain.enums import Language
from mentorium_domain.inbox import TakenUpdate
from mentorium_kit import clock
from mentorium_observability import get_logger

logger = get_logger(__name__)


def router() -> Router:
    routes = CatchAllRouter(name="dialog")
    routes.message.register(ask_mentor, is_written, flags=NEEDS_FAMILY)
    return routes


async def ask_mentor(
    message: Message,
    chat: Chat,
    parent: ParentView,
    language: Language,
    family: FamilyAccess,
    dialogs: AIDialogService,
    prices: PriceList,
    event_update: Update,
    taken: TakenUpdate | None = None,
) -> None:
    text = written(message)
    if await is_refused(text, chat, parent, language, family, dialogs, prices):
        return
    key = question_key(chat.bot.id, event_update.update_id, taken.received_at) if taken is not None else None
    question = await stored(text, key, parent, family, dialogs, message.from_user)
    if question is not None:
        dialogs.ask(question)


async def is_refused(
    text: str,
    chat: Chat,
    parent: ParentView,
    language: Language,
    family: FamilyAccess,
    dialogs: AIDialogService,
    prices: PriceList,
) -> bool:
    """Whether this parent may not ask this now; they have been told why."""
    if not family.children:
        logger.info("refused", code="question_refused", reason="no_children")
        await chat.say(t(language, "children-none"))
    elif not family.may_ask:
        logger.info("refused", code="question_refused", reason="no_subscription")
        await chat.say(t(language, "dialog-limited"), tariff_keyboard(language, prices))
    elif is_too_long(text):
        logger.info("refused", code="question_refused", reason="too_long")
        await chat.say(t(language, "dialog-too-long", limit=LONGEST_QUESTION))
    elif not dialogs.has_room(parent):
        logger.info("refused", code="question_refused", reason="too_many_wait")
        await chat.say(t(language, "dialog-busy"))
    else:
        return False
    return True


async def stored(
    text: str, key: str | None, parent: ParentView, family: FamilyAccess, dialogs: AIDialogService, user: User | None
) -> QueuedQuestion | None:
    """The question, kept and ours to answer; None where it is known already. `key`: its idempotency key."""
    begins = dialogs.is_free(parent)
    question = await store_question(parent, text, key, clock.now(), owner=dialogs.owner, begins=begins)
    if question is None:
        return None
    logger.info("question_stored", dialog_id=question.dialog_id)
    return QueuedQuestion(parent, family, question, telegram_names(user))
