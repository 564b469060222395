"""One record a language: everything of it that is neither a text of the catalogues nor a word of its vocabulary."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Final, Literal

from mentorium_domain.enums import Language

DEFAULT_LANGUAGE: Final = Language.UZ
"""What we speak to those of whom nothing is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageRecord:
    """How a language is named, recognised and written; each of them has a folder of texts in `i18n/locales` besides."""

    locale: str
    """The CLDR locale that numbers, dates and lists follow."""
    native_name: str
    """What the language calls itself."""
    prompt_name: str
    """What the language model is told of it: name, letters and the polite address."""
    telegram_codes: frozenset[str]
    """The `language_code`s of Telegram (without region) whose bearers we greet in it; no code stands twice."""
    fallbacks: tuple[Language, ...]
    """Where a title of the platform is looked for when it has none in this language: all others that `Titles` has."""
    weekday_width: Literal["short", "abbreviated"] = "abbreviated"
    """The CLDR width of weekdays at the foot of a chart."""
    months_are_capital: bool = False
    """Whether a month standing alone keeps its capital letter."""
    own_letters: str | None = None
    """A regular expression of letters that no other of our languages has, in small letters."""
    owns_cyrillic: bool = False
    """Whether a text in Cyrillic without another language's `own_letters` or words is taken for this one."""


LANGUAGES: Final[Mapping[str, LanguageRecord]] = MappingProxyType(
    {
        Language.UZ: LanguageRecord(
            locale="uz",
            native_name="Oʻzbekcha",
            prompt_name="Uzbek in Latin letters (oʻ and gʻ with ʻ; address the parent as siz)",
            telegram_codes=frozenset({"uz"}),
            fallbacks=(Language.RU, Language.EN),
            weekday_width="short",
            own_letters="[қғҳў]|[og]ʻ",
        ),
        Language.RU: LanguageRecord(
            locale="ru",
            native_name="Русский",
            prompt_name="Russian (address the parent as вы)",
            telegram_codes=frozenset({"ru", "be", "uk", "kk", "ky", "tg", "tk", "hy", "az"}),
            fallbacks=(Language.UZ, Language.EN),
            owns_cyrillic=True,
        ),
        Language.EN: LanguageRecord(
            # British English writes 23 November, starts the week on Monday and counts hours to 24, as the others do.
            locale="en_GB",
            native_name="English",
            prompt_name="English",
            telegram_codes=frozenset({"en"}),
            fallbacks=(Language.UZ, Language.RU),
            months_are_capital=True,
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Titles:
    """A title in the languages in which the platform's contract has a column `title_<code>`; at least one is there.

    A language of ours that the contract lacks reads its fallbacks; a field more here asks the platform for a column.
    """

    uz: str | None = None
    ru: str | None = None
    en: str | None = None

    def get(self, language: str) -> str:
        """The title in this language, else in the first of its fallbacks that has one; empty only if none has."""
        languages = (language, *LANGUAGES[language].fallbacks)
        return next((title for code in languages if (title := getattr(self, code, None))), "")


TITLE_COLUMNS: Final = tuple(f"title_{field.name}" for field in fields(Titles))
"""The columns of the platform's views that hold a title, in the order of the fields of `Titles`."""
