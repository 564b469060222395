"""What is shown over the chat where a pressed button is not, or no longer, one of ours."""

from __future__ import annotations

from aiogram.utils.callback_answer import CallbackAnswer

from mentorium_core.i18n import t
from mentorium_domain.enums import Language


def say_stale(callback_answer: CallbackAnswer, language: Language) -> None:
    """Let the callback query be answered with an alert that sends back to the commands."""
    callback_answer.text = t(language, "fallback-button")
    callback_answer.show_alert = True
