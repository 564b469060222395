"""/export and /erase: what is kept about somebody is theirs, to have and to delete, whether registered or not."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message, ReplyKeyboardRemove

from mentorium_bot.chat import Chat
from mentorium_bot.filters import command
from mentorium_bot.keyboards.callback_data import Answer, AnswerErase, AnswerEraseRequest
from mentorium_bot.keyboards.settings import erase_keyboard
from mentorium_bot.router_order import IndexedRouter
from mentorium_bot.services.active_users import ActiveUsers
from mentorium_bot.services.ai_dialog_service import AIDialogService
from mentorium_bot.states.storage import StepsUnavailableError
from mentorium_core.i18n import t
from mentorium_core.identity.model import ParentView
from mentorium_core.privacy.commands import ask_to_erase, check_erase_request, confirm_erasure, decline_erasure
from mentorium_core.privacy.export import export_data
from mentorium_core.privacy.model import EraseNotAskedError, ExportDue
from mentorium_domain.enums import Language
from mentorium_observability import get_logger

logger = get_logger(__name__)


def router() -> Router:
    routes = IndexedRouter(name="personal_data")
    routes.message.register(export, command("export"))
    routes.message.register(ask_whether_to_erase, command("erase"))
    for answer in (AnswerErase, AnswerEraseRequest):
        routes.callback_query.register(erase, answer.filter(F.answer == Answer.YES))
        routes.callback_query.register(keep, answer.filter(F.answer == Answer.NO))
    return routes


async def export(_: Message, chat: Chat, language: Language) -> None:
    made = await export_data(chat.id, language)
    if made is None:
        await chat.say(t(language, "data-none"))
    elif isinstance(made, ExportDue):
        await chat.say(t(language, "export-due" if made.is_new else "export-under-way"))
    else:
        await chat.busy_with_file()
        await chat.send_files(made.files, t(language, "export-caption"))


async def ask_whether_to_erase(
    _: Message, chat: Chat, state: FSMContext, parent: ParentView | None, language: Language
) -> None:
    if parent is None:
        await state.clear()
        await chat.say(t(language, "data-none"))
    else:
        await chat.say(t(language, "erase-question"), erase_keyboard(language, await ask_to_erase(parent)))


async def erase(
    query: CallbackQuery,
    callback_data: AnswerErase | AnswerEraseRequest,
    chat: Chat,
    state: FSMContext,
    parent: ParentView | None,
    language: Language,
    dialogs: AIDialogService,
    active_users: ActiveUsers,
) -> None:
    telegram_id, request_id = query.from_user.id, _request_of(callback_data)
    try:
        if parent is not None:  # before answers are stopped; it counts once more when the data go
            await check_erase_request(parent, request_id)
        await dialogs.cancel_all(telegram_id)
        await confirm_erasure(telegram_id, request_id)
    except EraseNotAskedError:
        await chat.say(t(language, "erase-again"))
        return
    try:
        await state.clear()
    except StepsUnavailableError:
        logger.warning("steps_not_cleared")  # a registered parent has none but a student's id, gone within a day
    active_users.forget(telegram_id)
    await chat.say(t(language, "erase-done"), ReplyKeyboardRemove())


async def keep(
    _: CallbackQuery,
    callback_data: AnswerErase | AnswerEraseRequest,
    chat: Chat,
    parent: ParentView | None,
    language: Language,
) -> None:
    if parent is not None:
        await decline_erasure(parent, _request_of(callback_data))
    await chat.say(t(language, "erase-kept"))


def _request_of(answer: AnswerErase | AnswerEraseRequest) -> int | None:
    """Which request it answers; None: the newest."""
    return answer.request_id if isinstance(answer, AnswerEraseRequest) else None
