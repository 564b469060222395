"""A question that is spoken: after a consent of its own it is written down, shown, and answered like a written one."""

from __future__ import annotations

from dataclasses import dataclass

from aiogram import F, Router
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message
from aiogram.utils.callback_answer import CallbackAnswer

from mentorium_bot.chat import Chat
from mentorium_bot.flags import NEEDS_FAMILY
from mentorium_bot.handlers.dialog import is_refused, stored
from mentorium_bot.intake.answer_marks import beside_the_answer
from mentorium_bot.keyboards.callback_data import AgreeToVoice, SwitchSpoken
from mentorium_bot.keyboards.voice import voice_consent_keyboard, voice_withdrawal_keyboard
from mentorium_bot.refusal_log import log_refusal
from mentorium_bot.router_order import IndexedRouter
from mentorium_bot.services.ai_dialog_service import AIDialogService
from mentorium_bot.services.crisis_answers import CrisisAnswers
from mentorium_bot.stale_button import say_stale
from mentorium_core.billing.model import FamilyAccess, PriceList
from mentorium_core.i18n import t
from mentorium_core.identity.model import VOICE_CONSENT_TEXT_KEY, ParentView
from mentorium_core.identity.voice_consent import (
    give_voice_consent,
    has_voice_consent,
    withdraw_voice_consent,
)
from mentorium_core.mentor.ai_choice import refuse_without_ai
from mentorium_core.mentor.crisis.rules import find_crisis
from mentorium_core.mentor.rules import reply_language, voice_key
from mentorium_core.mentor.spoken import (
    HearQuestion,
    VoiceMessage,
    VoiceRefusedError,
    voice_refusal,
)
from mentorium_domain.enums import Language
from mentorium_gateways.telegram import TelegramError
from mentorium_observability import get_logger
from mentorium_observability.metrics import count_error

logger = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class SpokenQuestions:
    """`hear` is None where no speech service is configured: then nothing of it is offered."""

    hear: HearQuestion | None


def router() -> Router:
    routes = IndexedRouter(name="spoken-question")
    routes.message.register(ask_by_voice, F.voice, ~F.caption, is_offered, flags=NEEDS_FAMILY)
    routes.callback_query.register(agree, AgreeToVoice.filter(), is_offered, flags=NEEDS_FAMILY)
    routes.callback_query.register(show, SwitchSpoken.filter(F.action == "show"), is_offered)
    routes.callback_query.register(withdraw, SwitchSpoken.filter(F.action == "off"))
    return routes


async def is_offered(_: Message | CallbackQuery, spoken_questions: SpokenQuestions) -> bool | dict[str, HearQuestion]:
    """Gives `hear`. Where there is none a voice message, or an old button, is what the fallback answers."""
    return {"hear": spoken_questions.hear} if spoken_questions.hear is not None else False


async def ask_by_voice(
    message: Message,
    chat: Chat,
    parent: ParentView,
    language: Language,
    family: FamilyAccess,
    dialogs: AIDialogService,
    prices: PriceList,
    hear: HearQuestion,
    crisis_answers: CrisisAnswers,
) -> None:
    """Without the consent nothing is fetched: it is asked for, and the question in words."""
    if await is_refused("", chat, parent, language, family, dialogs, prices):
        return
    try:
        if (refusal := voice_refusal(_voice_in(message))) is not None:
            raise VoiceRefusedError(refusal)
        await refuse_without_ai(parent)
    except VoiceRefusedError as refused:
        await _say_why(chat, language, refused)
        return
    if not await has_voice_consent(parent):
        await chat.reply(message.message_id, t(language, VOICE_CONSENT_TEXT_KEY), voice_consent_keyboard(language))
        return
    await _hear_and_ask(message, chat, parent, language, family, dialogs, prices, hear, crisis_answers)


async def agree(
    query: CallbackQuery,
    chat: Chat,
    parent: ParentView,
    language: Language,
    family: FamilyAccess,
    dialogs: AIDialogService,
    prices: PriceList,
    hear: HearQuestion,
    crisis_answers: CrisisAnswers,
) -> None:
    """The voice message that it was asked about, where there is one, is written down now."""
    await give_voice_consent(parent)
    asked = query.message if isinstance(query.message, Message) else None
    done = InlineKeyboardMarkup(inline_keyboard=[])
    await chat.change(asked.message_id if asked is not None else None, t(language, "spoken-agreed"), done)
    about = asked.reply_to_message if asked is not None else None
    if about is None or about.voice is None or about.from_user is None or about.from_user.id != parent.telegram_id:
        return
    if not await is_refused("", chat, parent, language, family, dialogs, prices):
        await _hear_and_ask(about, chat, parent, language, family, dialogs, prices, hear, crisis_answers)


async def show(_: CallbackQuery, chat: Chat, parent: ParentView, language: Language) -> None:
    if await has_voice_consent(parent):
        await chat.say(t(language, "spoken-on"), voice_withdrawal_keyboard(language))
    else:
        await chat.say(t(language, VOICE_CONSENT_TEXT_KEY), voice_consent_keyboard(language))


async def withdraw(
    _: CallbackQuery, chat: Chat, parent: ParentView, language: Language, callback_answer: CallbackAnswer
) -> None:
    """Always possible, whatever is configured now."""
    if not await has_voice_consent(parent):
        say_stale(callback_answer, language)
        return
    await withdraw_voice_consent(parent)
    await chat.say(t(language, "spoken-stopped"))


async def _hear_and_ask(
    message: Message,
    chat: Chat,
    parent: ParentView,
    language: Language,
    family: FamilyAccess,
    dialogs: AIDialogService,
    prices: PriceList,
    hear: HearQuestion,
    crisis_answers: CrisisAnswers,
) -> None:
    """What was heard is kept before it is shown, so that an update that comes again shows and asks it once."""
    await chat.busy_with_words()
    try:
        await refuse_without_ai(parent)  # here, so that no way leads past it
        words = await hear(parent, _voice_in(message))
    except VoiceRefusedError as refused:
        await _say_why(chat, language, refused)
        return
    if (sign := find_crisis(words)) is not None:  # as of what is written: the words are kept nowhere
        await crisis_answers.answer(sign, reply_language(words, language), chat.say, chat.id)
        return
    if await is_refused(words, chat, parent, language, family, dialogs, prices):
        return
    key = voice_key(chat.bot.id, parent.telegram_id, message.message_id)
    question = await stored(words, key, parent, family, dialogs, message.from_user)
    if question is None:
        return
    try:
        with beside_the_answer():  # whoever takes the question over answers it
            await chat.reply(message.message_id, t(language, "spoken-heard", words=words))
    except TelegramError as error:  # the answer is what they wait for; it finds out by itself whether it arrives
        count_error(error)
        logger.warning("heard_not_shown", code=error.code)
    dialogs.ask(question)


async def _say_why(chat: Chat, language: Language, refused: VoiceRefusedError) -> None:
    log_refusal(refused)
    await chat.say(t(language, f"spoken-{refused.reason}"))


def _voice_in(message: Message) -> VoiceMessage:
    voice = message.voice
    assert voice is not None
    return VoiceMessage(voice.file_id, voice.duration, voice.file_size, forwarded=message.forward_origin is not None)
