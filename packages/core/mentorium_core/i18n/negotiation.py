"""Language negotiation: which of our languages to speak with somebody who has not chosen one."""

from __future__ import annotations

from mentorium_domain.enums import Language
from mentorium_domain.language import DEFAULT_LANGUAGE, LANGUAGES


def guess_language(language_code: str | None) -> Language:
    """The language of ours that fits Telegram's `language_code` best; DEFAULT_LANGUAGE where nothing is known."""
    code = (language_code or "").partition("-")[0].lower()
    return next((language for language in Language if code in LANGUAGES[language].telegram_codes), DEFAULT_LANGUAGE)
