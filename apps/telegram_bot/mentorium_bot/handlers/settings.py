"""/settings: the language, which reports and when, which messages; and the way to the rest."""

from __future__ import annotations

from datetime import timedelta

from aiogram import F, Router
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message

from mentorium_bot.chat import Chat
from mentorium_bot.filters import command
from mentorium_bot.handlers.email_channel import EmailOffer
from mentorium_bot.keyboards.callback_data import (
    ChooseFrequency,
    ChooseFrequencyBefore,
    ChooseHour,
    ChooseHourBefore,
    ChooseReportLanguage,
    ChooseTone,
    ChooseWeekday,
    OpenReportSettings,
    SettingsPage,
    ShowSettings,
    Switch,
    SwitchAI,
    Switched,
    SwitchInSettings,
    SwitchName,
    SwitchNotice,
    ToggleNotice,
)
from mentorium_bot.keyboards.email_channel import email_row
from mentorium_bot.keyboards.settings import (
    A_MONDAY,
    ai_row,
    field_of,
    is_shown_on,
    is_switched_on,
    reports_keyboard,
    settings_keyboard,
    undo_switch_keyboard,
)
from mentorium_bot.keyboards.voice import spoken_row, voice_row
from mentorium_bot.router_order import IndexedRouter
from mentorium_bot.services.voice_offer import VoiceOffer
from mentorium_core.i18n import format_weekday, t
from mentorium_core.identity.model import ParentView
from mentorium_core.notifications.preferences import change_preferences, read_preferences, toggle_reports
from mentorium_core.reports.chosen_day import change_report_weekday
from mentorium_domain.enums import Language, ReportType
from mentorium_domain.language import LANGUAGES
from mentorium_domain.preferences import Preferences


def router() -> Router:
    routes = IndexedRouter(name="settings")
    routes.message.register(show_settings, command("settings"))
    routes.callback_query.register(show_reports, ShowSettings.filter(F.page == SettingsPage.REPORTS))
    routes.callback_query.register(show_all, ShowSettings.filter())
    routes.callback_query.register(open_reports, OpenReportSettings.filter())
    for frequency in (ChooseFrequency, ChooseFrequencyBefore):
        routes.callback_query.register(choose_frequency, frequency.filter())
    routes.callback_query.register(choose_weekday, ChooseWeekday.filter())
    for hour in (ChooseHour, ChooseHourBefore):
        routes.callback_query.register(choose_hour, hour.filter())
    routes.callback_query.register(choose_tone, ChooseTone.filter())
    routes.callback_query.register(choose_report_language, ChooseReportLanguage.filter())
    routes.callback_query.register(switch_ai, SwitchAI.filter())
    routes.callback_query.register(switch_here, SwitchInSettings.filter())
    routes.callback_query.register(switch, SwitchNotice.filter())
    routes.callback_query.register(toggle, ToggleNotice.filter())
    return routes


async def show_settings(
    _: Message, chat: Chat, language: Language, parent: ParentView, email_offer: EmailOffer, voice_offer: VoiceOffer
) -> None:
    await chat.say(*_all(language, await read_preferences(parent.parent_id), email_offer, voice_offer))


async def show_all(
    query: CallbackQuery,
    chat: Chat,
    language: Language,
    parent: ParentView,
    email_offer: EmailOffer,
    voice_offer: VoiceOffer,
) -> None:
    preferences = await read_preferences(parent.parent_id)
    await _show(query, chat, *_all(language, preferences, email_offer, voice_offer))


async def show_reports(query: CallbackQuery, chat: Chat, language: Language, parent: ParentView) -> None:
    await _show(query, chat, *_reports(language, await read_preferences(parent.parent_id)))


async def open_reports(_: CallbackQuery, chat: Chat, language: Language, parent: ParentView) -> None:
    await chat.say(*_reports(language, await read_preferences(parent.parent_id)))


async def choose_frequency(
    query: CallbackQuery, callback_data: ChooseFrequency, chat: Chat, language: Language, parent: ParentView
) -> None:
    chosen = await change_preferences(parent.parent_id, report_frequency=callback_data.frequency)
    await _show(query, chat, *_reports(language, chosen))


async def choose_weekday(
    query: CallbackQuery, callback_data: ChooseWeekday, chat: Chat, language: Language, parent: ParentView
) -> None:
    chosen = await change_report_weekday(parent.parent_id, callback_data.weekday)
    await _show(query, chat, *_reports(language, chosen))


async def choose_hour(
    query: CallbackQuery, callback_data: ChooseHour, chat: Chat, language: Language, parent: ParentView
) -> None:
    """8 to 20; 0 is the hours of those who have chosen none. What is neither is no button of ours."""
    chosen = await change_preferences(parent.parent_id, report_hour=callback_data.hour or None)
    await _show(query, chat, *_reports(language, chosen))


