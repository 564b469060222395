"""The switch of /settings for reports that are said aloud."""

from __future__ import annotations

from aiogram import Router
from aiogram.types import CallbackQuery
from aiogram.utils.callback_answer import CallbackAnswer

from mentorium_bot.chat import Chat
from mentorium_bot.keyboards.callback_data import Switch, SwitchVoice
from mentorium_bot.router_order import IndexedRouter
from mentorium_bot.services.voice_offer import VoiceOffer
from mentorium_bot.stale_button import say_stale, stale_where_gone
from mentorium_core.i18n import t
from mentorium_core.identity.model import ParentView
from mentorium_core.notifications.preferences import change_preferences
from mentorium_domain.enums import Language


def router() -> Router:
    routes = IndexedRouter(name="voice-setting")
    routes.callback_query.middleware(stale_where_gone)
    routes.callback_query.register(switch, SwitchVoice.filter())
    return routes


async def switch(
    _: CallbackQuery,
    callback_data: SwitchVoice,
    chat: Chat,
    language: Language,
    parent: ParentView,
    voice_offer: VoiceOffer,
    callback_answer: CallbackAnswer,
) -> None:
    """Off is always possible; on, where there is a voice."""
    on = callback_data.switch is Switch.ON
    if on and not voice_offer.is_offered:
        say_stale(callback_answer, language)
        return
    await change_preferences(parent.parent_id, report_voice=on)
    await chat.say(t(language, "voice-switched-on" if on else "voice-switched-off"))
