"""The switches of /settings, and the last question before one's data are deleted."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, MaybeInaccessibleMessageUnion, Message

from mentorium_bot.keyboards.button import button
from mentorium_bot.keyboards.callback_data import (
    Answer,
    AnswerEraseRequest,
    ChooseFrequency,
    ChooseHour,
    ChooseLanguage,
    ChooseReportLanguage,
    ChooseTone,
    ChooseWeekday,
    SettingsPage,
    ShowSettings,
    Switch,
    SwitchAI,
    Switched,
    SwitchInSettings,
    SwitchName,
    SwitchNotice,
)
from mentorium_core.i18n import format_weekday, t
from mentorium_domain.enums import Language, ReportFrequency, ReportTone, ReportType
from mentorium_domain.language import LANGUAGES
from mentorium_domain.preferences import FIRST_HOUR, LAST_HOUR, Preferences

A_MONDAY: Final = date(2026, 11, 23)
_HOURS_A_ROW: Final = 5


def settings_keyboard(
    chosen: Language, preferences: Preferences, *more: list[InlineKeyboardButton]
) -> InlineKeyboardMarkup:
    """Languages, reports and how they speak, a switch for each type, and the rows of other settings."""
    languages = [
        _choice(LANGUAGES[language].native_name, ChooseLanguage(language=language), is_chosen=language is chosen)
        for language in Language
    ]
    reports = [button(t(chosen, "settings-reports-button"), ShowSettings(page=SettingsPage.REPORTS))]
    switches = [[_switch(chosen, name, is_on=is_switched_on(preferences, name))] for name in SwitchName]
    spoken = [_tones(chosen, preferences), _report_languages(chosen, preferences)]
    return InlineKeyboardMarkup(inline_keyboard=[languages, reports, *spoken, *switches, *more])


def reports_keyboard(language: Language, preferences: Preferences) -> InlineKeyboardMarkup:
    """Which reports; of those that are wanted, the day and the hour."""
    rows = [
        [
            _choice(
                t(language, f"settings-often-{frequency}"),
                ChooseFrequency(frequency=frequency),
                is_chosen=preferences.report_frequency is frequency,
            )
        ]
        for frequency in ReportFrequency
    ]
    if preferences.wants_report(ReportType.WEEKLY):
        rows.append([_weekday(language, preferences, weekday) for weekday in range(1, 8)])
    if preferences.report_frequency is not ReportFrequency.OFF:
        usual = _choice(
            t(language, "settings-hours-usual"), ChooseHour(hour=0), is_chosen=preferences.report_hour is None
        )
        hours = [
            _choice(f"{hour}:00", ChooseHour(hour=hour), is_chosen=preferences.report_hour == hour)
            for hour in range(FIRST_HOUR, LAST_HOUR + 1)
        ]
        rows += [[usual], *(hours[at : at + _HOURS_A_ROW] for at in range(0, len(hours), _HOURS_A_ROW))]
    rows.append([button(t(language, "settings-back"), ShowSettings(page=SettingsPage.ALL))])
    return InlineKeyboardMarkup(inline_keyboard=rows)


def ai_row(language: Language, *, on: bool) -> list[InlineKeyboardButton]:
    """It says whether a model may write, and changes that."""
    text = t(language, "settings-ai-on" if on else "settings-ai-off")
    return [button(text, SwitchAI(switch=Switch.OFF if on else Switch.ON))]


def _tones(language: Language, preferences: Preferences) -> list[InlineKeyboardButton]:
    return [
        _choice(t(language, f"settings-tone-{tone}"), ChooseTone(tone=tone), is_chosen=preferences.report_tone is tone)
        for tone in ReportTone
    ]


def _report_languages(language: Language, preferences: Preferences) -> list[InlineKeyboardButton]:
    now = preferences.report_language or language
    return [
        _choice(f"📘 {LANGUAGES[one].native_name}", ChooseReportLanguage(language=one), is_chosen=now is one)
        for one in Language
    ]


def undo_switch_keyboard(language: Language, name: SwitchName, *, is_on: bool) -> InlineKeyboardMarkup:
    """Under the word that a type was switched: the way back, and to all the others."""
    back = SwitchNotice(name=name, switch=Switch.OFF if is_on else Switch.ON)
    state = "off" if is_on else "on"
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [button(t(language, f"settings-undo-{name}-{state}"), back)],
            [button(t(language, "settings-all"), ShowSettings(page=SettingsPage.ALL))],
        ]
    )


def is_switched_on(preferences: Preferences, name: SwitchName) -> bool:
    return bool(getattr(preferences, field_of(name)))


def is_shown_on(message: MaybeInaccessibleMessageUnion | None, name: Switched) -> bool | None:
    """Whether these settings show messages of that type as coming, and those of a sound with it; None where they are
    no settings, or too old for Telegram to tell what is in them.
    """
    if not isinstance(message, Message) or message.reply_markup is None:
        return None
    buttons = {button.callback_data for row in message.reply_markup.inline_keyboard for button in row}
    if name is Switched.REPORT:
        none = [t(language, "settings-report-none") for language in Language]
        is_all = ShowSettings(page=SettingsPage.REPORTS).pack() in buttons
        return not any(line in (message.text or "") for line in none) if is_all else None
    for switch in Switch:
        if SwitchInSettings(name=SwitchName(name), switch=switch, page=SettingsPage.ALL).pack() in buttons:
            return switch is Switch.OFF
    return None


def field_of(name: SwitchName) -> str:
    """The field of `Preferences` that a switch stands for."""
    return f"{name}_sound" if name in {SwitchName.SUBSCRIPTION, SwitchName.PAYMENT} else name.value


def _weekday(language: Language, preferences: Preferences, weekday: int) -> InlineKeyboardButton:
    name = format_weekday(language, A_MONDAY + timedelta(days=weekday - 1))
    return _choice(name, ChooseWeekday(weekday=weekday), is_chosen=preferences.report_weekday == weekday)


def _switch(language: Language, name: SwitchName, *, is_on: bool) -> InlineKeyboardButton:
    """It says how things are, and changes that."""
    data = SwitchInSettings(name=name, switch=Switch.OFF if is_on else Switch.ON, page=SettingsPage.ALL)
    return button(t(language, f"settings-{name}-{'on' if is_on else 'off'}"), data)


def _choice(text: str, data: CallbackData, *, is_chosen: bool) -> InlineKeyboardButton:
    return button(f"✓ {text}" if is_chosen else text, data)


def erase_keyboard(language: Language, request_id: int) -> InlineKeyboardMarkup:
    yes = AnswerEraseRequest(answer=Answer.YES, request_id=request_id)
    no = AnswerEraseRequest(answer=Answer.NO, request_id=request_id)
    return InlineKeyboardMarkup(
        inline_keyboard=[
            [button(t(language, "erase-yes"), yes, style="danger")],
            [button(t(language, "erase-no"), no)],
        ]
    )