async def choose_tone(
    query: CallbackQuery,
    callback_data: ChooseTone,
    chat: Chat,
    language: Language,
    parent: ParentView,
    email_offer: EmailOffer,
    voice_offer: VoiceOffer,
) -> None:
    chosen = await change_preferences(parent.parent_id, report_tone=callback_data.tone)
    await _show(query, chat, *_all(language, chosen, email_offer, voice_offer))


async def choose_report_language(
    query: CallbackQuery,
    callback_data: ChooseReportLanguage,
    chat: Chat,
    language: Language,
    parent: ParentView,
    email_offer: EmailOffer,
    voice_offer: VoiceOffer,
) -> None:
    """It stays what it is when the language of the chat is changed."""
    chosen = await change_preferences(parent.parent_id, report_language=callback_data.language)
    await _show(query, chat, *_all(language, chosen, email_offer, voice_offer))


async def switch_ai(
    _: CallbackQuery, callback_data: SwitchAI, chat: Chat, language: Language, parent: ParentView
) -> None:
    on = callback_data.switch is Switch.ON
    await change_preferences(parent.parent_id, ai=on)
    await chat.say(t(language, "ai-switched-on" if on else "ai-switched-off"))


async def switch_here(
    query: CallbackQuery,
    callback_data: SwitchInSettings,
    chat: Chat,
    language: Language,
    parent: ParentView,
    email_offer: EmailOffer,
    voice_offer: VoiceOffer,
) -> None:
    is_on = callback_data.switch is Switch.ON
    chosen = await change_preferences(parent.parent_id, **{field_of(callback_data.name): is_on})
    await _show(query, chat, *_all(language, chosen, email_offer, voice_offer))


async def toggle(
    query: CallbackQuery,
    callback_data: ToggleNotice,
    chat: Chat,
    language: Language,
    parent: ParentView,
    email_offer: EmailOffer,
    voice_offer: VoiceOffer,
) -> None:
    """As the message that was pressed shows it: the same press, handled once more after a kill, asks for the same."""
    shown = is_shown_on(query.message, callback_data.name)
    if callback_data.name is Switched.REPORT:
        chosen = await toggle_reports(parent.parent_id, come=shown)
    else:
        name = SwitchName(callback_data.name)
        is_on = is_switched_on(await read_preferences(parent.parent_id), name) if shown is None else shown
        chosen = await change_preferences(parent.parent_id, **{field_of(name): not is_on})
    await _show(query, chat, *_all(language, chosen, email_offer, voice_offer))


async def switch(
    _: CallbackQuery, callback_data: SwitchNotice, chat: Chat, language: Language, parent: ParentView
) -> None:
    """From under a message of that type: it stays as it is."""
    name, is_on = callback_data.name, callback_data.switch is Switch.ON
    await change_preferences(parent.parent_id, **{field_of(name): is_on})
    said = t(language, f"settings-said-{name}-{callback_data.switch}")
    await chat.say(said, undo_switch_keyboard(language, name, is_on=is_on))


async def _show(query: CallbackQuery, chat: Chat, text: str, keyboard: InlineKeyboardMarkup) -> None:
    await chat.change(query.message.message_id if query.message else None, text, keyboard)


def _all(
    language: Language, preferences: Preferences, email_offer: EmailOffer, voice_offer: VoiceOffer
) -> tuple[str, InlineKeyboardMarkup]:
    """What is not offered here has no row."""
    text = t(
        language,
        "settings-text",
        current=LANGUAGES[language].native_name,
        reports=_reports_line(language, preferences),
        tone=t(language, f"settings-tone-{preferences.report_tone}"),
        report_language=LANGUAGES[preferences.report_language or language].native_name,
    )
    more = [ai_row(language, on=preferences.ai)]
    if email_offer.is_offered:
        more.append(email_row(language))
    if voice_offer.is_offered:
        more.append(voice_row(language, on=preferences.report_voice))
    if voice_offer.takes_spoken:
        more.append(spoken_row(language))
    return text, settings_keyboard(language, preferences, *more)


def _reports(language: Language, preferences: Preferences) -> tuple[str, InlineKeyboardMarkup]:
    text = t(language, "settings-reports", reports=_reports_line(language, preferences))
    return text, reports_keyboard(language, preferences)


def _reports_line(language: Language, preferences: Preferences) -> str:
    """`for the week: Mon, 9:00; for the month: the 1st, 10:00`"""
    lines = []
    if preferences.wants_report(ReportType.WEEKLY):
        weekday = format_weekday(language, A_MONDAY + timedelta(days=preferences.report_weekday - 1))
        hour = f"{preferences.hour_of(ReportType.WEEKLY)}:00"
        lines.append(t(language, "settings-report-weekly", weekday=weekday, hour=hour))
    if preferences.wants_report(ReportType.MONTHLY):
        hour = f"{preferences.hour_of(ReportType.MONTHLY)}:00"
        lines.append(t(language, "settings-report-monthly", hour=hour))
    return "; ".join(lines) or t(language, "settings-report-none")
